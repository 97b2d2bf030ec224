"""Whether an edit can be applied, and whether a whole network makes sense: every problem with its cure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.network import sense
from engine.network.declared import model_of, number_of
from engine.network.grid import off_grid
from engine.network.listening import modulator_for
from engine.network.problems import Problem
from engine.network.rivals import fights

if TYPE_CHECKING:
    from engine.network.circuit import Circuit
    from engine.network.edits import Edit

__all__ = ["Problem", "advice", "check", "remarks", "why_not"]


def why_not(net: Circuit, edit: Edit) -> str:
    """Why an edit cannot be applied and what would be right, or nothing when it can."""
    return edit.why_not(net)


def advice(net: Circuit, edit: Edit) -> list[Problem]:
    """What an edit does a little differently than written, such as a delay rounded up."""
    return list(edit.advice(net))


def check(net: Circuit) -> list[Problem]:
    """Everything in a network that makes no sense; it would run wrongly, or not at all."""
    settings = {name: getattr(net, name) for name in ("dt", "precision", "seed", "sweep", "slow")}
    found = list(sense.of_network(net, settings))
    for population in net.populations.values():
        found.extend(sense.of_population(population))
    found.extend(_unanswered(net))
    others = (net.projections, net.inputs, net.probes, net.modulators, net.tasks, net.learners)
    for shelf in others:
        for record in shelf.values():
            found.extend(sense.of_record(net, record))
    return found


def _unanswered(net: Circuit) -> Iterator[Problem]:
    """Rules that wait for a modulator that nobody releases."""
    for projection in net.projections.values():
        for card in projection.rules:
            model = model_of(card.slug, "rule")
            if model is None or not card.enabled:
                continue
            for role in model.roles.values():
                wanted = int(number_of(card, role.chosen_by))
                found, why = modulator_for(net.modulators, role, wanted, len(model.roles))
                if found is None:
                    cure = f"add a modulator, or set {role.chosen_by} to the id of one"
                    yield Problem(f"{projection.label}, {card.slug}", f"it {why}", cure, (projection.id,))


def _coarse(net: Circuit) -> Iterator[Problem]:
    """Cards that look too seldom for what they follow: what comes and goes in between is missed."""
    for projection in net.projections.values():
        for card in projection.rules:
            model = model_of(card.slug, "rule")
            fastest = getattr(model, "fastest", None)
            if model is None or fastest is None or not card.enabled:
                continue
            row = model.row(**{n: v for n, v in card.params.items() if n in model.params})
            most, every = 0.1 * fastest(row) / net.slow, number_of(card, "update")
            if every > most * (1.0 + 1e-9):
                what = f"it looks every {every:g} ms at what takes {10.0 * most:.3g} ms"
                cure = f"choose update at most {most:.3g}"
                yield Problem(f"{projection.label}, {card.slug}", what, cure, (projection.id,))


def remarks(net: Circuit) -> list[Problem]:
    """What is no fault and may still surprise: delays off the grid, idle inputs, rules that fight."""
    found: list[Problem] = [*fights(net), *_coarse(net)]
    for projection in net.projections.values():
        table = projection.synapses
        found.extend(sense.of_grid(net, projection, table.id, table.delay))
    for probe in net.probes.values():
        gone = probe.targets[
            (net.population_of(probe.targets) == 0) & (net.projection_of(probe.targets) == 0)
        ]
        if gone.size:
            what = f"{gone.size} of its {probe.targets.size} targets are gone"
            found.append(
                Problem(probe.label or "probe", what, "remove the probe, or let it wait", (probe.id,))
            )
    found.extend(
        Problem(record.label, "it is given to no neuron", "attach it to some", (record.id,))
        for record in net.inputs.values()
        if not record.targets.size
    )
    for released in net.modulators.values():
        if not released.sources.size and not released.params.get("tonic"):
            cure = "give it sources or a level at rest (tonic), or release it by hand"
            found.append(Problem(released.label, "no neuron releases it", cure, (released.id,)))
    for population in net.populations.values():
        t_ref = population.params.get("t_ref")
        if t_ref is None or isinstance(t_ref, str):
            continue
        between = off_grid(t_ref, net.dt)
        if np.any(between):
            what = f"t_ref is between two steps of {net.dt:g} ms"
            found.append(Problem(population.label, what, "it counts as the later one", (population.id,)))
    return found
