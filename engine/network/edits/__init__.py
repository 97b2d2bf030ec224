"""Every way to change a network; each edit applies whole or not at all and returns its exact inverse."""

from engine.network.edits.base import NOTHING, Compound, Edit, asked, from_json, same, to_json, together
from engine.network.edits.deletion import removal
from engine.network.edits.instruments import (
    AddInput,
    AddModulator,
    AddProbe,
    RemoveInput,
    RemoveModulator,
    RemoveProbe,
    SetTargets,
)
from engine.network.edits.populations import (
    AddAstrocytes,
    AddNeurons,
    AddPopulation,
    MoveNeurons,
    RemoveNeurons,
    RemovePopulation,
)
from engine.network.edits.projections import (
    AddProjection,
    AddSynapses,
    MoveSynapses,
    RemoveProjection,
    RemoveSynapses,
    SetRules,
    SetSynapses,
    SetTransmission,
)
from engine.network.edits.settings import Rename, SetNetwork, SetParams
from engine.network.edits.teaching import AddLearner, AddTask, RemoveLearner, RemoveTask

__all__ = [
    "NOTHING",
    "AddAstrocytes",
    "AddInput",
    "AddLearner",
    "AddModulator",
    "AddNeurons",
    "AddPopulation",
    "AddProbe",
    "AddProjection",
    "AddSynapses",
    "AddTask",
    "Compound",
    "Edit",
    "MoveNeurons",
    "MoveSynapses",
    "RemoveInput",
    "RemoveLearner",
    "RemoveModulator",
    "RemoveNeurons",
    "RemovePopulation",
    "RemoveProbe",
    "RemoveProjection",
    "RemoveSynapses",
    "RemoveTask",
    "Rename",
    "SetNetwork",
    "SetParams",
    "SetRules",
    "SetSynapses",
    "SetTargets",
    "SetTransmission",
    "asked",
    "from_json",
    "removal",
    "same",
    "to_json",
    "together",
]
