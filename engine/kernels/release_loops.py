"""The loops that carry a modulator from the spikes of its sources to the rules that listen to it.

`tally` counts who fired, `emit` turns that into doses by the modulator's own hook, and `hear` puts the doses
into the list of one rule, in the order of their arrival, with the level of every channel just after each.
"""

from __future__ import annotations

from engine.declare import Modulator
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import resolver, statements

TALLY = (
    ("ii", "int64"), ("recent_step", "int64"), ("recent_start", "int64"), ("recent_count", "int64"),
    ("recent_index", "int32"), ("group", "int32"), ("counts", "int64"), ("signs", "int64"),
)  # fmt: skip
"""`group` is where a neuron of the population releases (-1: it is no source)."""

OUT = (
    ("out_step", "int64"), ("out_group", "int64"), ("out_dose", "float64"), ("out_count", "int64"),
)  # fmt: skip
"""What a modulator releases in a block of steps; `out_count` holds how many."""

HEAR = (
    ("ii", "int64"), ("ff", "float64"), *OUT, ("tau", "float64"), ("norm", "float64"),
    ("mod_step", "int64"), ("mod_chan", "int64"), ("mod_dose", "float64"), ("mod_n", "float64"),
    ("mod_count", "int64"), ("mod_force", "int64"), ("bad", "int64"),
)  # fmt: skip


def tally() -> Kernel:
    """Counts the spikes of the sources in one population, by step, place and sign."""
    body = """\
step_mask, index_mask, groups, inhibits = ii[0], ii[1], ii[2], ii[3]
for s in range(s0, s1):
    if recent_step[s & step_mask] == s:
        start = recent_start[s & step_mask]
        for i in range(recent_count[s & step_mask]):
            g = group[recent_index[(start + i) & index_mask]]
            if g >= 0:
                counts[(s - s0) * groups + g] += 1
                signs[(s - s0) * 2 + inhibits] += 1""".splitlines()
    return Kernel("tally", TALLY, tuple(body))


def emit_arrays(model: type[Modulator]) -> list[tuple[str, str]]:
    """The arrays of a modulator's kernel, in order, with their dtypes."""
    found = [("ii", "int64"), ("pp", "float64"), ("hand", "int64"), ("counts", "int64"), ("signs", "int64")]
    return [*found, *OUT, *((f"S_{n}", "float64") for n in model.states)]


def emit(model: type[Modulator]) -> Kernel:
    """Turns the counted spikes, and releases by hand in the first step, into doses."""
    rows = {
        "p": {n: f"p_{n}" for n in model.params},
        "n": {n: f"n_{n}" for n in model.states},
        "inp": {"up": "inp_up", "down": "inp_down", "dose": "inp_dose"},
    }
    hook = statements(model, "release", resolver(rows), "r")
    whole = ["inp_dose = p_amount * total"] if "amount" in model.params else ["inp_dose = total"]
    body = [
        "groups = ii[0]",
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "out_count[0] = 0",
        "for s in range(s0, s1):",
        *indent(
            [
                "row = (s - s0) * groups",
                "counts[row] += hand[0]",
                "inp_up, inp_down = float64(signs[(s - s0) * 2] + hand[0]), float64(signs[(s - s0) * 2 + 1])",
                "hand[0] = 0",
                "signs[(s - s0) * 2] = 0",
                "signs[(s - s0) * 2 + 1] = 0",
                "total = inp_up + inp_down",
                "if total > 0.0:",
                *indent(
                    [
                        *[f"n_{n} = S_{n}[0]" for n in model.states],
                        *(["inp_dose = 0.0", *hook] if hook else whole),
                        *[f"S_{n}[0] = n_{n}" for n in model.states],
                        "for g in range(groups):",
                        "    if counts[row + g] > 0:",
                        "        c = out_count[0]",
                        "        out_step[c] = s",
                        "        out_group[c] = g",
                        "        out_dose[c] = inp_dose",
                        "        if counts[row + g] < total:",
                        "            out_dose[c] = inp_dose * counts[row + g] / total",
                        "        out_count[0] = c + 1",
                        "        counts[row + g] = 0",
                    ]
                ),
            ]
        ),
    ]
    return Kernel("emit", tuple(emit_arrays(model)), tuple(body))


def hear() -> Kernel:
    """Sorts what was released into a rule's list, by arrival and channel, and brings the levels up to date.

    A quarter of the list full asks for a sweep (`mod_force` is its step): no synapse misses a release.
    """
    body = """\
mask, first, channels, delay = ii[0], ii[1], ii[2], ii[3]
h = ff[0]
for r in range(out_count[0]):
    when = out_step[r] + delay
    g = first + out_group[r]
    c = mod_count[0]
    p = c
    while p > 0 and p > c - mask:
        at = (p - 1) & mask
        if mod_step[at] < when or (mod_step[at] == when and mod_chan[at] <= g):
            break
        p -= 1
    before = (p - 1) & mask
    if p > 0 and mod_step[before] == when and mod_chan[before] == g:
        p -= 1
        mod_dose[before] += out_dose[r]
    else:
        for i in range(c, p, -1):
            mod_step[i & mask] = mod_step[(i - 1) & mask]
            mod_chan[i & mask] = mod_chan[(i - 1) & mask]
            mod_dose[i & mask] = mod_dose[(i - 1) & mask]
        mod_step[p & mask] = when
        mod_chan[p & mask] = g
        mod_dose[p & mask] = out_dose[r]
        c += 1
        mod_count[0] = c
        if c & (mask >> 2) == 0:
            mod_force[0] = out_step[r]
        if c > mask // 2 and mod_step[(c - mask // 2) & mask] > out_step[r] and bad[0] == 0:
            bad[0] = 6
    for i in range(p, c):
        at, before = i & mask, (i - 1) & mask
        for k in range(channels):
            n = 0.0
            if i > 0:
                n = mod_n[before * channels + k] * exp(-(mod_step[at] - mod_step[before]) * h / tau[k])
            if k == mod_chan[at]:
                n += mod_dose[at] / norm[k]
            mod_n[at * channels + k] = n""".splitlines()
    return Kernel("hear", HEAR, tuple(body))
