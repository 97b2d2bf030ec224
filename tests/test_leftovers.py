"""The watch the tests are under: it must bark."""

from __future__ import annotations

import pytest

from tests.leftovers import PROJECT

pytest_plugins = ["pytester"]

CASES = {
    "a warning": ("import logging; logging.getLogger('x').warning('hello there')", "hello there"),
    "a thread": (
        "import threading as th; th.Thread(target=th.Event().wait, daemon=True, name='stray').start()",
        "stray",
    ),
    "a timer": (
        "from PySide6.QtCore import QTimer; globals()['kept'] = QTimer(); kept.start(60_000)",
        "QTimer, started at",
    ),
    "a single shot": (
        "from PySide6.QtCore import QTimer; QTimer.singleShot(60_000, print)",
        "single shot, asked for at",
    ),
    "a window": (
        "from PySide6.QtWidgets import QLabel; globals()['kept'] = QLabel(objectName='orphan')",
        "orphan",
    ),
    "an error in a thread": (
        "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
        "ZeroDivisionError",
    ),
    "an error in a slot": (
        "from PySide6.QtCore import QTimer; QTimer.singleShot(0, lambda: 1 / 0); qtbot.wait(20)",
        "ZeroDivisionError",
    ),
    "a complaint of Qt": (
        "from PySide6.QtCore import qWarning; qWarning('unhappy')",
        "unhappy",
    ),
}
CONFTEST = "pytest_plugins = ['tests.leftovers']"
INI = "[pytest]\nqt_api = pyside6\nqt_log_level_fail = WARNING\nfilterwarnings = error\n"


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_what_a_test_leaves_behind_fails_it(case: str, pytester: pytest.Pytester, monkeypatch) -> None:
    body, said = CASES[case]
    monkeypatch.setenv("PYTHONPATH", PROJECT)
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".ini", pytest=INI)
    pytester.makepyfile(test_it=f"def test_it(qtbot):\n    {body}\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error")
    assert result.ret != 0, f"{case} went unnoticed"
    result.stdout.fnmatch_lines([f"*{said}*"])


@pytest.mark.slow
def test_a_tidy_test_passes(pytester: pytest.Pytester, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", PROJECT)
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".ini", pytest=INI)
    pytester.makepyfile(
        test_it="""
        import logging, threading
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QLabel, QMenu

        def test_it(qtbot, log_records):
            label = QLabel()
            qtbot.addWidget(label)
            QMenu(label)
            timer = QTimer(label)
            timer.start(60_000)
            QTimer.singleShot(60_000, label, label.hide)
            QTimer.singleShot(0, label.show)
            qtbot.wait(20)
            thread = threading.Thread(target=print)
            thread.start()
            with log_records.expect("damaged"):
                logging.getLogger("settings").warning("settings were damaged")
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
