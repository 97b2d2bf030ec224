"""The words a written rule may use: which parts each stage has, which names it may give, which settings."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.declare import Expression, Gate, Homeostasis, Induction, Rule, Structure
from engine.errors import ModelError, did_you_mean

Definition = Mapping[str, Any]
STAGES: dict[str, type[Rule]] = {
    kind.stage: kind for kind in (Induction, Gate, Expression, Homeostasis, Structure)
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_TEXT, MOST_THINGS, MOST_HOOK = 40_000, 40, 4_000
PARTS = (
    *("label", "stage", "about", "formula", "params", "traces", "fields", "quantities", "totals", "roles"),
    *("settings", "presets", "hooks"),
)
RESERVED = frozenset(("w", "dw", "amount", "doomed", "w_min", "w_max", "definition"))
SHARE = "_share"
"""How the hook is called that says what one synapse adds to a total: the total's name and this."""
TAKEN = {
    "roles": tuple(stage for stage in STAGES if stage in ("induction", "gate")),
    "quantities": tuple(stage for stage, kind in STAGES.items() if "on_neuron" in kind.hook_names),
    "totals": tuple(stage for stage, kind in STAGES.items() if "on_slow" in kind.hook_names),
}
"""Of parts that not every stage has: the stages that have them."""
WITHOUT = {
    "roles": "listens to no modulator",
    "quantities": "keeps nothing of a neuron",
    "totals": "sums over no synapses",
}
"""What is said of a stage that does not have them."""


@dataclass(frozen=True)
class Setting:
    """A text that a rule of some stages may have besides its tables.

    `kind` says what it must be: the name of a "param" or a "field", an "event", a "sign", a "sentence" of the
    log, a "formula" of parameters, what neurons "offer", or a "remark" in any words.
    """

    kind: str
    stages: tuple[str, ...]
    label: str
    hint: str


SETTINGS = {
    "late": Setting("param", ("induction",), "Late by", "the parameter (ms) after which on_late runs"),
    "hears": Setting("event", ("induction",), "Hears", "the kind of event that on_event answers"),
    "every": Setting("param", ("induction",), "Steps every", "the parameter (ms) of on_step; empty: dt"),
    "why": Setting("sentence", ("structure",), "Lost because", "for the log: weak for {patience:g} ms"),
    "because": Setting("sentence", ("structure",), "Made because", "for the log, of a new synapse"),
    "set_point": Setting(
        "formula", ("homeostasis", "structure"), "Rate it keeps", "in Hz, of parameters: p.target"
    ),
    "pace": Setting("formula", ("homeostasis", "structure"), "Acts within", "in ms, of parameters: p.tau_sc"),
    "looks_back": Setting("formula", ("homeostasis",), "Looks back over", "in ms, of parameters: p.tau_h"),
    "fastest": Setting("formula", ("structure",), "Fastest process", "in ms; update should be a tenth"),
    "spine": Setting("field", ("structure",), "Spine", "the field that says how mature: 0 to 1"),
    "head": Setting("field", ("structure",), "Head", "the field that says how large the spine's head is"),
    "wants": Setting("offer", tuple(STAGES), "Wants of neurons", "lasting spike: what goes wrong without it"),
    "caveat": Setting("remark", tuple(STAGES), "Mind that", "what it is mistaken for; its card says so"),
    "signs": Setting("sign", tuple(STAGES), "Made for", "excitatory or inhibitory synapses; empty: both"),
}
SIGNS = ("excitatory", "inhibitory")


def has(stage: str, part: str) -> bool:
    """Whether rules of a stage may have a part, such as "totals"."""
    return stage in TAKEN.get(part, STAGES)


def settings_of(stage: str) -> tuple[str, ...]:
    """The settings that rules of a stage may have."""
    return tuple(name for name, one in SETTINGS.items() if stage in one.stages)


def text_part(definition: Definition, name: str) -> str:
    """A part that is a text.

    Raises:
        ModelError: it is something else.
    """
    value = definition.get(name, "")
    if not isinstance(value, str):
        raise ModelError(f"{name} of a written rule is a text, not {value!r}")
    return value


def things(
    definition: Definition, kind: str, taken: Mapping[str, Any] | None = None
) -> list[tuple[str, Mapping[str, Any]]]:
    """What a part describes by name, after a look at the names; `taken` are those given already.

    Raises:
        ModelError: too many, or a name that cannot be one.
    """
    given = definition.get(kind, {})
    if not isinstance(given, Mapping) or not all(isinstance(one, Mapping) for one in given.values()):
        raise ModelError(f"{kind} of a written rule are described by name")
    if len(given) > MOST_THINGS:
        raise ModelError(f"{len(given)} {kind}; at most {MOST_THINGS}")
    stage = str(definition.get("stage", ""))
    if given and not has(stage, kind):
        raise ModelError(f"{stage} {WITHOUT[kind]}; an {' or a '.join(TAKEN[kind])} can")
    for name in given:
        if not NAME.fullmatch(str(name)):
            raise ModelError(
                f"{kind}: {name!r} is no name; begin with a small letter, then letters, digits, _"
            )
        if keyword.iskeyword(name):
            raise ModelError(f"{kind}: {name!r} is a word of the language; call it {name}_")
        if name in RESERVED or hasattr(Rule, name):
            raise ModelError(f"{kind}: {name!r} is taken by every rule; choose another name")
        if taken is not None and name in taken:
            raise ModelError(f"{kind}: {name!r} is declared twice")
    return list(given.items())


def number(kind: str, name: str, given: Mapping[str, Any], key: str, default: float) -> float:
    """A number of a thing.

    Raises:
        ModelError: it is none, or no finite one.
    """
    value = given.get(key, default)
    if key not in given:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
        raise ModelError(f"{kind} {name}: {key} is {value!r}; it must be a number")
    return float(value)


def text(given: Mapping[str, Any], key: str) -> str:
    """A text of a thing; "" where it has none."""
    return str(given.get(key, ""))


def one_of(where: str, value: str, known: tuple[str, ...], what: str) -> str:
    """The value, if it is among the known ones.

    Raises:
        ModelError: it is not; says which are.
    """
    if value not in known:
        near = did_you_mean(value, known)
        raise ModelError(f"{where}: {value!r} is no {what}{near}; it is one of {', '.join(known)}")
    return value
