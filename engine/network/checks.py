"""Whether an edit can be applied, and whether a whole network makes sense: every problem with its cure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine import units
from engine.counting import counted
from engine.network import sense, suiting
from engine.network.declared import born_with, model_of, number_of, stage_of
from engine.network.grid import off_grid, steps
from engine.network.listening import unheard
from engine.network.parts import Input, Modulator, Population, Probe, Projection, Thing
from engine.network.problems import Problem
from engine.network.rivals import fights

if TYPE_CHECKING:
    from engine.network.circuit import Circuit
    from engine.network.edits import Edit

__all__ = ["Problem", "advice", "check", "remarks", "told_of", "why_not"]


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
    for record in net.records():
        if isinstance(record, Population):  # what its synapses make of it, they say themselves
            found.extend([*suiting.of_step(record, net.dt), *sense.of_population(record)])
            continue
        if isinstance(record, Projection):
            found.extend([*_unanswered(net, record), *suiting.of_sign_only(net, record)])
        found.extend(sense.of_record(net, record))
    return found


def remarks(net: Circuit) -> list[Problem]:
    """What is no fault and may still surprise: times between two steps, idle inputs, rules that fight."""
    found = list(fights(net))
    for record in net.records():
        found.extend(_remarks_on(net, record))
        if isinstance(record, Projection):
            table = record.synapses
            found.extend(sense.of_grid(net, record, table.id, table.delay))
    return found


def told_of(net: Circuit, record: Thing) -> list[Problem]:
    """What a look at one record should bring up besides refusals: its remarks, and cards out of place."""
    if isinstance(record, Projection):
        return [*suiting.of_sign_only(net, record), *fights(net, record.id), *_remarks_on(net, record)]
    return list(_remarks_on(net, record))


def _unanswered(net: Circuit, projection: Projection) -> Iterator[Problem]:
    """Rules that wait for a modulator that nobody releases."""
    for card in projection.rules:
        yield from unheard(net, card, f"{projection.label}, {card.slug}", (projection.id,))


def _remarks_on(net: Circuit, record: Thing) -> Iterator[Problem]:
    yield from suiting.remarks_on(net, record)
    if isinstance(record, Projection):
        yield from _seldom(net, record)
        yield from _born_elsewhere(record)
    elif isinstance(record, Probe):
        homes = net.population_of(record.targets), net.projection_of(record.targets)
        gone = record.targets[(homes[0] == 0) & (homes[1] == 0)]
        if gone.size:
            what = f"{gone.size} of its {counted(record.targets.size, 'target')} are gone"
            yield Problem(record.label or "probe", what, "remove the probe, or let it wait", (record.id,))
    elif isinstance(record, Input):
        yield from _too_early(record, net.dt)
        if not record.targets.size:
            yield Problem(record.label, "it is given to no neuron", "attach it to some", (record.id,))
    elif isinstance(record, Modulator):
        if not record.sources.size and not record.params.get("tonic"):
            cure = "give it sources or a level at rest (tonic), or release it by hand"
            yield Problem(record.label, "no neuron releases it", cure, (record.id,))
        if off_grid(record.delay, net.dt):
            what = f"delay is {record.delay:g} ms, between two steps of {net.dt:g} ms"
            counts = f"it counts as {int(steps(record.delay, net.dt)) * net.dt:g} ms"
            yield Problem(record.label, what, counts, (record.id,))


def _too_early(given: Input, dt: float) -> Iterator[Problem]:
    """Written-down spikes that arrive before the first step has been done."""
    model, times = model_of(given.model, "input"), given.lists.get("times")
    if model is None or times is None or getattr(model, "gives", "") != "spikes" or len(model.lists) > 1:
        return
    early = int((times + given.delay < 0.5 * dt).sum())
    if early:
        what = f"{early} of its spikes {'is' if early == 1 else 'are'} at 0 ms, before the first step"
        yield Problem(given.label or given.model, what, f"write {dt:g} ms, or delay it", (given.id,))


def _born_elsewhere(projection: Projection) -> Iterator[Problem]:
    """Cards whose new synapses begin at a bound, because the weight they name lies beyond it."""
    for card in projection.rules:
        model = model_of(card.slug, "rule")
        if model is None or stage_of(card.slug) != "structure" or "weight" not in model.params:
            continue
        asked = number_of(card, "weight")
        gets = born_with(projection, asked)
        if gets != asked:
            what = f"its weight is {asked:g}, beyond the bounds {projection.w_min:g} to {projection.w_max:g}"
            cure = f"new synapses begin at {gets:g}; choose weight within them, or move the bounds"
            yield Problem(f"{projection.label}, {card.slug}", what, cure, (projection.id,))


def _seldom(net: Circuit, projection: Projection) -> Iterator[Problem]:
    """Cards that look too seldom for what they follow: what comes and goes in between is missed."""
    for card in projection.rules:
        model = model_of(card.slug, "rule")
        fastest = getattr(model, "fastest", None)
        if model is None or fastest is None or not card.enabled:
            continue
        row = model.row(**{n: v for n, v in card.params.items() if n in model.params})
        most, every = 0.1 * fastest(row) / net.slow, number_of(card, "update")
        if every > most * (1.0 + 1e-9):
            what = (
                f"it looks every {units.write(every, 'ms')} at what takes {units.write(10.0 * most, 'ms', 3)}"
            )
            cure = f"choose update at most {most:.3g}"
            yield Problem(f"{projection.label}, {card.slug}", what, cure, (projection.id,))
