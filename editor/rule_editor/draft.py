"""A rule while it is being written: the texts of the form, and what is wrong with them, if anything.

Qt-free.  Numbers accept what people type ("20 ms", "1e-2"); a mistake is told with its place in the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.inspector.curves.held_synapse import HeldSynapse
from engine import registry, units, written
from engine.declare import Rule
from engine.errors import ModelError, UsageError

Row = dict[str, str]
COLUMNS: dict[str, tuple[str, ...]] = {
    "params": ("name", "default", "unit", "low", "high", "source", "doc"),
    "traces": ("name", "owner", "tau", "nearest", "doc"),
    "fields": ("name", "init", "unit", "slow", "doc"),
    "roles": ("name", "substance", "tau", "area", "doc"),
}
"""What one line of each table of the form says."""
NUMBERS = ("default", "low", "high", "init")
FLAGS = ("nearest", "slow", "area")
"""Columns that say yes or nothing."""
YES, NO = ("yes", "y", "true", "1"), ("", "no", "n", "false", "0")
LAGS = (10.0, -10.0, 40.0)
"""Lags of the test pairs, ms."""
PAIRS, APART = 60, 1000.0
"""How often a test pair fires, and the ms between: 60 pairs at 1 Hz, as Bi and Poo (1998) did."""

TEMPLATE: dict[str, Any] = {
    "label": "My rule",
    "stage": "induction",
    "about": "What it is, in one sentence a biologist could follow.",
    "formula": "+eta x  at post,   -eta y  at pre",
    "params": {
        "eta": {"default": 0.5, "unit": "", "low": 0.0, "high": 100.0, "doc": "Size of one step."},
        "tau": {
            "default": 20.0,
            "unit": "ms",
            "low": 0.1,
            "high": 10000.0,
            "doc": "How long a spike is remembered.",
        },
    },
    "traces": {
        "x": {"owner": "pre", "tau": "tau", "doc": "Recent presynaptic spikes."},
        "y": {"owner": "post", "tau": "tau", "doc": "Recent postsynaptic spikes."},
    },
    "hooks": {"on_pre": "syn.dw -= p.eta * post.y", "on_post": "syn.dw += p.eta * pre.x"},
}


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: the hook and its line (from 1), or "" and 0 for the rest of the form."""

    what: str
    hook: str = ""
    line: int = 0


@dataclass
class Draft:
    """The texts of the form."""

    label: str = ""
    stage: str = "induction"
    about: str = ""
    formula: str = ""
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    hooks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Draft:
        """The form filled from a definition."""
        texts = {part: str(definition.get(part, "")) for part in ("label", "stage", "about", "formula")}
        made = cls(texts["label"], texts["stage"], texts["about"], texts["formula"])
        for kind, columns in COLUMNS.items():
            for name, given in definition.get(kind, {}).items():
                row = {"name": name, **{c: _shown(given.get(c, "")) for c in columns if c != "name"}}
                made.tables[kind].append(row)
        made.hooks = dict(definition.get("hooks", {}))
        return made

    def definition(self) -> dict[str, Any]:
        """The definition the form describes.

        Raises:
            ModelError: a number cannot be read; says which.
        """
        found: dict[str, Any] = {
            "label": self.label.strip(), "stage": self.stage, "about": self.about, "formula": self.formula,
            "hooks": {n: self.hooks[n] for n in written.offered(self.stage) if self.hooks.get(n, "").strip()},
        }  # fmt: skip
        for kind, columns in COLUMNS.items():
            things: dict[str, dict[str, Any]] = {}
            for row in self.tables[kind]:
                name = row.get("name", "").strip()
                if not any(row.get(column, "").strip() for column in columns):
                    continue
                if name in things:
                    raise ModelError(f"{kind}: {name!r} is declared twice")
                things[name] = {
                    c: _read(kind, name, row, c) for c in columns if c != "name" and row.get(c, "").strip()
                }
            found[kind] = things
        if self.stage not in written.LISTENING:
            found["roles"] = {}  # kept in the form for a stage that listens
        return found

    def check(self) -> type[Rule] | Mistake:
        """The rule the form describes, or what is wrong with it."""
        try:
            return written.declare(self.definition())
        except ModelError as error:
            return self._place(str(error))

    def _place(self, what: str) -> Mistake:
        at = re.search(r"\.(\w+), line (\d+): (.*)", what, re.S)
        if at and at[1] in self.hooks:
            return Mistake(at[3], at[1], int(at[2]))
        return Mistake(what)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return YES[0] if value else ""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _read(kind: str, name: str, row: Row, column: str) -> Any:
    text = row[column].strip()
    if column in FLAGS:
        if text.lower() not in YES + NO:
            raise ModelError(f"{kind[:-1]} {name}: {column} is {text!r}; write yes, or nothing")
        return text.lower() in YES
    if column not in NUMBERS:
        return text
    try:
        return units.read(text, row.get("unit", "").strip())
    except UsageError as error:
        raise ModelError(f"{kind[:-1]} {name}: {column}: {error}") from error


Trial = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Times (s) and weights (share of the largest)."""


def trial(rule: type[Rule], lag: float, released: bool = True) -> Trial:
    """The weight of a test synapse over sixty pairs a second apart, `lag` = t_post - t_pre (ms).

    The synapse starts half-maximal.  With `released` every modulator comes with every pair; a rule of another
    stage than induction is tried on what the usual induction proposes.
    """
    p = _bounded(rule.row())
    known = usual_induction()
    pairs = [(known, _bounded(known.row()))] if rule.stage != "induction" else []
    syn = HeldSynapse([*pairs, (rule, p)])
    when, weight = [0.0], [syn.w]
    for k in range(PAIRS):
        syn.pair(lag, released)
        when.append(k * APART + abs(lag))
        weight.append(syn.w)
        syn.wait(APART - abs(lag))
        when.append((k + 1) * APART)
        weight.append(syn.w)
    return np.array(when) / 1000.0, np.array(weight) / p.w_max


def usual_induction() -> type[Rule]:
    """The induction a drawing begins with."""
    found = next(one for one in registry.all("rule") if one.stage == "induction" and one.usual)
    assert issubclass(found, Rule)
    return found


def can_be_tried(rule: type[Rule]) -> bool:
    """Whether pairs of spikes are enough to show what a rule does."""
    others = {"on_step", "between", "on_neuron", "on_pre_neuron", "on_slow"} & set(rule.hooks)
    return rule.stage != "homeostasis" and not others and not rule.asks("pre") and not rule.asks("post")


def substances(rule: type[Rule]) -> str:
    """What a rule listens to, in words; "" for nothing."""
    return " and ".join(
        dict.fromkeys(
            "a modulator" if one.substance == "any" else one.substance for one in rule.roles.values()
        )
    )


def _bounded(p: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(p), "w_min": 0.0, "w_max": 100.0})
