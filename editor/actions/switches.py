"""Actions that hold things: freeze, clamp, switch off; each lets go again what it holds already."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from editor.drawing.switching import turning
from editor.drawing.switching_apart import alone


def _lacks(name: str) -> Any:
    def why_not(window: Any) -> str:
        return turning(window.bench, name).why_not

    return why_not


def _holds(name: str) -> Any:
    def is_on(window: Any) -> bool:
        return turning(window.bench, name).is_turned

    return is_on


def turn(window: Any, name: str) -> None:
    """Turn a switch of everything selected that has it, and say of what."""
    found = turning(window.bench, name)
    said = found.said()
    if window.bench.do(found.edit()):
        window.say(said)


@action("Freeze", "Edit", "Ctrl+Shift+F", icon="fa6s.snowflake", group=3, why_not=_lacks("frozen"),
        is_on=_holds("frozen"), words="hold still stop learning")  # fmt: skip
def freeze(window: Any) -> None:
    """Hold neurons as they are, without a spike; of a synapse its whole projection, which learns no more."""
    turn(window, "frozen")


@action("Clamp", "Edit", "Ctrl+Shift+H", icon="fa6s.anchor", group=3, why_not=_lacks("clamped"),
        is_on=_holds("clamped"), words="voltage clamp hold potential rate")  # fmt: skip
def clamp(window: Any) -> None:
    """Hold the potential of neurons, or their rate, where it stands; all else goes on, spikes too."""
    turn(window, "clamped")


@action("Switch off", "Edit", "Ctrl+Shift+I", icon="fa6s.power-off", group=3, why_not=_lacks("enabled"),
        is_on=_holds("enabled"), words="disable enable silence deactivate mute input stimulus")  # fmt: skip
def switch_off(window: Any) -> None:
    """Take what is selected out of the circuit, or in again: it rests, hears nothing and says nothing."""
    turn(window, "enabled")


def _none_alone(window: Any) -> str:
    return alone(window.bench, "frozen").why_not


def _stands_alone(name: str) -> Any:
    def is_on(window: Any) -> bool:
        return alone(window.bench, name).is_turned

    return is_on


def turn_alone(window: Any, name: str) -> None:
    """Turn a switch of the selected synapses and of no other, and say so."""
    found = alone(window.bench, name)
    said = found.said()
    if window.bench.do(found.edit()):
        window.say(said)


@action("Freeze only these synapses", "Edit", icon="fa6s.snowflake", group=3, why_not=_none_alone,
        is_on=_stands_alone("frozen"), words="hold still stop learning single one")  # fmt: skip
def freeze_synapses(window: Any) -> None:
    """Let the selected synapses deliver as before and learn no more; the others of their projection go on."""
    turn_alone(window, "frozen")


@action("Silence only these synapses", "Edit", icon="fa6s.volume-xmark", group=3, why_not=_none_alone,
        is_on=_stands_alone("enabled"), words="disable switch off mute single one block")  # fmt: skip
def silence_synapses(window: Any) -> None:
    """Let the selected synapses deliver nothing and learn nothing; the others of their projection go on."""
    turn_alone(window, "enabled")
