"""Circuits in SONATA, the format of the large brain projects: BMTK, NEST and NEURON read it.

Dai et al. (2020) PLoS Comput. Biol. 16:e1007696, doi:10.1371/journal.pcbi.1007696.  A circuit is a JSON that
names HDF5 files of nodes and of edges, with a table of types beside each.
"""

from __future__ import annotations

from typing import Any

from engine.errors import UsageError


def h5py_here() -> Any:
    """The package h5py, which only this format takes; raises UsageError where it is missing."""
    try:
        import h5py
    except ImportError:
        raise UsageError("SONATA takes the package h5py: pip install 'neuropil[exchange]'") from None
    return h5py
