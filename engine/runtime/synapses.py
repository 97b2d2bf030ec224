"""The synapses of one projection as the running engine keeps them: rows by presynaptic neuron, in segments.

A row is a chain of segments, one per (target tile, delay).  Inside a segment order is free: a new synapse
takes a free place at its end, a removed one is replaced by the last.  A full segment moves to the end of the
pool with room to grow, so a change costs what changes.
"""

from __future__ import annotations

from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from engine.kernels.maths import compiled
from engine.runtime.laying import delays_in_use, in_order

Ints = NDArray[np.int64]
NEVER = -(1 << 60)

SEGMENT = {
    "next": np.int32, "start": np.int64, "count": np.int32, "room": np.int32, "row": np.int32,
    "axon": np.int32, "dendrite": np.int32, "last": np.int64, "seen": np.int64,
}  # fmt: skip
"""What is kept per segment, besides the memories of the presynaptic neuron."""
FEW = 8
"""Ids that are looked for one by one where the order of all is not known."""
RUNS = ("last", "seen")
"""What of it changes as the circuit runs; the rest only when a synapse comes or goes."""


class Synapses:
    """The pool of one projection; `n_pre` rows, `tiles` target tiles of `tile` neurons.

    Args:
        memories: names of the presynaptic traces kept per segment.
        fields: the value a new synapse starts with, by field name.
        real: dtype of weights and fields.
    """

    def __init__(
        self, n_pre: int, tiles: int, tile: int, memories: list[str], fields: dict[str, float], real: type
    ) -> None:
        self.n_pre, self.tiles, self.tile = n_pre, tiles, tile
        self.memories, self.fields, self.real = memories, fields, real
        self.version = 0
        self._expanded: tuple[int, tuple[Ints, Ints, Ints, Ints]] | None = None
        self._sorted: tuple[int, Ints, Ints] | None = None
        self._degrees: tuple[int, Ints, Ints] | None = None
        self._asked: tuple[tuple[int, bytes], Ints] = ((-1, b""), np.zeros(0, np.int64))
        self._laid_out: tuple[int, dict[str, ref[NDArray[Any]]]] = (-1, {})
        self._clear()

    def _clear(self) -> None:
        self.row_head = np.full(max(self.n_pre * self.tiles, 1), -1, np.int32)
        self.row_tail = self.row_head.copy()
        self.segments = {name: np.zeros(1, kind) for name, kind in SEGMENT.items()}
        self.traces = {name: np.zeros(1) for name in self.memories}
        self.used_segments = 0
        self.used = 0
        self.post = np.zeros(1, np.int32)
        self.named = np.zeros(1, np.int64)
        self.weight: NDArray[Any] = np.zeros(1, self.real)
        self.columns: dict[str, NDArray[Any]] = {n: np.zeros(1, self.real) for n in self.fields}
        self.watch = np.zeros(1, np.uint8)
        self.doomed = np.zeros(1, np.uint8)

    @property
    def ids(self) -> Ints:
        """The id at every place of the pool.

        The synapses of one wiring lie in the order of their ids, so that only the first is kept (`named`)
        until one grows or goes.
        """
        return self.named if self.is_named else self.named[0] + np.arange(self.post.size)

    @ids.setter
    def ids(self, ids: Ints) -> None:
        counts_up = len(self) == ids.size == self.post.size and bool((np.diff(ids) == 1).all())
        self.named = ids[:1].copy() if counts_up else ids

    @property
    def is_named(self) -> bool:
        """Whether an id is kept for every place."""
        return self.named.size == self.post.size

    def ids_at(self, places: Any) -> Ints:
        """The ids at some places of the pool."""
        found: Ints = self.named[places] if self.is_named else self.named[0] + places
        return found

    def __len__(self) -> int:
        return int(self.segments["count"][: self.used_segments].sum())

    # -- building ----------------------------------------------------------------------------------

    def build(
        self, ids: Ints, pre: Ints, post: Ints, weight: Any, axon: Ints, dendrite: Ints, now: int,
        columns: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Lay out all synapses at once (rows and columns are local indices, delays in steps)."""
        self._clear()
        count = ids.size
        self.version += 1
        if count == 0:
            return
        pairs, code = delays_in_use(axon, dendrite)
        row = pre * self.tiles + post // self.tile
        key = row * pairs.shape[1] + code
        order = in_order(key, self.row_head.size * pairs.shape[1])
        key = key[order]
        first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        n = first.size
        counts = np.diff(np.append(first, count))
        seg = {name: np.zeros(n, kind) for name, kind in SEGMENT.items()}
        seg["start"][:], seg["count"][:], seg["room"][:] = first, counts, counts
        seg["row"][:] = key[first] // pairs.shape[1]
        seg["axon"][:] = pairs[0][key[first] % pairs.shape[1]]
        seg["dendrite"][:] = pairs[1][key[first] % pairs.shape[1]]
        seg["last"][:], seg["seen"][:] = NEVER, now
        rows = seg["row"]
        follows = np.concatenate([rows[1:] == rows[:-1], [False]])
        seg["next"][:] = np.where(follows, np.arange(1, n + 1), -1)
        heads = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
        tails = np.flatnonzero(~follows)
        self.row_head[rows[heads]] = heads
        self.row_tail[rows[tails]] = tails
        self.segments, self.used_segments, self.used = seg, n, count
        self.traces = {name: np.zeros(n) for name in self.memories}
        self.post = post[order].astype(np.int32)
        self.ids = ids[order].astype(np.int64)
        self.weight = np.broadcast_to(np.asarray(weight, self.real), (count,))[order].copy()
        given = columns or {}
        self.columns = {}
        for name, start in self.fields.items():
            column: NDArray[Any] = np.full(count, start, self.real)
            if name in given:
                values = np.broadcast_to(np.asarray(given[name], np.float64), (count,))[order]
                column = np.where(np.isnan(values), column, values).astype(self.real)
            self.columns[name] = column
        self.watch = np.zeros(count, np.uint8)
        self.doomed = np.zeros(count, np.uint8)

    # -- looking -----------------------------------------------------------------------------------

    def expanded(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Place in the pool, presynaptic row, axonal and dendritic delay (steps) of every synapse."""
        if self._expanded is None or self._expanded[0] != self.version:
            counts = self.segments["count"][: self.used_segments].astype(np.int64)
            total = int(counts.sum())
            starts = np.repeat(self.segments["start"][: self.used_segments], counts)
            inside = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
            wide = {
                name: np.repeat(self.segments[name][: self.used_segments].astype(np.int64), counts)
                for name in ("row", "axon", "dendrite")
            }
            self._expanded = (
                self.version,
                (starts + inside, wide["row"] // self.tiles, wide["axon"], wide["dendrite"]),
            )
        return self._expanded[1]

    def degrees(self, n_post: int) -> tuple[Ints, Ints]:
        """How many synapses each pre neuron makes, and each of `n_post` post neurons receives."""
        if self._degrees is None or self._degrees[0] != self.version:
            made, received = np.zeros(self.n_pre, np.int64), np.zeros(n_post, np.int64)
            seg = self.segments
            count_ends(
                self.used_segments,
                self.tiles,
                seg["row"],
                seg["start"],
                seg["count"],
                self.post,
                made,
                received,
            )
            self._degrees = self.version, made, received
        _, made, received = self._degrees
        return made.copy(), received.copy()

    def laid_out(self) -> dict[str, NDArray[Any]]:
        """Copies of what stays as it is until a synapse comes or goes, by the name a capture gives it.

        As long as somebody holds them the same read-only arrays are given again: moments of a run share them.
        """
        version, known = self._laid_out
        held = {name: copy for name, kept in known.items() if (copy := kept()) is not None}
        if version == self.version and len(held) == len(known):
            return held
        found: dict[str, NDArray[Any]] = {"row_head": self.row_head, "row_tail": self.row_tail}
        for name in SEGMENT:
            if name not in RUNS:
                found[f"segment/{name}"] = self.segments[name][: self.used_segments]
        found |= {"pool/post": self.post[: self.used], "pool/ids": self.ids[: self.used]}
        copies = {name: column.copy() for name, column in found.items()}
        for column in copies.values():
            column.flags.writeable = False
        self._laid_out = (self.version, {name: ref(column) for name, column in copies.items()})
        return copies

    def places(self, ids: Any) -> Ints:
        """Place in the pool of each synapse id, -1 where there is none."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        if not self.is_named:
            at = wanted - self.named[0]
            return np.where((at >= 0) & (at < self.used), at, -1)
        if self._sorted is None or self._sorted[0] != self.version:
            if wanted.size <= FEW:
                return self._looked_up(wanted)
            place = self.expanded()[0]
            known = self.named[place]
            order = np.argsort(known, kind="stable")
            self._sorted = (self.version, known[order], place[order])
        _, known, place = self._sorted
        if not known.size:
            return np.full(wanted.shape, -1, np.int64)
        at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
        return np.where(known[at] == wanted, place[at], -1)

    def _looked_up(self, wanted: Ints) -> Ints:
        """The places of a few ids, looked for one by one: an edit would be over before all are sorted."""
        asked = (self.version, wanted.tobytes())
        if self._asked[0] != asked:
            used = slice(self.used_segments)
            start, count = self.segments["start"][used], self.segments["count"][used]
            found = np.full(wanted.shape, -1, np.int64)
            for i, id in enumerate(wanted.tolist()):
                for place in np.flatnonzero(self.named[: self.used] == id).tolist():
                    if ((start <= place) & (place < start + count)).any():  # what went may have left its id
                        found[i] = place
            self._asked = (asked, found)
        return self._asked[1].copy()

    # -- changing ----------------------------------------------------------------------------------

    def add(
        self, ids: Any, pre: Any, post: Any, weight: Any, axon: Any, dendrite: Any, now: int,
        columns: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Let synapses join the chains; call after a sweep to `now`, so that they see nothing from before."""
        ids = np.atleast_1d(np.asarray(ids, np.int64))
        count = ids.size
        if count == 0:
            return
        # Copies, whoever gives them: for arrays that may only be read the loop would be compiled once more.
        numbers, *wide = (
            np.array(np.broadcast_to(np.asarray(a, np.int64), (count,)))
            for a in (ids, pre, post, axon, dendrite)
        )
        weights = np.array(np.broadcast_to(np.asarray(weight, np.float64), (count,)))
        starts = np.array([*self.fields.values()], np.float64)
        self.named = self.ids
        done = 0
        while done < count:
            self._reserve(count - done)
            state = np.array([self.used_segments, self.used, self.tiles, self.tile, now], np.int64)
            traces = self._trace_block()
            add: Any = append
            done += add(
                numbers[done:], *[a[done:] for a in wide], weights[done:], starts, state,
                self.row_head, self.row_tail, *[self.segments[name] for name in SEGMENT], traces,
                self.post, self.named, self.weight, self.watch, self.doomed, self._column_block(),
            )  # fmt: skip
            self.used_segments, self.used = int(state[0]), int(state[1])
            self._spread_traces(traces)
            self._spread_columns()
        if self._degrees is not None and self._degrees[0] == self.version:
            _, made, received = self._degrees
            np.add.at(made, wide[0], 1)
            np.add.at(received, wide[1], 1)
            self._degrees = self.version + 1, made, received
        self.version += 1
        for name, given in (columns or {}).items():
            if name in self.fields:
                values = np.broadcast_to(np.asarray(given, np.float64), (count,))
                own = ~np.isnan(values)
                self.columns[name][self.places(ids[own])] = values[own]

    def remove_doomed(self) -> tuple[Ints, NDArray[np.uint8]]:
        """Take every synapse out that is marked in `doomed`; returns their ids and marks, sorted by id."""
        out_ids = np.empty(int(np.count_nonzero(self.doomed[: self.used])), np.int64)
        out_why = np.empty(out_ids.size, np.uint8)
        if out_ids.size == 0:
            return out_ids, out_why
        block = self._column_block()
        self.named = self.ids
        found = take_out(
            self.used_segments, self.segments["start"], self.segments["count"], self.post, self.named,
            self.weight, self.watch, self.doomed, block, out_ids, out_why,
        )  # fmt: skip
        self._spread_columns()
        self.version += 1
        order = np.argsort(out_ids[:found], kind="stable")
        return out_ids[:found][order], out_why[:found][order]

    # The kernels take all fields as one block, so that one compiled function serves every stack.
    def _column_block(self) -> NDArray[Any]:
        self._block = (
            np.stack([self.columns[n] for n in self.fields]) if self.fields else np.zeros((0, 1), self.real)
        )
        return self._block

    def _spread_columns(self) -> None:
        for i, name in enumerate(self.fields):
            self.columns[name][:] = self._block[i]

    def _trace_block(self) -> NDArray[np.float64]:
        return np.stack([self.traces[n] for n in self.memories]) if self.memories else np.zeros((0, 1))

    def _spread_traces(self, block: NDArray[np.float64]) -> None:
        for i, name in enumerate(self.memories):
            self.traces[name][:] = block[i]

    def _reserve(self, coming: int) -> None:
        """Room for `coming` synapses that may each need a segment of their own or make one move."""
        counts = self.segments["count"][: self.used_segments]
        widest = int(counts.max()) if counts.size else 0
        need = self.used + 4 * coming + 2 * widest + 8
        if need > self.post.size:
            size = max(need, self.post.size + self.post.size // 4)
            self.post, self.named, self.weight, self.watch, self.doomed = (
                _longer(a, size) for a in (self.post, self.named, self.weight, self.watch, self.doomed)
            )
            self.columns = {name: _longer(column, size) for name, column in self.columns.items()}
        need = self.used_segments + coming + 1
        if need > self.segments["start"].size:
            size = max(need, self.segments["start"].size * 5 // 4)
            self.segments = {name: _longer(column, size) for name, column in self.segments.items()}
            self.traces = {name: _longer(column, size) for name, column in self.traces.items()}


def _longer(column: NDArray[Any], size: int) -> NDArray[Any]:
    longer = np.zeros(size, column.dtype)
    longer[: column.size] = column
    return longer


@compiled
def count_ends(
    used_segments: int, tiles: int, seg_row: Any, seg_start: Any, seg_count: Any, post: Any, made: Any,
    received: Any,
) -> None:  # fmt: skip
    """Count the synapses of every neuron, on both sides."""
    for seg in range(used_segments):
        made[seg_row[seg] // tiles] += seg_count[seg]
        for j in range(seg_start[seg], seg_start[seg] + seg_count[seg]):
            received[post[j]] += 1


@compiled
def append(
    ids: Any, pre: Any, post: Any, axon: Any, dendrite: Any, weights: Any, starts: Any, state: Any,
    row_head: Any, row_tail: Any, seg_next: Any, seg_start: Any, seg_count: Any, seg_room: Any, seg_row: Any,
    seg_axon: Any, seg_dendrite: Any, seg_last: Any, seg_seen: Any, traces: Any, pool_post: Any,
    pool_ids: Any, pool_weight: Any, pool_watch: Any, pool_doomed: Any, block: Any,
) -> int:  # fmt: skip
    """Append synapses one by one; stops, and returns how many it did, when the room is used up."""
    used_segments, used, tiles, tile, now = state[0], state[1], state[2], state[3], state[4]
    done = 0
    for i in range(ids.size):
        row = pre[i] * tiles + post[i] // tile
        seg = row_head[row]
        sibling = -1
        while seg >= 0 and not (seg_axon[seg] == axon[i] and seg_dendrite[seg] == dendrite[i]):
            if seg_axon[seg] == axon[i]:
                sibling = seg
            seg = seg_next[seg]
        moving = seg >= 0 and seg_count[seg] == seg_room[seg]
        room = max(np.int64(4), np.int64(seg_count[seg]) * 3 // 2 + 1) if moving else np.int64(4)
        if (seg < 0 or moving) and used + room > pool_post.size:
            break
        if seg < 0:
            if used_segments >= seg_start.size:
                break
            seg = used_segments
            used_segments += 1
            seg_next[seg] = -1
            seg_start[seg] = used
            seg_count[seg] = 0
            seg_room[seg] = room
            seg_row[seg] = row
            seg_axon[seg] = axon[i]
            seg_dendrite[seg] = dendrite[i]
            seg_last[seg] = seg_last[sibling] if sibling >= 0 else np.int64(-(1 << 60))
            seg_seen[seg] = now
            for k in range(traces.shape[0]):
                traces[k, seg] = traces[k, sibling] if sibling >= 0 else 0.0
            used += room
            if row_head[row] < 0:
                row_head[row] = seg
            else:
                seg_next[row_tail[row]] = seg
            row_tail[row] = seg
        elif moving:
            old = seg_start[seg]
            for k in range(seg_count[seg]):
                pool_post[used + k] = pool_post[old + k]
                pool_ids[used + k] = pool_ids[old + k]
                pool_weight[used + k] = pool_weight[old + k]
                pool_watch[used + k] = pool_watch[old + k]
                pool_doomed[used + k] = pool_doomed[old + k]
                pool_doomed[old + k] = 0
                for c in range(block.shape[0]):
                    block[c, used + k] = block[c, old + k]
            seg_start[seg] = used
            seg_room[seg] = room
            used += room
        j = seg_start[seg] + seg_count[seg]
        seg_count[seg] += 1
        pool_post[j] = post[i]
        pool_ids[j] = ids[i]
        pool_weight[j] = weights[i]
        pool_watch[j] = 0
        pool_doomed[j] = 0
        for c in range(block.shape[0]):
            block[c, j] = starts[c]
        done += 1
    state[0], state[1] = used_segments, used
    return done


@compiled
def take_out(
    used_segments: int, seg_start: Any, seg_count: Any, post: Any, ids: Any, weight: Any, watch: Any,
    doomed: Any, block: Any, out_ids: Any, out_why: Any,
) -> int:  # fmt: skip
    """Replace every marked synapse by the last of its segment; one pass over all."""
    found = 0
    for seg in range(used_segments):
        start = seg_start[seg]
        j = start
        last = start + seg_count[seg] - 1
        while j <= last:
            if doomed[j] != 0:
                out_ids[found] = ids[j]
                out_why[found] = doomed[j]
                found += 1
                post[j], ids[j], weight[j], watch[j], doomed[j] = (
                    post[last], ids[last], weight[last], watch[last], doomed[last],
                )  # fmt: skip
                doomed[last] = 0
                for c in range(block.shape[0]):
                    block[c, j] = block[c, last]
                last -= 1
            else:
                j += 1
        seg_count[seg] = last - start + 1
    return found
