"""Files of earlier formats, brought to the present one step at a time.

A step from format n turns the contents of a file of that format into those of format n + 1, knowing
nothing of any other.  Steps stay for ever, and so does a file of each format among the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import FileError
from engine.files import layout
from engine.files.container import ABOUT


@dataclass
class Contents:
    """What a file says: the description, its columns, the run's quantities, and where the window looked."""

    description: Any
    tables: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)
    layout: Any = None


Step = Callable[[Contents], Contents]

STEPS: Mapping[int, Step] = {}
"""By the format they start from.  Format 1 is the first, so there are none yet."""


def migrate(contents: Contents, version: int) -> Contents:
    """The same contents in the present format.

    Raises:
        FileError: when no step leads on from `version`.
    """
    for number in range(version, layout.VERSION):
        if number not in STEPS:
            raise FileError(f"nothing is known of format {number}", entry=ABOUT)
        contents = STEPS[number](contents)
    return contents
