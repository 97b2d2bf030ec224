"""The inputs and probes of a NEST script: generators, which act a step late there, and multimeters."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.exchange.nest.frame import Raw, literal, quiet
from engine.exchange.nest.sheet import Sheet
from engine.exchange.nest.wording import known, value, way_of
from engine.network.parts import Input, Probe


def input_line(sheet: Sheet, source: Input) -> str:
    """The line that makes this input; "" where there is none."""
    where, name = f"input {source.label!r}", f"input_{source.id}"
    model = known(source.model)
    if not source.enabled:
        return ""
    if model is None or not model.in_nest:
        sheet.lost.append(f"{where}: {source.model}")
        return ""
    targets, places = sheet.rows(source.targets)
    if places.size < source.targets.size:
        sheet.lost.append(f"{where}: {source.targets.size - places.size} of its targets are left out")
    if not targets.size:
        return ""
    given = {key: _at(number, places) for key, number in source.params.items()}
    way, trouble = way_of(model, given, where)
    sheet.lost += trouble
    params = sheet.named(way, model, given, name)
    count = targets.size if any(isinstance(each, Raw) for each in params.values()) else 1
    dt, is_current = sheet.net.dt, getattr(model, "gives", "") == "current"
    for own in way.at:
        if own in way.names:
            called = str(way.names[own])
            params[called] = _earlier(sheet, params[called], source.delay - dt, is_current)
    for phase, frequency in way.waves.items():
        turned = np.asarray(value(model, given, phase)) + 0.36 * (dt - source.delay) * np.asarray(
            value(model, given, frequency)
        )
        params[str(way.names[phase])] = sheet.number(turned, f"{name}_{phase}")
    times = next((np.asarray(source.lists.get(own, ())) for own in way.lists if own in way.at), None)
    if times is not None:
        steps = np.rint((times + source.delay) / dt) - 1
        sheet.is_late |= bool((steps < 1).any())
        steps = np.maximum(steps, 1)
        last = np.append(steps[1:] != steps[:-1], True) if len(way.lists) > 1 else np.ones(steps.size, bool)
        for own, called in way.lists.items():
            numbers = steps * dt if own in way.at else np.asarray(source.lists.get(own, ()))
            sheet.arrays[f"{name}_{own}"] = np.round(numbers[last], 9)
            params[called] = Raw(f'data["{name}_{own}"]')
    weight = 1.0 if is_current else _at(source.weight, places)
    sheet.arrays[f"{name}_targets"] = targets
    sheet.arrays[f"{name}_weight"] = np.atleast_1d(np.asarray(weight, np.float64))
    more = f", count={count}" if count > 1 else ""
    return f"# {quiet(source.label)}\ndrive({way.model!r}, {name!r}, {literal(params)}{more})"


def _earlier(sheet: Sheet, number: Any, by: float, is_current: bool) -> Any:
    """A time at which something begins or ends, a step sooner, as it takes a step to its target."""
    if isinstance(number, Raw):
        key = number[len('data["') : -len('"].tolist()')]
        sheet.is_late |= is_current and bool((sheet.arrays[key] + by < 0.0).any())
        sheet.arrays[key] = _on_grid(sheet.arrays[key] + by, sheet.net.dt)
        return number
    sheet.is_late |= is_current and number + by < 0.0
    return float(_on_grid(number + by, sheet.net.dt))


def _on_grid(time: Any, dt: float) -> Any:
    """The first step at or after a time, as a time NEST takes."""
    return np.round(np.maximum(np.ceil(np.asarray(time) / dt - 1e-6), 0.0) * dt, 9)


def probe_line(sheet: Sheet, probe: Probe) -> str:
    """The line that makes this probe; "" where its synapses see to it, or all spikes are written down."""
    where = f"probe {probe.label or probe.what!r}"
    if not probe.enabled or probe.what == "spikes" or probe.id in sheet.watched:
        return ""
    targets, places = sheet.rows(probe.targets)
    called = ""
    if places.size == probe.targets.size and places.size and not isinstance(probe.every, str):
        every = sheet.net.populations.values()
        models = {p.model for p in every if (p.rows(probe.targets) >= 0).any()}
        ways = [registry.find(model).in_nest[0].names.get(probe.what, "") for model in models]
        called = str(ways[0]) if len(set(map(str, ways))) == 1 else ""
    if not called:
        is_synaptic = sheet.net.projection_of(probe.targets).any()
        between = " between spikes" if is_synaptic and probe.every != "pre" else ""
        sheet.lost.append(f"{where}: {probe.what}{between}")
        return ""
    key = f"probe_{probe.id}_targets"
    sheet.arrays[key] = targets
    made = f'nest.Create("multimeter", params={{"interval": {probe.every!r}, "record_from": [{called!r}]}})'
    return (
        f"meters[{probe.id}] = ({made}, {called!r})\n"
        f'nest.Connect(meters[{probe.id}][0], nest.NodeCollection(np.sort(1 + data["{key}"])))'
    )


def _at(number: Any, places: NDArray[np.int64]) -> Any:
    """Of a number for each target those that are left."""
    return np.asarray(number)[places] if np.ndim(number) else number
