"""Chance in wiring: numbers that follow from the seed, the purpose and the projection, and nothing else."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Luck:
    """A stream of chance numbers keyed by (seed, purpose, ids): the same whoever else was added.

    Only the raw bits of a Philox counter are used, so that no version of numpy changes them.
    """

    def __init__(self, seed: int, purpose: str, *ids: int) -> None:
        words = [seed, zlib.crc32(purpose.encode()), *(id & (2**63 - 1) for id in ids)]
        self._bits = np.random.Philox(np.random.SeedSequence(words))

    def uniform(self, size: int) -> Floats:
        """Numbers in [0, 1)."""
        bits: NDArray[np.uint64] = self._bits.random_raw(size)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, limit: int, size: int) -> Ints:
        """Whole numbers from 0 to `limit` - 1."""
        return np.minimum((self.uniform(size) * limit).astype(np.int64), limit - 1)

    def normal(self, size: int) -> Floats:
        """Numbers of mean 0 and standard deviation 1 (Box & Muller 1958)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(size)))
        return radius * np.cos(2.0 * np.pi * self.uniform(size))

    def chosen(self, total: int, p: float) -> Ints:
        """Which of `total` things are chosen when each is with probability `p`: increasing numbers.

        Jumps from one chosen thing to the next, so the work is for those chosen only.
        """
        if p <= 0.0 or total <= 0:
            return np.empty(0, np.int64)
        if p >= 1.0:
            return np.arange(total, dtype=np.int64)
        parts: list[Ints] = []
        at = -1
        scale = 1.0 / np.log1p(-p)
        while at < total:
            expected = (total - at) * p
            count = int(expected + 6.0 * np.sqrt(expected) + 16)
            jumps = np.log1p(-self.uniform(count)) * scale
            places = at + np.cumsum(1 + np.minimum(jumps, total).astype(np.int64))
            parts.append(places[places < total])
            at = int(places[-1])
        return np.concatenate(parts)

    def distinct(self, rows: int, count: int, limit: int) -> Ints:
        """In each of `rows` rows, `count` different whole numbers below `limit`, in order: (rows, count)."""
        if count > limit:
            raise ValueError(f"{count} different numbers below {limit}")
        if 2 * count > limit:  # leave out the rest instead
            left_out = self.distinct(rows, limit - count, limit)
            stay = np.ones((rows, limit), np.bool_)
            np.put_along_axis(stay, left_out, False, axis=1)
            return np.nonzero(stay)[1].reshape(rows, count)
        drawn = np.sort(self.below(limit, rows * count).reshape(rows, count), axis=1)
        open_rows = np.arange(rows)
        while open_rows.size and count > 1:
            again = drawn[open_rows]
            twice = np.zeros(again.shape, np.bool_)
            twice[:, 1:] = again[:, 1:] == again[:, :-1]
            hit = twice.any(axis=1)
            open_rows, again, twice = open_rows[hit], again[hit], twice[hit]
            again[twice] = self.below(limit, int(twice.sum()))
            drawn[open_rows] = np.sort(again, axis=1)
        return drawn.astype(np.int64)
