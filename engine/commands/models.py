"""`models`: what exists, and of one model its formula, parameters, units, ranges and source."""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from engine import registry
from engine.commands.console import Answer, add_command, table
from engine.declare import Declaration, Param

Model = type[Declaration]
KINDS = {
    "neuron": "Neurons",
    "astrocyte": "Astrocytes",
    "transmission": "Transmission",
    "rule": "Rules",
    "modulator": "Modulators",
    "input": "Inputs",
    "learner": "Learners",
    "task": "Tasks",
    "router": "Routers",
}


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `models`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "models",
        "list every model, or explain one",
        ["models", "models stdp_pair", "models iaf_psc_exp --json"],
    )
    parser.add_argument("slug", nargs="?", metavar="SLUG", help="the model to explain")
    parser.set_defaults(answer=answer)


def answer(args: argparse.Namespace) -> Answer:
    """The list, or one model."""
    if args.slug:
        model = registry.find(args.slug)
        return Answer(describe(model), facts(model))
    models = registry.all()
    return Answer(listing(models), {"models": [brief(model) for model in models]})


def listing(models: list[Model]) -> str:
    """Every model on a line, under the kind and, for rules, the stage it belongs to."""
    parts = []
    models = sorted(models, key=lambda model: [*KINDS, model.kind].index(model.kind))
    for (kind, stage), group in groupby(models, key=lambda model: (model.kind, model.stage)):
        title = KINDS.get(kind, kind) + (f": {stage}" if stage else "")
        rows = [(model.slug, first_sentence(model)) for model in group]
        parts.append(f"{title}\n{table(rows, indent='  ')}")
    return "\n\n".join(parts)


def first_sentence(model: Model) -> str:
    """What the model is, in the first line of its file."""
    return model.about().splitlines()[0] if model.about() else ""


def describe(model: Model) -> str:
    """Everything a user may want to know of one model, as text."""
    parts = [f"{model.label} ({model.slug})", model.about()]
    if model.caveat:
        parts.append(f"Mind\n  {model.caveat}")
    if model.formula:
        parts.append(f"Formula\n  {model.formula}")
    if model.params:
        listed = [
            (
                name,
                f"{param.shown_default}" if param.is_choice else f"{param.default:.6g}",
                param.unit or "-",
                legal(param),
                param.doc + (f" [{param.source}]" if param.source else ""),
            )
            for name, param in model.params.items()
        ]
        heads = ("name", "default", "unit", "range", "what it does")
        parts.append(f"Parameters\n{table(listed, heads, '  ')}")
    for title, kept in (
        ("States, per neuron", model.states),
        ("Fields, per synapse", model.fields),
        ("Lists", model.lists),
    ):
        if kept:
            rows = [(name, getattr(each, "unit", "") or "-", each.doc) for name, each in kept.items()]
            parts.append(f"{title}\n{table(rows, indent='  ')}")
    if model.traces:
        rows = [(name, f"{each.owner}, {each.tau}", each.doc) for name, each in model.traces.items()]
        parts.append(f"Traces, one per neuron\n{table(rows, indent='  ')}")
    if model.quantities:
        rows = [
            (name, f"{each.owner}, {each.unit or '-'}", each.doc) for name, each in model.quantities.items()
        ]
        parts.append(f"Quantities, one per neuron\n{table(rows, indent='  ')}")
    if model.totals:
        rows = [(name, each.unit or "-", each.doc) for name, each in model.totals.items()]
        parts.append(f"Sums over the inputs of a neuron\n{table(rows, indent='  ')}")
    parts += [f"Preset {name}\n  {settings(values)}" for name, values in model.presets.items()]
    return "\n\n".join(parts)


def settings(values: Mapping[str, Any]) -> str:
    """The values of a preset in one line; a choice is a name, the rest are numbers."""
    return ", ".join(
        f"{name} = {value if isinstance(value, str) else f'{value:.6g}'}" for name, value in values.items()
    )


def legal(param: Param) -> str:
    """The legal values of a parameter in words."""
    if param.is_choice:
        return " | ".join(param.options)
    low, high = param.low, param.high
    if math.isinf(low) and math.isinf(high):
        return "any"
    if math.isinf(high):
        return f">= {low:g}"
    return f"<= {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"


def brief(model: Model) -> dict[str, Any]:
    """One model on a line, as facts."""
    return {
        "slug": model.slug,
        "label": model.label,
        "kind": model.kind,
        "stage": model.stage,
        "family": model.family,
        "about": first_sentence(model),
    }


def facts(model: Model) -> dict[str, Any]:
    """One model in full, as facts."""
    return {
        **brief(model),
        "about": model.about(),
        "formula": model.formula,
        "caveat": model.caveat,
        "clock": model.clock,
        "hooks": sorted(model.hooks),
        "params": {
            name: {
                "default": param.shown_default,
                "unit": param.unit,
                "low": param.low,
                "high": param.high,
                "options": param.options,
                "doc": param.doc,
                "source": param.source,
            }
            for name, param in model.params.items()
        },
        "states": {name: {"unit": each.unit, "doc": each.doc} for name, each in model.states.items()},
        "traces": {
            name: {"owner": each.owner, "tau": each.tau, "doc": each.doc}
            for name, each in model.traces.items()
        },
        "quantities": {
            name: {"owner": each.owner, "unit": each.unit, "doc": each.doc}
            for name, each in model.quantities.items()
        },
        "fields": {
            name: {"unit": each.unit, "doc": each.doc, "slow": each.slow}
            for name, each in model.fields.items()
        },
        "totals": {
            name: {"of": each.of, "unit": each.unit, "doc": each.doc} for name, each in model.totals.items()
        },
        "lists": {name: {"unit": each.unit, "doc": each.doc} for name, each in model.lists.items()},
        "presets": {name: dict(values) for name, values in model.presets.items()},
    }
