"""No error is ever lost: slots, threads and finalisers reach the log and, once per place, the user."""

from __future__ import annotations

import gc
import sys
import threading

import pytest

from editor import faults

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)


@pytest.fixture
def watch(tmp_path, monkeypatch):
    """The hooks installed over ones that only count, so that pytest does not count these as its own."""
    passed_on = []
    for module, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, lambda *given, name=name: passed_on.append(name))
    shown = []
    installed = faults.install(shown.append, tmp_path)
    installed.told, installed.passed_on = shown, passed_on
    yield installed
    installed.remove()


def log_of(watch) -> str:
    return watch.path.read_text(encoding="utf-8")


def fail(message="no such neuron"):
    raise ValueError(message)


def test_an_error_in_a_slot_reaches_the_log_and_the_user(watch, log_records, qtbot):
    from PySide6.QtCore import QTimer

    with log_records.expect("unexpected error"):
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(watch.told))
    assert "no such neuron" in watch.told[0]
    assert "Traceback" in log_of(watch)


def test_an_error_in_a_thread_is_named_with_its_thread(watch, log_records):
    with log_records.expect("grower"):
        thread = threading.Thread(target=fail, name="grower")
        thread.start()
        thread.join()
    assert "in grower" in watch.told[0]
    assert "no such neuron" in log_of(watch)


def test_an_error_in_a_finaliser_is_told(watch, log_records):
    class Dying:
        def __del__(self):
            fail("last words")

    with log_records.expect("ignored|letting go"):
        Dying()
        gc.collect()
    assert "last words" in watch.told[0]


def test_the_hooks_that_were_there_are_still_called(watch, log_records):
    with log_records.expect(""):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        try:
            fail()
        except ValueError:
            sys.excepthook(*sys.exc_info())
    assert watch.passed_on == ["excepthook", "excepthook"]


def test_one_place_is_told_once_and_logged_every_time(watch, log_records):
    with log_records.expect("") as records:
        for _ in range(5):
            try:
                fail()
            except ValueError as error:
                watch.report(error)
    assert len(watch.told) == 1
    assert len(records) == 5


def test_two_places_are_both_told(watch, log_records):
    with log_records.expect(""):
        for wrong in (lambda: 1 / 0, lambda: {}["v"]):
            try:
                wrong()
            except Exception as error:
                watch.report(error)
    assert len(watch.told) == 2


def test_an_interrupt_is_no_fault(watch):
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        sys.excepthook(*sys.exc_info())
    assert watch.told == []
    assert watch.passed_on == ["excepthook"]


def test_a_user_who_cannot_be_told_does_not_lose_the_error(watch, log_records):
    def show(said):
        raise RuntimeError("the window is gone")

    watch.show = show
    with log_records.expect("") as records:
        try:
            fail()
        except ValueError as error:
            watch.report(error)
    assert len(records) == 2
    assert "no such neuron" in log_of(watch)
    assert "the window is gone" in log_of(watch)


def test_the_log_does_not_grow_without_end(watch, log_records, monkeypatch):
    with log_records.expect(""):
        for _ in range(60):
            watch.report(ValueError("x" * 100_000))
    files = list(watch.path.parent.iterdir())
    assert len(files) == 3
    assert sum(each.stat().st_size for each in files) <= 3 * faults.LARGEST + 200_000


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_start(tmp_path):
    (tmp_path / "file").write_text("in the way")
    installed = faults.install(print, tmp_path / "file" / "logs")
    installed.remove()
    assert "no log file" in installed.complaint


def test_removing_puts_back_what_was_there(tmp_path):
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    faults.install(print, tmp_path).remove()
    assert before == (sys.excepthook, threading.excepthook, sys.unraisablehook)
