"""The usual model of each kind: what is drawn where nobody has chosen, and what a palette shows first.

Qt-free.
"""

from __future__ import annotations

from dataclasses import fields

from editor.inspector import meaning
from engine import registry
from engine.network.parts import Projection


def usual(kind: str, stage: str = "") -> str:
    """The slug of the model to begin with: one that says it is the usual one, else the first that fits."""
    models = [model for model in registry.all(kind) if not stage or model.stage == stage]
    said = [model for model in models if getattr(model, "usual", False)]
    if len(said) == 1:  # which fits best takes a trial of each, a tenth of a second at every start
        return said[0].slug
    if kind == "transmission":
        default = _default_of(Projection, "transmission")
        models.sort(key=lambda model: model.slug != default)
    if kind == "neuron":  # one with a membrane in real units, reached by the usual transmission
        wire = registry.find(usual("transmission"))
        models.sort(
            key=lambda model: (
                bool(getattr(model, "is_relay", False)),
                getattr(wire, "gives", "") not in getattr(model, "receives", ()),
                meaning.weight_unit(model, wire) == "mV",
            )
        )
    for model in models:
        if getattr(model, "usual", False):
            return model.slug
    return models[0].slug if models else ""


def _default_of(record: type, name: str) -> str:
    return str(next(one.default for one in fields(record) if one.name == name))
