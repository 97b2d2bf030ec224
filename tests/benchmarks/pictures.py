"""Takes the pictures of the README with the program itself, without a display.

    python -m tests.benchmarks.pictures [NAME ...]

Each picture is the window (or the canvas) drawn into memory while a circuit of the gallery runs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["NEUROPIL_SETTINGS"] = str(Path(tempfile.mkdtemp()) / "settings.json")

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from editor import app
from editor.drawing import teaching
from editor.gallery import catalogue
from editor.palette import cards
from editor.recorder.stage import Stage
from editor.settings import Settings
from editor.window.theme import DARK
from engine import Simulation, models
from engine.analysis.protocols.library import PROTOCOLS
from engine.network.edits import SetRules, SetSynapses
from engine.network.parts import RuleUse

FOLDER = Path(__file__).resolve().parent.parent.parent / "examples" / "pictures"
LARGEST = 600_000
"""Bytes a picture may take."""


def array_of(image: QImage) -> np.ndarray:
    """The pixels of an image, (height, width, 3)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def save(name: str, pixels: np.ndarray) -> None:
    """Write a picture as it is if that is small enough, with 256 colours of its own if not."""
    path = FOLDER / f"{name}.png"
    image = Image.fromarray(pixels)
    image.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        image.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=3).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {image.width}x{image.height}, {size / 1000:.0f} kB")
    assert size <= LARGEST, f"{path.name} is too large"


def pump(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let the window live for so long, or until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        QApplication.processEvents()
        time.sleep(0.003)


def window_of(example: str | None, theme: str, size: tuple[int, int]) -> Any:
    """The window, open on an example or on the start page."""
    settings = Settings.load()
    settings.theme = theme
    window = app.open_window(example=example, settings=settings)
    window.resize(*size)
    app.settle(window, 60_000)
    pump(2.0)
    return window


def let_go(window: Any) -> None:
    """End a window without asking whether its circuit shall be saved."""
    window.document.pause()
    pump(0.5)
    window.middle.end_beside()
    window.structure.close_thread()
    window.recovery.close()
    window.bridge.close()
    window.hide()
    window.deleteLater()
    pump(0.2)


def liveliest(window: Any, seconds: float) -> np.ndarray:
    """The picture in which most is going on, of those taken while it runs."""
    best, most = None, -1.0
    canvas = window.canvas
    end = time.monotonic() + seconds
    while time.monotonic() < end or best is None:
        pump(0.15)
        now = canvas.clock()
        birth, death = canvas.changes.births(now).progress, canvas.changes.deaths(now).progress
        growing = ((birth > 0.3) & (birth < 1.2)).sum() + 2 * ((death > 0.2) & (death < 0.7)).sum()
        going_on = float(growing) + 0.02 * len(canvas.changes.halos(now)[0])
        if going_on > most:
            best, most = array_of(window.grab().toImage()), going_on
    return best


def worm(theme: str) -> np.ndarray:
    """The worm running in the whole window."""
    window = window_of("worm", theme, (1600, 1000))
    window.document.play()
    pump(90.0, lambda: window.document.t > 600.0)
    pixels = liveliest(window, 12.0)
    let_go(window)
    return pixels


def growth() -> np.ndarray:
    """Three moments of neurons that grow synapses until their calcium is right."""
    network = catalogue.find("growth_to_set_point").build()
    stage = Stage(network, DARK, (640, 560), simulation=Simulation(network), speed=1.0)
    stage.renderer.chrome.strip = ""
    stage.renderer.chrome.scale_bar = stage.renderer.chrome.legend = False
    shots = []
    for t in GROWTH_AT:
        for _ in stage.run(t - stage.simulation.t, 30):
            stage.renderer.pixels(stage.now)
        stage.renderer.chrome.title = f"t = {t / 1000:g} s"
        stage.renderer.chrome.subtitle = f"{stage.network.synapse_count:,} synapses"
        shots.append(stage.renderer.array(stage.now))
    gap = np.full((shots[0].shape[0], 6, 3), (36, 48, 71), np.uint8)
    return np.concatenate([shots[0], gap, shots[1], gap, shots[2]], axis=1)


GROWTH_AT = (1500.0, 5000.0, 20000.0)
"""Moments of the growth sequence, ms."""


def rules() -> np.ndarray:
    """The inspector with the longest stack of rules of the worm, while it runs."""
    window = window_of("worm", "dark", (1600, 1700))
    projections = window.document.network.projections.values()
    chosen = max(projections, key=lambda p: (len(p.rules), len(p.synapses)))
    window.docks["plots"].hide()
    window.docks["inspector"].setMinimumWidth(430)
    window.selection.choose(projection=[chosen.id])
    window.document.play()
    pump(90.0, lambda: window.document.t > 300.0)
    pump(1.0)
    pixels = array_of(window.docks["inspector"].grab().toImage())
    let_go(window)
    ground = pixels[-4, 4]
    used = np.flatnonzero((np.abs(pixels[:, 4:-4].astype(int) - ground) > 6).any(axis=(1, 2)))
    return pixels[: used[-1] + 12]


def start() -> np.ndarray:
    """The start page, its pictures drawn."""
    window = window_of(None, "dark", (1600, 1000))
    page = window.middle.start_page
    pump(120.0, lambda: all(card.picture is not None for card in page.hero_cards + page.gallery_cards))
    pump(1.0)
    pixels = array_of(window.grab().toImage())
    let_go(window)
    return pixels


def plot_of(window: Any, title: str, room: int) -> Any:
    """The plot with this title, brought to the front, with so many px of height."""
    window.plots.reveal(title)
    window.resizeDocks([window.docks["plots"]], [room], Qt.Orientation.Vertical)
    pump(0.5)
    return next(plot for plot in window.plots.plots.values() if plot.title == title)


def raced(window: Any) -> Any:
    """Learners of four kinds that have raced on exclusive or in an empty window."""
    window.files.new()
    window.use_card(cards.find("task", "xor"))
    pump(1.5)
    plot = plot_of(window, "Training", 380)
    for slug in ("feedback_alignment", "generec", "reward_penalty"):
        window.bench.do(teaching.learner(window.document.network, slug))
    pump(0.3)
    window.canvas.fit()
    plot.play.click()
    pump(300.0, lambda: plot.seen is not None and plot.seen.epoch > 1500)
    plot.play.click()
    pump(20.0, lambda: plot.race.is_idle())
    pump(0.5)
    return plot


def race() -> np.ndarray:
    """Four learners on copies of one drawn network, while an error runs back under locks in the first."""
    window = window_of(None, "dark", (1500, 900))
    plot = raced(window)
    tiles = window.middle.currentWidget().tiles
    for is_locked in (False, True):
        plot.phase.click()
        sent = tiles[0].copy.changes.waves
        pump(20.0, lambda sent=sent, locked=is_locked: any(wave.locked == locked for wave in sent.alive))
    for tile in tiles:
        tile.draw(sent.alive[0].begin + 0.33)
    pixels = array_of(window.grab().toImage())
    plot.clear()
    let_go(window)
    return pixels


def two_updates() -> np.ndarray:
    """What contrastive learning with weak feedback would change, beside the gradient, as gamma falls."""
    window = window_of("weak_feedback", "light", (1500, 900))
    plot = plot_of(window, "Training", 300)
    plot.showing.pick("updates")
    pane = window.middle.currentWidget()
    for gamma in np.geomspace(0.9, 0.02, 40):
        plot.close_up.knobs.knobs["gamma"].let_go.emit(float(gamma))
        pump(20.0, lambda gamma=gamma: plot.running.tuned[plot.learner]["gamma"] == gamma)
        pump(60.0, lambda: plot.race.is_idle() and plot.race.look() is plot.seen)
    pump(20.0, lambda: not any(tile.copy.is_stale for tile in pane.tiles))
    pixels = array_of(pane.grab().toImage())
    plot.clear()
    let_go(window)
    return pixels


def ledger() -> np.ndarray:
    """The ledger after the race."""
    window = window_of(None, "dark", (1500, 1000))
    plot = raced(window)
    page = plot_of(window, "Ledger", 640)
    pump(1.5)
    pixels = array_of(page.grab().toImage())
    plot.clear()
    let_go(window)
    return pixels


def routing() -> np.ndarray:
    """Gates of the basal ganglia let the colour of a word to the mouth, and keep the word itself out."""
    window = window_of("routing_through_the_striatum", "light", (1500, 900))
    pump(2.0)
    plot = plot_of(window, "Routing", 380)
    plot.start.click()
    pump(60.0, lambda: plot.seen is not None and plot.seen.trial >= 6)
    pixels = array_of(window.grab().toImage())
    let_go(window)
    return pixels


def protocol() -> np.ndarray:
    """Pairs at rising rates on a synapse with the triplet rule, beside the slice data."""
    window = window_of("stdp_window", "light", (1500, 900))
    way = next(iter(window.document.network.projections.values()))
    params = dict(models("stdp_triplet").presets["visual cortex, all to all, minimal"])
    window.bench.do(SetRules(way.id, (RuleUse("stdp_triplet", params),)))
    window.bench.do(SetSynapses(way.synapses.id[:1], "weight", np.ones(1)))
    window.selection.choose(synapse=way.synapses.id[:1])
    plot = plot_of(window, "Protocols", 330)
    plot.choice.setCurrentIndex(next(i for i, p in enumerate(PROTOCOLS) if p.slug == "ramp"))
    pump(0.3)
    plot.start.click()
    pump(180.0, lambda: plot.run is None)
    pump(0.5)
    pixels = array_of(plot.grab().toImage())
    plot.clear()
    let_go(window)
    return pixels


def rule_editor() -> np.ndarray:
    """The rule editor with its template, and a line that is no arithmetic."""
    window = window_of("stdp_window", "light", (1200, 800))
    window.perform("write_rule")
    pump(0.5)
    editor = window.rule_desk.editor
    editor.resize(1280, 780)
    pump(0.5)
    pixels = array_of(editor.grab().toImage())
    let_go(window)
    return pixels


PICTURES: dict[str, Callable[[], np.ndarray]] = {
    "worm-dark": lambda: worm("dark"),
    "worm-light": lambda: worm("light"),
    "growth": growth,
    "rules": rules,
    "start": start,
    "race": race,
    "two-updates": two_updates,
    "ledger": ledger,
    "routing": routing,
    "protocol": protocol,
    "rule-editor": rule_editor,
}

if __name__ == "__main__":
    app.application([])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for wanted in sys.argv[1:] or list(PICTURES):
        save(wanted, PICTURES[wanted]())
