"""A SONATA circuit comes in; what a stranger's files say is bounded, checked and never followed elsewhere."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.errors import FileError
from engine.exchange.nest.wording import value
from engine.exchange.sonata import h5py_here
from engine.exchange.tables import Edges, build

if TYPE_CHECKING:
    from engine.network.network import Network

MOST = 50_000_000
"""Nodes or edges of one population we are ready to read."""
LARGEST = 10_000_000
"""Bytes of a configuration or of a table of types."""
DELAY, WEIGHT = 1.0, 20.0
"""What a synapse has (ms, pA) where nothing is said."""


def read_sonata(path: str | Path) -> tuple[Network, list[str]]:
    """Read a SONATA circuit from its JSON; returns the network and what was assumed.

    Understood of nodes: `x`, `y`, `z`, `name`, `dynamics_params`, of their types `model_template` and `ei`;
    of edges: `syn_weight` and `delay`, in the HDF5 or the table of types.  Raises `FileError`.
    """
    path = Path(path)
    config = _config(path)
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    edges = Edges([], none, none, nothing, nothing)
    first: dict[str, int] = {}
    places: list[NDArray[np.float64]] = []
    params: dict[str, dict[str, NDArray[np.float64]]] = {}
    for label, group, types in _populations(config, path, "nodes"):
        count = _count(group, "node_type_id", path)
        if label in first:
            raise FileError(f"{path.name}: two populations of nodes are called {label!r}", entry=label)
        first[label] = len(edges.names)
        kind = types.get(int(group["node_type_id"][0]) if count else 0, {})
        inner = group.get("0", {})
        slug, to_ours = _model_of(kind.get("model_template", ""), kind.get("model_type", ""))
        if slug:
            edges.models[label] = slug
        edges.note_signs([(label, {"e": "1", "i": "-1", "n": "0"}.get(kind.get("ei", ""), ""))])
        named = [each.decode(errors="replace") for each in inner["name"][:]] if "name" in inner else []
        edges.names += named if len(named) == count else [f"{label} {row}" for row in range(count)]
        edges.population += [label] * count
        axes = [_column(inner, axis, count, 0.0, path) for axis in "xyz"]
        has_places = any(axis in inner for axis in "xyz")
        places.append(np.stack(axes, axis=1) if has_places else np.full((count, 3), math.nan))
        dynamics = inner.get("dynamics_params", {})
        params[label] = {
            to_ours[name]: _column(dynamics, name, count, 0.0, path) for name in dynamics if name in to_ours
        }
    everywhere = np.concatenate([np.zeros((0, 3)), *places])
    edges.positions = everywhere if everywhere.size and not np.isnan(everywhere).any() else None
    _read_edges(config, path, first, edges)
    if not edges.names:
        raise FileError(f"{path.name}: there is no population of nodes in it", entry=path.name)
    net, notes = build(edges, path.stem.removesuffix("_config"))
    for population in net.populations.values():
        model = registry.find(population.model)
        for name, column in params.get(population.label, {}).items():
            if not np.all(column == value(model, {}, name)):
                net.set(population.id, **{name: column})
    return net, [note for note in notes if "text format" not in note]


def _read_edges(config: Mapping[str, Any], path: Path, first: Mapping[str, int], edges: Edges) -> None:
    """Add every population of edges."""
    ends: dict[str, list[NDArray[Any]]] = {"source": [], "target": []}
    weights: list[NDArray[np.float64]] = []
    delays: list[NDArray[np.float64]] = []
    bare = {"syn_weight": 0, "delay": 0}
    for label, group, types in _populations(config, path, "edges"):
        count = _count(group, "edge_type_id", path)
        kind = types.get(int(group["edge_type_id"][0]) if count else 0, {})
        for side, found in ends.items():
            column = _column(group, f"{side}_node_id", count, math.nan, path).astype(np.int64)
            of = group[f"{side}_node_id"].attrs.get("node_population", "")
            of = of.decode() if isinstance(of, bytes) else str(of)
            where = f"{path.name}: edges {label!r} lead to"
            if of not in first:
                raise FileError(f"{where} nodes {of!r}, which are not there", entry=label)
            size = edges.population.count(of)
            if column.size and (column.min() < 0 or column.max() >= size):
                raise FileError(f"{where} node {column.max()} of {of!r}, which has {size}", entry=label)
            found.append(column + first[of])
        inner = group.get("0", {})
        for name, usual, into in (("syn_weight", WEIGHT, weights), ("delay", DELAY, delays)):
            given = kind.get(name, "")
            bare[name] += count if name not in inner and not given else 0
            into.append(_column(inner, name, count, float(given) if _is_number(given) else usual, path))
        edges.kind += [kind.get("transmission", "")] * count
    if weights:
        edges.pre, edges.post = (np.concatenate(ends[side]) for side in ("source", "target"))
        edges.weight, edges.delay = np.concatenate(weights), np.concatenate(delays)
    for name, what in (("syn_weight", f"{WEIGHT:g} pA"), ("delay", f"{DELAY:g} ms")):
        if bare[name]:
            edges.notes.append(f"{bare[name]:,} edges have no {name}: each has {what}")


def _config(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise FileError(f"{path.name} is too large for a configuration", entry=path.name)
        config = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}", entry=path.name) from error
    except ValueError as error:
        raise FileError(f"{path.name} is not JSON: {error}", entry=path.name) from error
    if not isinstance(config, dict) or not isinstance(config.get("networks"), dict):
        raise FileError(
            f"{path.name} is not a SONATA circuit: it has no 'networks'; give the circuit_config.json",
            entry=path.name,
        )
    return config


def _populations(
    config: Mapping[str, Any], path: Path, kind: str
) -> Iterator[tuple[str, Any, dict[int, dict[str, str]]]]:
    """Name, HDF5 group and types of every population of nodes or edges."""
    h5py = h5py_here()
    listed = config["networks"].get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise FileError(f"{path.name}: 'networks' must list its {kind}", entry=path.name)
    for each in listed:
        place = _place(config, path, each.get(f"{kind}_file"))
        types = _types(_place(config, path, each.get(f"{kind[:-1]}_types_file")), kind[:-1])
        if place is None:
            raise FileError(f"{path.name}: {kind} without {kind}_file", entry=path.name)
        try:
            file = h5py.File(place, "r")
        except OSError as error:
            raise FileError(f"{place.name} cannot be read as HDF5: {error}", entry=place.name) from error
        with file:
            for label in file.get(kind, ()):
                link = file[kind].get(label, getlink=True)
                if isinstance(link, h5py.ExternalLink):
                    raise FileError(f"{place.name}: {label!r} leads to another file", entry=place.name)
                yield label, file[kind][label], types


def _place(config: Mapping[str, Any], path: Path, said: Any) -> Path | None:
    """Where a file of the circuit is, with the manifest's abbreviations filled in."""
    if said in (None, "", "NULL"):
        return None
    text = str(said)
    manifest = config.get("manifest", {})
    for _ in range(8):
        for name, place in manifest.items() if isinstance(manifest, dict) else ():
            text = text.replace(name if name.startswith("$") else f"${name}", str(place))
    return path.parent / text


def _types(path: Path | None, kind: str) -> dict[int, dict[str, str]]:
    """The rows of a table of types, by number."""
    if path is None:
        return {}
    try:
        if path.stat().st_size > LARGEST:
            raise FileError(f"{path.name} is too large for a table of types", entry=path.name)
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{path.name} cannot be read: {error}", entry=path.name) from error
    rows = list(csv.DictReader(io.StringIO(text), delimiter=" "))
    key = f"{kind}_type_id"
    if rows and key not in rows[0]:
        raise FileError(f"{path.name} has no column {key}", entry=path.name)
    return {int(row[key]): {k: v or "" for k, v in row.items() if k} for row in rows if _is_number(row[key])}


def _count(group: Any, name: str, path: Path) -> int:
    if name not in group:
        raise FileError(f"{path.name}: {group.name} has no {name}", entry=group.name)
    count = int(group[name].shape[0])
    if count > MOST:
        many = f"{path.name}: {group.name} has {count:,} rows; at most {MOST:,} are read"
        raise FileError(many, entry=group.name)
    return count


def _column(group: Any, name: str, count: int, usual: float, path: Path) -> NDArray[np.float64]:
    """A column of numbers, or what is usual in its place."""
    if name not in group:
        if math.isnan(usual):
            raise FileError(f"{path.name}: {group.name} has no {name}", entry=group.name)
        return np.full(count, usual)
    held = group[name]
    if held.shape != (count,) or held.dtype.kind not in "iuf":
        raise FileError(f"{path.name}: {held.name} is not a column of {count} numbers", entry=held.name)
    found = np.asarray(held[:], np.float64)
    if not np.isfinite(found).all():
        raise FileError(f"{path.name}: {held.name} has numbers that are not finite", entry=held.name)
    return found


def _model_of(template: str, model_type: str) -> tuple[str, dict[str, str]]:
    """Our model for a template of theirs, "" without, and our names for its parameters."""
    program, _, name = template.partition(":")
    for model in registry.all("neuron"):
        if program == "neuropil" and model.slug == name:
            return name, {each: each for each in (*model.params, *model.states)}
        for way in model.in_nest:
            if program == "nest" and way.model == name:
                return model.slug, {c: n for n, c in way.names.items() if isinstance(c, str)}
    return ("relay" if model_type == "virtual" else ""), {}


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except (TypeError, ValueError):
        return False
