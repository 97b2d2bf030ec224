"""Finding a thing by what a person types: letters in order, starts of words, the words of other fields.

Qt-free.  Used by the command bar and by the palette.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

OTHER_WORDS = {
    "connection": "synapse projection wiring",
    "connections": "synapse projection wiring",
    "connect": "wire synapse projection",
    "edge": "synapse projection",
    "edges": "synapse projection",
    "link": "synapse projection",
    "arc": "synapse",
    "node": "neuron",
    "nodes": "neuron",
    "vertex": "neuron",
    "cell": "neuron",
    "cells": "neuron population",
    "unit": "neuron",
    "units": "neuron",
    "layer": "population",
    "group": "population",
    "glia": "astrocyte",
    "stimulus": "input",
    "generator": "input",
    "source": "input modulator",
    "electrode": "probe",
    "recorder": "probe",
    "meter": "probe",
    "reward": "dopamine modulator",
    "ltp": "potentiation induction",
    "ltd": "depression induction",
    "learning": "rule plasticity",
    "electrical": "gap junction",
    "delete": "remove prune",
}
"""What people from other fields type, and the words it is called by here."""

FIRST = 0.5
"""What a word is worth more among the first of the further text, which say what kind of thing it is."""
_WORD = re.compile(r"[a-z0-9+\-]+")


def score(query: str, name: str, more: str = "") -> float:
    """How well `query` finds a thing called `name` with further text `more`; 0 means not at all.

    Every word of the query must be found: at the start of a word of the name (best), inside the name,
    as letters of the name in order, in `more`, or through what people of other fields call it.
    """
    words = _WORD.findall(query.lower())
    if not words:
        return 1.0
    total = 0.0
    for word in words:
        best = _one(word, name, more)
        if word in OTHER_WORDS and best < 8.0:  # letters in the middle of a name are not what was meant
            meant = (_one(other, name, more) for other in OTHER_WORDS[word].split())
            best = max(best if best == 3.0 + FIRST else 0.2 * best, 0.6 * max(meant))
        if best == 0.0:
            return 0.0
        total += best
    return total / len(words) + 1.0 / (20.0 + len(name))


def ranked(query: str, things: Iterable[tuple[str, str]], limit: int | None = None) -> list[int]:
    """The positions of the `(name, more)` pairs that `query` finds, best first; ties keep their order."""
    scored = [(score(query, name, more), at) for at, (name, more) in enumerate(things)]
    found = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1]))
    return [at for _, at in found[:limit]]


@lru_cache(maxsize=8192)
def _one(word: str, name: str, more: str) -> float:
    low = name.lower()
    if low == word:
        return 12.0
    if low.startswith(word):
        return 10.0
    if any(part.startswith(word) for part in _WORD.findall(low)):
        return 8.0
    if len(word) > 1 and word in low:
        return 5.0
    further = more.lower()
    parts = _WORD.findall(further)
    if len(word) > 1 and any(part.startswith(word) for part in parts):
        return 3.0 + (FIRST if any(part.startswith(word) for part in parts[:5]) else 0.0)
    initials = "".join(part[0] for part in _WORD.findall(low))
    if len(word) > 1 and initials.startswith(word):
        return 4.0
    if len(word) > 2 and (spread := _in_order(word, low)):
        return 2.5 / spread
    return 0.0


def _in_order(word: str, name: str) -> float:
    """How stretched the letters of `word` are in `name`, 1 when together; 0 when they are not all there."""
    start = name.find(word[0])
    if start < 0:
        return 0.0
    at = start
    for letter in word[1:]:
        at = name.find(letter, at + 1)
        if at < 0:
            return 0.0
    stretch = (at - start + 1) / len(word)
    return stretch if stretch <= 3 else 0.0
