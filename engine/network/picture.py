"""A circuit at a glance, for a notebook: neurons where they are, projections as arcs, on light or dark."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.legible import in_xml
from engine.network.declared import is_gap
from engine.network.parts import Population, Projection

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

WIDTH, HEIGHT, MARGIN = 640, 360, 28
MOST = 3000
"""Neurons that are drawn; of more, every so many-th."""
COLOURS = {1: "#d9822b", -1: "#3b82c4", 0: "#8a8f98"}


def svg(net: Circuit) -> str:
    """An SVG of the circuit, in the colours of excitation and inhibition; text takes the colour around it."""
    place = _projector(net)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        'font-family="sans-serif" font-size="11" fill="currentColor">',
        f"<title>{in_xml(repr(net))}</title>",
    ]
    every = max(1, math.ceil(net.neuron_count / MOST))
    for population in net.populations.values():
        parts.extend(_dots(population, place, every))
    for projection in net.projections.values():
        if projection.pre in net.populations and projection.post in net.populations:
            parts.extend(_arc(net, projection, place))
    name = f"{net.title} - " if net.title else ""
    told = f"{name}{counted(net.neuron_count, 'neuron')}, {counted(net.synapse_count, 'synapse')}"
    parts.append(f'<text x="{MARGIN}" y="{HEIGHT - 8}" opacity="0.7">{in_xml(told)}</text></svg>')
    return "".join(parts)


class _Projector:
    """From um to the picture: one scale for both directions, everything centred."""

    def __init__(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        room = np.array([WIDTH, HEIGHT]) - 2 * MARGIN
        self.scale = float(np.min(room / np.maximum(high - low, 1.0)))
        self.shift = np.array([WIDTH, HEIGHT]) / 2 - self.scale * (low + high) / 2

    def __call__(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        at: NDArray[np.float64] = np.round(positions[:, :2] * self.scale + self.shift, 1)
        return at


def _projector(net: Circuit) -> _Projector:
    groups = [p.positions[:, :2] for p in net.populations.values() if len(p)]
    if not groups:
        return _Projector(np.zeros(2), np.zeros(2))
    every = np.concatenate(groups)
    return _Projector(every.min(axis=0), every.max(axis=0))


def _dots(population: Population, place: _Projector, every: int) -> Iterator[str]:
    """Its neurons as one path of round dots, and its name above them."""
    if not len(population):
        return
    at = place(population.positions[::every])
    reach = float(np.clip(0.3 * 20.0 * place.scale, 1.2, 7.0))
    path = "".join(f"M{x:g} {y:g}h.01" for x, y in at.tolist())
    colour = COLOURS[population.sign] if population.kind == "neuron" else "#5aa469"
    yield (
        f'<path d="{path}" stroke="{colour}" stroke-width="{2 * reach:.1f}" stroke-linecap="round">'
        f"<title>{in_xml(population.label)}: {len(population)} x {in_xml(population.model)}</title></path>"
    )
    x, y = float(at[:, 0].mean()), float(at[:, 1].min()) - reach - 5
    yield f'<text x="{x:.1f}" y="{max(y, 12):.1f}" text-anchor="middle">{in_xml(population.label)}</text>'


def _arc(net: Circuit, projection: Projection, place: _Projector) -> Iterator[str]:
    """One curve from the middle of the pre to the middle of the post population, ending in its effect."""
    pre, post = net.populations[projection.pre], net.populations[projection.post]
    if not len(pre) or not len(post):
        return
    one, other = (place(p.positions.mean(axis=0, keepdims=True))[0] for p in (pre, post))
    gap = is_gap(projection)
    colour = COLOURS[0] if gap else COLOURS[pre.sign]
    width = min(1.0 + math.log10(1 + len(projection)) / 2, 4.0)
    if pre.id == post.id:
        reach = 26.0
        d = f"M{one[0] - 8:.1f} {one[1]:.1f}c{-reach} {-2 * reach} {reach + 16} {-2 * reach} 16 0"
        end = one + np.array([8.0, 0.0])
    else:
        along = other - one
        bend = (one + other) / 2 + 0.18 * np.array([-along[1], along[0]])
        d = f"M{one[0]:.1f} {one[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {other[0]:.1f} {other[1]:.1f}"
        end = other
    dash = ' stroke-dasharray="4 3"' if gap else ""
    told = f"{projection.label}: {counted(len(projection), 'synapse')}, {projection.transmission}"
    if projection.rules:
        told += " | " + ", ".join(card.slug for card in projection.rules)
    yield (
        f'<g stroke="{colour}" stroke-width="{width:.1f}" opacity="0.85"><title>{in_xml(told)}</title>'
        f'<path d="{d}" fill="none"{dash}/>'
    )
    if not gap:  # a filled end excites, an open one inhibits: never by colour alone
        fill = colour if pre.sign >= 0 else "none"
        yield f'<circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="{width + 2.5:.1f}" fill="{fill}"/>'
    yield "</g>"
