"""Everything that can go wrong, as one family, so that a caller can tell our refusals from a bug.

    NeuropilError
        UsageError    (also ValueError)    a call, a unit or a number that cannot be meant
        UnknownName   (also KeyError)      a label, slug or parameter nobody declared
        EditRefused   (also ValueError)    an edit the network cannot take; nothing was changed
        ModelError    (also ValueError)    a model file that does not say what it must
        FileError     (also ValueError)    a file that cannot be read; says which entry and byte
        RunError      (also RuntimeError)  a run that cannot go on
            Cancelled                      somebody no longer wants to know
            Unstable                       a quantity left every sensible range

Every message says where, what is wrong, and what would be right.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NeuropilError(Exception):
    """Any refusal of this program; `str()` is the plain message."""

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.args)


class UsageError(NeuropilError, ValueError):
    """A call, a unit or a number that cannot be meant."""


class UnknownName(NeuropilError, KeyError):
    """A label, a slug or a parameter that nobody declared."""


class EditRefused(NeuropilError, ValueError):
    """An edit the network cannot take; nothing was changed."""


class ModelError(NeuropilError, ValueError):
    """A model file that does not say what it must, or a hook that is not plain arithmetic."""


class FileError(NeuropilError, ValueError):
    """A file that cannot be read; `entry` is the part inside it and `offset` the byte, where known."""

    def __init__(self, message: str, entry: str = "", offset: int | None = None) -> None:
        super().__init__(message)
        self.entry = entry
        self.offset = offset


class RunError(NeuropilError, RuntimeError):
    """A run that cannot go on."""


class Cancelled(RunError):
    """Somebody no longer wants to know."""


class Unstable(RunError):
    """A quantity left every sensible range; the run stopped there and kept the last good state.

    `neuron` and `projection` are ids, `variable` the quantity, `value` what it became, `rule` the slug
    of the card that moved it and `t` the time in ms; each is None or empty where it does not apply.
    """

    def __init__(
        self,
        message: str,
        *,
        neuron: int | None = None,
        variable: str = "",
        value: float | None = None,
        projection: int | None = None,
        rule: str = "",
        t: float | None = None,
    ) -> None:
        super().__init__(message)
        self.neuron = neuron
        self.variable = variable
        self.value = value
        self.projection = projection
        self.rule = rule
        self.t = t


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: `" (did you mean 'tau_m'?)"`, or nothing."""
    names = [str(name) for name in known]
    lower = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(str(word).lower(), lower, n=1, cutoff=0.6)
    return f" (did you mean {lower[near[0]]!r}?)" if near else ""


def nearest(word: str, known: Iterable[str], most: int = 8) -> str:
    """The end of a message about an unknown name: the one that may be meant, or those there are."""
    names = [str(name) for name in known]
    if near := did_you_mean(word, names):
        return near
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"; there are {', '.join(map(repr, names[:most]))}{more}" if names else "; there is none yet"
