"""The arithmetic of a written rule: its hooks, the share of a synapse in a total, formulas of parameters.

Each becomes a checked syntax tree whose arguments are the rows its lines speak of; a mistake is told with its
hook and its line.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

from engine import parsing
from engine.arithmetic import CHANCE, MOVES, PLAIN, ROWS
from engine.arithmetic_value import Hook
from engine.declare import EXCITABILITY, Param, Quantity, Role, Rule, Total
from engine.errors import ModelError, did_you_mean
from engine.written.words import MOST_HOOK, SETTINGS, SHARE, STAGES, Definition

Trees = dict[str, ast.FunctionDef]
MOST_DEEP = 100
ONE_LINE = ("awake", "form", "nearness")
"""Hooks that are one line, `return ...`."""
SLOW = ("on_slow", "form", "grow")
NEEDS = {
    "form": ("sites", "weight", "delay"),
    "grow": ("nu", "tau_ca", "beta_ca", "sigma", "tau_vacant", "weight", "delay"),
}
"""The parameters by which hooks that make synapses are run."""
MEANT = {
    "sites": "how many places a pair of neurons has",
    "weight": "the weight of a new synapse",
    "delay": "the delay of a new synapse, in ms",
    "nu": "how fast elements grow, per ms",
    "tau_ca": "how fast calcium decays, in ms",
    "beta_ca": "the calcium of a spike",
    "sigma": "how far partners may be, in um; 0: anywhere",
    "tau_vacant": "the share of free ends lost at each match",
}
ABOVE_ZERO = ("delay", "tau_ca")
MOST_SITES = 1000.0
UPDATE = Param(100.0, "ms", 0.1, 1e9, "How often it acts.", "our choice: often for what changes over seconds")
"""What a rule of the slow clock has that does not say how often it acts."""


def offered(stage: str) -> tuple[str, ...]:
    """The hooks that a written rule of this stage may have."""
    return STAGES[stage].hook_names if stage in STAGES else ()


def hooks(definition: Definition, label: str, base: type[Rule]) -> Trees:
    """The trees of all hooks that say something.

    Raises:
        ModelError: no hook of this stage, none at all, or more than arithmetic.
    """
    given = definition.get("hooks", {})
    nothing = f"the rule does nothing yet: write {' or '.join(base.hook_names)}"
    if not isinstance(given, Mapping) or not given:
        raise ModelError(nothing)
    trees: Trees = {}
    for name, text in given.items():
        if name not in offered(base.stage):
            near = did_you_mean(str(name), offered(base.stage))
            raise ModelError(
                f"{label}: {name!r} is no hook of {base.stage}{near}; it has {', '.join(offered(base.stage))}"
            )
        if not isinstance(text, str) or len(text) > MOST_HOOK:
            raise ModelError(f"{label}.{name}: a hook is a text of at most {MOST_HOOK:,} characters")
        if text.strip():
            trees[str(name)] = tree = tree_of(text, f"{label}.{name}", str(name))
            if name in ONE_LINE and not _is_one_line(tree):
                raise ModelError(f"{label}.{name}, line 1: this hook is one line, `return ...`")
    if not trees:
        raise ModelError(nothing)
    return trees


def shares(definition: Definition, label: str) -> Trees:
    """What one synapse adds to each total, as hooks.

    Raises:
        ModelError: not one expression of the synapse, its neurons and parameters.
    """
    trees: Trees = {}
    for name, given in dict(definition.get("totals", {})).items():
        where = f"total {name}"
        trees[f"{name}{SHARE}"] = tree = _returned(given.get("share", ""), where, f"{name}{SHARE}")
        if drawn := _draws(tree):
            raise ModelError(f"{where}: a share draws no chance; {drawn} is for hooks")
        for node in _of("post", tree):
            if node.attr in definition["totals"]:
                raise ModelError(f"{where}: a share cannot read the total post.{node.attr}")
    return trees


def formulas(definition: Definition) -> dict[str, Hook]:
    """The settings that are formulas, as functions of a row of parameters.

    Raises:
        ModelError: not one expression of declared parameters.
    """
    found: dict[str, Hook] = {}
    known = [*definition.get("params", {}), "w_min", "w_max"]
    for name, text in dict(definition.get("settings", {})).items():
        if SETTINGS[name].kind != "formula" or not text.strip():
            continue
        where = f"{SETTINGS[name].label} ({name})"
        tree = _returned(text, where, name)
        if _draws(tree):
            raise ModelError(f"{where}: chance has no place here")
        own = _of("p", tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and not (node in own and node.attr in known):
                told = ast.unparse(node)
                near = did_you_mean(node.attr, known)
                raise ModelError(f"{where}: {told} is no parameter{near}; write p and a parameter's name")
        tree.args.args = [ast.arg("p")]
        found[name] = Hook(where, tree)
    return found


def _is_one_line(tree: ast.FunctionDef) -> bool:
    return len(tree.body) == 1 and isinstance(tree.body[0], ast.Return)


def _of(row: str, tree: ast.AST) -> list[ast.Attribute]:
    """Every mention of a name of a row."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == row
    ]


def _draws(tree: ast.AST) -> str:
    """The chance an expression draws; "" for none."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return next((called.id for called in calls if isinstance(called, ast.Name) and called.id in CHANCE), "")


def _returned(text: Any, where: str, name: str) -> ast.FunctionDef:
    """The tree that returns an expression."""
    if not isinstance(text, str) or len(text) > MOST_HOOK:
        raise ModelError(f"{where}: one expression, of at most {MOST_HOOK:,} characters")
    text = text.strip().removeprefix("return ").strip()
    if not text:
        raise ModelError(f"{where}: say what is added, as syn.w or pre.x * syn.w")
    if "\n" in text:
        raise ModelError(f"{where}: one line")
    tree = tree_of(f"return {text}", where, name)
    if not _is_one_line(tree):
        raise ModelError(f"{where}: one expression")
    return tree


def tree_of(text: str, where: str, name: str = "hook") -> ast.FunctionDef:
    """The checked tree of a hook's lines; its arguments are the rows the lines speak of.

    Raises:
        ModelError: with the line, what is wrong and what would be right.
    """
    body = textwrap.dedent(text).rstrip()
    try:
        found = parsing.module(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 1) or 1
        what = getattr(error, "msg", None) or str(error) or "too deeply nested"
        raise ModelError(f"{where}, line {line}: {what}") from error
    _refuse_depth(found, where)
    rows = {
        node.value.id
        for node in ast.walk(found)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ROWS
    }
    plain = {node.id for node in ast.walk(found) if isinstance(node, ast.Name) and node.id in PLAIN}
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(row) for row in sorted(rows | plain)],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    tree = ast.FunctionDef(name=name, args=arguments, body=found.body or [ast.Pass()], decorator_list=[])
    tree.lineno, tree.col_offset = 0, 0
    ast.fix_missing_locations(tree)
    Hook(where, tree)
    return tree


def _refuse_depth(tree: ast.AST, where: str) -> None:
    """Refuse what is nested so deeply that walking it would end in a fault of the program."""
    level, depth = [tree], 0
    while level:
        depth += 1
        below = [child for node in level for child in ast.iter_child_nodes(node)]
        if depth > MOST_DEEP:
            line = next((node.lineno for node in level if isinstance(node, ast.expr | ast.stmt)), 1)
            raise ModelError(
                f"{where}, line {line}: nested more than {MOST_DEEP} deep; store parts of it under names"
            )
        level = below


# -- what hooks need -------------------------------------------------------------------------------


def check_needs(
    trees: Trees, label: str, stage: str, body: Mapping[str, Any], said: Mapping[str, str]
) -> None:
    """Refuse hooks that cannot run with what is declared, naming what to declare.

    Raises:
        ModelError: says what is missing, or which name of a row nothing declares.
    """
    if "on_late" in trees and "late" not in said:
        raise ModelError(f"{label}: on_late comes a while after the spike: set Late by to a parameter in ms")
    if "on_event" in trees and "hears" not in said:
        raise ModelError(f"{label}: on_event answers events of one kind: set Hears to it")
    if "set_point" in said and "pace" not in said:
        raise ModelError(f"{label}: say within which time it acts too (Acts within), or leave its rate out")
    if any(isinstance(one, Total) for one in body.values()) and "on_slow" not in trees:
        raise ModelError(f"{label}: totals are read by on_slow alone; write it, or leave them out")
    for hook in trees:
        for name in NEEDS.get(hook, ()):
            _needs(f"{label}: {hook}", name, body)
    _moves(trees, label, stage, body)
    _only_declared(trees, label, {name: one for name, one in body.items() if isinstance(one, Role)})


def _needs(where: str, name: str, body: Mapping[str, Any]) -> None:
    found = body.get(name)
    if not isinstance(found, Param):
        raise ModelError(f"{where} needs a parameter {name}, {MEANT[name]}; declare it")
    if found.low < 0.0 or (name in ABOVE_ZERO and found.low <= 0.0):
        least = "above 0" if name in ABOVE_ZERO else "of 0 or more"
        raise ModelError(f"{where}: {name} may be {found.low:g}; it needs a lower limit {least}")
    if name == "sites" and found.high > MOST_SITES:
        raise ModelError(
            f"{where}: {name} may be {found.high:g}; it needs an upper limit of {MOST_SITES:g} or less"
        )


def _moves(trees: Trees, label: str, stage: str, body: Mapping[str, Any]) -> None:
    """A hook of neurons changes what is declared of that neuron, and nothing else."""
    for hook, row in MOVES.items():
        if hook not in trees:
            continue
        own = [n for n, one in body.items() if isinstance(one, Quantity) and one.owner == row and not one.of]
        may = [*own, *(EXCITABILITY if stage == "homeostasis" else ())]
        for node in _of(row, trees[hook]):
            if not isinstance(node.ctx, ast.Store) or node.attr in may:
                continue
            cure = f"it may change {', '.join(may)}" if may else f"declare a quantity of the {row} neuron"
            raise ModelError(
                f"{label}.{hook}, line {node.lineno}: {row}.{node.attr} cannot be changed here"
                f"{did_you_mean(node.attr, may)}; {cure}"
            )


def _only_declared(trees: Trees, label: str, roles: Mapping[str, Role]) -> None:
    """Refuse hooks that read of `mod` what no role declares, with the line."""
    levels = [f"{name}{end}" for name, one in roles.items() if one.tau for end in ("", "_rest")]
    doses = [f"{name}_dose" for name in roles]
    for hook, tree in trees.items():
        known = [*levels, *(doses if hook == "on_release" else ())]
        for node in _of("mod", tree):
            if node.attr in known:
                continue
            where = f"{label}.{hook}, line {node.lineno}: there is no mod.{node.attr} here"
            if node.attr in doses:
                raise ModelError(f"{where}; a dose is met in on_release alone")
            if node.attr.removesuffix("_rest") in roles:
                raise ModelError(f"{where}; give the role a tau, without one it has no level")
            cure = (
                f"; it has {', '.join('mod.' + n for n in known)}"
                if known
                else "; declare what it listens to"
            )
            raise ModelError(f"{where}{did_you_mean(node.attr, known)}{cure}")
