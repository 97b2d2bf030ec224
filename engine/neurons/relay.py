"""Relay: repeats the spikes its inputs give it, so that a train can be forced, shared or recorded.

As NEST `parrot_neuron` on port 1: spikes that reach it over synapses drive plasticity and are not repeated,
unless the population passes them on.
"""

from engine.declare import InNest, Neuron, state


class Relay(Neuron, slug="relay", label="Relay", family="Stimulation"):
    formula = "spikes out = spikes in"
    receives = ("current", "conductance")
    is_relay = True

    in_nest = (InNest("parrot_neuron"),)

    v = state(0.0, "mV", "Not used; a relay has no membrane.")

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.v = 0.0

    @staticmethod
    def fires(n, p):
        return False

    @staticmethod
    def reset(n, p, k):
        n.v = 0.0
