"""A rule of a model file as a definition: what the rule editor begins with, to be changed and watched.

What a written rule cannot say is left out: a curve drawn by a function of its own.  The run is the same to
the bit.
"""

from __future__ import annotations

import ast
import json
import math
import textwrap
from collections.abc import Callable
from typing import Any

from engine import parsing
from engine.declare import Param, Rule
from engine.declare.declaration import text_of
from engine.errors import ModelError
from engine.written.hooks import formulas
from engine.written.words import SETTINGS, settings_of

NEVER = 1e300
"""ms; what stands for an infinite time in a formula."""


def definition_of(rule: type[Rule], label: str = "") -> dict[str, Any]:
    """The definition that says what a rule says, of a model file or written; `label` is its new name.

    The modulator of a role is chosen by a parameter that every role brings.
    """
    if text := getattr(rule, "definition", ""):
        return {**json.loads(text), **({"label": label} if label else {})}
    choosers = {one.chosen_by for one in rule.roles.values()}
    found: dict[str, Any] = {
        "label": label or rule.label,
        "stage": rule.stage,
        "about": rule.about(),
        "formula": rule.formula,
        "params": {name: _param(one) for name, one in rule.params.items() if name not in choosers},
        "traces": {
            name: _said(owner=one.owner, tau=one.tau, nearest=one.nearest, doc=one.doc)
            for name, one in rule.traces.items()
        },
        "fields": {
            name: {"init": one.init}
            | _said(unit=one.unit, doc=one.doc, slow=one.slow)
            | _limits(one.low, one.high)
            for name, one in rule.fields.items()
        },
        "quantities": {
            name: _said(owner=one.owner, of=one.of, by=one.by, unit=one.unit, doc=one.doc)
            | ({} if one.of else {"init": one.init})
            for name, one in rule.quantities.items()
        },
        "totals": {
            name: _said(share=_expression(rule.source_of(one.of)), unit=one.unit, doc=one.doc)
            for name, one in rule.totals.items()
        },
        "roles": {
            name: _said(substance=one.substance, tau=one.tau, area=one.has_area, doc=one.doc)
            for name, one in rule.roles.items()
        },
        "settings": _settings(rule),
        "presets": {
            name: {one: value for one, value in values.items() if one not in choosers}
            for name, values in rule.presets.items()
        },
        "hooks": {name: _lines(rule, name) for name in rule.hook_names if name in rule.hooks},
    }
    return {part: said for part, said in found.items() if said}


def _said(**values: Any) -> dict[str, Any]:
    """What is said at all."""
    return {name: value for name, value in values.items() if value}


def _limits(low: float, high: float) -> dict[str, float]:
    return {name: limit for name, limit in (("low", low), ("high", high)) if math.isfinite(limit)}


def _param(one: Param) -> dict[str, Any]:
    told = _said(unit=one.unit, doc=one.doc, source=one.source)
    if one.is_choice:
        return {"default": one.shown_default, "takes": ", ".join(one.options), **told}
    takes = {"takes": "whole"} if one.is_whole else {}
    return {"default": one.default, **_limits(one.low, one.high), **takes, **told}


def _expression(tree: ast.FunctionDef) -> str:
    """What a hook of one line returns, as text."""
    (returned,) = [node for node in tree.body if isinstance(node, ast.Return)]
    assert returned.value is not None
    return ast.unparse(returned.value)


def _lines(rule: type[Rule], hook: str) -> str:
    """The lines of a hook as they were written, with their comments."""
    text = text_of(rule.hooks[hook])
    tree = parsing.module(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    first = next(s for s in tree.body if not isinstance(s, ast.Expr))
    return textwrap.dedent("\n".join(text.splitlines()[first.lineno - 1 :]))


def _settings(rule: type[Rule]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in settings_of(rule.stage):
        said: Any = getattr(rule, name, "")
        if name == "wants":
            said = "".join(f"{thing}: {otherwise}" for thing, otherwise in list(rule.wants.items())[:1])
        if SETTINGS[name].kind != "formula":
            if said and said != getattr(rule.__mro__[1], name, ""):
                found[name] = str(said)
        elif name not in ("set_point", "pace", "looks_back") or rule.seeks:
            text = _formula(said)
            try:
                formulas({"params": dict.fromkeys(rule.params), "settings": {name: text}})
            except ModelError:
                continue  # more than arithmetic of parameters
            if text:
                found[name] = text
    return found


def _formula(function: Callable[..., Any] | str) -> str:
    """What a plain function of parameters returns; "" where there is none or it takes more than a line."""
    if not callable(function):
        return ""
    tree = parsing.module(text_of(function)).body[0]
    returned = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    if len(returned) != 1 or returned[0].value is None:
        return ""
    return ast.unparse(returned[0].value).replace("float('inf')", f"{NEVER:g}")
