"""The synapses of a NEST script: which of its synapse models a projection with its stack of rules is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Declaration, InNest
from engine.exchange.nest.frame import Raw, literal, quiet
from engine.exchange.nest.sheet import Sheet
from engine.exchange.nest.wording import known, value, way_of
from engine.network.parts import Projection

LEAST = 1e-300
"""Stands for a weight of 0 between inhibitory synapses that learn: NEST takes 0 for an excitatory one."""


def written(sheet: Sheet, projection: Projection) -> str:
    """The line that makes these synapses; "" where there are none."""
    where, name = f"projection {projection.label!r}", f"projection_{projection.id}"
    if not projection.enabled:
        return ""
    if not len(projection):
        used = [use.slug for use in projection.rules if use.enabled and not projection.frozen]
        grows = [slug for slug in used if (card := known(slug)) is None or card.stage == "structure"]
        sheet.lost += [f"{where}: {slug}" for slug in grows]
        return ""
    ends = [sheet.net.populations.get(end) for end in (projection.pre, projection.post)]
    if any(end is None or end.id not in sheet.row for end in ends):
        sheet.lost.append(f"{where}: its neurons are left out")
        return ""
    transmission = known(projection.transmission)
    if transmission is None or not transmission.in_nest:
        sheet.lost.append(f"{where}: {projection.transmission}")
        return ""
    if projection.astrocytes is not None:
        sheet.lost.append(f"{where}: astrocytes at its synapses")
    way, trouble = way_of(transmission, projection.transmission_params, where)
    sheet.lost += trouble
    params = sheet.named(way, transmission, projection.transmission_params, name)
    if any(isinstance(each, Raw) for each in params.values()):
        sheet.lost.append(f"{where}: {projection.transmission} with parameters of each synapse its own")
    columns = projection.synapses
    weight = np.array(columns.weight)
    model = way.model
    rule = _rule(sheet, projection, where, way, weight)
    if rule is not None:
        learns, how, given = rule
        params = {**sheet.named(how, learns, given, name), **_bounds(sheet, projection, how, where, weight)}
        model = f"{how.model}_lbl"
        sheet.learned[projection.id] = name
        sheet.notes += [f"{where}: {how.otherwise}"] if how.otherwise else []
        post = {called: value(learns, given, own) for own, called in how.post.items()}
        _keep(sheet, projection, where, post)
    pre, post_rows = (
        sheet.row[end.id] + end.rows(ids)
        for end, ids in zip(ends, (columns.pre, columns.post), strict=True)
        if end is not None
    )
    sheet.arrays |= {
        f"{name}_pre": pre, f"{name}_post": post_rows, f"{name}_weight": weight,
        f"{name}_delay": np.array(columns.delay),
    }  # fmt: skip
    target = sheet.net.populations[projection.post]
    is_relay = bool(getattr(registry.find(target.model), "is_relay", False))
    port = ", port=1" if is_relay and not target.passes else ""
    watched = ", watched=True" if _is_watched(sheet, projection, model) else ""
    said = f"wire({model!r}, {name!r}, {literal(params)}{port}{watched})"
    return f"# {quiet(projection.label)}\n{said}"


def _is_watched(sheet: Sheet, projection: Projection, model: str) -> bool:
    """Whether a probe asks what each spike of some of these synapses carried, as NEST can tell."""
    table = projection.synapses
    has = [
        probe for probe in sheet.net.probes.values()
        if probe.enabled and probe.every == "pre" and table.has(probe.targets).all()
    ]  # fmt: skip
    said = ("transmitted",) if model.startswith("tsodyks") else ("transmitted", "weight")
    for probe in has:
        rows = table.rows(probe.targets)
        ends = np.stack([table.pre, table.post])
        pairs = np.unique(ends, axis=1, return_counts=True, return_inverse=True)
        if probe.what in said and (pairs[2][pairs[1].reshape(-1)[rows]] == 1).all():
            sheet.watched[probe.id] = f"projection_{projection.id}"
            sheet.arrays |= {f"probe_{probe.id}_rows": rows, f"probe_{probe.id}_ids": probe.targets}
    return any(probe.id in sheet.watched for probe in has)


def _rule(
    sheet: Sheet, projection: Projection, where: str, way: InNest, weight: NDArray[np.float64]
) -> tuple[type[Declaration], InNest, Mapping[str, Any]] | None:
    """The one rule of NEST's synapse, None for a static one; says what else is on the stack."""
    used = [use for use in projection.rules if use.enabled] if not projection.rests else []
    found = None
    for use in used:
        card = known(use.slug)
        if card is None or not card.in_nest:
            sheet.lost.append(f"{where}: {use.slug}")
            continue
        how, trouble = way_of(card, use.params, where)
        sheet.lost += trouble
        if not how.model:
            continue
        if found is not None:
            sheet.lost.append(f"{where}: {use.slug} beside {found[0].slug}")
            continue
        found = card, how, use.params
    if found is None:
        return None
    if way.model != "static_synapse":
        sheet.lost.append(f"{where}: {projection.transmission} and {found[0].slug} on one synapse")
    if projection.dendritic != 1.0:
        sheet.lost.append(f"{where}: a delay of which only {projection.dendritic:g} is dendritic")
    if projection.learns_from not in ("", "spike"):
        sheet.lost.append(f"{where}: learning from {projection.learns_from!r}")
    if (weight > 0.0).any() and (weight < 0.0).any():
        sheet.lost.append(f"{where}: excitatory and inhibitory weights that learn by one rule")
    return found


def _bounds(
    sheet: Sheet, projection: Projection, how: InNest, where: str, weight: NDArray[np.float64]
) -> dict[str, float]:
    """The bounds of a weight as NEST has them: with its sign, and from 0 on."""
    source = sheet.net.populations[projection.pre]
    is_inhibitory = source.sign < 0 or bool((weight < 0.0).any())
    params: dict[str, float] = {}
    if is_inhibitory:
        weight[weight == 0.0] = -LEAST
        params["weight"] = -LEAST
    for name in ("w_min", "w_max"):
        bound = getattr(projection, name)
        if name in how.names:
            params[str(how.names[name])] = -bound if is_inhibitory else bound
        elif name == "w_max" or bound != 0.0:
            sheet.lost.append(f"{where}: {name} = {bound:g}")
    return params


def _keep(sheet: Sheet, projection: Projection, where: str, post: dict[str, float]) -> None:
    """What NEST keeps in the postsynaptic neurons, which is one for all rules that reach them."""
    owner, kept = sheet.kept.setdefault(projection.post, (where, {}))
    for name, wanted in post.items():
        if kept.setdefault(name, wanted) != wanted:
            sheet.lost.append(
                f"{where}: {name} = {wanted:g} where {owner} has {kept[name]:g}: it is the neuron's"
            )
