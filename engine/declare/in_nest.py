"""What a model is in NEST: the word with which its file says so, for the way out to NEST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SPELLED = {
    "c_m": "C_m", "e_l": "E_L", "e_ex": "E_ex", "e_in": "E_in", "e_na": "E_Na", "e_k": "E_K", "g_l": "g_L",
    "g_na": "g_Na", "g_k": "g_K", "i_e": "I_e", "v_th": "V_th", "v_reset": "V_reset", "v_min": "V_min",
    "v_peak": "V_peak", "delta_t": "Delta_T", "lambda_": "lambda", "w_max": "Wmax", "v": "V_m", "u": "U_m",
}  # fmt: skip
"""Names that differ from NEST's in case or a sign only."""


def same(names: str, **others: str | tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    """Names (spaces between) that are NEST's but for their spelling; `others` with what they are there."""
    return {name: SPELLED.get(name, name) for name in names.split()} | others


@dataclass(frozen=True)
class InNest:
    """One way to say a model in NEST 3.10; a model that has several is the first that fits its parameters.

    Args:
        model: its name there; "" where NEST's synapses do the same by themselves, such as a hard bound.
        names: our parameters, starts of states and, for rules, `w_min` and `w_max`, with what they are called
            there; several names where NEST wants a number twice.
        fixed: what NEST needs besides.
        post: parameters of a rule that NEST keeps in the postsynaptic neuron.
        only: parameters that must have this value here.
        idle: parameters that say nothing with these values of `only`.
        lists: series of an input, with their names there.
        at: the series or parameters (ms) that are times of the simulation.
        otherwise: what NEST does otherwise, in words for the user.
        waves: phases (deg) with the frequency (Hz) at which each turns.

    A parameter that is in none of these can be said only while it has its default.
    """

    model: str = ""
    names: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    fixed: Mapping[str, float | bool] = field(default_factory=dict)
    post: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, float | str] = field(default_factory=dict)
    idle: tuple[str, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    otherwise: str = ""
    waves: Mapping[str, str] = field(default_factory=dict)
