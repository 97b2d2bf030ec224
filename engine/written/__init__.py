"""Rules written in the program: text of arithmetic, made into a declaration like those of model files.

A definition is JSON: label, stage, tables of what it declares (parameters, traces, fields, quantities,
totals, roles), settings, presets, and the lines of each hook.  Its slug carries the hash of what it says, so
two files may each bring a rule of the same name, and none is ever mistaken for the other.  Nothing of it is
executed as Python.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from engine import registry
from engine.arithmetic_value import Hook, pair_change
from engine.declare import Param, Rule
from engine.errors import ModelError, did_you_mean
from engine.written import parts
from engine.written.hooks import SLOW, UPDATE, check_needs, formulas, hooks, shares
from engine.written.words import MOST_TEXT, PARTS, STAGES, Definition, text_part

LEVEL = {"": 1.0, "_rest": 0.0, "_dose": 0.0}
"""What a window is drawn at: every modulator one release above rest."""
PAIRED = frozenset(("on_pre", "on_post"))
"""Hooks of which a pair of spikes tells everything."""
SAID = ("late", "hears", "every", "why", "because", "spine", "head", "signs", "caveat")
"""Settings that are texts of the declaration."""


class Written(Rule):
    """What a written rule is besides its stage: the text it was made from."""

    definition: str = ""


def canonical(definition: Definition) -> str:
    """A definition as the one text it is kept and compared as; what a table lists keeps its order."""
    said = {name: definition[name] for name in sorted(PARTS) if definition.get(name)}
    return json.dumps({name: _in_order(name, value) for name, value in said.items()})


def _in_order(part: str, value: Any) -> Any:
    """A part whose order says nothing with its names sorted; things of a table stay as they are listed."""
    if not isinstance(value, Mapping):
        return value
    if part in ("hooks", "settings"):
        return dict(sorted(value.items()))
    return {
        name: dict(sorted(one.items())) if isinstance(one, Mapping) else one for name, one in value.items()
    }


def read(text: str) -> dict[str, Any]:
    """A definition from its text.

    Raises:
        ModelError: it is no JSON object, or larger than a rule can be.
    """
    _bound(text)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"a written rule is not readable: {error}") from error
    if not isinstance(found, dict):
        raise ModelError("a written rule is an object with a label, a stage and hooks")
    return found


def _bound(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise ModelError(f"a written rule of {len(text):,} characters; at most {MOST_TEXT:,}")
    return text


def slug_of(definition: Definition) -> str:
    """Its name in files and kernels: the label, and the hash of all it says."""
    stem = re.sub(r"[^a-z0-9]+", "_", str(definition.get("label", "")).lower()).strip("_")[:24] or "rule"
    if not stem[0].isalpha():
        stem = f"r_{stem}"
    digest = hashlib.blake2b(canonical(definition).encode(), digest_size=5).hexdigest()
    return f"{stem}_{digest}"


def declare(definition: Definition) -> type[Rule]:
    """The declaration a definition describes; the same for the same definition, and found by its slug.

    Raises:
        ModelError: says which part, which line, what is wrong and what would be right.
    """
    made = sketched(definition)
    registry.add(made)
    return made


def sketched(definition: Definition) -> type[Rule]:
    """As `declare`, of a rule that is still being written: nobody else is offered it.

    Raises:
        ModelError: says which part, which line, what is wrong and what would be right.
    """
    unknown = [name for name in definition if name not in PARTS]
    if unknown:
        raise ModelError(f"a written rule has no {unknown[0]!r}{did_you_mean(unknown[0], PARTS)}")
    try:
        definition = json.loads(_bound(canonical(definition)))
    except (TypeError, ValueError, RecursionError) as error:
        raise ModelError(f"a written rule is made of texts and numbers: {error}") from error
    label = text_part(definition, "label")
    if not label.strip():
        raise ModelError("give the rule a name")
    stage = text_part(definition, "stage")
    if stage not in STAGES:
        raise ModelError(f"stage {stage!r} is none of {', '.join(STAGES)}{did_you_mean(stage, STAGES)}")
    slug = slug_of(definition)
    if registry.knows(slug, "rule"):
        return registry.find(slug, "rule")
    made = _made(definition, slug, label, STAGES[stage])
    registry.add(made, offered=False)
    return made


def _made(definition: Definition, slug: str, label: str, base: type[Rule]) -> type[Rule]:
    """The class of a definition whose label and stage have been read."""
    body = parts.declared(definition)
    sets = parts.presets(definition, body)
    said = parts.settings(definition, body)
    trees = hooks(definition, label, base)
    check_needs(trees, label, base.stage, body, said)
    told = formulas(definition)
    if _is_slow(base.stage, trees) and not isinstance(body.get("update"), Param):
        if "update" in body:
            raise ModelError("update is how often the rule acts, a parameter in ms; rename the other")
        body["update"] = UPDATE
    names = tuple(body)
    summed = shares(definition, label)
    trees = {name: trees[name] for name in base.hook_names if name in trees} | summed
    calls: dict[str, Any] = {name: Hook(f"{label}.{name}", tree) for name, tree in trees.items()}
    body |= {name: staticmethod(calls[name]) for name in summed}
    body |= {
        "formula": text_part(definition, "formula"),
        "definition": canonical(definition),
        "presets": sets,
        "__doc__": text_part(definition, "about"),
        "about": classmethod(lambda cls: cls.__doc__ or ""),
        "source_of": classmethod(lambda cls, hook: copy.deepcopy(trees[hook])),
    }
    clock = "slow" if "on_slow" in trees else ""
    kind = "".join(word.title() for word in slug.split("_"))
    made: type[Rule] = type(
        kind, (base, Written), body, slug=slug, label=label, family="Written here", clock=clock
    )
    for name in names:
        delattr(made, name)  # a parameter may be called as something a class has: it is met in its table
    made.hooks = calls
    for name, call in calls.items():
        setattr(made, name, staticmethod(call))
    for name in SAID:
        if name in said:
            setattr(made, name, said[name])
    if "wants" in said:
        made.wants = dict([parts.wanted(said["wants"])])
    if "set_point" in told:
        made.seeks = "rate"
    drawn: dict[str, Any] = dict(told)
    if base.stage == "induction" and set(trees) <= PAIRED and not made.asks("pre") and not made.asks("post"):
        drawn["window"] = _window_of(made)
    for name, function in drawn.items():
        setattr(made, name, staticmethod(function))
    return made


def _is_slow(stage: str, trees: Any) -> bool:
    """Whether it acts every `update` ms."""
    return bool(set(SLOW) & set(trees)) or (stage == "homeostasis" and "on_neuron" in trees)


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


def _window_of(rule: type[Rule]) -> Any:
    def window(dt: float, p: SimpleNamespace) -> float:
        """Change of a half-maximal synapse by one pair at a level of 1, `dt` = t_post - t_pre (ms)."""
        taus = {name: (one.owner, float(getattr(p, one.tau))) for name, one in rule.traces.items()}
        fields = {
            name: float(getattr(p, one.init) if isinstance(one.init, str) else one.init)
            for name, one in rule.fields.items()
        }
        levels = {f"{name}{end}": level for name in rule.roles for end, level in LEVEL.items()}
        return pair_change(rule.hooks, taus, dt, p, fields, levels)

    return window
