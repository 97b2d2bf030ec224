"""The commands of the window's side: `render` draws, `examples` lists the gallery, `prepare` compiles.

Qt-free as it stands: Qt is imported only once the machine is known to have what it needs.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from editor import caches, preflight
from engine.commands.console import Answer, add_command, duration, table
from engine.counting import counted
from engine.errors import UsageError

SUFFIXES = (".png", ".svg", ".mp4", ".gif")
FILMS = (".mp4", ".gif")
LARGEST = 8192
"""Pixels along a side; more is a mistake."""


def add_examples(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `examples`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "examples",
        "list the gallery, or write one example as a file",
        ["examples", "examples worm", "examples worm mine.neuropil"],
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the example to write")
    parser.add_argument("out", nargs="?", metavar="OUT", help="where to (NAME.neuropil)")
    parser.set_defaults(answer=examples)


def examples(args: argparse.Namespace) -> Answer:
    """The gallery, a name a line; or one example, written."""
    from editor.gallery import catalogue

    if args.name is None:
        found = catalogue.examples()
        rows = [(each.name, each.title, each.what) for each in found]
        listed = [
            {word: getattr(each, word) for word in ("name", "title", "what", "do", "watch", "why", "source")}
            for each in found
        ]
        return Answer(table(rows), {"examples": listed})
    from engine import save

    example = catalogue.find(args.name)
    out = Path(args.out or f"{example.name}.neuropil")
    if args.out is None and out.exists():
        raise UsageError(f"{out} is there already; name another: neuropil examples {example.name} OUT")
    net = example.build()
    save(net, out, layout=dict(example.layout) or None)
    size = f"{counted(net.neuron_count, 'neuron')}, {counted(net.synapse_count, 'synapse')}"
    said = f"{out}: {size}\n  watch: {example.watch}"
    facts = {"out": str(out), "neurons": net.neuron_count, "synapses": net.synapse_count}
    return Answer(said, facts)


def add_render(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `render`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "render",
        "draw the picture or the film the window would show",
        [
            "render worm.neuropil worm.png",
            "render circuit.neuropil later.svg --for 5s --theme light",
            "render circuit.neuropil growth.gif --for 20s --speed 4 --size 800x500",
        ],
    )
    parser.add_argument("file", metavar="FILE", help="a .neuropil file")
    parser.add_argument("out", metavar="OUT", help="a picture (.png, .svg) or a film (.mp4, .gif)")
    parser.add_argument(
        "--for",
        dest="span",
        type=duration,
        metavar="TIME",
        help="run this long: before a picture (default 0), or as long as the film shows (default 5s)",
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--size", type=size, default=(1600, 1000), metavar="WxH", help="default 1600x1000")
    parser.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="seconds of biology in a second of film"
    )
    parser.add_argument("--fps", type=int, default=25, metavar="N", help="pictures a second of a film")
    parser.set_defaults(answer=render)


def add_prepare(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `prepare`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "prepare",
        "compile the canvas and the first circuits once, so that nothing waits for it later",
        ["prepare", "prepare --all"],
    )
    parser.add_argument("--all", action="store_true", help="every model and every circuit of the gallery too")
    parser.set_defaults(answer=prepare)


def prepare(args: argparse.Namespace) -> Answer:
    """Fill the caches; a second time there is next to nothing to do."""
    if found := preflight.lacks(needs_screen=False):
        raise preflight.CannotDraw(preflight.message(found, wanted="prepare the canvas"))
    caches.begin()
    from editor.recorder import prepare as preparing

    facts = preparing.run(everything=args.all)
    caches.ready()
    said = "prepared: {modules:.0f} modules, {compiled:.0f} of them compiled now, in {seconds:.0f} s"
    return Answer(said.format(**facts), dict(facts))


def size(text: str) -> tuple[int, int]:
    """Width and height from "1600x1000"; for argparse."""
    found = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1600x1000")
    width, height = int(found[1]), int(found[2])
    if not (16 <= width <= LARGEST and 16 <= height <= LARGEST):
        raise argparse.ArgumentTypeError(f"{text} must lie between 16x16 and {LARGEST}x{LARGEST}")
    return width, height


def render(args: argparse.Namespace) -> Answer:
    """Draw into memory, which needs no display, and write by the suffix."""
    suffix = Path(args.out).suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{args.out}: {suffix or 'no suffix'} cannot be drawn, only {', '.join(SUFFIXES)}")
    if not 0.0 < args.speed <= 1e6:
        raise UsageError(f"--speed {args.speed:g}: it must be more than 0, such as 1 for real time")
    if not 1 <= args.fps <= 60:
        raise UsageError(f"--fps {args.fps}: it must lie between 1 and 60")
    if not Path(args.out).absolute().parent.is_dir():
        raise UsageError(f"{args.out}: there is no folder {str(Path(args.out).parent)!r}; make it first")
    if suffix in FILMS:
        from editor.recorder import films

        films.check(suffix)
    if found := preflight.lacks(needs_screen=False):
        raise preflight.CannotDraw(preflight.message(found, wanted="draw"))
    from editor.recorder import record

    return record.answer(args)
