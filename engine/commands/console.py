"""What the commands share: an answer, a progress bar, tables, durations and JSON."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

import numpy as np

from engine import units

DONE, PROBLEM, USAGE, UNSTABLE, INTERRUPTED = 0, 1, 2, 3, 130
"""What a command exits with; see `engine.commands`."""


@dataclass(frozen=True)
class Answer:
    """What a command found: the text for people, the same as facts for `--json`, the exit code."""

    said: str
    facts: dict[str, Any] = field(default_factory=dict)
    code: int = 0


def add_command(
    commands: Any, shared: argparse.ArgumentParser, prog: str, name: str, does: str, examples: Sequence[str]
) -> argparse.ArgumentParser:
    """Add a command whose help ends with examples."""
    lines = "\n".join(f"  {prog} {example}" for example in examples)
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        parents=[shared],
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"examples:\n{lines}",
    )
    return added


def duration(text: str) -> float:
    """Milliseconds from "10s", "250 ms" or a bare number of milliseconds; for argparse."""
    try:
        return units.read(text, "ms", low=0.0, what="--for")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def time_text(t: float) -> str:
    """A time in ms as people say it: "12.4 ms", "2.4 s", "3 min 20 s"."""
    if t < 1000:
        return f"{t:.4g} ms"
    if t < 120_000:
        return f"{t / 1000:.5g} s"
    minutes, seconds = divmod(t / 1000, 60)
    return f"{minutes:.0f} min {seconds:.0f} s"


def table(rows: Iterable[Sequence[object]], heads: Sequence[str] = (), indent: str = "") -> str:
    """Columns lined up; numbers to the right, words to the left, the last column unpadded."""
    listed = [[_cell(value) for value in row] for row in rows]
    is_number = [
        all(_looks_numeric(row[column]) for row in listed)
        for column in range(len(listed[0]) if listed else 0)
    ]
    if heads:
        listed.insert(0, list(heads))
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]))] if listed else []
    lines = []
    for row in listed:
        cells = [
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(row, widths, is_number or [False] * len(row), strict=True)
        ]
        lines.append(indent + "  ".join(cells).rstrip())
    return "\n".join(lines)


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _looks_numeric(text: str) -> bool:
    try:
        float(text.removesuffix("x").replace(",", "") or "0")
    except ValueError:
        return False
    return True


def as_json(facts: dict[str, Any]) -> str:
    """One JSON object; what is not a number becomes null, arrays become lists."""
    return json.dumps(plain(facts), indent=2, ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """A value JSON can hold."""
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def complain(args: argparse.Namespace, message: str, kind: str, **where: Any) -> None:
    """Say on stderr what went wrong; with `--json` also as an object on stdout."""
    print(f"neuropil: {message}", file=sys.stderr)
    if getattr(args, "json", False):
        print(as_json({"ok": False, "error": {"kind": kind, "message": message, **where}}))


class Progress:
    """A bar on stderr while something takes long; on a file or a pipe a line now and then instead."""

    WIDTH = 28
    EVERY = 0.1
    """Seconds between two drawings of the bar."""
    EVERY_LINE = 10.0

    def __init__(self, whole: float, doing: str, stream: TextIO | None = None) -> None:
        self.whole = max(whole, 1e-12)
        self.doing = doing
        self.stream = sys.stderr if stream is None else stream
        self.is_live = self.stream.isatty()
        self.began = self.drawn = time.monotonic()

    def show(self, done: float, note: str = "") -> None:
        """Tell how much of the whole is done; draws only when it is time to."""
        now = time.monotonic()
        if now - self.drawn < (self.EVERY if self.is_live else self.EVERY_LINE):
            return
        self.drawn = now
        share = min(1.0, done / self.whole)
        left = (now - self.began) * (1 - share) / share if share > 0 else math.inf
        bar = ("#" * round(share * self.WIDTH)).ljust(self.WIDTH, ".")
        remaining = f", {left:.0f} s left" if math.isfinite(left) else ""
        line = f"{self.doing} [{bar}] {share:4.0%} {note}{remaining}"
        self.stream.write(f"\r{line:<100.100}" if self.is_live else line + "\n")
        self.stream.flush()

    def end(self) -> None:
        """Wipe the bar."""
        if self.is_live:
            self.stream.write("\r" + " " * 100 + "\r")
            self.stream.flush()
