"""A rule written in the program as a model file of this project, to be put into the folder of its stage."""

from __future__ import annotations

import ast
import json
import keyword
import math
import re

from engine import written
from engine.declare import INFINITY, Field, Param, Quantity, Rule
from engine.errors import ModelError
from engine.written.words import SETTINGS, STAGES, Definition

WORDS = ("param", "choice", "trace", "field", "quantity", "lagged", "total", "role")
"""The words things are declared with."""
CALLED = ("clip", "where", "uniform", "normal", "poisson", "binomial")
"""The functions of hooks that come from this project; the others are those of Python."""


def as_model_file(definition: Definition) -> str:
    """The same rule as a model file of this project, to be put into the folder of its stage.

    Raises:
        ModelError: the definition is no rule, or a name of it would hide a word of model files.
    """
    made = written.sketched(definition)
    body = _body(made)
    words = {word for word in WORDS if re.search(rf"^\w+ = {word}\(", "\n".join(body), re.M)}
    hidden = [name for name in _names(made) if name in {*WORDS, *CALLED, "INFINITY"}]
    if hidden:
        raise ModelError(f"{hidden[0]} is a word of model files; call it {hidden[0]}_ before it is exported")
    kind, called = STAGES[made.stage].__name__, _called(made)
    if any("INFINITY" in line for line in body):
        words.add("INFINITY")
    words |= called & set(CALLED)
    from_math = sorted(name for name in called if hasattr(math, name) and name not in CALLED)
    about = (made.about() or f"{made.label}: a rule written in the editor.").strip()
    slug = re.sub(r"_[0-9a-f]{10}$", "", made.slug)
    lines = [f'"""{_inside(about)}"""', ""]
    if from_math:
        lines += [f"from math import {', '.join(from_math)}", ""]
    lines += [f"from engine.declare import {', '.join([kind, *sorted(words)])}", "", ""]
    name = "".join(word.title() for word in slug.split("_"))
    name = f"{name}Rule" if keyword.iskeyword(name) else name
    clock = ', clock="slow"' if made.clock != STAGES[made.stage].clock else ""
    lines.append(
        f'class {name}({kind}, slug="{slug}", label={_quoted(made.label)}, family="Written"{clock}):'
    )
    lines += [f"    {line}" if line else "" for line in body]
    return "\n".join(lines) + "\n"


def _names(made: type[Rule]) -> list[str]:
    return [*made.params, *made.traces, *made.fields, *made.quantities, *made.totals, *made.roles]


def _called(made: type[Rule]) -> set[str]:
    """The functions its hooks and formulas call."""
    trees = [made.source_of(hook) for hook in made.hooks]
    trees += [getattr(made, name).tree for name in _formulas(made)]
    return {
        node.func.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def _formulas(made: type[Rule]) -> list[str]:
    said = json.loads(written.text_of(made.slug)).get("settings", {})
    return [name for name, text in said.items() if SETTINGS[name].kind == "formula" and text.strip()]


def _body(made: type[Rule]) -> list[str]:
    """The lines of its class, without their indentation."""
    lines = [f"formula = {_quoted(made.formula)}"] if made.formula else []
    lines += [
        f"{name} = {_quoted(value)}"
        for name in written.SAID
        if (value := getattr(made, name, "")) and value != getattr(STAGES[made.stage], name, "")
    ]
    lines += [f"wants = {dict(made.wants)!r}"] if made.wants else []
    lines += ['seeks = "rate"'] if made.seeks else []
    if made.presets:
        lines.append(f"presets = { ({name: dict(values) for name, values in made.presets.items()})!r}")
    lines += [""] if lines else []
    choosers = {one.chosen_by for one in made.roles.values()}
    lines += [
        _param(one) for name, one in made.params.items() if name not in choosers
    ]  # roles bring their own
    for trace in made.traces.values():
        near = f", nearest={trace.nearest!r}" if trace.nearest else ""
        lines.append(
            f'{trace.name} = trace("{trace.owner}", tau="{trace.tau}", doc={_quoted(trace.doc)}{near})'
        )
    lines += [_field(one) for one in made.fields.values()]
    lines += [_quantity(one) for one in made.quantities.values()]
    for total in made.totals.values():
        lines.append(f'{total.name} = total("{total.of}", {_quoted(total.unit)}, {_quoted(total.doc)})')
    for heard in made.roles.values():
        tau = f', tau="{heard.tau}"' if heard.tau else ""
        area = ", has_area=True" if heard.has_area else ""
        lines.append(f'{heard.name} = role("{heard.substance}"{tau}, doc={_quoted(heard.doc)}{area})')
    for hook in made.hooks:
        lines += ["", "@staticmethod", *_text(made.source_of(hook))]
    for name in _formulas(made):
        lines += ["", "@staticmethod", *_text(getattr(made, name).tree)]
    return lines


def _text(tree: ast.FunctionDef) -> list[str]:
    return ast.unparse(ast.fix_missing_locations(tree)).splitlines()


def _param(one: Param) -> str:
    told, source = _quoted(one.doc), f"source={_quoted(one.source)}"
    if one.is_choice:
        return f"{one.name} = choice({one.shown_default!r}, {one.options!r}, {told}, {source})"
    whole = ", whole=True" if one.is_whole else ""
    limits = f"({one.low!r}, {one.high!r})"
    return f"{one.name} = param({one.default!r}, {_quoted(one.unit)}, {limits}, {told}, {source}{whole})"


def _field(one: Field) -> str:
    slow = ", slow=True" if one.slow else ""
    limits = ""
    if one.low > -INFINITY or one.high < INFINITY:
        low, high = (repr(x).replace("inf", "INFINITY") for x in (one.low, one.high))
        limits = f", limits=({low}, {high})"
    return f"{one.name} = field({one.init!r}, {_quoted(one.unit)}, {_quoted(one.doc)}{slow}{limits})"


def _quantity(one: Quantity) -> str:
    if one.of:
        return f'{one.name} = lagged("{one.owner}", "{one.of}", by="{one.by}", doc={_quoted(one.doc)})'
    return f'{one.name} = quantity("{one.owner}", {one.init!r}, {_quoted(one.unit)}, {_quoted(one.doc)})'


def _plain(text: str) -> str:
    """The text without what no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _quoted(text: str) -> str:
    """A text as it stands in a file of Python, whatever is in it."""
    return json.dumps(_plain(text), ensure_ascii=False)


def _inside(text: str) -> str:
    """A text as it stands between three quotation marks: it cannot end them."""
    safe = _plain(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'{safe[:-1]}\\"' if safe.endswith('"') else safe
