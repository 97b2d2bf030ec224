"""The loops around the hooks of neurons, astrocytes and inputs, and the small loops every network needs.

Each function returns a `Kernel` as text.  All rings (`ring_ex`, `ring_in`, `ring_cur`) hold one row of all
neurons per step in flight; row `s & mask` is what arrives at step s.
"""

from __future__ import annotations

from engine.declare import Astrocyte, Declaration, Input, Neuron
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import Resolve, expression, statements

BAD_UNSTABLE, BAD_FLUSH = 1, 2
"""Why a run stopped early: a value out of all bounds; a record that must be emptied first."""

LIMIT = "1e12"
"""A state beyond this (or not a number) is an instability."""


def _resolve(rows: dict[str, dict[str, str]]) -> Resolve:
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
    statements(model, "derive", _resolve({"p": {n: n for n in model.params}, "k": made}), "d")
    return sorted(dict.keys(made))


def derive(model: type[Neuron]) -> Kernel:
    """Computes the constants of every neuron (or of one, when the parameters are shared)."""
    names = constants(model)
    rows = {"p": {n: f"p_{n}" for n in model.params}, "k": {n: f"k_{n}" for n in names}}
    body = ["h = ff[0]", "for i in range(ii[0]):"]
    body += indent([f"p_{n} = P_{n}[i]" for n in model.params])
    body += indent(statements(model, "derive", _resolve(rows), "d"))
    body += indent([f"K_{n}[i] = k_{n}" for n in names] or ["pass"])
    arrays = [("ii", "int64"), ("ff", "float64")]
    arrays += [(f"P_{n}", "float64") for n in model.params] + [(f"K_{n}", "float64") for n in names]
    return Kernel("derive", tuple(arrays), tuple(body))


def _columns(names: list[str], letter: str, shared: bool) -> tuple[list[str], list[str]]:
    loads = [f"{letter.lower()}_{n} = {letter}_{n}[{'0' if shared else 'i'}]" for n in names]
    return (loads, []) if shared else ([], loads)


def neuron(model: type[Neuron], shared: bool, real: str) -> Kernel:
    """Integrates a population over the steps s0..s1-1 and writes its spikes down, tile by tile.

    `shared`: all neurons have the same parameters, so they are read once.
    """
    names = constants(model)
    hoisted, inside = [], []
    for group, letter in ((list(model.params), "P"), (names, "K")):
        once, each = _columns(group, letter, shared)
        hoisted += once
        inside += each
    rows = {
        "n": {n: f"n_{n}" for n in model.states},
        "p": {n: f"p_{n}" for n in model.params},
        "k": {n: f"k_{n}" for n in names},
        "inp": {"ex": "inp_ex", "in_": "inp_in", "current": "inp_current"},
    }
    resolve = _resolve(rows)
    take = [
        "inp_ex = float64(ring_ex[slot + i])",
        "ring_ex[slot + i] = 0.0",
        "inp_in = float64(ring_in[slot + i])",
        "ring_in[slot + i] = 0.0",
        "inp_current = float64(ring_cur[slot + i])",
        "ring_cur[slot + i] = 0.0",
    ]
    spike = ["if m < cap:", "    spike_step[base + m] = s", "    spike_index[base + m] = i", "m += 1"]
    received = statements(model, "receive", resolve, "r")
    late = [
        "ring_e, ring_i = inp_ex, inp_in",
        "inp_ex, inp_in = float64(late_ex[offset + i]), float64(late_in[offset + i])",
        "late_ex[offset + i] = 0.0",
        "late_in[offset + i] = 0.0",
        *statements(model, "receive", resolve, "l"),
        "inp_ex, inp_in = ring_e, ring_i",
    ]
    if model.is_relay:
        cell = [
            *take,
            "count = int64(inp_ex + float64(late_ex[offset + i]) + 0.5) + int64(forced[i])",
            "late_ex[offset + i] = 0.0",
            "forced[i] = 0",
            "if silenced[i]:",
            "    count = 0",
            "for _ in range(count):",
            *indent(spike),
        ]
    elif issubclass(model, Astrocyte):
        cell = [
            *take,
            "waiting[i] += inp_ex + inp_in",
            "if s % ii[6] == 0:",
            *indent(
                [
                    "inp_ex = waiting[i]",
                    "waiting[i] = 0.0",
                    *[f"n_{n} = float64(S_{n}[i])" for n in model.states],
                    *inside,
                    *statements(model, "integrate", resolve, "a"),
                    *_store(model),
                ]
            ),
        ]
    else:
        cell = [
            *take,
            *[f"n_{n} = float64(S_{n}[i])" for n in model.states],
            *inside,
            *(
                [
                    "if ii[8] != 0 and (late_ex[offset + i] != 0.0 or late_in[offset + i] != 0.0):",
                    *indent(late),
                ]
                if received
                else []
            ),
            *statements(model, "integrate", resolve, "a"),
            *received,
            f"fired = {expression(model, 'fires', resolve, 'b')}",
            "if forced[i] != 0:",
            "    fired = True",
            "    forced[i] = 0",
            "if silenced[i] != 0:",
            "    fired = False",
            "if fired:",
            *indent(statements(model, "reset", resolve, "c")),
            *indent(spike),
            *_store(model),
        ]
    body = [
        "count, mask, width, offset, tile, cap, first = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5], ii[7]",
        "h = ff[0]",
        *hoisted,
        "for t in range(max(g0 - first, 0), min(g1 - first, (count + tile - 1) // tile)):",
        *indent(
            [
                "low, high, base = t * tile, min(count, (t + 1) * tile), t * cap",
                "m = spike_count[t]",
                "for s in range(s0, s1):",
                *indent(
                    [
                        "slot = (s & mask) * width + offset",
                        "for i in range(low, high):",
                        *indent(_rename_count(cell)),
                    ]
                ),
                "spike_count[t] = m",
                "if m > cap:",
                "    bad[0] = 3",
            ]
        ),
    ]
    return Kernel("step", tuple(neuron_arrays(model, real)), tuple(body))


def _rename_count(lines: list[str]) -> list[str]:
    """`count` is the population's size in the outer loop and a relay's spikes inside it."""
    return [line.replace("count = ", "many = ").replace("range(count)", "range(many)") for line in lines]


def _store(model: type[Neuron]) -> list[str]:
    total = " + ".join(f"abs(n_{n})" for n in model.states) or "0.0"
    lines = [
        f"if not ({total} < {LIMIT}) and bad[0] == 0:",
        "    bad[0] = 1",
        "    bad[1] = s",
        "    bad[2] = offset + i",
    ]
    # A decaying state must end at zero: subnormal numbers are many times slower.
    lines += [f"S_{n}[i] = n_{n} if abs(n_{n}) > 1e-30 else 0.0" for n in model.states]
    return lines


def neuron_arrays(model: type[Neuron], real: str) -> list[tuple[str, str]]:
    """The arrays of a neuron kernel, in order, with their dtypes."""
    arrays = [("ii", "int64"), ("ff", "float64"), ("ring_ex", real), ("ring_in", real), ("ring_cur", real)]
    arrays += [("late_ex", real), ("late_in", real)]
    arrays += [("forced", "uint8"), ("silenced", "uint8"), ("waiting", "float64")]
    arrays += [("spike_step", "int64"), ("spike_index", "int32"), ("spike_count", "int64"), ("bad", "int64")]
    arrays += [(f"S_{n}", real) for n in model.states]
    arrays += [(f"P_{n}", "float64") for n in model.params]
    return arrays + [(f"K_{n}", "float64") for n in constants(model)]


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
    hook = statements(model, "draw", _resolve(rows), "d", ("seed", "purpose", "entity", "drawn"))
    spikes = model.gives == "spikes"
    times = "times" in model.lists
    find = [
        "lo, hi = 0, ii[5]",
        "while lo < hi:",
        "    mid = (lo + hi) // 2",
        f"    if list_step[mid] {'<' if spikes else '<='} when:",
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
                    ["while lo < ii[5] and list_step[lo] == when:", "    inp_listed += 1.0", "    lo += 1"]
                    if spikes
                    else ["if lo > 0:", "    inp_value = list_value[lo - 1]"]
                )) if times else []),
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


def stimulus_arrays(model: type[Input], real: str) -> list[tuple[str, str]]:
    """The arrays of an input kernel, in order, with their dtypes."""
    arrays = [("ii", "int64"), ("ff", "float64"), ("ring_ex", real), ("ring_in", real), ("ring_cur", real)]
    arrays += [("index", "int64"), ("ids", "int64"), ("weight", "float64"), ("tile_start", "int64")]
    arrays += [("list_step", "int64"), ("list_value", "float64")]
    return arrays + [(f"P_{n}", "float64") for n in model.params]


EXCHANGE = [
    ("ii", "int64"), ("spike_step", "int64"), ("spike_index", "int32"), ("spike_count", "int64"),
    ("cursor", "int64"), ("recent_step", "int64"), ("recent_start", "int64"), ("recent_count", "int64"),
    ("recent_index", "int32"), ("record_step", "int64"), ("record_index", "int32"), ("record", "int64"),
    ("tally", "int64"), ("bad", "int64"),
]  # fmt: skip


def exchange() -> Kernel:
    """Merges the spikes of a population's tiles into (step, neuron) order, to deliver and to record."""
    body = """\
tiles, cap, step_mask, index_mask, offset = ii[0], ii[1], ii[2], ii[3], ii[4]
for t in range(tiles):
    cursor[t] = 0
for s in range(s0, s1):
    start = ii[5]
    found = 0
    for t in range(tiles):
        c = cursor[t]
        while c < spike_count[t] and spike_step[t * cap + c] == s:
            i = spike_index[t * cap + c]
            recent_index[(start + found) & index_mask] = i
            if ii[6] != 0:
                record_step[record[0]] = s
                record_index[record[0]] = offset + i
                record[0] += 1
            tally[i] += 1
            found += 1
            c += 1
        cursor[t] = c
    recent_step[s & step_mask] = s
    recent_start[s & step_mask] = start
    recent_count[s & step_mask] = found
    ii[5] = (start + found) & index_mask
for t in range(tiles):
    spike_count[t] = 0
if record[0] > record[1] and bad[0] == 0:
    bad[0] = 2""".splitlines()
    return Kernel("exchange", tuple(EXCHANGE), tuple(body))


def gap_arrays(real: str) -> list[tuple[str, str]]:
    """The arrays of the gap junctions: every junction is listed once for each of its two neurons."""
    return [
        ("ii", "int64"), ("target", "int64"), ("other", "int64"), ("g", real), ("tile_start", "int64"),
        ("v", real), ("ring_cur", real),
    ]  # fmt: skip


def gap(real: str) -> Kernel:
    """Gap junctions: I = g (v_other - v), with the potentials of the step before."""
    body = """\
slot = (s0 & ii[0]) * ii[1]
for j in range(tile_start[g0], tile_start[g1]):
    ring_cur[slot + target[j]] += g[j] * (v[other[j]] - v[target[j]])""".splitlines()
    return Kernel("gap", tuple(gap_arrays(real)), tuple(body))


def probe_arrays(real: str) -> list[tuple[str, str]]:
    """The arrays of a probe on a state of neurons."""
    return [
        ("ii", "int64"), ("source", real), ("index", "int64"), ("out_step", "int64"),
        ("out_value", "float64"), ("bad", "int64"),
    ]  # fmt: skip


def probe(real: str) -> Kernel:
    """Writes a state of some neurons down every so many steps, as it is at the end of the step."""
    body = """\
if g0 <= ii[4] and ii[4] < g1 and s0 % ii[0] == 0:
    count = ii[1]
    row = ii[2]
    for j in range(count):
        out_value[row * count + j] = source[index[j]]
    out_step[row] = s0
    ii[2] = row + 1
    if ii[2] >= ii[3] and bad[0] == 0:
        bad[0] = 2""".splitlines()
    return Kernel("probe", tuple(probe_arrays(real)), tuple(body))


MODULATOR = [
    ("ii", "int64"), ("ff", "float64"), ("recent_step", "int64"), ("recent_start", "int64"),
    ("recent_count", "int64"), ("recent_index", "int32"), ("is_source", "uint8"),
    ("mod_step", "int64"), ("mod_n", "float64"), ("mod_count", "int64"),
]  # fmt: skip


def modulator() -> Kernel:
    """Turns the spikes of a modulator's sources into its concentration, as one gate sees it."""
    body = """\
step_mask, index_mask, delay, mod_mask = ii[0], ii[1], ii[2], ii[3]
amount, tau, h = ff[0], ff[1], ff[2]
for s in range(s0, s1):
    released = 0
    if recent_step[s & step_mask] == s:
        start = recent_start[s & step_mask]
        for q in range(recent_count[s & step_mask]):
            released += int64(is_source[recent_index[(start + q) & index_mask]])
    if released > 0:
        when = s + delay
        c = mod_count[0]
        n = 0.0
        if c > 0:
            last = (c - 1) & mod_mask
            n = mod_n[last] * exp(-(when - mod_step[last]) * h / tau)
        mod_step[c & mod_mask] = when
        mod_n[c & mod_mask] = n + released * amount / tau
        mod_count[0] = c + 1""".splitlines()
    return Kernel("modulate", tuple(MODULATOR), tuple(body))


def gather_arrays(real: str) -> list[tuple[str, str]]:
    """The arrays that carry glutamate from the tiles of a projection to its astrocytes."""
    return [("ii", "int64"), ("spilled", "float64"), ("ring_ex", real)]


def gather(real: str) -> Kernel:
    """What each tile spilled on an astrocyte, added up in tile order."""
    body = """\
mask, width, offset, count, tiles, first, tile = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5], ii[6]
for t in range(max(g0 - first, 0), min(g1 - first, (count + tile - 1) // tile)):
    for s in range(s0, s1):
        row = s & mask
        for a in range(t * tile, min(count, (t + 1) * tile)):
            total = 0.0
            for k in range(tiles):
                place = (k * (mask + 1) + row) * count + a
                total += spilled[place]
                spilled[place] = 0.0
            if total != 0.0:
                ring_ex[row * width + offset + a] += total""".splitlines()
    return Kernel("gather", tuple(gather_arrays(real)), tuple(body))


def growth(model: type[Declaration]) -> Kernel:
    """Moves the elements of every neuron from step s0 to s1, through its spikes in between.

    Calcium is exact at every step; `ca` is Euler-decayed from the last spike, as NEST advances it.
    """
    rows = {
        "p": {n: f"p_{n}" for n in model.params},
        "el": {"z": "el_z", "ca": "el_ca", "ca0": "el_ca0", "ca1": "el_ca1"},
    }
    hook = statements(model, "grow", _resolve(rows), "g")
    body = [
        "h = ff[0]",
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "decay = exp(-h / p_tau_ca)",
        "for i in range(ii[0]):",
        *indent(
            [
                "el_z = z[i]",
                "exact = calcium[i]",
                "el_ca = exact",
                "k = spike_start[i]",
                "for s in range(s0, s1):",
                *indent(
                    [
                        "el_ca0 = exact",
                        "el_ca1 = exact * decay",
                        "el_ca -= el_ca / p_tau_ca * h",
                        *hook,
                        "exact = el_ca1",
                        "while k < spike_start[i + 1] and spike_step[k] == s + 1:",
                        "    exact += p_beta_ca",
                        "    el_ca = exact",
                        "    el_z = max(el_z, 0.0)",
                        "    k += 1",
                    ]
                ),
                "z[i] = max(el_z, 0.0)",
                "calcium[i] = exact",
            ]
        ),
    ]
    return Kernel("grow", tuple(GROWTH), tuple(body))


GROWTH = [
    ("ii", "int64"), ("ff", "float64"), ("pp", "float64"), ("z", "float64"), ("calcium", "float64"),
    ("spike_start", "int64"), ("spike_step", "int64"),
]  # fmt: skip


def nearness(model: type[Declaration]) -> Kernel:
    """The relative chance of each of some distances, for drawing partners."""
    rows = {"p": {n: f"p_{n}" for n in model.params}}
    body = [
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "for i in range(ii[0]):",
        *indent(["d = distance[i]", f"chance[i] = {expression(model, 'nearness', _resolve(rows), 'e')}"]),
    ]
    return Kernel("nearness", tuple(NEARNESS), tuple(body))


NEARNESS = [("ii", "int64"), ("pp", "float64"), ("distance", "float64"), ("chance", "float64")]
