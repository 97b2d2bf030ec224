"""A circuit as a script for NEST: it runs there with threads, or under MPI on a cluster, unchanged.

The script stands on its own, beside an archive with the numbers that differ from neuron to neuron and from
synapse to synapse.  What NEST has no words for is listed before anything is written; what it does otherwise
is remarked on.  Models say in their own files what they are there (`engine.declare.InNest`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.errors import ModelError
from engine.exchange.nest import instruments, synapses
from engine.exchange.nest.frame import HEAD, TAIL, literal, quiet
from engine.exchange.nest.sheet import Sheet
from engine.exchange.nest.wording import known, way_of
from engine.files.atomic import replace_file
from engine.network.parts import Population

if TYPE_CHECKING:
    from engine.network.network import Network

SEEDS = 2**32 - 1
"""NEST's seeds are at least 1 and below this."""


@dataclass
class Script:
    """What is written: the text, the numbers beside it, what was lost on the way and what is otherwise."""

    text: str
    arrays: dict[str, NDArray[Any]]
    lost: list[str]
    notes: list[str]


def write_nest(net: Network, path: str | Path, *, drop: bool = False) -> list[str]:
    """Write a circuit as `path` (.py) and the archive of its numbers beside it (.npz).

    Args:
        net: the circuit, written as it stands at t = 0 of a new run.
        path: the script.
        drop: whether to leave out what NEST has no words for; otherwise it is refused.

    Returns:
        Sentences about what was left out and what NEST does otherwise.

    Raises:
        ModelError: something cannot be said in NEST; the message lists all of it.
    """
    path = Path(path)
    script = script_of(net, path.name)
    refuse(script, drop)
    held = io.BytesIO()
    np.savez(held, **script.arrays)  # type: ignore[arg-type]
    replace_file(path.with_suffix(".npz"), [held.getbuffer()])
    replace_file(path, [script.text.encode()])
    beside = f"the numbers of neurons and synapses are in {path.with_suffix('.npz').name} beside it"
    return [*(f"left out: {each}" for each in script.lost), *script.notes, beside]


def refuse(script: Script, drop: bool) -> None:
    """Raise ModelError for what NEST has no words for, all of it, unless it may be left out."""
    if script.lost and not drop:
        listed = "\n".join(f"  {each}" for each in script.lost)
        raise ModelError(
            f"NEST has no words for this:\n{listed}\nWithout it: --drop-unsupported; as it is: --on native"
        )


def script_of(net: Network, name: str = "circuit.py") -> Script:
    """The script of a circuit, with everything left out of it that NEST has no words for."""
    sheet = Sheet(net)
    populations = [each for each in net.populations.values() if _is_sayable(sheet, each)]
    count = 0
    for population in populations:
        sheet.row[population.id] = count
        count += len(population)
    ids = [np.empty(0, np.int64), *(each.neuron_ids for each in populations)]
    sheet.arrays["neuron_ids"] = np.concatenate(ids)
    lines = _lines(sheet, populations)
    sheet.lost += _whatever_else(net)
    rows = sum(array.size for key, array in sheet.arrays.items() if key.endswith("_pre"))
    head = HEAD.format(
        title=quiet(net.title or "A circuit"), neurons=count, synapses=rows, name=name,
        data=Path(name).with_suffix(".npz").name, seed=net.seed % (SEEDS - 1) + 1, dt=net.dt,
    )  # fmt: skip
    if sheet.is_late:
        sheet.notes.append("what an input does in the first step comes a step later in NEST")
    if net.precision == "single":
        sheet.notes.append("NEST calculates in double precision")
    return Script(head + "\n".join(lines) + TAIL.format(neurons=count), sheet.arrays, sheet.lost, sheet.notes)


def _lines(sheet: Sheet, populations: list[Population]) -> list[str]:
    """The lines between the head and the end: neurons, synapses, inputs, probes."""
    net = sheet.net
    # first, as NEST keeps in the neurons what rules remember of them
    wires = [line for each in net.projections.values() if (line := synapses.written(sheet, each))]
    cells = [_population(sheet, each) for each in populations]
    sources = [line for each in net.inputs.values() if (line := instruments.input_line(sheet, each))]
    probes = [line for each in net.probes.values() if (line := instruments.probe_line(sheet, each))]
    return [
        "# -- neurons", *cells, "", "# -- synapses", *wires, "", "# -- inputs", *sources, "", "# -- probes",
        "meters = {}", *probes, f"learned = {literal(sheet.learned)}", f"watched = {literal(sheet.watched)}",
    ]  # fmt: skip


def _is_sayable(sheet: Sheet, population: Population) -> bool:
    """Whether NEST has these neurons; says what of them it has not."""
    where = f"population {population.label!r}"
    model = known(population.model)
    if population.kind != "neuron" or model is None or not model.in_nest:
        sheet.lost.append(f"{where}: {population.model}")
        return False
    for name, rests in (("enabled", True), ("frozen", False), ("clamped", False)):
        given = getattr(population, name)
        if not np.all(np.asarray(given, bool) == rests):
            sheet.lost.append(f"{where}: neurons that are {name if rests is False else 'switched off'}")
    return len(population) > 0


def _population(sheet: Sheet, population: Population) -> str:
    """The line that makes these neurons."""
    model = registry.find(population.model)
    way, trouble = way_of(model, population.params, f"population {population.label!r}")
    sheet.lost += trouble
    params = sheet.named(way, model, population.params, f"population_{population.id}")
    params |= sheet.kept.get(population.id, ("", {}))[1]
    made = f"nest.Create({way.model!r}, {len(population)}, params={literal(params)})"
    return f"# {quiet(population.label)}\n{made}"


def _whatever_else(net: Network) -> list[str]:
    """What a circuit has besides neurons, synapses, inputs and probes."""
    return [
        *(f"modulator {each.label!r}: {each.model}" for each in net.modulators.values()),
        *(f"task {each.label!r}: {each.model}" for each in net.tasks.values()),
        *(f"learner {each.label!r}: {each.model}" for each in net.learners.values() if each.enabled),
    ]
