"""A rule written in one file is in the palette, in the inspector and in the run, and told of nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

RULE = '''
"""Applause: every spike that arrives is a little welcome; made up for a test."""

from engine.declare import Induction, param


class Applause(Induction, slug="applause", label="Applause", family="Made up"):
    formula = "w -> w + clap"

    clap = param(0.5, "", (0.0, 10.0), "How much one arriving spike adds.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw += p.clap
'''

WINDOW = """
import engine.rules.induction

engine.rules.induction.__path__.append(".")  # the folder of rules has one file more

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from editor import app
from editor.window import style
from editor.main_window import MainWindow
from editor.palette.cards import Card
from editor.palette.panel import CARD
from editor.settings import Settings
from editor.window.theme import DARK
from engine.network.network import Network
from tests.journeys.by_hand import Hand

class Bot:
    def waitUntil(self, true):
        for _ in range(6000):
            if true():
                return
            QTest.qWait(20)
        raise AssertionError("waited in vain")

def journey():
    style.wear(app.application(), DARK)
    window = MainWindow(Settings())
    window.files.ask_leave = lambda title: "discard"
    window.resize(1200, 800)
    window.show()
    window.bring_canvas()
    net = Network(seed=1)
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=[[-120, 0, 0], [120, 0, 0]])
    one = net.add_projection("E to E", exc, exc, w_max=200.0)
    net.wire(one, "explicit", pre=exc.ids[:1], post=exc.ids[1:], weight=100.0, delay=1.0)
    window.document.replace(net)
    window.show_document()
    window.canvas.go_to(type(window.canvas.camera)(0.0, 0.0, 1.0), animated=False)
    hand = Hand(window, Bot())
    hand.at(exc.ids[0])

    QTest.keyClicks(window.palette_panel.search, "applause")
    found = window.palette_panel.tree.model()
    heads = [found.index(row, 0) for row in range(found.rowCount())]
    under = [found.index(row, 0, head) for head in heads for row in range(found.rowCount(head))]
    cards = [index.data(CARD) for index in heads + under]
    print("palette:", [card.label for card in cards if card is not None])

    (synapse,) = net.projection("E to E").ids.tolist()
    middle = (hand.at(exc.ids[0]) + hand.at(exc.ids[1])) / 2
    place = next(middle + QPoint(0, dy) for dy in range(-40, 41)
                 if window.canvas.pick((middle.x(), middle.y() + dy)).kind == "synapse")
    hand.drop(Card("rule", "applause", "Applause", "", ""), place)
    print("stack:", [use.slug for use in window.document.network.projection("E to E").rules])
    window.selection.choose(projection=[one.id])
    QTest.qWait(200)
    shown = [label.text() for label in window.inspector.findChildren(QLabel) if label.isVisibleTo(window)]
    print("inspector:", any("Applause" in text for text in shown))

    window.set_speed(0.1)
    bolt = hand.handle("fire", int(exc.ids[0]))
    heavier = lambda: window.document.frame is not None and any(
        ws[0] > 100.4 for _, ws in window.document.frame.weights.values())
    for _ in range(1000):  # the rule is compiled meanwhile
        hand.click(bolt)
        QTest.qWait(60)
        if heavier():
            break
    print("weight rises:", heavier())
    window.close()

if __name__ == "__main__":  # the process that compiles reads this file too
    journey()
"""


def test_a_rule_written_in_one_file_is_offered_shown_and_run(tmp_path: Path) -> None:
    (tmp_path / "applause.py").write_text(RULE.lstrip())
    (tmp_path / "drive.py").write_text(WINDOW)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "drive.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout.splitlines()
    assert "palette: ['Applause']" in said
    assert "stack: ['applause']" in said
    assert "inspector: True" in said
    assert "weight rises: True" in said
    assert not list((ROOT / "engine").rglob("applause*"))


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """The kernels compiled for the rule go with it."""
    yield
    for kept in Path(os.environ["XDG_CACHE_HOME"]).rglob("*_applause_*"):
        kept.unlink(missing_ok=True)
