"""Three neurons under the hand, and what a gesture did to them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint

from engine.network.network import Network
from tests.journeys.by_hand import Hand

NOWHERE = (-170.0, 120.0)
"""um where nothing is."""


def triangle() -> Network:
    """Three neurons: two that excite, at the left and the right, one that inhibits, below; two synapses."""
    net = Network(seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=[[-120, -60, 0], [120, -60, 0]])
    inh = net.add_population("I", "iaf_psc_exp", 1, sign=-1, positions=[[0, 90, 0]])
    ee = net.add_projection("E to E", exc, exc, rules=["stdp_pair"], w_max=1000.0)
    net.wire(ee, "explicit", pre=exc.ids[:1], post=exc.ids[1:], weight=100.0, delay=1.5)
    ie = net.add_projection("I to E", inh, exc, w_max=400.0)
    net.wire(ie, "explicit", pre=inh.ids, post=exc.ids[:1], weight=-100.0, delay=1.5)
    return net


def neurons(hand: Hand) -> tuple[int, int, int]:
    net = hand.document.network
    left, right = net.population("E").ids
    return int(left), int(right), int(net.population("I").ids[0])


def synapse(hand: Hand, label: str) -> int:
    return int(hand.document.network.projection(label).ids[0])


def on_synapse(hand: Hand, id: int, share: float) -> QPoint:
    """A place on a synapse, at a share of its way from pre to post."""
    net = hand.document.network
    record = net.projections[int(net.projection_of([id])[0])]
    row = record.synapses.take([id])
    one, other = hand.at(int(row["pre"][0])), hand.at(int(row["post"][0]))
    along = other - one
    place = one + along * share
    side = np.array([-along.y(), along.x()]) / np.hypot(along.x(), along.y())
    best = None
    for off in range(-40, 41):
        spot = place + QPoint(*(side * off).round().astype(int).tolist())
        found = hand.canvas.pick((spot.x(), spot.y()))
        if found.kind == "synapse" and found.id == id and (best is None or found.distance < best[0]):
            best = (found.distance, spot)
    assert best is not None
    return best[1]


def done(hand: Hand) -> list[str]:
    return [entry.label for entry in hand.document.history.done]
