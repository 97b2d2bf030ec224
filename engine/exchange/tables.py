"""Networks as edge lists: one synapse a row, in CSV or TSV, both ways.

A stranger's table is read once to the end before anything is built; an error names the row and the
column.  Whatever the table does not say is given a default and said in the notes that come back.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import registry, units
from engine.analysis import layouts
from engine.counting import counted
from engine.errors import FileError, UsageError, did_you_mean
from engine.files.atomic import replace_file
from engine.legible import legible
from engine.network.declared import usual_transmission

if TYPE_CHECKING:
    from engine.network.network import Network
    from engine.network.views import PopulationView

ALIASES: Mapping[str, tuple[str, ...]] = {
    "pre": ("pre", "source", "from", "presynaptic", "pre_id", "pre_name", "neuron1", "origin"),
    "post": ("post", "target", "to", "postsynaptic", "post_id", "post_name", "neuron2"),
    "weight": ("weight", "w", "count", "synapses", "n_synapses", "number", "nbr"),
    "delay": ("delay", "delay_ms", "d"),
    "kind": ("kind", "type", "transmission"),
    "pre_population": ("pre_population",),
    "post_population": ("post_population",),
    "pre_model": ("pre_model",),
    "post_model": ("post_model",),
    "pre_sign": ("pre_sign",),
    "post_sign": ("post_sign",),
}
"""Our columns, and the headings under which other people keep them."""
PER_END = ("pre_population", "post_population", "pre_model", "post_model", "pre_sign", "post_sign")
MOST_ROWS = 20_000_000
MODEL = "iaf_psc_exp"
"""What a neuron is when nothing says otherwise."""
LARGE = 200_000
"""From so many synapses on, a text format is slow and we say so."""


@dataclass
class Edges:
    """What a table or a graph says, before it is a network: names of neurons and rows of synapses."""

    names: list[str]
    pre: NDArray[np.int64]
    post: NDArray[np.int64]
    weight: NDArray[np.float64]
    delay: NDArray[np.float64]
    population: list[str] = field(default_factory=list)
    """One per neuron, "" where unknown."""
    positions: NDArray[np.float64] | None = None
    kind: list[str] = field(default_factory=list)
    """One per synapse: a transmission, "electrical", or ""; empty: all unknown."""
    models: dict[str, str] = field(default_factory=dict)
    """Population label to model slug."""
    signs: dict[str, int] = field(default_factory=dict)
    """Population label to the sign of its neurons, where it is told: +1, -1, or 0 for neither."""
    notes: list[str] = field(default_factory=list)

    def note_signs(self, told: Iterable[tuple[str, object]]) -> None:
        """Take down what is told of populations; what is no sign is passed over."""
        for label, word in told:
            if label and str(word).strip() in ("-1", "0", "1", "+1"):
                self.signs[label] = int(str(word))


def write_edges(net: Network, path: str | Path) -> list[str]:
    """Write every synapse as a row (CSV, or TSV when the name ends in .tsv); say what was lost.

    Weights keep their sign and unit (pA or nS by transmission), delays are ms.
    """
    path = Path(path)
    names, labels = neuron_names(net), population_names(net)
    text = io.StringIO(newline="")
    out = csv.writer(text, delimiter=_delimiter_of(path))
    out.writerow(["pre", "post", "weight", "delay", "kind", *PER_END, "id"])
    for projection in net.projections.values():
        sides = net.populations[projection.pre], net.populations[projection.post]
        ends = [labels[side.id] for side in sides]
        ends += [side.model for side in sides] + [str(side.sign) for side in sides]
        columns = projection.synapses.sorted()
        rows = zip(*(columns[c].tolist() for c in ("id", "pre", "post", "weight", "delay")), strict=True)
        for synapse, pre, post, weight, delay in rows:
            kind = projection.transmission
            out.writerow([names[pre], names[post], repr(weight), repr(delay), kind, *ends, synapse])
    replace_file(path, [text.getvalue().encode()])
    return lost(net, "an edge list", positions=False)


def read_edges(
    path: str | Path, columns: Mapping[str, str | int | None] | None = None, *, scale: float = 1.0
) -> tuple[Network, list[str]]:
    """Read a table with a synapse a row; returns the network and what had to be assumed.

    `columns` maps our words (see `ALIASES`) to a heading or a column number from 0, or to None for a
    column there is not; what it leaves out is guessed from the headings, and a table of numbers without
    headings is pre, post, weight, delay.
    `scale` turns the table's weights (or counts) into pA.  Raises `FileError` with the row.
    """
    path = Path(path)
    header, rows = _rows(path)
    places = _places(header, rows, columns or {}, path)
    first = 2 if header else 1
    ends: list[list[str]] = [[], []]
    numbers: dict[str, list[float]] = {"weight": [], "delay": []}
    words: dict[str, list[str]] = {name: [] for name in ("kind", *PER_END)}
    for row_number, row in enumerate(rows, first):
        if len(row) <= max(places.values()):
            raise FileError(
                f"{path.name}, row {row_number} has {counted(len(row), 'column')}; at least "
                f"{max(places.values()) + 1} "
                "are needed",
                entry=path.name,
                offset=row_number,
            )
        for side, name in zip(ends, ("pre", "post"), strict=True):
            word = row[places[name]].strip()
            if not word:
                raise FileError(
                    f"{path.name}, row {row_number}: the {name} neuron is empty", path.name, row_number
                )
            side.append(word)
        for name, values in numbers.items():
            if name in places:
                values.append(_number(row[places[name]], name, path, row_number))
        for name, texts in words.items():
            if name in places:
                texts.append(row[places[name]].strip())
    names = list(dict.fromkeys(name for pair in zip(*ends, strict=True) for name in pair))
    at = {name: i for i, name in enumerate(names)}
    m = len(ends[0])
    edges = Edges(
        names,
        np.array([at[n] for n in ends[0]], np.int64),
        np.array([at[n] for n in ends[1]], np.int64),
        np.array(numbers["weight"]) * scale if numbers["weight"] else np.full(m, 20.0),
        np.array(numbers["delay"]) if numbers["delay"] else np.full(m, 1.0),
        kind=words["kind"],
    )
    edges.population = [""] * len(names)
    for side, end in zip(ends, ("pre", "post"), strict=True):
        for name, label in zip(side, words[f"{end}_population"], strict=False):
            edges.population[at[name]] = label
        edges.models.update(zip(words[f"{end}_population"], words[f"{end}_model"], strict=False))
        edges.note_signs(zip(words[f"{end}_population"], words[f"{end}_sign"], strict=False))
    if "weight" not in places:
        edges.notes.append("the table has no weights: every synapse has 20 pA")
    if "delay" not in places:
        edges.notes.append("the table has no delays: every synapse has 1 ms")
    return build(edges, path.stem)


def preview(path: str | Path, rows: int = 8) -> tuple[list[str], list[list[str]], dict[str, int]]:
    """For a dialog that maps columns: headings (or none), the first rows, and our guess."""
    header, found = _rows(Path(path))
    try:
        guess = _places(header, found, {}, Path(path))
    except FileError:
        guess = {}
    return header, found[:rows], guess


def build(edges: Edges, title: str) -> tuple[Network, list[str]]:
    """Make a network of what was read; returns it with the notes.

    Neurons without a population go to one by the sign of their outgoing weights, since every neuron has
    one sign (Dale); weights against the majority of their neuron are left out, and the notes say how many.
    Raises `FileError` when nothing is left.
    """
    from engine.network import Network

    if not edges.names:
        raise FileError(f"{title}: there is no neuron in it", entry=title)
    n, notes = len(edges.names), list(edges.notes)
    electrical = np.array(["elec" in k.lower() or "gap" in k.lower() for k in edges.kind], bool)
    electrical = electrical if len(electrical) else np.zeros(len(edges.pre), bool)
    balance = np.bincount(edges.pre[~electrical], weights=np.sign(edges.weight[~electrical]), minlength=n)
    told = [edges.signs.get(name) for name in edges.population] or [None] * n
    sign = np.array([
        (-1 if more < 0 else 1) if one is None else one for one, more in zip(told, balance, strict=True)
    ])  # fmt: skip
    against = ~electrical & (np.sign(edges.weight) * sign[edges.pre] < 0)
    if against.any():
        notes.append(
            f"left out: {counted(int(against.sum()), 'synapse')} of a sign against that of the other "
            "synapses of its neuron, and a neuron has one sign"
        )
    net = Network()
    net.title = title
    label = _labels(edges, sign)
    rank = {name: i for i, name in enumerate(dict.fromkeys(label))}
    group = np.array([rank[name] for name in label], np.int64)
    places = edges.positions if edges.positions is not None else layouts.by_population(group)
    if len(edges.pre) > LARGE:
        notes.append(f"{len(edges.pre)} synapses are many for a text format; save it as .neuropil")
    ids = np.zeros(n, np.int64)
    populations = {}
    for name, place in rank.items():
        rows = np.flatnonzero(group == place)
        signs = set(sign[rows].tolist())
        if len(signs) > 1:
            raise FileError(
                f"{title}: population {name!r} has neurons of both signs; give them populations of their own",
                entry=title,
            )
        view = net.add_population(
            name,
            edges.models.get(name) or MODEL,
            size=len(rows),
            sign=int(signs.pop()),
            positions=places[rows],
        )
        populations[name] = view
        ids[rows] = view.ids
        net.populations[view.id].names = [edges.names[r] for r in rows]
    _add_synapses(net, edges, ids, label, populations, ~against, electrical)
    return net, notes


def _add_synapses(
    net: Network,
    edges: Edges,
    ids: NDArray[np.int64],
    label: Sequence[str],
    populations: Mapping[str, PopulationView],
    kept: NDArray[np.bool_],
    electrical: NDArray[np.bool_],
) -> None:
    kinds = edges.kind if edges.kind else [""] * len(edges.pre)
    key = [
        (label[a], label[b], "gap_junction" if e else _transmission(k, edges.models.get(label[b], "")))
        for a, b, e, k in zip(edges.pre, edges.post, electrical, kinds, strict=True)
    ]
    groups = {name: i for i, name in enumerate(sorted({k for k, ok in zip(key, kept, strict=True) if ok}))}
    which = np.array([groups.get(k, -1) for k in key], np.int64)
    delay = np.maximum(1, np.ceil(edges.delay / net.dt - 1e-9)) * net.dt
    for (a, b, transmission), place in groups.items():
        rows = np.flatnonzero((which == place) & kept)
        title = f"{a} to {b}" + (" (gap)" if transmission == "gap_junction" else "")
        top = float(np.abs(edges.weight[rows]).max())
        projection = net.add_projection(
            title, populations[a], populations[b], transmission=transmission, w_max=max(100.0, 2.0 * top)
        )
        weight = np.abs(edges.weight[rows]) if transmission == "gap_junction" else edges.weight[rows]
        net.add_synapses(
            projection, pre=ids[edges.pre[rows]], post=ids[edges.post[rows]], weight=weight, delay=delay[rows]
        )


def _transmission(word: str, model: str) -> str:
    """The transmission that a word in a table means, if the neuron takes it; otherwise its own."""
    takes = getattr(registry.find(model or MODEL, "neuron"), "receives", ()) or ("current",)
    known = {one.slug: getattr(one, "gives", "") for one in registry.all("transmission")}
    return word if known.get(word) in (*takes, "any") else usual_transmission(model or MODEL)


def _labels(edges: Edges, sign: NDArray[np.int64]) -> list[str]:
    """A population for each neuron: its own, or one of ours by its sign."""
    ours = {1: "Imported", -1: "Imported, inhibitory"}
    own = edges.population or [""] * len(edges.names)
    return [name or ours[int(s)] for name, s in zip(own, sign, strict=True)]


def neuron_names(net: Network) -> dict[int, str]:
    """A text for each neuron id: its printable name where no other has it, otherwise the number."""
    found: dict[int, str] = {}
    for population in net.populations.values():
        own = population.names or [""] * len(population.neuron_ids)
        found.update(zip(population.neuron_ids.tolist(), (_in_print(name) for name in own), strict=True))
    many: dict[str, int] = {}
    for name in found.values():
        many[name] = many.get(name, 0) + 1
    return {i: (name if name and many[name] == 1 else str(i)) for i, name in found.items()}


def population_names(net: Network) -> dict[int, str]:
    """A text for each population id: its name, and its number where another is called the same."""
    found = {id: legible(population.label) for id, population in net.populations.items()}
    again = {label for label in found.values() if list(found.values()).count(label) > 1}
    return {id: f"{label} ({id})" if label in again else label for id, label in found.items()}


def _in_print(name: str) -> str:
    """A name that a table gives back as it was; "" where it would not."""
    return name if name.isprintable() and name == name.strip() else ""


def lost(net: Network, what: str, *, positions: bool = True) -> list[str]:
    """Sentences about what a plain graph cannot hold of this network."""
    found = []
    if any(p.rules for p in net.projections.values()):
        found.append(f"{what} has no plasticity rules: they were left out")
    for name, things in (("inputs", net.inputs), ("probes", net.probes), ("modulators", net.modulators)):
        if things:
            found.append(f"{what} has no {name}: {len(things)} were left out")
    if any(p.kind == "astrocyte" for p in net.populations.values()):
        found.append(f"{what} has no astrocytes: they were left out")
    if not positions:
        found.append(f"{what} has no positions and no neuron without synapses")
    many = sum(len(p.synapses) for p in net.projections.values())
    if many > LARGE:
        found.append(
            f"{many} synapses make {what} of about {many // 12000} MB; SONATA or .neuropil is smaller"
        )
    return found


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """The heading (empty when there is none) and every row with something in it."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            sample = file.read(8192)
            if "\0" in sample:
                raise FileError(f"{path.name} is not a text table", entry=path.name)
            file.seek(0)
            rows: list[list[str]] = []
            for row in csv.reader(_without_comments(file), delimiter=_sniff(sample, path)):
                if any(value.strip() for value in row):
                    rows.append(row)
                    if len(rows) > MOST_ROWS:
                        raise FileError(f"{path.name} has more than {MOST_ROWS} rows", path.name)
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path.name} is not UTF-8 text (byte {error.start})", path.name, error.start
        ) from None
    except csv.Error as error:
        raise FileError(f"{path.name} is not a table: {error}", path.name) from None
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}", path.name) from None
    if not rows:
        raise FileError(f"{path.name} is empty", entry=path.name)
    has_header = not all(units.is_number(v) for v in rows[0][:2]) and _looks_like_header(rows)
    return ([v.strip() for v in rows[0]], rows[1:]) if has_header else ([], rows)


def _without_comments(lines: Iterable[str]) -> Iterable[str]:
    return (line for line in lines if not line.startswith("#"))


def _looks_like_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: a known heading, or words above numbers."""
    known = {word for words in ALIASES.values() for word in words}
    if any(value.strip().lower() in known for value in rows[0]):
        return True
    return len(rows) > 1 and any(
        units.is_number(below) and not units.is_number(above)
        for above, below in zip(rows[0], rows[1], strict=False)
    )


def _places(
    header: list[str], rows: list[list[str]], asked: Mapping[str, str | int | None], path: Path
) -> dict[str, int]:
    """Which column holds what."""
    lower = [name.lower() for name in header]
    found: dict[str, int] = {}
    for ours, at in asked.items():
        if ours not in ALIASES:
            raise UsageError(f"{ours!r} is not one of {', '.join(ALIASES)}{did_you_mean(ours, ALIASES)}")
        if at is None:
            continue
        if isinstance(at, str) and at.lower() not in lower:
            raise FileError(
                f"{path.name} has no column {at!r}{did_you_mean(at, header)}; it has {', '.join(header)}",
                entry=path.name,
            )
        found[ours] = lower.index(at.lower()) if isinstance(at, str) else at
    if header:
        for ours, words in ALIASES.items():
            hit = [lower.index(word) for word in words if word in lower]
            if ours not in asked and hit:
                found[ours] = hit[0]
    elif not asked:
        wide = len(rows[0])
        found = {name: i for i, name in enumerate(("pre", "post", "weight", "delay")) if i < wide}
    for needed in ("pre", "post"):
        if needed not in found:
            raise FileError(
                f"{path.name}: no column for the {needed} neuron among {', '.join(header) or len(rows[0])}; "
                f"say which, for example columns={{{needed!r}: {(header or ['0'])[0]!r}}}",
                entry=path.name,
            )
    return found


def _number(text: str, name: str, path: Path, row: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise FileError(
            f"{path.name}, row {row}: {name} is {text!r}, which is not a number", path.name, row
        ) from None
    if not math.isfinite(value):
        raise FileError(f"{path.name}, row {row}: {name} is {text}; it must be finite", path.name, row)
    return value


def _delimiter_of(path: Path) -> str:
    return "\t" if path.suffix.lower() in (".tsv", ".tab") else ","


def _sniff(sample: str, path: Path) -> str:
    """Tab, semicolon or comma, whichever divides the first line most often; blanks when none does."""
    lines = [line for line in sample.splitlines() if line.strip() and not line.startswith("#")]
    first = lines[0] if lines else ""
    best = max("\t;,", key=first.count)
    if first.count(best):
        return best
    return " " if " " in first.strip() else _delimiter_of(path)
