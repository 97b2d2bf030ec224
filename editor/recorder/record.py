"""`render`: a file becomes a picture (.png, .svg) or a film (.mp4, .gif), drawn into memory."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication

from editor.recorder import films
from editor.recorder.stage import LEAD, Stage, pictures_in, stage_for
from editor.recorder.svg import svg
from editor.window.theme import THEMES
from engine.commands import compiling
from engine.commands.console import Answer, Progress, time_text
from engine.commands.run import run_for, steps_of
from engine.errors import UsageError
from engine.files.atomic import replace_file
from engine.files.load import load_all

FILM = 5000.0
"""ms of biology in a film, unless told otherwise."""


def answer(args: argparse.Namespace) -> Answer:
    """Draw the file as the suffix of OUT asks, and say what was drawn."""
    out = Path(args.out)
    suffix = out.suffix.lower()
    is_film = suffix in films.NEEDED
    span = args.span if args.span is not None else FILM if is_film else 0.0
    loaded = load_all(args.file)
    steps = steps_of(span, loaded.network.dt)
    if is_film and not steps:
        raise UsageError("a film of no time has no pictures; give --for a time such as 5s")
    if steps or loaded.state is not None:
        compiling.prepare_for(loaded.network)
    facts: dict[str, Any] = {"out": str(out), "width": args.size[0], "height": args.size[1]}
    with application():
        stage = stage_for(
            loaded.network,
            loaded.state,
            THEMES[args.theme],
            args.size,
            runs=steps > 0,
            speed=args.speed,
            layout=loaded.layout,
        )
        if is_film:
            facts["pictures"] = write_film(stage, out, span, args.fps)
        else:
            watch_the_end(stage, span, args.fps)
            picture = png(stage) if suffix == ".png" else svg(stage.renderer, stage.now).encode()
            facts["bytes"] = replace_file(out, [picture])
    facts |= {
        "t": stage.simulation.t if stage.simulation else 0.0,
        "neurons": stage.network.neuron_count,
        "synapses": stage.network.synapse_count,
    }
    what = f"{facts['pictures']} pictures, " if is_film else ""
    said = f"{out}: {what}{args.size[0]}x{args.size[1]}, t = {time_text(facts['t'])}"
    return Answer(said, facts)


@contextlib.contextmanager
def application() -> Iterator[None]:
    """The Qt application that letters need, without a display; made and let go unless there is one."""
    if QGuiApplication.instance() is not None:
        yield
        return
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    mine = QGuiApplication(["neuropil"])
    try:
        yield
    finally:
        mine.shutdown()


def watch_the_end(stage: Stage, span: float, fps: int) -> None:
    """Run for `span` ms and watch the last moments of it, so that what just happened is in the picture."""
    simulation = stage.simulation
    if simulation is None or span <= 0.0:
        return
    seen = min(span, LEAD * 1000.0 * stage.speed)
    blind = round((span - seen) / simulation.dt)
    if blind:
        run_for(simulation, blind)
        simulation.drain_changes()
        stage.follower.sync()
        stage.skip()
    for _ in stage.run(span - blind * simulation.dt, fps):
        stage.renderer.pixels(stage.now)


def png(stage: Stage) -> bytes:
    """The stage as it is now."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not stage.renderer.image(stage.now).save(buffer, "PNG"):
        raise OSError("the picture cannot be written as PNG")
    return bytes(held.data())


def write_film(stage: Stage, out: Path, span: float, fps: int) -> int:
    """Write `span` ms as a film; returns the number of pictures."""
    progress = Progress(pictures_in(span, stage.speed, fps), "film")

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for k, now in enumerate(stage.run(span, fps), 1):
            yield stage.renderer.array(now)
            progress.show(k)

    try:
        return films.write(
            out, pictures(), (stage.renderer.picture.width, stage.renderer.picture.height), fps
        )
    finally:
        progress.end()
