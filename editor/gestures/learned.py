"""Weights as the run has them now; the tables of the document hold those of when it last stood still."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def weights_now(document: Any, projection: int, ids: ArrayLike) -> NDArray[np.float64]:
    """The weights (signed, pA or nS) of synapses of one projection, in the order of their sorted `ids`."""
    held = document.network.projections[projection].synapses.take(np.unique(np.asarray(ids, np.int64)))
    weights = np.array(held["weight"], np.float64)
    carried = getattr(document.frame, "weights", None) or {}
    if projection in carried:
        seen, values = carried[projection]
        order = np.argsort(seen)
        rows = np.searchsorted(seen, held["id"], sorter=order)
        rows = order[np.minimum(rows, len(order) - 1)] if len(order) else np.zeros(0, np.int64)
        if len(rows):
            found = seen[rows] == held["id"]
            weights[found] = np.asarray(values)[rows[found]]
    return weights
