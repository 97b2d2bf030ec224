"""The inspector as a whole: its cards keep their width whether or not they must be scrolled."""

from __future__ import annotations

import pytest

from editor.document.document import Document
from editor.inspector.panel import InspectorPanel
from editor.inspector.pieces import Facts
from editor.selection import Selection
from engine import Network


@pytest.fixture
def panel(qtbot):
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", size=4, sign=+1)
    loop = net.add_projection("Loop", cells, cells, rules=["stdp_pair", "dopamine", "prune_weak"])
    document, selection = Document(net), Selection()
    made = InspectorPanel(document, selection)
    qtbot.addWidget(made)
    made.show()
    selection.choose(projection=[loop.id])
    yield made
    assert document.close()


def test_the_cards_are_as_wide_with_a_scroll_bar_as_without(panel, qtbot):
    """Else a wrapped line brings the bar, the bar changes how lines wrap, and the layout never ends."""
    widths = {}
    for high, is_scrolled in ((300, True), (6000, False), (300, True)):
        panel.resize(400, high)
        qtbot.waitUntil(lambda wanted=is_scrolled: panel.verticalScrollBar().isVisible() is wanted)
        widths.setdefault(is_scrolled, set()).add(panel.viewport().width())
    assert widths[True] == widths[False]
    assert len(widths[True]) == 1


def test_one_of_a_thing_is_named_in_the_singular(panel):
    panel.selection.choose(neuron=panel.document.network.neuron_ids[:1])
    shown = [each for each in panel.findChildren(Facts) if "neurons" in each.names and each.isVisible()]
    assert [each.names["neurons"].text() for each in shown] == ["neuron"]
