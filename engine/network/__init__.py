"""What a circuit is: populations, projections, synapses, inputs and probes, and every way to change it."""

from engine.network.parts import Input, Modulator, Population, Probe, Projection, RuleUse
from engine.network.table import SynapseTable

__all__ = ["Input", "Modulator", "Population", "Probe", "Projection", "RuleUse", "SynapseTable"]
