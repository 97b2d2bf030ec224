"""Rules written in the program: text of arithmetic, made into a declaration like those of model files.

A definition is JSON: label, stage, parameters, traces, fields, and the lines of each hook.  Its slug carries
the hash of what it says, so two files may each bring a rule of the same name, and none is ever mistaken for
the other.  Nothing of it is executed as Python.
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
    Expression,
    Field,
    Gate,
    Homeostasis,
    Induction,
    Param,
    Rule,
    Trace,
)
from engine.errors import ModelError, did_you_mean

STAGES: dict[str, type[Rule]] = {kind.stage: kind for kind in (Induction, Gate, Expression, Homeostasis)}
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_TEXT, MOST_THINGS, MOST_HOOK = 40_000, 40, 4_000
PARTS = ("label", "stage", "about", "formula", "params", "traces", "fields", "hooks")
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
    return Param(default, str(given.get("unit", "")), low, high, str(given.get("doc", "")), "written here")


def _trace(name: str, given: Mapping[str, Any], params: Mapping[str, Any]) -> Trace:
    owner, tau = given.get("owner"), given.get("tau")
    if owner not in ("pre", "post"):
        raise ModelError(f'trace {name}: owner is {owner!r}; it must be "pre" or "post"')
    found = params.get(str(tau))
    if not isinstance(found, Param):
        known = [other for other, one in params.items() if isinstance(one, Param)]
        raise ModelError(f"trace {name}: tau {tau!r} is not a parameter{did_you_mean(str(tau), known)}")
    if found.low <= 0.0:
        raise ModelError(
            f"trace {name}: {tau} may be {found.low:g}; a time constant needs a lower limit above 0"
        )
    return Trace(owner, str(tau), str(given.get("doc", "")), bool(given.get("nearest", False)))


def _field(name: str, given: Mapping[str, Any]) -> Field:
    init = _number("field", name, given, "init", 0.0)
    return Field(init, str(given.get("unit", "")), str(given.get("doc", "")), bool(given.get("slow", False)))


def _hooks(definition: Definition, label: str, base: type[Rule]) -> dict[str, ast.FunctionDef]:
    given = definition.get("hooks", {})
    if not isinstance(given, Mapping) or not given:
        raise ModelError(f"the rule does nothing yet: write {' or '.join(base.hook_names)}")
    trees: dict[str, ast.FunctionDef] = {}
    for name, text in given.items():
        if name not in base.hook_names:
            near = did_you_mean(str(name), base.hook_names)
            raise ModelError(
                f"{label}: {name!r} is no hook of {base.stage}{near}; it has {', '.join(base.hook_names)}"
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
        """Change of a half-maximal synapse by one pair, `dt` = t_post - t_pre (ms)."""
        taus = {name: (one.owner, float(getattr(p, one.tau))) for name, one in rule.traces.items()}
        fields = {name: float(one.init) for name, one in rule.fields.items()}
        return pair_change(rule.hooks, taus, dt, p, fields)

    return window


# -- as a model file -------------------------------------------------------------------------------


def as_model_file(definition: Definition) -> str:
    """The same rule as a model file of this project, to be put into the folder of its stage."""
    made = declare(definition)
    slug = re.sub(r"_[0-9a-f]{10}$", "", made.slug)
    kind = STAGES[made.stage].__name__
    words = sorted({"param"} | ({"trace"} if made.traces else set()) | ({"field"} if made.fields else set()))
    called = sorted(
        {
            node.func.id
            for hook in made.hooks
            for node in ast.walk(made.source_of(hook))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("clip", "where")
        }
    )
    about = (made.about() or f"{made.label}: a rule written in the editor.").strip()
    lines = [f'"""{about}"""', "", f"from engine.declare import {', '.join([kind, *called, *words])}", "", ""]
    name = "".join(word.title() for word in slug.split("_"))
    lines.append(f'class {name}({kind}, slug="{slug}", label={json.dumps(made.label)}, family="Written"):')
    body = [f"formula = {json.dumps(made.formula)}", ""] if made.formula else []
    for key, one in made.params.items():
        limits = f"({one.low!r}, {one.high!r})"
        body.append(
            f"{key} = param({one.default!r}, {json.dumps(one.unit)}, {limits}, {json.dumps(one.doc)})"
        )
    for key, trace in made.traces.items():
        near = ", nearest=True" if trace.nearest else ""
        body.append(f'{key} = trace("{trace.owner}", tau="{trace.tau}", doc={json.dumps(trace.doc)}{near})')
    for key, kept in made.fields.items():
        slow = ", slow=True" if kept.slow else ""
        body.append(f"{key} = field({kept.init!r}, {json.dumps(kept.unit)}, {json.dumps(kept.doc)}{slow})")
    for hook in made.hooks:
        tree = made.source_of(hook)
        body += ["", "@staticmethod", *ast.unparse(ast.fix_missing_locations(tree)).splitlines()]
    lines += [f"    {line}" if line else "" for line in body]
    return "\n".join(lines) + "\n"
