"""A rule while it is being written: the texts of the form, and what is wrong with them, if anything.

Qt-free.  Numbers accept what people type ("20 ms", "1e-2"); a mistake is told with its place in the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import units, written
from engine.declare import Rule
from engine.errors import ModelError, UsageError
from engine.kernels import recipes
from engine.written.hooks import offered
from engine.written.words import SHARE, has, settings_of

Row = dict[str, str]
COLUMNS: dict[str, tuple[str, ...]] = {
    "params": ("name", "default", "unit", "low", "high", "takes", "source", "doc"),
    "traces": ("name", "owner", "tau", "nearest", "doc"),
    "fields": ("name", "init", "unit", "low", "high", "slow", "doc"),
    "quantities": ("name", "owner", "init", "of", "by", "unit", "doc"),
    "totals": ("name", "share", "unit", "doc"),
    "roles": ("name", "substance", "tau", "area", "doc"),
    "presets": ("name", "values"),
}
"""What one line of each table of the form says."""
NUMBERS = ("default", "low", "high", "init")
OR_NAMES = ("default", "init", "nearest")
"""Columns that may also name something."""
FLAGS = ("nearest", "slow", "area")
"""Columns that say yes or nothing."""
YES, NO = ("yes", "y", "true", "1"), ("", "no", "n", "false", "0")

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
    settings: dict[str, str] = field(default_factory=dict)
    hooks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Draft:
        """The form filled from a definition."""
        texts = {part: str(definition.get(part, "")) for part in ("label", "stage", "about", "formula")}
        made = cls(texts["label"], texts["stage"], texts["about"], texts["formula"])
        for kind, columns in COLUMNS.items():
            for name, given in definition.get(kind, {}).items():
                row = {"name": name, **{c: _shown(given.get(c, "")) for c in columns if c != "name"}}
                if kind == "presets":
                    row["values"] = ", ".join(f"{one} = {_shown(value)}" for one, value in given.items())
                made.tables[kind].append(row)
        made.settings = dict(definition.get("settings", {}))
        made.hooks = dict(definition.get("hooks", {}))
        return made

    def definition(self) -> dict[str, Any]:
        """The definition the form describes; what its stage does not have stays in the form alone.

        Raises:
            ModelError: a number cannot be read; says which.
        """
        found: dict[str, Any] = {
            "label": self.label.strip(), "stage": self.stage, "about": self.about, "formula": self.formula,
            "hooks": {n: self.hooks[n] for n in offered(self.stage) if self.hooks.get(n, "").strip()},
            "settings": {
                n: text for n in settings_of(self.stage) if (text := self.settings.get(n, "").strip())
            },
        }  # fmt: skip
        for kind, columns in COLUMNS.items():
            found[kind] = self._things(kind, columns) if has(self.stage, kind) else {}
        return found

    def _things(self, kind: str, columns: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        things: dict[str, dict[str, Any]] = {}
        for row in self.tables[kind]:
            name = row.get("name", "").strip()
            if not any(row.get(column, "").strip() for column in columns):
                continue
            if name in things:
                raise ModelError(f"{kind}: {name!r} is declared twice")
            things[name] = (
                self._preset(name, row.get("values", ""))
                if kind == "presets"
                else {c: _read(kind, name, row, c) for c in columns if c != "name" and row.get(c, "").strip()}
            )
        return things

    def _preset(self, label: str, text: str) -> dict[str, Any]:
        """The numbers of a preset, written as `room = 2.6, keen = 1`."""
        rows = {row.get("name", "").strip(): row for row in self.tables["params"]}
        found: dict[str, Any] = {}
        for piece in filter(str.strip, text.split(",")):
            name, told, value = (each.strip() for each in piece.partition("="))
            if not told or not value:
                raise ModelError(f"preset {label}: {piece.strip()!r}; write a parameter = a number")
            row = {**rows.get(name, {}), "default": value}
            found[name] = _read("params", name, row, "default")
        return found

    def check(self) -> type[Rule] | Mistake:
        """The rule the form describes, or what is wrong with it: as a definition, and as a kernel."""
        try:
            rule = written.sketched(self.definition())
            for recipe in recipes.alone(rule):
                recipe.kernels()
        except ModelError as error:
            return self._place(str(error))
        return rule

    def _place(self, what: str) -> Mistake:
        at = re.search(r"\.(\w+), line (\d+): (.*)", what, re.S)
        if at and at[1] in self.hooks:
            return Mistake(at[3], at[1], int(at[2]))
        if at and at[1].endswith(SHARE):
            return Mistake(f"total {at[1].removesuffix(SHARE)}: {at[3]}")
        return Mistake(re.sub(r"^(total \w+|[^.]*\(\w+\)), line 1: ", r"\1: ", what))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return YES[0] if value else ""
    if not isinstance(value, int | float):
        return str(value)
    short = f"{value:g}" if float(f"{value:g}") == value else f"{value:.15g}"
    return re.sub(r"e\+?(-?)0*", r"e\1", short)


def _read(kind: str, name: str, row: Row, column: str) -> Any:
    text = row[column].strip()
    if column in FLAGS:
        if text.lower() in YES + NO:
            return text.lower() in YES
        if column in OR_NAMES and re.fullmatch(r"[A-Za-z]\w*", text):
            return text
        what = "write yes, or nothing" + (", or a parameter" if column in OR_NAMES else "")
        raise ModelError(f"{_one(kind)} {name}: {column} is {text!r}; {what}")
    if column not in NUMBERS or (column == "default" and "," in row.get("takes", "")):
        return text
    try:
        return units.read(text, row.get("unit", "").strip())
    except UsageError as error:
        if column == "init" and re.fullmatch(r"[A-Za-z]\w*", text):
            return text  # a parameter, or a state of the neuron
        raise ModelError(f"{_one(kind)} {name}: {column}: {error}") from error


def _one(kind: str) -> str:
    """What a single thing of a table is called."""
    return "quantity" if kind == "quantities" else kind[:-1]
