"""What is about to run begins to compile: a circuit opened or drawn into, a rule that is looked at."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from editor import foresight
from editor.foresight import Foresight
from editor.gallery import catalogue
from editor.palette.panel import CARD
from engine.network.edits import SetRules
from engine.network.parts import RuleUse
from tests.editor.a_window import circuit, opened, show


class Told:
    """Stands for `Ahead`: nothing is compiled, what was asked is written down."""

    def __init__(self) -> None:
        self.stacks: list[list[list[str]]] = []
        self.looked_at: list[tuple[str, list[int]]] = []
        self.pointed: list[str] = []

    def opened(self, network):
        self.stacks.append([[use.slug for use in each.rules] for each in network.projections.values()])

    def pointed_at(self, network):
        self.pointed.append(network.title)

    def considered(self, network, rule, projections):
        self.looked_at.append((rule, list(projections)))


@pytest.fixture
def told(qtbot, monkeypatch):
    monkeypatch.setattr(foresight, "DWELL", 1)
    made = Told()
    made.window = opened(qtbot)
    made.foresight = Foresight(made.window, made)
    show(made.window, circuit())
    made.ee, made.ie = made.window.document.network.projections
    return made


def card_of(window, slug):
    """Where the card of a model lies in the palette, which is scrolled to it."""
    tree = window.palette_panel.tree
    rows = [tree.model().index(0, 0)]
    while rows[-1].isValid():
        rows.append(tree.indexBelow(rows[-1]))
    [found] = [row for row in rows[:-1] if getattr(row.data(CARD), "slug", "") == slug]
    tree.scrollTo(found)
    return tree.viewport(), tree.visualRect(found).center()


def test_a_rule_that_is_drawn_is_told_once_it_is_there(told, qtbot):
    told.stacks.clear()
    told.window.document.do(SetRules(told.ie, (RuleUse("stdp_triplet"),)))
    qtbot.waitUntil(lambda: bool(told.stacks))
    assert told.stacks[-1] == [["stdp_pair", "prune_weak"], ["stdp_triplet"]]
    told.window.document.undo()
    qtbot.waitUntil(lambda: told.stacks[-1] == [["stdp_pair", "prune_weak"], []])


def test_a_rule_under_the_pointer_is_told_with_the_projection_that_is_selected(told, qtbot):
    told.window.bench.selection.choose(projection=[told.ie])
    viewport, at = card_of(told.window, "stdp_triplet")
    QTest.mouseMove(viewport, at + QPoint(3, 1))
    QTest.mouseMove(viewport, at)
    qtbot.waitUntil(lambda: bool(told.looked_at))
    assert told.looked_at[-1] == ("stdp_triplet", [told.ie])


def test_a_rule_that_is_taken_for_a_synapse_is_told_with_its_projection(told, qtbot):
    network = told.window.document.network
    told.window.bench.selection.choose(synapse=network.projections[told.ee].synapses.id[:1])
    viewport, at = card_of(told.window, "stdp_triplet")
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: bool(told.looked_at))
    assert told.looked_at[-1] == ("stdp_triplet", [told.ee])


def test_a_card_that_is_no_rule_or_has_nowhere_to_go_asks_for_nothing(told, qtbot):
    told.foresight._hover(card("stdp_triplet", told.window))
    told.foresight._hover(card("izhikevich", told.window))
    assert not told.foresight._dwell.isActive()
    told.foresight._hover(card("stdp_triplet", told.window))
    told.foresight._dwell.stop()
    told.foresight._look()  # two projections, none selected: it could be either
    assert told.looked_at == []


def test_an_example_somebody_points_at_is_told_before_it_is_opened(told, qtbot):
    told.window.show_start()
    page = told.window.middle.start_page
    cards = {each.property("example"): each for each in (*page.hero_cards, *page.gallery_cards)}
    crossed, meant = cards["one_lif"], cards["stdp_competition"]
    for kind, each in ((QEvent.Type.HoverEnter, crossed), (QEvent.Type.HoverLeave, crossed)):
        each.event(QEvent(kind))
    qtbot.waitUntil(lambda: bool(told.pointed))  # the page begins with the keys at its first card
    told.stacks.clear()
    told.pointed.clear()
    meant.event(QEvent(QEvent.Type.HoverEnter))
    qtbot.waitUntil(lambda: bool(told.pointed))
    assert told.pointed == [catalogue.find("stdp_competition").build().title]
    assert not told.stacks, "nothing is opened by looking at it"


def card(slug, window):
    _, at = card_of(window, slug)
    return window.palette_panel.tree.indexAt(at).data(CARD)
