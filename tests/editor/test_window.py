"""The whole window, driven as a person would: open, place, run, look back, save, close, start again."""

import gc
import json

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from editor.palette import cards
from editor.settings import Settings
from editor.transport.timeline import clock
from editor.window import style
from editor.window.theme import DARK, LIGHT
from engine.files import layout
from engine.files.save import save
from engine.network.network import Network
from tests.editor.a_window import circuit, opened, show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def drop(window, card, at):
    """Drag a card over the canvas and let it go there."""
    carried = QMimeData()
    carried.setData(cards.MIME, cards.encode(card))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at.toPoint(), copy, carried, left, none)
    QApplication.sendEvent(window.canvas, enter)
    event = QDropEvent(at, copy, carried, left, none)
    QApplication.sendEvent(window.canvas, event)
    return enter.isAccepted(), event.isAccepted()


def test_a_card_dropped_on_the_canvas_becomes_a_neuron_there(window, qtbot):
    window.middle.show_canvas()
    at = QPointF(300.0, 200.0)
    where = window.canvas.to_um(at)
    assert drop(window, cards.find("neuron", "iaf_psc_exp"), at) == (True, True)
    net = window.document.network
    assert net.positions_of(net.neuron_ids)[0, :2] == pytest.approx(where)
    qtbot.waitUntil(lambda: len(window.canvas.scene.neurons) == 1)
    assert window.menus.actions["undo"].text().startswith("Undo add")


def test_a_card_that_cannot_be_dropped_there_is_not_taken(window):
    window.middle.show_canvas()
    assert drop(window, cards.find("rule", "stdp_pair"), QPointF(50, 50)) == (False, False)
    assert drop(window, cards.find("transmission", "current_exp"), QPointF(50, 50)) == (False, False)
    assert window.document.history.done == []


def test_a_run_moves_the_clock_the_strip_the_plots_and_the_log(window, qtbot):
    show(window, circuit())
    window.plots.fill()
    window.set_speed(None)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.timeline.deaths.total > 0)
    assert window.transport.is_running
    assert window.transport.play.accessibleName() == "Pause"
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.document.is_answering and not window.transport.is_running)
    qtbot.waitUntil(lambda: bool(window.timeline.runs) and window.timeline.runs[-1][1] == window.document.t)
    assert any("pruned" in line.text for line in window.log.model_.lines)
    assert window.transport.clock.text() == window.transport.clock.accessibleName().removeprefix("t = ")
    assert window.menus.actions["undo"].text().startswith("Undo run")
    net = window.document.network
    qtbot.waitUntil(lambda: len(window.canvas.scene.synapses) == net.synapse_count)


def test_dragging_on_the_strip_looks_back_and_letting_go_goes_there(window, qtbot):
    show(window, circuit())
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > 500 and len(window.document.moments) > 1)
    window.document.pause()
    qtbot.waitUntil(lambda: not window.document.is_answering)
    end = window.document.t
    strip = window.transport.strip
    x = round(strip._x(end * 0.3))
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 18))
    assert window.document.looking is not None
    QTest.qWait(100)
    assert window.transport.clock.text() == clock(window.document.looking.t) != clock(end)
    assert window.transport.achieved.text() == "looking back"
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 18))
    qtbot.waitUntil(lambda: not window.document.is_waiting and window.document.t < end)
    qtbot.waitUntil(lambda: window.timeline.t == window.document.t)
    assert window.timeline.furthest >= end - 1e-6
    window.perform("reset_run")
    qtbot.waitUntil(lambda: window.document.t == 0.0)
    qtbot.waitUntil(lambda: window.transport.clock.text() == "0.0 ms")


@pytest.mark.parametrize("is_by_mouse", [True, False])
def test_escape_ends_looking_back_without_going_there(window, qtbot, is_by_mouse):
    show(window, circuit())
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > 500 and len(window.document.moments) > 1)
    window.document.pause()
    qtbot.waitUntil(lambda: not window.document.is_answering)
    end, said = window.document.t, window.document.history.undo_label
    strip = window.transport.strip
    if is_by_mouse:
        place = QPoint(round(strip._x(end * 0.3)), 18)
        QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=place)
    else:
        strip.setFocus()
        QTest.keyClick(strip, Qt.Key.Key_PageUp)
    assert window.document.looking is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert window.document.looking is None
    if is_by_mouse:
        QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.transport.clock.text() == clock(end))
    assert window.transport.achieved.text() == "paused"
    assert (window.document.t, window.document.history.undo_label) == (end, said)


def test_the_step_button_steps_by_what_was_chosen_last(window, qtbot):
    show(window, circuit())
    window.transport.step.click()
    qtbot.waitUntil(lambda: window.document.t == pytest.approx(0.1))
    qtbot.waitUntil(lambda: not window.document.is_running)
    window.transport.choose_step("spike")
    assert "spike" in window.transport.step.toolTip()
    window.transport.step.click()
    qtbot.waitUntil(lambda: window.document.t > 0.2 and not window.document.is_running)


def test_the_dial_asks_for_a_speed_by_mouse_wheel_and_key(window):
    dial = window.transport.speed
    QTest.mouseClick(dial, Qt.MouseButton.LeftButton, pos=QPoint(round(dial._x(1)), 13))
    assert window.document.speed == 0.01
    QTest.keyClick(dial, Qt.Key.Key_Right)
    assert window.document.speed == 0.1
    window.perform("speed_max")
    assert window.document.speed is None
    assert dial.at == 4


def test_a_small_circuit_opens_slowly_enough_to_see_the_order_of_spikes(window):
    net = Network()
    net.add_population("Few", "iaf_psc_exp", 3)
    show(window, net)
    assert window.document.speed == 0.01


def test_what_is_saved_is_opened_with_its_view(window, qtbot, tmp_path):
    show(window, circuit())
    window.canvas.go_to(type(window.canvas.camera)(12.0, -7.0, 2.5), animated=False)
    path = tmp_path / "a.neuropil"
    window.files._save(path)
    qtbot.waitUntil(lambda: window.document.is_saved and window.files.job is None)
    assert "Saved" in window.status.message.whole()
    assert window.settings.recent == [str(path)]
    assert not window.header.saved.isVisible()
    window.perform("new_circuit")
    assert window.document.network.neuron_count == 0
    window.files.open(path)
    qtbot.waitUntil(lambda: window.document.network.neuron_count == 25)
    camera = window.canvas.camera
    assert (camera.x, camera.y, camera.zoom) == (12.0, -7.0, 2.5)
    assert window.header.file.whole() == "a"


def test_a_file_that_cannot_be_opened_is_said_and_nothing_else_happens(window, qtbot, tmp_path):
    show(window, circuit())
    bad = tmp_path / "bad.neuropil"
    bad.write_bytes(b"not a circuit at all")
    window.files.ask_salvage = lambda path, why: pytest.fail("there is nothing to open")
    for path in (bad, tmp_path / "gone.neuropil", tmp_path):
        window.files.open(path)
        qtbot.waitUntil(lambda name=path.name: f"could not open {name}" in window.status.message.whole())
        assert str(path) not in window.status.message.whole()
        assert window.document.network.neuron_count == 25


def test_what_is_left_of_a_damaged_file_is_offered_and_opened(window, qtbot, tmp_path):
    path = tmp_path / "hurt.neuropil"
    save(circuit(), path, preview=b"a picture" * 100)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"a picture", b"a pictvre", 1))
    asked = []
    window.files.ask_salvage = lambda path, why: asked.append((path.name, why)) or True
    window.files.open(path)
    qtbot.waitUntil(lambda: window.document.network.neuron_count == 25)
    ((name, why),) = asked
    assert name == "hurt.neuropil"
    assert "preview.png is damaged" in why
    assert window.status.message.whole().startswith("Opened what is left of hurt.neuropil.")


def test_a_file_of_a_later_version_says_so_and_is_not_called_damaged(window, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "later.neuropil"
    monkeypatch.setattr(layout, "VERSION", layout.VERSION + 1)
    save(circuit(), path)
    monkeypatch.undo()
    window.files.ask_salvage = lambda path, why: pytest.fail("it is not damaged")
    window.files.open(path)
    qtbot.waitUntil(lambda: "please update" in window.status.message.whole())
    assert window.document.network.neuron_count == 0


def test_a_refusal_is_no_news_any_more_once_something_else_is_done(window):
    window.perform("undo")
    assert window.status.message.isVisible()
    assert window.status.message.whole() == "Nothing has been done yet."
    window.perform("fit")
    assert not window.status.message.isVisible()


def test_unsaved_work_is_asked_about_before_it_is_left(window):
    window.bench.use(cards.find("neuron", "iaf_psc_exp"), (0.0, 0.0))
    asked = []

    def ask(title):
        asked.append(title)
        return "stay"

    window.files.ask_leave = ask
    window.perform("new_circuit")
    window.close()
    assert len(asked) == 2
    assert window.isVisible()
    assert window.document.network.neuron_count == 1
    window.files.ask_leave = lambda title: "discard"


def test_the_theme_changes_at_once_and_is_remembered(window, tmp_path):
    before = window.grab().toImage().pixelColor(4, 400)
    window.perform("toggle_theme")
    assert style.worn() is LIGHT
    after = window.grab().toImage().pixelColor(4, 400)
    assert before.lightness() < 80 < 200 < after.lightness()
    assert window.canvas.theme is LIGHT
    assert window.settings.theme == "light"
    window.perform("toggle_theme")
    assert window.grab().toImage().pixelColor(4, 400) == before


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_what_it_is_written_on(theme):
    palette = style.palette(theme)
    for ground in (theme.panel, theme.panel_raised, style.field_ground(theme), style.hover_ground(theme)):
        from editor.window.theme import contrast

        assert contrast(theme.text, ground) > 7
        assert contrast(theme.muted, ground) > 3.9
    assert palette.color(palette.ColorRole.Window) == QColor(theme.panel)


def test_where_panels_stand_is_remembered(qtbot, tmp_path):
    path = tmp_path / "settings.json"
    first = opened(qtbot, Settings.load(path), (1200, 760))
    first.furniture.toggle("plots")
    first.perform("toggle_theme")
    first.set_speed(0.1)
    first.close()
    second = opened(qtbot, Settings.load(path), (1200, 760))
    assert not second.furniture.is_shown("plots")
    assert second.furniture.is_shown("palette")
    assert second.settings.theme == "light"
    assert second.transport.speed.ratio == 0.1
    second.perform("reset_panels")
    assert second.furniture.is_shown("plots")
    second.close()


@pytest.mark.parametrize("damage", ["geometry", "docks"])
def test_a_window_state_that_makes_no_sense_is_passed_over(qtbot, tmp_path, damage):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({damage: "AAAAgibberish/////////////w=="}))
    window = opened(qtbot, Settings.load(path))
    assert window.furniture.is_shown("palette")
    assert window.width() >= 700
    window.close()


def test_every_panel_can_be_closed_torn_off_and_brought_back(window):
    for slug in ("palette", "inspector", "plots", "structure"):
        dock = window.docks[slug]
        window.furniture.reveal(slug)
        dock.setFloating(True)
        assert dock.isFloating()
        dock.setFloating(False)
        dock.close()
        assert not window.furniture.is_shown(slug)
        window.furniture.toggle(slug)
        assert window.furniture.is_shown(slug)


def test_hiding_all_panels_brings_back_those_that_were_open(window):
    window.furniture.toggle("plots")
    window.perform("only_canvas")
    assert [
        slug for slug in ("tools", "palette", "inspector", "plots") if window.furniture.is_shown(slug)
    ] == []
    window.perform("only_canvas")
    assert window.furniture.is_shown("palette")
    assert not window.furniture.is_shown("plots")


def test_selecting_in_one_place_shows_in_all(window, qtbot):
    show(window, circuit())
    net = window.document.network
    way = next(iter(net.projections.values()))
    window.selection.choose(projection=[way.id])
    assert window.inspector.shown[0].subject.kind == "projection"
    assert set(window.canvas._chosen[1].tolist()) == set(way.synapses.id.tolist())
    assert "1 selected" in window.status.counts.text()
    window.inspector.shown[0].pre.click()
    assert window.selection.ids("population").tolist() == [way.pre]
    assert len(window.canvas._chosen[0]) == 20


def test_things_are_found_by_name(window):
    show(window, circuit())
    window.perform("find")
    QTest.keyClicks(window.command_bar.text, "interneu")
    QTest.keyClick(window.command_bar.text, Qt.Key.Key_Return)
    chosen = window.selection.ids("population").tolist()
    assert [window.document.network.populations[id].label for id in chosen] == ["Interneuron"]
    assert not window.command_bar.isVisible()


def test_the_command_bar_runs_what_is_typed(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.command_bar.isVisible)
    QTest.keyClicks(window.command_bar.text, "light or dark")
    QTest.keyClick(window.command_bar.text, Qt.Key.Key_Return)
    assert style.worn() is LIGHT
    window.perform("toggle_theme")


def test_the_sheet_of_keys_closes_with_any_key_and_does_nothing_else(window):
    QTest.keyClick(window, Qt.Key.Key_Question)
    assert window.key_sheet.isVisible()
    QTest.keyClick(window.key_sheet, Qt.Key.Key_Space)
    assert not window.key_sheet.isVisible()
    assert not window.document.is_running


def test_a_click_on_a_line_of_the_log_selects_what_it_names(window, qtbot):
    show(window, circuit())
    net = window.document.network
    from editor.document.news import Line

    window.log.add([Line(1.0, "pruned a synapse", (int(net.neuron_ids[3]),), "pruned")])
    window.log.clicked.emit(window.log.model_.index(0, 0))
    assert window.selection.neurons.tolist() == [net.neuron_ids[3]]
    window.log.add([Line(2.0, "long gone", (987654321,), "pruned")])
    window.log.clicked.emit(window.log.model_.index(1, 0))
    assert "gone" in window.status.message.whole()


def test_every_button_has_a_name_for_those_who_do_not_see_it(window):
    nameless = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and not (button.accessibleName() or button.text())
        and not button.objectName().startswith(("qt_", "Scroll"))
    ]  # fmt: skip
    assert [(type(one.parent()).__name__, one.objectName()) for one in nameless] == []


def test_opening_one_circuit_after_another_leaves_nothing_behind(window):
    def once():
        show(window, circuit())
        net = window.document.network
        window.selection.choose(population=list(net.populations))
        window.selection.choose(projection=list(net.projections))
        window.open_command_bar("e")
        window.command_bar.close_bar()
        QApplication.processEvents()

    def counted():
        QApplication.sendPostedEvents(None, 52)  # deferred deletes
        gc.collect()
        return len(window.findChildren(QWidget)), sum(issubclass(type(o), QWidget) for o in gc.get_objects())

    for _ in range(3):
        once()
    before = counted()
    for _ in range(12):
        once()
    after = counted()
    assert after[0] == before[0]
    assert after[1] <= before[1] + 2


def test_notes_in_the_network_stand_above_the_picture(window, qtbot):
    net = circuit()
    net.notes = "Anatomy: measured.\nMore."
    show(window, net)
    assert window.canvas.chrome.strip == "Anatomy: measured."


def test_births_and_deaths_are_binned_and_cut_when_one_goes_back():
    from editor.transport.timeline import Timeline

    line = Timeline()
    for t in np.arange(0.0, 100.0, 0.5):
        line.born(float(t))
        line.reach(float(t))
    line.died(99.0, 3)
    assert line.births.binned(100.0, 10).tolist() == [20] * 10
    line.rewind(50.0)
    assert (line.births.total, line.deaths.total) == (101, 0)
    assert line.runs == [(0.0, 50.0)]
    assert line.furthest == 99.5


def test_space_plays_unless_a_button_has_the_focus(window, qtbot):
    show(window, circuit())
    switch = window.header.theme
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert style.worn() is LIGHT
    assert not window.document.is_running
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert style.worn() is DARK
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    assert window.document.is_running
    window.document.pause()


def test_the_run_pauses_when_it_was_asked_to(window, qtbot):
    show(window, circuit())
    window.perform("pause_when_pruned")
    assert "pruned" in window.status.message.whole()
    window.menus.refresh()
    assert window.menus.actions["pause_when_pruned"].isChecked()
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: not window.document.is_running)
    assert window.document.t > 0
    window.perform("pause_when_pruned")
    assert window.document.breakpoints == ()


def test_a_selected_synapse_draws_its_weight_while_it_runs(window, qtbot):
    show(window, circuit())
    way = next(iter(window.document.network.projections.values()))
    strong = way.synapses.id[np.argsort(-way.synapses.weight)]
    window.selection.choose(synapse=strong[:1])
    card = window.inspector.shown[0]
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: len(card.trail) > 1 and "Pair STDP" in card.did.text())
    window.document.pause()
    assert card.trail.synapse == strong[0]
    window.selection.choose(synapse=strong[1:2])
    assert len(card.trail) == 0
    assert card.deeds.sums == {}


def test_a_trail_is_cut_when_one_goes_back_and_thinned_when_it_is_long():
    from editor.inspector.history import ROOM, Trail

    trail = Trail()
    trail.follow(7)
    for t in range(3 * ROOM):
        trail.add(float(t), float(t % 97))
    assert len(trail) <= ROOM
    assert (np.diff(trail.t) > 0).all()
    trail.add(100.0, 5.0)
    assert trail.t[-1] == 100.0
    for t in range(101, 200):
        trail.add(float(t), 5.0)
    assert trail.t[-2:].tolist() != [198.0, 199.0]
    assert trail.t[-1] == 199.0


@pytest.mark.parametrize("span", [50.0, 1e3, 1.2e4, 6e4, 1.4e6, 4e6, 2e7, 5e8])
def test_the_marks_of_the_timeline_have_room_and_round_names(span):
    from editor.transport.timeline import short_time, tick_step

    step = tick_step(span, 900.0)
    assert 70.0 <= 900.0 * step / span <= 250.0
    assert all(len(short_time(k * step, step)) <= 8 for k in range(1, round(span / step) + 1))


def test_the_chip_is_shortened_only_where_there_is_no_room(window, qtbot):
    header = window.header
    header.chip.say("current, pair STDP, receptors, +8 mV at rest")
    header.show_file("Two neurons", True)
    for wide in (1024, 1100, 1240, 1300):
        window.resize(wide, 700)
        qtbot.waitUntil(lambda wide=wide: header.width() == wide)
        spare = header.file.width() - header.file.fontMetrics().horizontalAdvance(header.file.whole())
        assert "…" not in header.chip.text() or spare < 40
        assert "…" not in header.file.text()
    window.resize(1024, 700)
    header.show_file("The name that somebody gave to a circuit one long evening", False)
    # a long name leaves the chip some room, and keeps some
    qtbot.waitUntil(lambda: header.file.width() > 200 and header.chip.width() > 150)
