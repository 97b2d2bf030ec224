"""What a circuit is: populations, projections, synapses, inputs and probes, and every way to change it."""

from engine.network.grid import on_grid, steps
from engine.network.ids import Ids, IdView
from engine.network.network import Network
from engine.network.parts import Input, Modulator, Population, Probe, Projection, RuleUse, Thing
from engine.network.table import SynapseTable
from engine.network.views import InputView, ModulatorView, PopulationView, ProbeView, ProjectionView, View

__all__ = [
    "IdView",
    "Ids",
    "Input",
    "InputView",
    "Modulator",
    "ModulatorView",
    "Network",
    "Population",
    "PopulationView",
    "Probe",
    "ProbeView",
    "Projection",
    "ProjectionView",
    "RuleUse",
    "SynapseTable",
    "Thing",
    "View",
    "on_grid",
    "steps",
]
