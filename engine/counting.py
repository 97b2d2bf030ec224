"""A number of things in words, as every text of the program says it: "1 neuron", "1,317 synapses"."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """How many there are of what `noun` names one of: "1 neuron", "0 spikes", "2 bodies"."""
    return f"{number:,} {after(number, noun)}"


def after(number: int, noun: str) -> str:
    """The noun as it stands after a number: "neuron" after 1, otherwise "neurons"."""
    if number == 1:
        return noun
    ends_on_y = noun.endswith("y") and noun[-2:-1] not in tuple("aeiou")
    return f"{noun[:-1]}ies" if ends_on_y else f"{noun}s"
