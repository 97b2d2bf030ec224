"""The command line: the same files as the window, without one.

Results go to stdout, progress and errors to stderr; `--json` gives the result as one JSON object.
Exit codes: 0 done, 1 something is wrong with a file or a model, 2 the command cannot be meant,
3 the run became unstable, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence

from engine.commands import bench, check, convert, models, run
from engine.commands.console import (
    DONE,
    INTERRUPTED,
    PROBLEM,
    UNSTABLE,
    USAGE,
    Answer,
    as_json,
    complain,
)
from engine.errors import NeuropilError, Unstable, UsageError

Adder = Callable[..., None]
ADDERS: tuple[Adder, ...] = (
    run.add,
    check.add,
    models.add,
    convert.add,
    convert.add_pack,
    convert.add_unpack,
    bench.add,
)
NAMES = ("run", "check", "models", "convert", "pack", "unpack", "bench")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of the engine and return its exit code."""
    return answer(parser("python -m engine"), sys.argv[1:] if argv is None else argv)


def parser(prog: str, adders: Iterable[Adder] = ADDERS, **more: str) -> argparse.ArgumentParser:
    """The parser of the commands that `adders` add, each with `--json` and examples in its help."""
    whole = argparse.ArgumentParser(
        prog=prog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=more.get("description", "Living neural circuits, without a window."),
        usage=more.get("usage"),
        epilog=more.get("epilog", f"`{prog} COMMAND --help` has examples of each."),
    )
    whole.add_argument("--version", action="version", version=f"neuropil {version()}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print the result as one JSON object")
    commands = whole.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="commands", prog=prog
    )
    for adder in adders:
        adder(commands, shared, prog)
    return whole


def answer(whole: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    """Parse, do, print, and turn what went wrong into a message and an exit code."""
    args = whole.parse_args(argv)
    try:
        done: Answer = args.answer(args)
        print(as_json({"ok": done.code == DONE, **done.facts}) if args.json else done.said)
        sys.stdout.flush()
        return done.code
    except BrokenPipeError:  # `neuropil models | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        complain(args, "interrupted", "KeyboardInterrupt")
        return INTERRUPTED
    except Unstable as error:
        where = {
            name: getattr(error, name)
            for name in ("neuron", "variable", "value", "projection", "rule", "t")
            if getattr(error, name, None) not in (None, "")
        }
        complain(args, str(error), "Unstable", **where)
        return UNSTABLE
    except UsageError as error:
        complain(args, str(error), "UsageError")
        return USAGE
    except NeuropilError as error:
        where = {name: getattr(error, name) for name in ("entry", "offset") if getattr(error, name, None)}
        complain(args, str(error), type(error).__name__, **where)
        return PROBLEM
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        complain(args, f"{named}{error.strerror or error}", "OSError")
        return PROBLEM


def version() -> str:
    """The version of this program; "unknown" in a checkout that was never installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("neuropil")
    except PackageNotFoundError:
        return "unknown"
