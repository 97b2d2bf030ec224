"""Which cards the inspector shows for a selection, and the values on them, read from the network.

Qt-free.  A subject is one card: some things of one kind whose fields come from one declaration.
Values that differ between them read as MIXED; the edit a field makes changes them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from editor.inspector.quantities import MIXED, Mixed, Shown, common, spoken
from editor.selection import NOTHING, Ids, Selection
from engine import registry
from engine.counting import counted
from engine.declare import Declaration, Param
from engine.network.edits import Edit, SetParams
from engine.network.network import Network
from engine.network.parts import Input, Modulator, Population, Probe, Projection

MOST = 8
"""Cards at once; beyond that the inspector says how many more kinds are selected."""


@dataclass(frozen=True)
class Subject:
    """What one card is about."""

    kind: str
    """"network", "neuron", "projection", "synapse", "input", "probe" or "modulator"."""
    slug: str = ""
    """The model that declares the fields, where there is one."""
    records: tuple[int, ...] = ()
    """The populations, projections, inputs, ... concerned."""
    parts: Ids = field(default_factory=lambda: NOTHING)
    """The neurons or synapses concerned, when not all of the records'."""

    @property
    def key(self) -> str:
        """Subjects with equal keys can be shown by the same widget."""
        return f"{self.kind}:{self.slug}"

    @property
    def targets(self) -> Ids:
        """The ids an edit of this subject names."""
        return self.parts if len(self.parts) else np.asarray(self.records, np.int64)

    @property
    def model(self) -> type[Declaration] | None:
        """The declaration behind the fields, if it is still known."""
        return registry.find(self.slug) if self.slug and registry.knows(self.slug) else None


def subjects(net: Network, selection: Selection) -> list[Subject]:
    """The cards for what is selected, the most particular first; the network's own when nothing is."""
    found = [
        *_neurons(net, selection),
        *_synapses(net, selection.ids("synapse")),
        *_projections(net, [id for id in selection.ids("projection").tolist() if id in net.projections]),
        *_attached(net.inputs, selection.ids("input"), "input"),
        *_probes(net, selection.ids("probe")),
        *_attached(net.modulators, selection.ids("modulator"), "modulator"),
    ]
    return found or [Subject("network")]


def _neurons(net: Network, selection: Selection) -> Iterator[Subject]:
    """One card per model; whole populations are named as such, so that their edits are of the population."""
    whole = {id for id in selection.ids("population").tolist() if id in net.populations}
    ids = selection.ids("neuron")
    owners = net.population_of(ids)
    by_model: dict[str, tuple[list[int], list[Ids]]] = {}
    for id in sorted(whole | set(owners[owners != 0].tolist())):
        population = net.populations[id]
        records, parts = by_model.setdefault(population.model, ([], []))
        records.append(id)
        mine = ids[owners == id]
        if id in whole or len(mine) == len(population):
            parts.append(population.neuron_ids)
        else:
            parts.append(mine)
    for slug, (records, parts) in by_model.items():
        every = sum(len(net.populations[id]) for id in records)
        chosen = np.concatenate(parts) if parts else NOTHING
        is_whole = len(chosen) == every and (every > len(records) or bool(whole & set(records)))
        yield Subject("neuron", slug, tuple(records), NOTHING if is_whole else np.sort(chosen))


def _synapses(net: Network, ids: Ids) -> Iterator[Subject]:
    owners = net.projection_of(ids) if len(ids) else NOTHING
    found = np.unique(owners[owners != 0]).tolist()
    if found:
        yield Subject("synapse", "", tuple(found), ids[owners != 0])
        yield from _projections(net, found)


def _projections(net: Network, ids: list[int]) -> Iterator[Subject]:
    """One card per transmission."""
    by_slug: dict[str, list[int]] = {}
    for id in ids:
        by_slug.setdefault(net.projections[id].transmission, []).append(id)
    for slug, records in by_slug.items():
        yield Subject("projection", slug, tuple(records))


def _attached(shelf: Mapping[int, Input] | Mapping[int, Modulator], ids: Ids, kind: str) -> Iterator[Subject]:
    by_slug: dict[str, list[int]] = {}
    for id in ids.tolist():
        if id in shelf:
            by_slug.setdefault(shelf[id].model, []).append(id)
    for slug, records in by_slug.items():
        yield Subject(kind, slug, tuple(records))


def _probes(net: Network, ids: Ids) -> Iterator[Subject]:
    found = tuple(id for id in ids.tolist() if id in net.probes)
    if found:
        yield Subject("probe", "", found)


def value(net: Network, subject: Subject, param: Param) -> Shown:
    """The value of a declared parameter (or initial state) over everything the subject is about."""
    default = param.shown_default
    if subject.kind == "neuron" and len(subject.parts):
        return common(_of_neurons(net, subject, param.name, default))
    return common(
        _overrides(net.thing(id)).get(param.name, default) for id in subject.records if net.thing(id)
    )


def _of_neurons(net: Network, subject: Subject, name: str, default: Any) -> Iterator[Any]:
    for id in subject.records:
        population = net.populations.get(id)
        if population is None:
            continue
        has = population.params.get(name, default)
        if isinstance(has, np.ndarray):
            rows = population.rows(subject.parts)
            has = has[rows[rows >= 0]]
        yield has


def _overrides(record: Any) -> Mapping[str, Any]:
    return record.transmission_params if isinstance(record, Projection) else getattr(record, "params", {})


def attribute(net: Network, subject: Subject, name: str) -> Shown:
    """The value of an attribute (`w_max`, `delay`, `weight`, `every`, ...) over the subject's records."""
    found = (getattr(record, name) for id in subject.records if (record := net.thing(id)) is not None)
    return common(float(one) if isinstance(one, bool) else one for one in found)


def rule_value(net: Network, subject: Subject, slug: str, param: Param) -> Shown:
    """The value of a rule's parameter over the projections of the subject."""
    found: list[Any] = []
    for id in subject.records:
        projection = net.projections.get(id)
        uses = projection.rules if projection is not None else ()  # one without synapses is falsy
        found += [use.params.get(param.name, param.shown_default) for use in uses if use.slug == slug]
    return common(found)


def is_moved(shown: Shown, param: Param) -> bool:
    """Whether a value differs from the declared default."""
    if isinstance(shown, Mixed):
        return True
    if isinstance(shown, str):
        return shown != param.shown_default
    return shown != param.default


def change(subject: Subject, name: str, new: Any) -> Edit:
    """The edit that gives everything of the subject a new value; None goes back to the default."""
    return SetParams(subject.targets, {name: new})


def row_of(net: Network, subject: Subject) -> dict[str, float]:
    """The parameters of a typical member as plain numbers: its own where they agree, else the default."""
    model = subject.model
    if model is None:
        return {}
    row = {}
    for name, param in model.params.items():
        shown = value(net, subject, param)
        row[name] = param.default if isinstance(shown, Mixed) else model.number(name, shown)
    return row


def population_row(population: Population, ids: Ids | None = None) -> dict[str, float]:
    """The parameters of a population (or of its neuron `ids[0]`) as plain numbers, defaults left out."""
    row = {}
    for name, has in population.params.items():
        if isinstance(has, np.ndarray):
            at = 0 if ids is None or not len(ids) else int(max(population.rows(ids[:1])[0], 0))
            has = float(has[at]) if len(has) else 0.0
        if not isinstance(has, str):
            row[name] = float(has)
    return row


def title(net: Network, subject: Subject) -> tuple[str, str]:
    """What heads a card: a name, and what it is."""
    first = net.thing(subject.records[0]) if subject.records else None
    more = f" and {len(subject.records) - 1} more" if len(subject.records) > 1 else ""
    if subject.kind == "network":
        return net.title or "Untitled circuit", counted(net.neuron_count, "neuron") + ", " + counted(
            net.synapse_count, "synapse"
        )
    if first is None:
        return "Gone", "It is no longer in the network"
    model = subject.model
    kind = model.label if model else f"unknown model “{subject.slug}”" if subject.slug else ""
    if isinstance(first, Population):
        return _population_title(net, subject, first, more, kind)
    if subject.kind == "synapse":
        return counted(len(subject.parts), "synapse"), f"of {first.label}{more}"
    if isinstance(first, Projection):
        pre, post = net.populations.get(first.pre), net.populations.get(first.post)
        ends = f"{pre.label if pre else '?'} → {post.label if post else '?'}"
        return (first.label or ends) + more, f"Projection · {kind}" if kind else "Projection"
    if isinstance(first, Probe):
        return (first.label or "Probe") + more, f"records {spoken(first.what)}"
    return (getattr(first, "label", "") or subject.kind.capitalize()) + more, kind


def _population_title(
    net: Network, subject: Subject, first: Population, more: str, kind: str
) -> tuple[str, str]:
    noun = "astrocyte" if first.kind == "astrocyte" else "neuron"
    if len(subject.parts) == 1:
        row = int(first.rows(subject.parts)[0])
        name = first.names[row] if first.names else f"{first.label} {row + 1}"
        return name, f"{kind} · {noun} of {first.label}" if len(first) > 1 else f"{kind} · {noun}"
    count = len(subject.parts) or sum(len(net.populations[id]) for id in subject.records)
    return first.label + more, f"{kind} · {counted(count, noun)}"


__all__ = ["MIXED", "MOST", "Subject", "subjects"]
