"""What a scene is made of: the columns of its tables, and the marks for what there are few of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EXCITATORY, INHIBITORY, NEUTRAL = 0, 1, 2
"""Tones: rows of the colour tables."""

CHEMICAL, GAP_JUNCTION = 0, 1

NEVER = -1e18
"""A wall-clock time long ago."""

LONGEST_MEMORY = 12.0
"""Seconds of wall time after which a spike is over, whatever it did."""

SPIKES_KEPT = 4
"""How many of a neuron's last spikes can be in flight at once."""

RECEPTOR_SHARE = "receptors"
"""The column that holds the share of a synapse's receptors in place (quantal size q), NaN where unknown."""

SPINE = "spine"
"""The column that says how mature the spine of a synapse is, 0 to 1; NaN where spines are not modelled."""

HEAD = "head"
"""The column that holds the size of a spine's head, as a share of the full weight; NaN where unknown."""

NEURON_COLUMNS: dict[str, tuple[str, object]] = {
    "x": ("f4", 0.0),
    "y": ("f4", 0.0),
    "sign": ("i1", 1),
    "tone": ("i1", EXCITATORY),
    "shape": ("i1", 0),
    "population": ("i4", 0),
    "flags": ("u1", 0),
    "variety": ("f4", 1.0),
    "v": ("f4", 0.0),
    "calcium": ("f4", np.nan),
    "free_boutons": ("f4", np.nan),
    "free_spines": ("f4", np.nan),
    "sensitivity": ("f4", np.nan),
    "spike_at": ("f8", NEVER),
    "shimmer": ("f4", 0.0),
}
SYNAPSE_COLUMNS: dict[str, tuple[str, object]] = {
    "pre": ("i4", 0),
    "post": ("i4", 0),
    "weight": ("f4", 0.0),
    "weight01": ("f4", 0.5),
    "full": ("f4", 1.0),
    "delay": ("f4", 1.0),
    "tone": ("i1", EXCITATORY),
    "kind": ("i1", CHEMICAL),
    "plastic": ("u1", 0),
    "off": ("u1", 0),
    "shown": ("u1", 1),
    "fan": ("i1", 0),
    "projection": ("i4", 0),
    "eligibility": ("f4", 0.0),
    "release": ("f4", np.nan),
    RECEPTOR_SHARE: ("f4", np.nan),
    SPINE: ("f4", np.nan),
    HEAD: ("f4", np.nan),
}
NEURON_WIDTHS = {"spike_at": SPIKES_KEPT, "shimmer": 4}
"""Columns with several numbers per neuron."""

ASTROCYTE_COLUMNS: dict[str, tuple[str, object]] = {
    "x": ("f4", 0.0),
    "y": ("f4", 0.0),
    "calcium": ("f4", 0.0),
    "wave_at": ("f8", NEVER),
    "off": ("u1", 0),
}


@dataclass(frozen=True)
class PopulationMark:
    """A population as it is named on the canvas."""

    id: int
    label: str
    sign: int = 1
    group: str = ""
    is_off: bool = False
    """Whether all of its neurons are switched off."""


@dataclass(frozen=True)
class InputMark:
    """A stimulus: drawn as a chip beside the neurons it drives."""

    id: int
    label: str
    slug: str
    targets: NDArray[np.int64]
    enabled: bool = True


@dataclass(frozen=True)
class ProbeMark:
    """A recording: drawn as an electrode on its neuron, in the colour of its curve."""

    id: int
    what: str
    targets: NDArray[np.int64]
    colour: int = 0
    enabled: bool = True
    unit: str = ""


@dataclass(frozen=True)
class ModulatorMark:
    """A modulator: a tinted field around the neurons that release it; `level` 0 to 1, `sigma` in um."""

    id: int
    label: str
    sources: NDArray[np.int64]
    level: float = 0.0
    released_at: float = NEVER
    sigma: float = 0.0
    """How far a source is felt; 0: everywhere, drawn as a tint around it."""
    enabled: bool = True


@dataclass(frozen=True)
class Note:
    """A text the user pinned to the tissue at (x, y) um."""

    id: int
    x: float
    y: float
    text: str
