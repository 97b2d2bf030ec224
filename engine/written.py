"""Rules written in the program: text of arithmetic, made into a declaration like those of model files.

A definition is JSON: label, stage, parameters, traces, fields, roles, and the lines of each hook.  Its slug
carries the hash of what it says, so two files may each bring a rule of the same name, and none is ever
mistaken for the other.  Nothing of it is executed as Python.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
import textwrap
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from engine import parsing, registry
from engine.arithmetic import PLAIN, ROWS
from engine.arithmetic_value import Hook, pair_change
from engine.declare import (
    SUBSTANCES,
    Expression,
    Field,
    Gate,
    Homeostasis,
    Induction,
    Param,
    Role,
    Rule,
    Trace,
)
from engine.errors import ModelError, did_you_mean

STAGES: dict[str, type[Rule]] = {kind.stage: kind for kind in (Induction, Gate, Expression, Homeostasis)}
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_TEXT, MOST_THINGS, MOST_HOOK = 40_000, 40, 4_000
PARTS = ("label", "stage", "about", "formula", "params", "traces", "fields", "roles", "hooks")
LISTENING = ("induction", "gate")
"""Stages whose rules may listen to modulators."""
CANNOT = ("on_late", "on_event")
"""Hooks that need more than a written rule can declare: a delay of their own, a kind of event."""
LEVEL = {"": 1.0, "_rest": 0.0, "_dose": 0.0}
"""What a window is drawn at: every modulator one release above rest."""
RESERVED = frozenset(("w", "dw", "amount", "doomed", "w_min", "w_max"))
Definition = Mapping[str, Any]


class Written(Rule):
    """What a written rule is besides its stage: the text it was made from."""

    definition: str = ""


def canonical(definition: Definition) -> str:
    """A definition as the one text it is kept and compared as."""
    return json.dumps({name: definition[name] for name in PARTS if definition.get(name)}, sort_keys=True)


def read(text: str) -> dict[str, Any]:
    """A definition from its text.

    Raises:
        ModelError: it is no JSON object, or larger than a rule can be.
    """
    if len(text) > MOST_TEXT:
        raise ModelError(f"a written rule of {len(text):,} characters; at most {MOST_TEXT:,}")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"a written rule is not readable: {error}") from error
    if not isinstance(found, dict):
        raise ModelError("a written rule is an object with a label, a stage and hooks")
    return found


def slug_of(definition: Definition) -> str:
    """Its name in files and kernels: the label, and the hash of all it says."""
    stem = re.sub(r"[^a-z0-9]+", "_", str(definition.get("label", "")).lower()).strip("_")[:24] or "rule"
    if not stem[0].isalpha():
        stem = f"r_{stem}"
    digest = hashlib.blake2b(canonical(definition).encode(), digest_size=5).hexdigest()
    return f"{stem}_{digest}"


def declare(definition: Definition) -> type[Rule]:
    """The declaration a definition describes; the same for the same definition.

    Raises:
        ModelError: says which part, which line, what is wrong and what would be right.
    """
    unknown = [name for name in definition if name not in PARTS]
    if unknown:
        raise ModelError(f"a written rule has no {unknown[0]!r}{did_you_mean(unknown[0], PARTS)}")
    try:
        definition = json.loads(canonical(definition))
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelError(f"a written rule is made of texts and numbers: {error}") from error
    label = _text(definition, "label")
    if not label.strip():
        raise ModelError("give the rule a name")
    stage = _text(definition, "stage")
    if stage not in STAGES:
        raise ModelError(f"stage {stage!r} is none of {', '.join(STAGES)}{did_you_mean(stage, STAGES)}")
    slug = slug_of(definition)
    if registry.knows(slug, "rule"):
        return registry.find(slug, "rule")
    base = STAGES[stage]
    body: dict[str, Any] = {}
    for name, given in _things(definition, "params"):
        body[name] = _param(name, given)
    for name, given in _things(definition, "traces", body):
        body[name] = _trace(name, given, body)
    for name, given in _things(definition, "fields", body):
        body[name] = _field(name, given)
    trees = _hooks(definition, label, base)
    for name, given in _things(definition, "roles", body):
        if stage not in LISTENING:
            raise ModelError(f"{stage} listens to no modulator; an {' or a '.join(LISTENING)} can")
        body[name] = _role(name, given, body)
    _only_declared(trees, label, {n: one for n, one in body.items() if isinstance(one, Role)})
    body |= {
        "formula": _text(definition, "formula"),
        "definition": canonical(definition),
        "__doc__": _text(definition, "about"),
    }
    body["about"] = classmethod(lambda cls: cls.__doc__ or "")
    body["source_of"] = classmethod(lambda cls, hook: copy.deepcopy(trees[hook]))
    made: type[Rule] = type(
        "".join(word.title() for word in slug.split("_")),
        (base, Written),
        body,
        slug=slug,
        label=label,
        family="Written here",
    )
    made.hooks = {name: Hook(f"{label}.{name}", tree) for name, tree in trees.items()}
    if stage == "induction":
        made.window = staticmethod(_window_of(made))  # type: ignore[attr-defined]
    registry.add(made)
    return made


def learn(text: str) -> type[Rule]:
    """The declaration of a definition kept as text; from now on its slug can be found.

    Raises:
        ModelError: it is not a rule, or not only arithmetic.
    """
    return declare(read(text))


def offered(stage: str) -> tuple[str, ...]:
    """The hooks that a written rule of this stage may have."""
    return tuple(name for name in STAGES[stage].hook_names if name not in CANNOT) if stage in STAGES else ()


def text_of(slug: str) -> str:
    """The definition of a rule by its slug; "" for one of a model file, or unknown."""
    if not registry.knows(slug, "rule"):
        return ""
    return str(getattr(registry.find(slug, "rule"), "definition", ""))


# -- parts -----------------------------------------------------------------------------------------


def _text(definition: Definition, name: str) -> str:
    value = definition.get(name, "")
    if not isinstance(value, str):
        raise ModelError(f"{name} of a written rule is a text, not {value!r}")
    return value


def _things(
    definition: Definition, kind: str, taken: Mapping[str, Any] | None = None
) -> list[tuple[str, Mapping[str, Any]]]:
    given = definition.get(kind, {})
    if not isinstance(given, Mapping) or not all(isinstance(one, Mapping) for one in given.values()):
        raise ModelError(f"{kind} of a written rule are described by name")
    if len(given) > MOST_THINGS:
        raise ModelError(f"{len(given)} {kind}; at most {MOST_THINGS}")
    for name in given:
        if not NAME.fullmatch(str(name)):
            raise ModelError(
                f"{kind}: {name!r} is no name; begin with a small letter, then letters, digits, _"
            )
        if name in RESERVED or hasattr(Rule, name):
            raise ModelError(f"{kind}: {name!r} is taken by every rule; choose another name")
        if taken is not None and name in taken:
            raise ModelError(f"{kind}: {name!r} is declared twice")
    return list(given.items())


def _number(kind: str, name: str, given: Mapping[str, Any], key: str, default: float) -> float:
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
        raise ModelError(f"{kind} {name}: {key} is {value!r}; it must be a number")
    return float(value)


def _param(name: str, given: Mapping[str, Any]) -> Param:
    low, high = (_number("parameter", name, given, key, d) for key, d in (("low", -1e12), ("high", 1e12)))
    default = _number("parameter", name, given, "default", 0.0)
    if not low <= default <= high:
        raise ModelError(f"parameter {name}: {default:g} is not between {low:g} and {high:g}")
    source = str(given.get("source", "")) or "written here"
    return Param(default, str(given.get("unit", "")), low, high, str(given.get("doc", "")), source)


def _tau_of(kind: str, name: str, given: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """The name of the parameter a trace or a role decays with."""
    tau = given.get("tau")
    found = params.get(str(tau))
    if not isinstance(found, Param):
        known = [other for other, one in params.items() if isinstance(one, Param)]
        raise ModelError(f"{kind} {name}: tau {tau!r} is not a parameter{did_you_mean(str(tau), known)}")
    if found.low <= 0.0:
        raise ModelError(
            f"{kind} {name}: {tau} may be {found.low:g}; a time constant needs a lower limit above 0"
        )
    return str(tau)


def _trace(name: str, given: Mapping[str, Any], params: Mapping[str, Any]) -> Trace:
    owner = given.get("owner")
    if owner not in ("pre", "post"):
        raise ModelError(f'trace {name}: owner is {owner!r}; it must be "pre" or "post"')
    return Trace(
        owner,
        _tau_of("trace", name, given, params),
        str(given.get("doc", "")),
        bool(given.get("nearest", False)),
    )


def _field(name: str, given: Mapping[str, Any]) -> Field:
    init = _number("field", name, given, "init", 0.0)
    return Field(init, str(given.get("unit", "")), str(given.get("doc", "")), bool(given.get("slow", False)))


def _role(name: str, given: Mapping[str, Any], taken: Mapping[str, Any]) -> Role:
    substance = str(given.get("substance", ""))
    if substance not in SUBSTANCES:
        near = did_you_mean(substance, SUBSTANCES)
        raise ModelError(
            f"role {name}: {substance!r} is no substance{near}; it is one of {', '.join(SUBSTANCES)}"
        )
    tau = _tau_of("role", name, given, taken) if given.get("tau") else ""
    if f"{name}_from" in taken:
        raise ModelError(
            f"role {name}: {name}_from says which modulator plays it; call the other thing differently"
        )
    doc = str(given.get("doc", "")) or substance.capitalize()
    return Role(substance, tau, doc, "", bool(given.get("area", False)))


def _only_declared(trees: Mapping[str, ast.FunctionDef], label: str, roles: Mapping[str, Role]) -> None:
    """Refuse hooks that read of `mod` what no role declares, with the line."""
    levels = [f"{name}{end}" for name, one in roles.items() if one.tau for end in ("", "_rest")]
    doses = [f"{name}_dose" for name in roles]
    for hook, tree in trees.items():
        known = [*levels, *(doses if hook == "on_release" else ())]
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "mod"
            ):
                continue
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


def _hooks(definition: Definition, label: str, base: type[Rule]) -> dict[str, ast.FunctionDef]:
    given = definition.get("hooks", {})
    if not isinstance(given, Mapping) or not given:
        raise ModelError(f"the rule does nothing yet: write {' or '.join(base.hook_names)}")
    trees: dict[str, ast.FunctionDef] = {}
    for name, text in given.items():
        if name not in offered(base.stage):
            near = did_you_mean(str(name), offered(base.stage))
            raise ModelError(
                f"{label}: {name!r} is no hook of {base.stage}{near}; it has {', '.join(offered(base.stage))}"
            )
        if not isinstance(text, str) or len(text) > MOST_HOOK:
            raise ModelError(f"{label}.{name}: a hook is a text of at most {MOST_HOOK:,} characters")
        if text.strip():
            trees[str(name)] = tree_of(text, f"{label}.{name}", str(name))
    if not trees:
        raise ModelError(f"the rule does nothing yet: write {' or '.join(base.hook_names)}")
    return trees


def tree_of(text: str, where: str, name: str = "hook") -> ast.FunctionDef:
    """The checked tree of a hook's lines; its arguments are the rows the lines speak of.

    Raises:
        ModelError: with the line, what is wrong and what would be right.
    """
    body = textwrap.dedent(text).strip("\n")
    try:
        found = parsing.module(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 1) or 1
        what = getattr(error, "msg", None) or str(error) or "too deeply nested"
        raise ModelError(f"{where}, line {line}: {what}") from error
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


def _window_of(rule: type[Rule]) -> Any:
    def window(dt: float, p: SimpleNamespace) -> float:
        """Change of a half-maximal synapse by one pair at a level of 1, `dt` = t_post - t_pre (ms)."""
        taus = {name: (one.owner, float(getattr(p, one.tau))) for name, one in rule.traces.items()}
        fields = {name: float(one.init) for name, one in rule.fields.items()}
        levels = {f"{name}{end}": level for name in rule.roles for end, level in LEVEL.items()}
        return pair_change(rule.hooks, taus, dt, p, fields, levels)

    return window
