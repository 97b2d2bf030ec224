"""`neuropil`: opens the window, or hands a command to the engine before anything of Qt is imported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from editor import caches, preflight

COMMANDS = (
    "run",
    "check",
    "render",
    "models",
    "examples",
    "convert",
    "pack",
    "unpack",
    "bench",
    "prepare",
)
EXAMPLES = """examples:
  neuropil                         open the start page
  neuropil circuit.neuropil        open a file
  neuropil --example worm          open the nervous system of C. elegans
  neuropil run circuit.neuropil --for 10s
  neuropil render circuit.neuropil picture.png
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        return command(words)
    if words and words[0] in ("-h", "--help", "--version"):
        return command(words)
    return window(words)


def command(words: Sequence[str]) -> int:
    """Run one command; only `render` and `prepare` import Qt, once they know that they can."""
    from editor.commands import add_examples, add_prepare, add_render
    from engine import commands

    parser = commands.parser(
        "neuropil",
        (*commands.ADDERS, add_render, add_examples, add_prepare),
        description="A desktop editor for living neural circuits: draw them, run them, watch them change.",
        usage="neuropil [FILE | --example NAME]\n       neuropil COMMAND ...",
        epilog=f"{EXAMPLES}\n`neuropil COMMAND --help` has examples of each command.",
    )
    return commands.answer(parser, words)


def window(words: Sequence[str]) -> int:
    """Open the window on the start page, a file or an example, if this machine can show one."""
    parser = argparse.ArgumentParser(
        prog="neuropil", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .neuropil file to open")
    parser.add_argument(
        "--example", metavar="NAME", help="an example to open; `neuropil examples` lists them"
    )
    given = parser.parse_args(list(words))
    if given.file and given.example:
        parser.error("open a file or an example, not both")
    if refusal := why_not(given.file, given.example):
        print(f"neuropil: {refusal}", file=sys.stderr)
        return 1
    if found := preflight.lacks(needs_screen=True):
        print(preflight.message(found, wanted="open a window"), file=sys.stderr)
        return 1
    caches.begin()  # before anything compiled is imported
    from editor.app import run

    code = run(Path(given.file) if given.file else None, given.example)
    caches.ready()
    return code


def why_not(file: str | None, example: str | None) -> str:
    """Why this file or example cannot be opened, "" when it can be tried."""
    from engine.errors import did_you_mean

    if file and not Path(file).exists():
        return f"there is no file {file!r}{did_you_mean(file, COMMANDS)}"
    if example:
        from editor.gallery import catalogue

        names = catalogue.names()
        if example not in names:
            near = did_you_mean(example, names)
            return f"there is no example {example!r}{near}; `neuropil examples` lists them"
    return ""


if __name__ == "__main__":
    sys.exit(main())
