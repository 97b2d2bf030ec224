"""The small loops every network needs: exchange of spikes, probes, glutamate."""

from __future__ import annotations

from engine.kernels.fuse import Kernel

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
kept = 0
for s in range(max(s1 - ii[7], 0), s1):
    kept += recent_count[s & step_mask] if recent_step[s & step_mask] == s else 0
if kept > index_mask + 1:
    bad[0] = 3
for t in range(tiles):
    spike_count[t] = 0
if record[0] > record[1] and bad[0] == 0:
    bad[0] = 2""".splitlines()
    return Kernel("exchange", tuple(EXCHANGE), tuple(body))


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


def keep_arrays(real: str) -> list[tuple[str, str]]:
    """The arrays of what astrocytes were like at their last steps."""
    return [("ii", "int64"), ("source", real), ("ring", real)]


def keep(real: str) -> Kernel:
    """Keeps what synapses read of astrocytes, step by step of theirs, so that the past can be looked up."""
    body = """\
if g0 <= ii[3] and ii[3] < g1 and s0 % ii[0] == 0:
    row = (s0 // ii[0] & ii[2]) * ii[1]
    for i in range(ii[1]):
        ring[row + i] = source[i]""".splitlines()
    return Kernel("keep", tuple(keep_arrays(real)), tuple(body))


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


MATHS = (("number", "float64"), ("whole", "int64"), ("starts", "uint8"))


def maths() -> Kernel:
    """Asks for all arithmetic a hook may call, so that it is compiled before a kernel that calls it."""
    body = """\
x, y, i = number[0], number[1], whole[0]
number[0] = exp(x) + expm1(x) + log(x) + log1p(x) + pow(x, y) + sqrt(x) + tanh(x) + floor(x)
number[1] = clip(x, y, number[2]) + where(x > y, x, y) + kept(number, i, x, y) + min(x, y) + max(x, y)
whole[0] = named(whole, i) + min(i, whole[1]) + max(i, whole[1])""".splitlines()
    return Kernel("maths", MATHS, tuple(body))


def chance() -> Kernel:
    """Asks for every kind of chance a hook may call, as `maths` does."""
    key = "whole[0], whole[1], whole[2], whole[3], whole[4]"
    body = f"""\
x, y, i = number[0], number[1], whole[0]
number[0] = uniform({key}) + normal({key}) + poisson(x, {key}) + binomial(x, y, {key})
whole[0] = drawn_bits(i, i)
if tabled(x, whole, starts, i):
    number[1] = counted(i, whole, starts, i)""".splitlines()
    return Kernel("chance", MATHS, tuple(body))
