"""The loops around the hooks of inputs, and what all loops share; those of neurons: `neuron_loops`.

Each function returns a `Kernel` as text.  All rings (`ring_ex`, `ring_in`, `ring_cur`) hold one row of all
neurons per step in flight; row `s & mask` is what arrives at step s.
"""

from __future__ import annotations

from engine.declare import Input, Neuron
from engine.kernels.drawing import one_mean
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import resolver, statements
from engine.once import once

BAD_UNSTABLE, BAD_FLUSH = 1, 2
"""Why a run stopped early: a value out of all bounds; a record that must be emptied first."""

STILL, CLAMPED = 1, 2
"""How a neuron is held: as it is, without a spike; or its potential alone, while the rest goes on."""

LIMIT = "1e12"
"""A state beyond this (or not a number) is an instability."""


class _Anything(dict[str, str]):
    """A row whose names are whatever the hook writes (the constants `k`)."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return self.setdefault(name, f"{self.prefix}{name}")


@once
def constants(model: type[Neuron]) -> tuple[str, ...]:
    """The names of the constants `k` that a neuron model derives."""
    made = _Anything("k_")
    statements(model, "derive", resolver({"p": {n: n for n in model.params}, "k": made}), "d")
    return tuple(sorted(dict.keys(made)))


@once
def derive(model: type[Neuron]) -> Kernel:
    """Computes the constants of every neuron (or of one, when the parameters are shared)."""
    names = constants(model)
    rows = {"p": {n: f"p_{n}" for n in model.params}, "k": {n: f"k_{n}" for n in names}}
    body = ["h = ff[0]", "for i in range(ii[0]):"]
    body += indent([f"p_{n} = P_{n}[i]" for n in model.params])
    body += indent(statements(model, "derive", resolver(rows), "d"))
    body += indent([f"K_{n}[i] = k_{n}" for n in names] or ["pass"])
    arrays = [("ii", "int64"), ("ff", "float64")]
    arrays += [(f"P_{n}", "float64") for n in model.params] + [(f"K_{n}", "float64") for n in names]
    return Kernel("derive", tuple(arrays), tuple(body))


@once
def stimulus(model: type[Input], real: str) -> Kernel:
    """Gives the spikes or the current of one input to its targets for the steps s0..s1-1.

    A listed time is a step; `listed` counts those equal to this step, `value` is the last reached.
    """
    rows = {
        "p": {n: f"p_{n}" for n in model.params},
        "inp": {
            "count": "inp_count",
            "current": "inp_current",
            "t": "inp_t",
            "listed": "inp_listed",
            "value": "inp_value",
        },
    }
    hook = statements(model, "draw", resolver(rows), "d", ("seed", "purpose", "entity", "drawn"))
    spikes = model.gives == "spikes"
    together = one_mean(hook) if spikes else None
    times = "times" in model.lists
    valued = len(model.lists) > 1
    find = [
        "lo, hi = 0, ii[5]",
        "while lo < hi:",
        "    mid = (lo + hi) // 2",
        f"    if list_step[mid] {'<' if spikes else '<='} when:",  # a step's spikes come at its end
        "        lo = mid + 1",
        "    else:",
        "        hi = mid",
    ]
    give = (
        [
            "if inp_count > 0.0:",
            "    amount = inp_count * weight[j]",
            "    if amount >= 0.0:",
            "        ring_ex[slot + index[j]] += amount",
            "    else:",
            "        ring_in[slot + index[j]] += amount",
        ]
        if spikes
        else ["ring_cur[slot + index[j]] += inp_current"]
    )
    body = [
        "mask, width, seed, purpose, hold, shared, delay = ii[1], ii[2], ii[3], ii[4], ii[6], ii[7], ii[8]",
        "h = ff[0]",
        "if ii[9] == 0:",
        "    return",
        *[f"p_{n} = P_{n}[0]" for n in model.params],
        "for s in range(s0, s1):",
        *indent(
            [
                f"when = s - delay{'' if spikes else ' - 1'}",
                "slot = (s & mask) * width",
                "inp_t = when * h",
                "drawn = when - when % hold",
                "inp_listed = 0.0",
                "inp_value = 0.0",
                *((find + (
                    ["if lo > 0:", "    inp_value = list_value[lo - 1]"] if valued else
                    ["while lo < ii[5] and list_step[lo] == when:", "    inp_listed += 1.0", "    lo += 1"]
                )) if times else []),
                *(_many_counts(together) if together else []),
                "for j in range(tile_start[g0], tile_start[g1]):",
                *indent(
                    [
                        "entity = ids[j]",
                        "if shared == 0:",
                        *indent([f"p_{n} = P_{n}[j]" for n in model.params] or ["pass"]),
                        "inp_count = 0.0",
                        "inp_current = 0.0",
                        *hook,
                        *give,
                    ]
                ),
            ]
        ),
    ]  # fmt: skip
    return Kernel("give", tuple(stimulus_arrays(model, real)), tuple(body))


def _many_counts(hook: list[str]) -> list[str]:
    """Poisson counts of one mean for all targets, where they share their parameters."""
    return [
        "if shared != 0:",
        *indent(
            [
                "mean = -1.0",
                *hook,
                "if mean <= 0.0:",
                "    continue",
                "if tabled(mean, odds, starts, g0):",
                *indent(
                    [
                        "begin, many = tile_start[g0], tile_start[g1] - tile_start[g0]",
                        "entities, numbers = part(mixed, begin, many), part(words, begin, many)",
                        "for j in range(many):",
                        "    numbers[j] = drawn_bits(entities[j], drawn)",
                        "for j in range(begin, begin + many):",
                        "    amount = counted(words[j], odds, starts, g0) * weight[j]",
                        "    if weight[j] >= 0.0:",
                        "        ring_ex[slot + index[j]] += amount",
                        "    else:",
                        "        ring_in[slot + index[j]] += amount",
                        "continue",
                    ]
                ),
            ]
        ),
    ]


def stimulus_arrays(model: type[Input], real: str) -> list[tuple[str, str]]:
    """The arrays of an input kernel, in order, with their dtypes."""
    arrays = [("ii", "int64"), ("ff", "float64"), ("ring_ex", real), ("ring_in", real), ("ring_cur", real)]
    arrays += [("index", "int64"), ("ids", "int64"), ("weight", "float64"), ("tile_start", "int64")]
    arrays += [("list_step", "int64"), ("list_value", "float64")]
    arrays += [("mixed", "int64"), ("words", "int64"), ("odds", "int64"), ("starts", "uint8")]
    return arrays + [(f"P_{n}", "float64") for n in model.params]
