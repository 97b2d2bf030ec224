"""The ids of synapses: synapses of one wiring count up from the first, and only that one is kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.maths import inlined

uint64: Any = np.uint64


@inlined
def named(ids: Any, place: int) -> int:
    """The id of the synapse at a place; `ids` holds one for every place, or that of the first alone."""
    if ids.size > 1:
        return ids[uint64(place)]  # type: ignore[no-any-return]
    return ids[0] + place  # type: ignore[no-any-return]
