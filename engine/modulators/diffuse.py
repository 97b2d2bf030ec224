"""Diffuse modulator: every spike of a source raises the concentration everywhere, which then decays.

As NEST `volume_transmitter`: one source spike adds 1/tau_n, with the tau_n of the gate that reads it.
"""

from engine.declare import Modulator, param


class Diffuse(Modulator, slug="diffuse", label="Diffuse modulator", family="Volume transmission"):
    formula = "n' = -n/tau_n + (1/tau_n) sum of spikes"

    amount = param(1.0, "", (0, 1e6), "How much one spike releases, in units of 1/tau_n.")
