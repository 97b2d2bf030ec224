"""The synapses of one projection: a column each for id, pre, post, weight and delay.

Rows are kept in the order they came, with freed rows squeezed out the next time somebody reads a whole
column; that order means nothing, and everything saved or compared is sorted by id.  Appending is cheap on
average, finding a row by id is a binary search in an index that is built when first asked for, and a copy
shares its columns with the original until one of the two changes.  An array read from here never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.counting import counted
from engine.network.columns import distinct

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Column = NDArray[Any]

FIXED = {"id": np.int64, "pre": np.int64, "post": np.int64, "weight": np.float64, "delay": np.float64}
"""The columns every table has; any other is a float column, NaN where a synapse has no value of its own."""
_TAIL = 4096


class SynapseTable:
    """Rows of id, pre neuron id, post neuron id, weight (signed) and delay (ms), plus named float columns.

    Columns read as attributes (`table.weight`) or by name (`table["q"]`), read-only, aligned with each
    other.  `version` grows whenever rows come or go.
    """

    __slots__ = ("_alive", "_columns", "_dead", "_index", "_make", "_shared", "_used", "version")

    _make: Callable[[], SynapseTable]

    def __init__(self) -> None:
        self._columns: dict[str, Column] = {n: np.empty(0, kind) for n, kind in FIXED.items()}
        self._alive = np.empty(0, np.bool_)
        self._used = 0
        self._dead = 0
        self._shared = False
        self._index: tuple[Ints, Ints, int] | None = None  # sorted ids, their rows, rows covered
        self.version = 0

    @classmethod
    def later(cls, size: int, version: int, make: Callable[[], SynapseTable]) -> SynapseTable:
        """A table of `size` rows that `make` writes when somebody asks for more than how many there are.

        It is made once; whoever changes what `make` reads asks for the columns first.
        """
        table = cls.__new__(cls)
        table._used, table._dead, table.version, table._make = size, 0, version, make
        return table

    def __getattr__(self, name: str) -> Any:
        """Write the columns that were put off; called for what is not there yet."""
        if name not in ("_alive", "_columns", "_index", "_shared"):
            raise AttributeError(name)
        made = self._make()
        self._columns, self._alive, self._index = made._columns, made._alive, made._index
        self._used, self._dead, self._shared = made._used, made._dead, made._shared
        del self._make
        return getattr(self, name)

    # -- reading ---------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._used - self._dead

    def __contains__(self, synapse: object) -> bool:
        return isinstance(synapse, int | np.integer) and bool(self.rows([int(synapse)])[0] >= 0)

    def __repr__(self) -> str:
        return f"<SynapseTable of {counted(len(self), 'synapse')}>"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, the five fixed ones first."""
        return tuple(self._columns)

    @property
    def id(self) -> Ints:
        """Synapse ids."""
        return self._column("id")

    @property
    def pre(self) -> Ints:
        """Presynaptic neuron ids."""
        return self._column("pre")

    @property
    def post(self) -> Ints:
        """Postsynaptic neuron ids."""
        return self._column("post")

    @property
    def weight(self) -> Floats:
        """Signed weights, in the unit of the transmission (pA or nS)."""
        return self._column("weight")

    @property
    def delay(self) -> Floats:
        """Total delays, ms."""
        return self._column("delay")

    def __getitem__(self, name: str) -> Column:
        return self._column(name)

    def _column(self, name: str) -> Column:
        self._squeeze()
        view = self._columns[name][: self._used]
        view.flags.writeable = False
        return view

    @property
    def extra(self) -> dict[str, Floats]:
        """The named float columns that hold at least one value."""
        found = {name: self._column(name) for name in self._columns if name not in FIXED}
        return {name: column for name, column in found.items() if not np.isnan(column).all()}

    def rows(self, ids: ArrayLike) -> Ints:
        """The row of each id, -1 where there is none; rows stay valid until the table changes."""
        self._squeeze()
        return self._find(np.atleast_1d(np.asarray(ids, np.int64)))

    def has(self, ids: ArrayLike) -> NDArray[np.bool_]:
        """Whether each id is a synapse of this table."""
        return self._find(np.atleast_1d(np.asarray(ids, np.int64))) >= 0

    def take(self, ids: ArrayLike) -> dict[str, Column]:
        """The columns of the synapses among `ids` that exist, in the order of `ids`."""
        rows = self._find(np.atleast_1d(np.asarray(ids, np.int64)))
        rows = rows[rows >= 0]
        return {name: column[rows] for name, column in self._columns.items()}

    def sorted(self) -> dict[str, Column]:
        """All columns with rows sorted by id; named columns without any value are left out."""
        self._squeeze()
        ids = self.id
        if ids.size < 2 or bool((ids[1:] > ids[:-1]).all()):
            ordered = {name: self._column(name) for name in FIXED}
            return {**ordered, **self.extra}
        order = np.argsort(ids)
        return {name: self._column(name)[order] for name in (*FIXED, *self.extra)}

    # -- changing --------------------------------------------------------------------------------

    def append(
        self,
        ids: ArrayLike,
        pre: ArrayLike,
        post: ArrayLike,
        weight: ArrayLike,
        delay: ArrayLike,
        columns: Mapping[str, ArrayLike] | None = None,
    ) -> None:
        """Add rows; a number stands for every row.  The ids must be new, which is not checked here."""
        fixed = {"id": ids, "pre": pre, "post": post, "weight": weight, "delay": delay}
        self.add({**fixed, **(columns or {})})

    def add(self, columns: Mapping[str, ArrayLike]) -> None:
        """Add rows from columns by name, the five fixed ones and any others; see `append`."""
        size = np.size(np.asarray(columns["id"]))
        if not size:
            return
        for name in columns:
            if name not in self._columns:
                self._add_column(name)
        self._reserve(self._used + size)
        here = slice(self._used, self._used + size)
        for name, column in self._columns.items():
            column[here] = columns.get(name, np.nan)
        self._alive[here] = True
        self._used += size
        self.version += 1

    def remove(self, ids: ArrayLike) -> None:
        """Take out the synapses among `ids` that exist."""
        rows = self._find(distinct(ids))
        rows = rows[rows >= 0]
        if not rows.size:
            return
        if self._shared:
            self._alive = self._alive.copy()
        self._alive[rows] = False
        self._dead += rows.size
        self.version += 1
        if self._dead > max(_TAIL, self._used // 2):
            self._squeeze()

    def put(self, name: str, ids: ArrayLike, values: ArrayLike) -> None:
        """Write one column of the synapses among `ids` that exist; a new name makes a new column."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        rows = self._find(wanted)
        here = rows >= 0
        if not here.any():
            return
        if name not in self._columns:
            self._add_column(name)
        column = self._columns[name].copy()  # a column somebody holds never changes under them
        column[rows[here]] = np.broadcast_to(np.asarray(values), wanted.shape)[here]
        self._columns[name] = column

    def copy(self) -> SynapseTable:
        """The same rows; the columns are shared until either table changes."""
        twin = SynapseTable.__new__(SynapseTable)
        twin._columns, twin._alive = dict(self._columns), self._alive
        twin._used, twin._dead, twin._index, twin.version = self._used, self._dead, self._index, self.version
        twin._shared = self._shared = True
        return twin

    def renewed(self, columns: Mapping[str, Column]) -> SynapseTable:
        """The same rows with other values in some columns; arrays as long as the table, which become its."""
        self._squeeze()
        twin = self.copy()
        twin._columns |= columns
        return twin

    # -- how -------------------------------------------------------------------------------------

    def _find(self, wanted: Ints) -> Ints:
        """Rows of `wanted`, -1 where there is none, without squeezing anything."""
        ids, rows, covered = self._indexed()
        if not wanted.size or (covered and (wanted.min() > ids[-1] or wanted.max() < ids[0])):
            found = np.full(wanted.shape, -1, np.int64)
        else:
            found = self._lookup(wanted, ids, rows)
        if covered < self._used:  # rows that came after the index was built
            tail = self._columns["id"][covered : self._used]
            if not wanted.size or wanted.min() > tail.max() or wanted.max() < tail.min():
                return found
            order = np.argsort(tail, kind="stable")
            late = self._lookup(wanted, tail[order], order + covered)
            found = np.where(late >= 0, late, found)
        return found

    def _lookup(self, wanted: Ints, ids: Ints, rows: Ints) -> Ints:
        if not ids.size:
            return np.full(wanted.shape, -1, np.int64)
        # An id that was removed and came back stands twice; the living row is the later one.
        place = np.searchsorted(ids, wanted, side="right") - 1
        hit = (place >= 0) & (ids[place] == wanted)
        row = rows[place]
        return np.where(hit & self._alive[row], row, -1)

    def _indexed(self) -> tuple[Ints, Ints, int]:
        index = self._index
        if index is None or self._used - index[2] > max(_TAIL, index[2] // 64):
            ids = self._columns["id"][: self._used]
            order = np.argsort(ids, kind="stable").astype(np.int64)
            index = self._index = (ids[order], order, self._used)
        return index

    def _squeeze(self) -> None:
        """Close the gaps that removals left, keeping the order of the rest."""
        if not self._dead:
            return
        kept = np.flatnonzero(self._alive[: self._used])
        self._columns = {name: column[kept] for name, column in self._columns.items()}
        self._alive = np.ones(kept.size, np.bool_)
        self._used, self._dead, self._shared, self._index = kept.size, 0, False, None

    def _add_column(self, name: str) -> None:
        self._columns[name] = np.full(self._alive.size, np.nan)

    def _reserve(self, rows: int) -> None:
        if rows <= self._alive.size and not self._shared:
            return
        room = max(rows, 8) if rows <= self._alive.size else max(rows + rows // 2, 8)
        for name, column in self._columns.items():
            larger = np.full(room, np.nan) if name not in FIXED else np.empty(room, column.dtype)
            larger[: self._used] = column[: self._used]
            self._columns[name] = larger
        alive = np.zeros(room, np.bool_)
        alive[: self._used] = self._alive[: self._used]
        self._alive, self._shared = alive, False
