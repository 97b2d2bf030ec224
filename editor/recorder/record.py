"""`render`: a file becomes a picture (.png, .svg) or a film (.mp4, .gif), drawn into memory."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.recorder import drawing, films
from editor.recorder.stage import LEAD, Stage, pictures_in, stage_for
from editor.theme import THEMES
from engine import load
from engine.commands.console import Answer, Progress, time_text
from engine.commands.run import run_for, steps_of
from engine.files.atomic import replace_file

Pixels = NDArray[np.uint32]
FILM = 5000.0
"""ms of biology in a film, unless told otherwise."""


def answer(args: argparse.Namespace) -> Answer:
    """Draw the file as the suffix of OUT asks, and say what was drawn."""
    out = Path(args.out)
    suffix = out.suffix.lower()
    is_film = suffix in (".mp4", ".gif")
    span = args.span if args.span is not None else FILM if is_film else 0.0
    net, state = load(args.file)
    steps = steps_of(span, net.dt)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with drawing.application():
        stage = stage_for(net, state, THEMES[args.theme], args.size, runs=steps > 0, speed=args.speed)
        facts: dict[str, Any] = {"out": str(out), "width": args.size[0], "height": args.size[1]}
        if is_film:
            facts["pictures"] = write_film(stage, out, span, args.fps)
        else:
            for _ in watch_the_end(stage, span, args.fps):
                pass
            writer: Callable[[Stage], bytes] = drawing.png if suffix == ".png" else drawing.svg
            facts["bytes"] = replace_file(out, [writer(stage)])
    facts |= {
        "t": stage.simulation.t if stage.simulation else 0.0,
        "neurons": stage.network.neuron_count,
        "synapses": stage.network.synapse_count,
    }
    what = f"{facts['pictures']} pictures, " if is_film else ""
    said = f"{out}: {what}{args.size[0]}x{args.size[1]}, t = {time_text(facts['t'])}"
    return Answer(said, facts)


def watch_the_end(stage: Stage, span: float, fps: int) -> Iterator[Pixels]:
    """Run for `span` ms and draw the last moments of it, so that what just happened is in the picture."""
    simulation = stage.simulation
    if simulation is None or span <= 0.0:
        return
    seen = min(span, LEAD * 1000.0 * stage.speed)
    blind = steps_of(simulation.dt * round((span - seen) / simulation.dt), simulation.dt)
    if blind:
        run_for(simulation, blind)
        simulation.drain_changes()
        stage.follower.sync()
    yield from stage.run(seen, fps)


def write_film(stage: Stage, out: Path, span: float, fps: int) -> int:
    """Write the whole run as a film with the labels of the canvas on it; returns the number of pictures."""
    progress = Progress(pictures_in(span, stage.speed, fps), "film")

    def pictures() -> Iterator[Pixels]:
        for k, picture in enumerate(stage.run(span, fps), 1):
            yield drawing.with_labels(stage, picture)
            progress.show(k)

    try:
        return films.write(out, pictures(), (stage.picture.width, stage.picture.height), fps)
    finally:
        progress.end()
