"""The loops around the hooks of neurons, astrocytes and inputs.

Each function returns a `Kernel` as text.  All rings (`ring_ex`, `ring_in`, `ring_cur`) hold one row of all
neurons per step in flight; row `s & mask` is what arrives at step s.
"""

from __future__ import annotations

from engine.declare import Astrocyte, Input, Neuron
from engine.kernels.abreast import abreast, choice_made_once, is_plain
from engine.kernels.drawing import one_mean
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import Resolve, channels, expression, reads, statements
from engine.kernels.solver import moved, solve
from engine.once import once

BAD_UNSTABLE, BAD_FLUSH = 1, 2
"""Why a run stopped early: a value out of all bounds; a record that must be emptied first."""

STILL, CLAMPED = 1, 2
"""How a neuron is held: as it is, without a spike; or its potential alone, while the rest goes on."""

LIMIT = "1e12"
"""A state beyond this (or not a number) is an instability."""


def resolver(rows: dict[str, dict[str, str]]) -> Resolve:
    """Which variable each row.name of a hook is, from the names a loop knows."""

    def resolve(row: str, name: str) -> str:
        known = rows.get(row, {})
        if name not in known:
            raise KeyError(list(known))
        return known[name]

    return resolve


class _Anything(dict[str, str]):
    """A row whose names are whatever the hook writes (the constants `k`)."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return self.setdefault(name, f"{self.prefix}{name}")


def constants(model: type[Neuron]) -> list[str]:
    """The names of the constants `k` that a neuron model derives."""
    made = _Anything("k_")
    statements(model, "derive", resolver({"p": {n: n for n in model.params}, "k": made}), "d")
    return sorted(dict.keys(made))


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


def _columns(names: list[str], letter: str, shared: bool) -> tuple[list[str], list[str]]:
    loads = [f"{letter.lower()}_{n} = {letter}_{n}[{'0' if shared else 'i'}]" for n in names]
    return (loads, []) if shared else ([], loads)


MOST_PARTS = 10000
"""Most parts a step is cut into, whatever a model asks for."""


def draws(model: type[Neuron]) -> bool:
    """Whether chance decides anything in a neuron of this model."""
    return any(found.draws for found in reads(model).values())


def _chance(hook: str) -> tuple[str, ...]:
    """What a random number in a hook of a neuron is a function of."""
    purpose = f"{-1000 - 16 * Neuron.hook_names.index(hook)}"
    return ("seed", f"{purpose} - (part << 20)" if hook == "substep" else purpose, "ids[i]", "s")


def _parts(model: type[Neuron], resolve: Resolve) -> list[str]:
    """What comes before `integrate`: in as many parts as the model asks for, where it asks for any."""
    part = [*solve(model, resolve), *statements(model, "substep", resolve, "u", _chance("substep"))]
    if "pace" not in model.hooks:
        return part
    wanted = expression(model, "pace", resolve, "e")
    return [
        f"parts = int64(min(max(-floor(-({wanted})), 1.0), {float(MOST_PARTS)}))",
        "h = whole / parts",
        "for part in range(parts):",
        *indent(part),
        "h = whole",
    ]


def neuron(model: type[Neuron], shared: bool, real: str) -> Kernel:
    """Integrates a population over the steps s0..s1-1 and writes its spikes down, tile by tile.

    `shared`: all neurons have the same parameters, so they are read once.
    """
    names = constants(model)
    hoisted, inside = [], []
    for group, letter in ((list(model.params), "P"), (names, "K")):
        once, one_by_one = _columns(group, letter, shared)
        hoisted += once
        inside += one_by_one
    rows = {
        "n": {n: f"n_{n}" for n in model.states},
        "p": {n: f"p_{n}" for n in model.params},
        "k": {n: f"k_{n}" for n in names},
        "inp": {"ex": "inp_ex", "in_": "inp_in", "current": "inp_current"},
        "was": {n: f"was_{n}" for n in moved(model)},
    }
    if issubclass(model, Astrocyte):
        rows["inp"]["flux"] = "inp_flux"
    own = [name for name in channels(model) if name in model.receives]
    rows["inp"] |= {name: f"inp_{name}" for name in channels(model)}
    resolve = resolver(rows)
    take = [
        "inp_ex = float64(ring_ex[slot + i])",
        "ring_ex[slot + i] = 0.0",
        "inp_in = float64(ring_in[slot + i])",
        "ring_in[slot + i] = 0.0",
        "inp_current = float64(ring_cur[slot + i])",
        "ring_cur[slot + i] = 0.0",
    ]
    for name in channels(model):
        take += [f"inp_{name} = float64(ring_{name}[slot + i])", f"ring_{name}[slot + i] = 0.0"]
    if not (model.is_relay or issubclass(model, Astrocyte)):
        take += ["if tuned != 0:", "    inp_ex *= gain_ex[i]", "    inp_current += bias[i]"]
    spike = ["if m < cap:", "    spike_step[base + m] = s", "    spike_index[base + m] = i", "m += 1"]
    received = statements(model, "receive", resolve, "r", _chance("receive"))
    swapped = [("ring_e", "inp_ex", "late_ex"), ("ring_i", "inp_in", "late_in")]
    swapped += [(f"ring_{name}_", f"inp_{name}", f"late_{name}") for name in own]
    afterwards = [f"{held} = {inp}" for held, inp, _ in swapped]
    afterwards += [f"{inp} = float64({after}[offset + i])" for _, inp, after in swapped]
    afterwards += [f"{after}[offset + i] = 0.0" for _, _, after in swapped]
    afterwards += ["if tuned != 0:", "    inp_ex *= gain_ex[i]"]
    afterwards += statements(model, "receive", resolve, "l", _chance("receive"))
    afterwards += [f"{inp} = {held}" for held, inp, _ in swapped]
    arrived = " or ".join(f"{after}[offset + i] != 0.0" for _, _, after in swapped)
    if model.is_relay:
        cell = [
            *take,
            "count = int64(inp_ex + float64(late_ex[offset + i]) + 0.5) + int64(forced[i])",
            "late_ex[offset + i] = 0.0",
            "forced[i] = 0",
            "if silenced[i] != 0 or hold[i] != 0:",
            "    count = 0",
            "for _ in range(count):",
            *indent(spike),
        ]
        each = ["for i in range(low, high):", *indent(_rename_count(cell))]
    elif issubclass(model, Astrocyte):
        cell = [
            *take,
            "if hold[i] != 0:",
            "    flux[i] = 0.0",
            "    continue",
            "waiting[i] += inp_ex + inp_in",
            "if s % ii[6] == 0:",
            *indent(
                [
                    "inp_ex = waiting[i]",
                    "waiting[i] = 0.0",
                    "inp_flux = float64(flux[i])",
                    "flux[i] = 0.0",
                    *[f"n_{n} = float64(S_{n}[i])" for n in model.states],
                    *inside,
                    *_parts(model, resolve),
                    *statements(model, "integrate", resolve, "a"),
                    *_store(model),
                ]
            ),
        ]
        each = ["for i in range(low, high):", *indent(cell)]
    else:
        begin = [*take, *[f"n_{n} = float64(S_{n}[i])" for n in model.states], *inside]
        lost = [f"{after}[offset + i] = 0.0" for _, _, after in swapped]
        over = [f"S_{name}[i] = 0.0" for name in model.events]
        still = [f"if hold[i] == {STILL}:", *indent(["forced[i] = 0", *lost, *over, "continue"])]
        noted, stays, deaf = [], [], []
        if model.held:
            noted, stays = (
                [f"held = n_{model.held}"],
                [f"if hold[i] == {CLAMPED}:", f"    n_{model.held} = held"],
            )
        if model.held and model.refractory in model.states:
            noted += [f"early = n_{model.refractory} > 0.0"]
            deaf = [f"if hold[i] == {CLAMPED} and early:", "    fired = False"]
        wait = [f"if late != 0 and ({arrived}):", *indent(afterwards)] if received else []
        move = [
            *_parts(model, resolve),
            *statements(model, "integrate", resolve, "a", _chance("integrate")),
            *received,
        ]
        fires = expression(model, "fires", resolve, "b", _chance("fires"))
        reset = statements(model, "reset", resolve, "c", _chance("reset")) or ["pass"]
        end = [
            "fired = (fired | (forced[i] != 0)) & (silenced[i] == 0)",
            "forced[i] = 0",
            "if fired:",
            *indent(reset),
        ]
        tested = [*stays, f"fired = {fires}", *deaf]
        one = [*begin, *still, *noted, *wait, *move, *tested, *end, *stays, *_keep(model)]
        each = [
            "for i in range(low, high):",
            *indent([*one, "if fired:", *indent(spike)]),
            *indent([line for name in model.events for line in _emit(name)]),
            f"    if not {_sound(model)}:",
            *indent(_report(), 2),
        ]
        plainly, when = choice_made_once(fires, shared)
        simple = [*begin, *move, f"fired = {plainly}", *end, *_keep(model)]
        if is_plain(simple) and not model.events:
            together = abreast(simple, spike, _sound(model), _report())
            each = [f"if late == 0 and held_any == 0 and {when}:", *indent(together), "else:", *indent(each)]
    body = [
        "count, mask, width, offset, tile, cap, first = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5], ii[7]",
        "late, tuned, held_any = ii[8], ii[10], ii[12]",
        "h = ff[0]",
        *(["whole = h"] if "pace" in model.hooks else []),
        *(["seed = ii[9]"] if draws(model) else []),
        *hoisted,
        "for t in range(max(g0 - first, 0), min(g1 - first, (count + tile - 1) // tile)):",
        *indent(
            [
                "low, high, base = t * tile, min(count, (t + 1) * tile), t * cap",
                "m = spike_count[t]",
                *[f"m_{name} = {name}_count[t]" for name in model.events],
                "for s in range(s0, s1):",
                *indent(
                    [
                        "slot = (s & mask) * width + offset",
                        *each,
                    ]
                ),
                "spike_count[t] = m",
                "if m > cap:",
                "    bad[0] = 3",
                *[f"{name}_count[t] = m_{name}" for name in model.events],
            ]
        ),
    ]
    return Kernel("step", tuple(neuron_arrays(model, real)), tuple(body))


def _rename_count(lines: list[str]) -> list[str]:
    """`count` is the population's size in the outer loop and a relay's spikes inside it."""
    return [line.replace("count = ", "many = ").replace("range(count)", "range(many)") for line in lines]


def _emit(name: str) -> list[str]:
    """Write an event other than a spike down, with its size; a neuron has one of a kind in a step."""
    return [
        f"if n_{name} > 0.0:",
        f"    {name}_step[base + m_{name}] = s",
        f"    {name}_index[base + m_{name}] = i",
        f"    {name}_size[(s & ii[11]) * count + i] = n_{name}",
        f"    {name}_last[i] = s",
        f"    {name}_last_size[i] = n_{name}",
        f"    m_{name} += 1",
    ]


def _store(model: type[Neuron]) -> list[str]:
    return [f"if not {_sound(model)}:", *indent(_report()), *_keep(model)]


def _sound(model: type[Neuron]) -> str:
    return f"({' + '.join(f'abs(n_{n})' for n in model.states) or '0.0'} < {LIMIT})"


def _report() -> list[str]:
    lines = ["    bad[0] = 1", "    bad[1] = s", "    bad[2] = offset + i"]
    return ["if bad[0] == 0:", *lines]


def _keep(model: type[Neuron]) -> list[str]:
    # A decaying state must end at zero: subnormal numbers are many times slower.
    return [f"S_{n}[i] = 0.0 if abs(n_{n}) <= 1e-30 else n_{n}" for n in model.states]


def neuron_arrays(model: type[Neuron], real: str) -> list[tuple[str, str]]:
    """The arrays of a neuron kernel, in order, with their dtypes."""
    arrays = [("ii", "int64"), ("ff", "float64"), ("ring_ex", real), ("ring_in", real), ("ring_cur", real)]
    arrays += [("late_ex", real), ("late_in", real)]
    arrays += [(f"ring_{name}", real) for name in channels(model)]
    arrays += [(f"late_{name}", real) for name in channels(model) if name in model.receives]
    arrays += [("ids", "int64")] if draws(model) else []
    for name in model.events:
        arrays += [(f"{name}_step", "int64"), (f"{name}_index", "int32"), (f"{name}_count", "int64")]
        arrays += [(f"{name}_size", "float64"), (f"{name}_last", "int64"), (f"{name}_last_size", "float64")]
    arrays += [("forced", "uint8"), ("silenced", "uint8"), ("hold", "uint8"), ("waiting", "float64")]
    arrays += [("gain_ex", "float64"), ("bias", "float64")]
    arrays += [("spike_step", "int64"), ("spike_index", "int32"), ("spike_count", "int64"), ("bad", "int64")]
    arrays += [("mark", "uint8")]
    if issubclass(model, Astrocyte):
        arrays += [("flux", real)]
    arrays += [(f"S_{n}", real) for n in model.states]
    arrays += [(f"P_{n}", "float64") for n in model.params]
    return arrays + [(f"K_{n}", "float64") for n in constants(model)]


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
