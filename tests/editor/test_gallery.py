"""The start page says what is wanted, the cards say what to do, and a control runs beside its example."""

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from editor.gallery import catalogue, portrait
from editor.gallery.card import Card
from editor.gallery.overlay import ExampleCard, TourCard
from editor.gallery.side_by_side import SideBySide
from editor.gallery.start_page import Known, StartPage
from editor.window.theme import DARK, LIGHT
from engine import Network
from engine.errors import UnknownName
from engine.live.frame import Frame


def blank(network, size, theme):
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    return image


@pytest.fixture
def page(qtbot):
    known = [
        Known("/tmp/old.neuropil", "old", 100.0),
        Known("/tmp/new.neuropil", "new", 200.0),
        Known("/tmp/lost.neuropil", "lost", 50.0, is_recovered=True),
    ]
    page = StartPage(DARK, known, draw=blank)
    qtbot.addWidget(page)
    page.resize(1300, 800)
    with qtbot.waitExposed(page):
        page.show()
    return page


def test_the_tour_comes_first_then_the_worm_then_every_other_example(page):
    assert [card.title for card in page.hero_cards] == ["Your first synapse", catalogue.find("worm").title]
    shown = [card.property("example") for card in page.gallery_cards]
    assert shown == [name for name in catalogue.names() if name != "worm"]


@pytest.mark.parametrize(
    ("find", "wanted"),
    [
        (lambda page: page.hero_cards[0], ("tour", "")),
        (lambda page: page.hero_cards[1], ("example", "worm")),
        (lambda page: page.file_cards[0], ("recovered", "/tmp/lost.neuropil")),
        (lambda page: page.file_cards[1], ("file", "/tmp/new.neuropil")),
        (
            lambda page: next(b for b in page.findChildren(QPushButton) if b.text() == "Empty canvas"),
            ("new", ""),
        ),
        (
            lambda page: next(b for b in page.findChildren(QPushButton) if b.text() == "Open a file…"),
            ("open", ""),
        ),
    ],
)
def test_a_click_says_what_is_wanted(page, qtbot, find, wanted):
    with qtbot.waitSignal(page.wanted) as heard:
        qtbot.mouseClick(find(page), Qt.MouseButton.LeftButton)
    assert tuple(heard.args) == wanted


def test_enter_on_a_card_is_a_click(page, qtbot):
    with qtbot.waitSignal(page.wanted) as heard:
        qtbot.keyClick(page.gallery_cards[0], Qt.Key.Key_Return)
    assert heard.args == ["example", page.gallery_cards[0].property("example")]


def test_recovered_files_come_first_and_the_rest_by_date(page):
    assert [card.title for card in page.file_cards] == ["lost", "new", "old"]
    page.set_known([])
    assert page.files_title.isHidden()


def test_examples_stand_under_the_headings_of_their_chapters(page):
    headings = [label.text() for label in page.body.findChildren(QLabel, "heading")]
    assert list(page.chapters) == list(
        dict.fromkeys(e.chapter for e in catalogue.examples() if e.name != "worm")
    )
    assert "More" not in page.chapters, "an example's ORDER says its chapter by its hundreds"
    for chapter, (_, cards) in page.chapters.items():
        assert chapter.upper() in [text.upper() for text in headings]
        assert cards


def test_pictures_are_drawn_as_they_come_into_view_and_anew_in_other_colours(page, qtbot):
    qtbot.waitUntil(lambda: all(card.picture is not None for card in page.hero_cards))
    last = page.gallery_cards[-1]
    assert last.picture is None, "nobody has looked so far down yet"
    bar = page.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: last.picture is not None)
    first = last.picture
    page.set_theme(LIGHT)
    qtbot.waitUntil(lambda: last.picture is not first)


def test_a_card_lives_while_somebody_points_at_it(page, qtbot):
    card = page.gallery_cards[1]
    page.ensureWidgetVisible(card)
    qtbot.waitUntil(lambda: card.picture is not None)
    still = card.picture
    qtbot.mouseMove(card)
    card.setFocus()
    qtbot.waitUntil(lambda: card.picture is not still)
    first = card.picture
    qtbot.waitUntil(lambda: card.picture != first)
    page.gallery_cards[0].setFocus()
    qtbot.waitUntil(lambda: not card._timer.isActive())
    page.hide()
    assert not page.gallery_cards[0]._timer.isActive()


def test_a_narrow_page_stacks_its_cards(page, qtbot):
    page.resize(560, 700)
    qtbot.waitUntil(lambda: page.hero_cards[1].y() > page.hero_cards[0].y())
    assert page.hero_cards[0].x() == page.hero_cards[1].x()
    qtbot.waitUntil(lambda: page.body.width() <= page.viewport().width())


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_portrait_shows_the_circuit(theme):
    image = portrait.of_network(catalogue.find("one_lif").build(), QSize(200, 120), theme)
    assert image.size() == QSize(400, 240)
    empty = portrait.of_network(Network(), QSize(200, 120), theme)
    assert image != empty


def test_a_card_of_a_file_without_a_preview_shows_a_sign(qtbot, tmp_path):
    (tmp_path / "a.neuropil").write_bytes(b"not a zip")
    for path in (tmp_path / "a.neuropil", tmp_path / "gone.neuropil"):
        assert portrait.of_file(path) is None
    card = Card("Recovered", "Not saved when the program ended.", DARK)
    qtbot.addWidget(card)
    card.resize(card.sizeHint())
    middle = QRect(QPoint(), QSize(60, 60))
    middle.moveCenter(QRect(QPoint(), card.picture_size).center())
    bare = card.grab(middle).toImage()
    plain = QImage(8, 8, QImage.Format.Format_RGB32)
    plain.fill(QColor(DARK.background))
    card.set_picture(plain)
    assert card.grab(middle).toImage() != bare


def test_an_unknown_example_gets_the_nearest_name():
    with pytest.raises(UnknownName, match="did you mean 'worm'"):
        catalogue.find("wrom")


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


def test_the_tour_card_goes_on_when_a_step_is_done(window, qtbot):
    card = TourCard(DARK, window)
    net = Network()
    card.look(net)
    first = card.step.text()
    cells = net.add_population("Cells", "iaf_psc_exp", size=1)
    card.look(net)
    assert card.step.text() != first
    assert card.praise.text().startswith("A neuron")
    net.add_neurons(cells, 1)
    loop = net.add_projection("Loop", cells, cells)
    net.add_synapses(loop, pre=cells[:1], post=cells[1:], weight=50.0)
    spikes = np.array([(1, cells.ids[0]), (9, cells.ids[1])], [("step", np.int64), ("id", np.int64)])
    card.look(net, Frame(step=10, is_running=True, spikes=spikes))
    assert card.step.text() == "Watch it strengthen"
    with qtbot.waitSignal(card.finished):
        card.look(net, Frame(step=20, weights={loop.id: (loop.ids, np.array([51.0]))}))
    assert card.skip.isHidden()


def test_a_card_is_closed_by_its_cross(window, qtbot):
    card = TourCard(DARK, window)
    card.show()
    with qtbot.waitSignal(card.closed):
        card.cross.click()
    assert card.isHidden()


def test_an_example_card_says_everything_and_asks_for_the_control(window, qtbot):
    example = catalogue.find("stdp_window")
    card = ExampleCard(example, LIGHT, window)
    words = {label.text() for label in card.findChildren(type(card.title))}
    assert {example.title, example.what, example.do, example.watch, example.why, example.source} <= words
    assert card.switch.text() == "Switch it off: without STDP"
    with qtbot.waitSignal(card.wants_control) as heard:
        card.switch.click()
    assert heard.args == ["stdp_window"]
    assert window.rect().contains(card.geometry())


def test_the_control_runs_beside_its_example_and_misses_the_point(window, qtbot):
    example = catalogue.find("one_lif")
    both = SideBySide(example, parent=window)
    both.resize(900, 500)
    both.show()
    both.start()
    on, off = both.sides
    qtbot.waitUntil(lambda: all(s.measured is not None for s in both.sides))
    assert (on.title.text(), off.title.text()) == ("With the leak", "Without the leak")
    assert min(on.document.t, off.document.t) > 0
    assert "shows it" in on.verdict.text()
    assert "does not show it" in off.verdict.text()
    both.toggle()
    assert not on.document.is_running
    with qtbot.waitSignal(both.closed):
        both.leave()
    assert not [t for t in threading.enumerate() if t.name.startswith("point")]


def test_the_worm_lives_within_the_first_seconds():
    """Spikes, growth and a stronger synapse within 10 s, pruning within 30 s, at real time or above."""
    from engine import Simulation

    net = catalogue.find("worm").build()
    sim = Simulation(net)
    sim.run(500.0)
    began, cpu = sim.t, time.process_time()
    sim.run(9500.0)
    cost = (time.process_time() - cpu) / ((sim.t - began) / 1000.0)
    changes = sim.drain_changes()
    assert len(sim.spikes()) > 1000
    assert sum(len(c.ids) for c in changes if c.kind == "grown") >= 1
    assert strongest_gain(net, sim) > 0.1
    while not any(c.kind == "pruned" for c in changes) and sim.t < 30000.0:
        sim.run(1000.0)
        changes = sim.drain_changes()
    assert any(c.kind == "pruned" for c in changes)
    assert cost < 1.0  # seconds of processor for a second of worm; about 0.2 when this was written


def strongest_gain(net, sim):
    """The greatest change of a weight, as a share of the strongest its projection allows."""
    best = 0.0
    for id, projection in net.projections.items():
        if projection.rules and len(projection.synapses):
            ids, now = sim.weights(id)
            rows = projection.synapses.rows(ids)
            gain = (np.abs(now) - np.abs(projection.synapses.weight[rows]))[rows >= 0]
            best = max(best, float(gain.max(initial=0.0)) / projection.w_max)
    return best


def test_the_worm_is_the_published_wiring():
    net = catalogue.find("worm").build()
    assert net.title == "C. elegans: 280 neurons with recorded wiring, of 302"
    assert net.notes.startswith("Anatomy: measured.")
    chemical = [p for p in net.projections.values() if p.transmission != "gap_junction"]
    gap = [p for p in net.projections.values() if p.transmission == "gap_junction"]
    assert sum(len(p) for p in chemical) == 2309
    assert sum(len(p) for p in gap) == 514  # three join a neuron to itself
    wired = np.unique(
        np.concatenate([np.r_[p.synapses.pre, p.synapses.post] for p in net.projections.values()])
    )
    assert len(wired) == 280 + 1  # and the muscles
    grey = [p for p in net.populations.values() if p.notes.get("wiring") == "unknown"]
    assert sum(len(p) for p in grey) == 22
    assert {p.notes["sign"] for p in net.populations.values() if "glutamate" in p.label} == {"guess"}
    for population in net.populations.values():
        assert population.sign in (-1, 0, 1)
        assert ("GABA" in population.label) == (population.sign == -1)


def test_the_worm_without_rewiring_keeps_its_anatomy():
    from engine import Simulation

    net = catalogue.find("worm").build(rewires=False)
    sim = Simulation(net).run(3000.0)
    assert sim.network.synapse_count == net.synapse_count
