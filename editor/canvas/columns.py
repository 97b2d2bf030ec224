"""A table of numpy columns with stable ids, lent to the drawing thread without copying.

Rows are kept dense: what is removed is replaced by the last rows.  A column that was lent is copied
before it is next written, so a thread that draws from a lent table sees it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

MISSING = -1


class RowIndex:
    """Finds the row of an id; ids count up from 1 or down from -1, so two plain arrays suffice."""

    def __init__(self) -> None:
        """Begin with no ids."""
        self._up = np.full(16, MISSING, np.int32)
        self._down = np.full(16, MISSING, np.int32)
        self._strange: dict[int, int] = {}

    def put(self, ids: NDArray[np.int64], rows: NDArray[np.int32]) -> None:
        """Remember the rows of some ids; row -1 forgets an id."""
        limit = 4 * (len(self._up) + len(self._down) + len(ids)) + 1_000_000
        if len(ids) and max(int(ids.max()), -int(ids.min())) > limit:
            for i, row in zip(ids.tolist(), rows.tolist(), strict=True):
                self._strange[i] = row
            return
        for sign in (1, -1):
            chosen = ids * sign >= (0 if sign > 0 else 1)
            if not chosen.any():
                continue
            at = ids[chosen] * sign
            table = self._up if sign > 0 else self._down
            if at.max() >= len(table):
                table = np.concatenate([table, np.full(int(at.max()) * 3 // 2 + 16, MISSING, np.int32)])
                if sign > 0:
                    self._up = table
                else:
                    self._down = table
            table[at] = rows[chosen]

    def find(self, ids: ArrayLike) -> NDArray[np.int32]:
        """Rows of some ids, -1 where there is none."""
        wanted = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        rows = np.full(wanted.shape, MISSING, np.int32)
        up = (wanted >= 0) & (wanted < len(self._up))
        rows[up] = self._up[wanted[up]]
        down = (wanted < 0) & (-wanted < len(self._down))
        rows[down] = self._down[-wanted[down]]
        if self._strange:
            for k in np.flatnonzero(rows == MISSING):
                rows[k] = self._strange.get(int(wanted[k]), MISSING)
        return rows


class Columns:
    """Named columns of equal length with an id per row; read a column as an attribute-like `[name]`."""

    def __init__(self, spec: Mapping[str, tuple[DTypeLike, object]], widths: Mapping[str, int] | None = None):
        """Begin empty; `spec` gives the dtype and default of every column, `widths` those of pairs."""
        self._default = {name: default for name, (_, default) in spec.items()}
        wide = widths or {}
        self._store: dict[str, NDArray[Any]] = {
            name: np.zeros((16, wide[name]) if name in wide else 16, dtype=kind)
            for name, (kind, _) in spec.items()
        }
        self._store["id"] = np.zeros(16, np.int64)
        self._lent: set[str] = set()
        self._lent_rows = 0
        self._index = RowIndex()
        self.n = 0

    def __len__(self) -> int:
        """Number of rows."""
        return self.n

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column, to read; `write` gives one to change."""
        return self._store[name][: self.n]

    def write(self, name: str) -> NDArray[Any]:
        """A column that may be changed in place (copied first if it is lent)."""
        if name in self._lent:
            self._store[name] = self._store[name].copy()
            self._lent.discard(name)
        return self._store[name][: self.n]

    def lend(self) -> dict[str, NDArray[Any]]:
        """All columns as they are now; later changes go to copies."""
        self._lent = set(self._store)
        self._lent_rows = self.n
        return {name: column[: self.n] for name, column in self._store.items()}

    def look(self) -> dict[str, NDArray[Any]]:
        """All columns as they are now, to be read at once and not kept."""
        return {name: column[: self.n] for name, column in self._store.items()}

    def rows(self, ids: ArrayLike) -> NDArray[np.int32]:
        """Rows of some ids, -1 where there is none."""
        return self._index.find(ids)

    def append(self, ids: ArrayLike, **values: object) -> NDArray[np.int32]:
        """Add rows; columns that are not named get their default.  Returns the new rows."""
        new = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        first, stop = self.n, self.n + len(new)
        capacity = len(self._store["id"])
        if stop > capacity:
            grown = max(stop, 2 * capacity)
            for name, column in self._store.items():
                larger = np.zeros((grown, *column.shape[1:]), column.dtype)
                larger[: self.n] = column[: self.n]
                self._store[name] = larger
            self._lent.clear()
        elif first < self._lent_rows:
            # rows given up since the last loan are still on loan
            for name in list(self._lent):
                self.write(name)
        self.n = stop
        self._store["id"][first:stop] = new
        for name, default in self._default.items():
            self._store[name][first:stop] = values.get(name, default)
        rows = np.arange(first, stop, dtype=np.int32)
        self._index.put(new, rows)
        return rows

    def remove(self, rows: NDArray[np.integer[Any]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Take rows out; the last rows move into the gaps.  Returns where they were and where they are."""
        gone = np.unique(np.asarray(rows, dtype=np.int32))
        stop = self.n - len(gone)
        ids = self["id"]
        self._index.put(ids[gone], np.full(len(gone), MISSING, np.int32))
        holes = gone[gone < stop]
        tail = np.setdiff1d(np.arange(stop, self.n, dtype=np.int32), gone[gone >= stop], assume_unique=True)
        if len(holes):
            for name in self._store:
                column = self.write(name)
                column[holes] = column[tail]
            self._index.put(self._store["id"][holes], holes)
        self.n = stop
        return tail, holes

    def reorder(self, order: NDArray[np.integer[Any]]) -> None:
        """Sort the rows: new row k is old row order[k]."""
        for name in self._store:
            sorted_ = self._store[name][: self.n][order]
            self.write(name)[:] = sorted_
        self._index.put(self["id"], np.arange(self.n, dtype=np.int32))

    def replace(self, ids: ArrayLike, columns: Mapping[str, object]) -> None:
        """Throw all rows away and begin again with these."""
        empty = RowIndex()
        self._index = empty
        self.n = 0
        for name in list(self._store):
            self._store[name] = np.zeros((16, *self._store[name].shape[1:]), self._store[name].dtype)
        self._lent.clear()
        self.append(ids, **dict(columns))

    def names(self) -> Iterable[str]:
        """Names of the columns, the id included."""
        return self._store.keys()
