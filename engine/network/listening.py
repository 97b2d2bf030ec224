"""Which modulator plays the role a rule asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine import registry
from engine.declare import Role
from engine.network.declared import model_of, number_of
from engine.network.parts import Modulator, RuleUse
from engine.network.problems import Problem, Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def substance_of(modulator: Modulator) -> str:
    """What a modulator is; "any" where its model does not say."""
    if not registry.knows(modulator.model, "modulator"):
        return ""
    declared = registry.find(modulator.model, "modulator").params.get("substance")
    given = modulator.params.get("substance", declared.shown_default if declared is not None else "any")
    return given if isinstance(given, str) else str(declared.options[int(given)] if declared else "any")


def footprint(modulator: Modulator) -> float:
    """How far (um) a source of a modulator is felt; 0: everywhere alike."""
    if not registry.knows(modulator.model, "modulator"):
        return 0.0
    declared = registry.find(modulator.model, "modulator").params.get("sigma")
    given = modulator.params.get("sigma", declared.default if declared is not None else 0.0)
    return 0.0 if declared is None or not isinstance(given, float | int) else float(given)


def modulator_for(
    modulators: Mapping[int, Modulator], role: Role, wanted: int, roles: int
) -> tuple[Modulator | None, str]:
    """The modulator that plays a role, or None and why not.

    Args:
        modulators: those of the network.
        role: what the rule asks for.
        wanted: the id the user gave; 0 stands for the one that fits.
        roles: how many roles the rule has; only one that has a single role takes what is no substance.
    """
    name = "a modulator" if role.substance == "any" else role.substance
    if wanted:
        found = modulators.get(wanted)
        return found, "" if found else f"waits for modulator {wanted}, which is not there"
    kinds = {id: substance_of(one) for id, one in modulators.items()}
    fitting = [id for id, kind in kinds.items() if kind == role.substance]
    if not fitting and roles == 1:
        fitting = [id for id, kind in kinds.items() if kind == "any" or role.substance == "any"]
    if len(fitting) == 1:
        return modulators[fitting[0]], ""
    if not fitting:
        return None, f"waits for {name}, and there is none"
    return None, f"waits for {name}, and there are {len(fitting)} that could be it"


def unheard(net: Circuit, use: RuleUse, place: str = "", ids: tuple[int, ...] = ()) -> Problems:
    """The roles of a card that nobody plays, so that it hears nothing."""
    model = model_of(use.slug, "rule")
    if model is None or not use.enabled:
        return
    for role in model.roles.values():
        wanted = int(number_of(use, role.chosen_by))
        found, why = modulator_for(net.modulators, role, wanted, len(model.roles))
        if found is None:
            cure = f"add a modulator, or set {role.chosen_by} to the id of one"
            yield Problem(place, f"it {why}", cure, ids)
