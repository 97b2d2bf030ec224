"""A running circuit tells its canvas what every spike released, failures included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.network.network import Network
from tests.journeys.by_hand import pause, play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_while_it_runs_the_canvas_hears_of_every_failure_and_every_delivery(opened: Any, qtbot: Any) -> None:
    net = Network(seed=7)
    axon = net.add_population("Axon", "relay", positions=[[-160, 0, 0]])
    cells = net.add_population("Cells", "relay", positions=[[160, -90, 0], [160, 90, 0]])
    for k, chance in enumerate((1.0, 0.0)):
        way = net.add_projection(f"Way {k}", axon, cells, "quantal", params={"u": chance, "tau_rec": 1.0})
        net.add_synapses(way, pre=axon.ids, post=cells[k], weight=60.0, delay=1.0)
    net.add_input("spike_list", axon, times=[40.0, 60.0])
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    play(hand, 0.1)
    scene = hand.canvas.scene

    def told() -> dict[int, list[float]]:
        rows, _, vesicles = scene.contacts.releases(scene, now)
        return {id: vesicles[scene.synapses["projection"][rows] == id].tolist() for id in ids}

    ids = list(hand.document.network.projections)
    qtbot.waitUntil(lambda: told() == {ids[0]: [1.0, 1.0], ids[1]: [0.0, 0.0]})
    pause(hand)
    assert np.isfinite(scene.synapses["release"]).all()
