"""A circuit goes out as SONATA: what differs from neuron to neuron and synapse to synapse is in the HDF5."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.exchange.nest.wording import known, value, way_of
from engine.exchange.sonata import h5py_here
from engine.exchange.tables import lost, neuron_names, population_names
from engine.files.atomic import replace_file
from engine.network.parts import Population

if TYPE_CHECKING:
    from engine.network.network import Network


def write_sonata(net: Network, path: str | Path) -> list[str]:
    """Write a circuit as `path`, the JSON of a SONATA circuit, with its nodes and edges beside it.

    Args:
        net: the circuit; plasticity, inputs and probes have no place in the format.
        path: the configuration, such as `circuit_config.json`; the other files are named after it.

    Returns:
        Sentences about what was lost.

    Raises:
        UsageError: the package h5py is missing.
    """
    path = Path(path)
    stem = path.stem.removesuffix("_config")
    names = {key: f"{stem}_{key}" for key in ("nodes.h5", "node_types.csv", "edges.h5", "edge_types.csv")}
    cells = [each for each in net.populations.values() if each.kind == "neuron"]
    labels = {id: label.replace("/", "-") for id, label in population_names(net).items()}
    printed = neuron_names(net)
    nodes, node_types, edges, edge_types = _file("nodes.h5"), [], _file("edges.h5"), []
    for number, population in enumerate(cells, 1):
        group = nodes.create_group(f"nodes/{labels[population.id]}")
        _rows(group, "node", len(population), number)
        inner = group.create_group("0")
        for axis, column in zip("xyz", population.positions.T, strict=True):
            inner[axis] = column
        inner["name"] = [printed[id].encode() for id in population.neuron_ids.tolist()]
        template, params = _said(population)
        dynamics = inner.create_group("dynamics_params")
        for name, numbers in params.items():
            dynamics[name] = np.broadcast_to(np.asarray(numbers, np.float64), len(population))
        is_relay = getattr(known(population.model), "is_relay", False)
        kind = "virtual" if is_relay else "point_neuron"
        ei = {1: "e", -1: "i"}.get(int(population.sign), "n")
        node_types.append([number, labels[population.id], kind, template, ei])
    taken: set[str] = set()
    for number, projection in enumerate(net.projections.values(), 1):
        if not {projection.pre, projection.post} <= {each.id for each in cells}:
            continue
        ends = [net.populations[id] for id in (projection.pre, projection.post)]
        label = f"{labels[projection.pre]}_to_{labels[projection.post]}"
        label = label if label not in taken else f"{label}_{projection.id}"
        taken.add(label)
        columns = projection.synapses.sorted()
        order = np.argsort(columns["post"], kind="stable")
        group = edges.create_group(f"edges/{label}")
        _rows(group, "edge", order.size, number)
        for side, end, ids in zip(("source", "target"), ends, ("pre", "post"), strict=True):
            rows = end.rows(columns[ids][order]).astype(np.uint64)
            group[f"{side}_node_id"] = rows
            group[f"{side}_node_id"].attrs["node_population"] = labels[end.id]
            other = "target" if side == "source" else "source"
            _index(group.create_group(f"indices/{side}_to_{other}"), rows, len(end))
        inner = group.create_group("0")
        inner["syn_weight"], inner["delay"] = columns["weight"][order], columns["delay"][order]
        gives = getattr(known(projection.transmission), "in_nest", ())
        template = "static_synapse" if gives else f"neuropil:{projection.transmission}"
        edge_types.append([number, label, template, projection.transmission])
    heads = (
        ["node_type_id", "pop_name", "model_type", "model_template", "ei"],
        ["edge_type_id", "pop_name", "model_template", "transmission"],
    )
    written = {
        "nodes.h5": _bytes(nodes), "edges.h5": _bytes(edges),
        "node_types.csv": _table(heads[0], node_types), "edge_types.csv": _table(heads[1], edge_types),
    }  # fmt: skip
    for key, held in written.items():
        replace_file(path.with_name(names[key]), [held])
    config = {
        "version": "2.4",
        "manifest": {"$BASE_DIR": "."},
        "run": {"dt": net.dt},
        "networks": {
            kind: [{
                f"{kind}_file": f"$BASE_DIR/{names[f'{kind}.h5']}",
                f"{kind[:-1]}_types_file": f"$BASE_DIR/{names[f'{kind[:-1]}_types.csv']}",
                "populations": {row[1]: {"type": kind_of(row)} for row in rows},
            }]
            for kind, rows, kind_of in (
                ("nodes", node_types, lambda row: row[2]), ("edges", edge_types, lambda row: "chemical"),
            )
        },
    }  # fmt: skip
    replace_file(path, [json.dumps(config, indent=2).encode()])
    beside = ", ".join(names.values())
    return [*lost(net, "SONATA"), f"nodes and edges are in {beside} beside it"]


def _said(population: Population) -> tuple[str, dict[str, Any]]:
    """The template of a population and its parameters: as in NEST where that has them, else as here."""
    model = known(population.model)
    if model is None or not model.in_nest:
        return f"neuropil:{population.model}", dict(population.params)
    way, _ = way_of(model, population.params, "")
    said = {name: called for name, called in way.names.items() if isinstance(called, str)}
    params = {called: value(model, population.params, name) for name, called in said.items()}
    return f"nest:{way.model}", params


def _file(name: str) -> Any:
    """An HDF5 file in memory."""
    return h5py_here().File(name, "w", driver="core", backing_store=False)


def _bytes(file: Any) -> bytes:
    """The finished file."""
    file.flush()
    image = bytes(file.id.get_file_image())
    file.close()
    return image


def _rows(group: Any, kind: str, count: int, number: int) -> None:
    """The columns every population of nodes or edges has: one type, one group."""
    group[f"{kind}_type_id"] = np.full(count, number, np.int64)
    group[f"{kind}_group_id"] = np.zeros(count, np.uint32)
    group[f"{kind}_group_index"] = np.arange(count, dtype=np.uint64)


def _index(group: Any, rows: NDArray[np.uint64], count: int) -> None:
    """Which edges each of `count` nodes has, as ranges of ranges."""
    order = np.argsort(rows, kind="stable").astype(np.int64)
    of = rows[order].astype(np.int64)
    begins = np.flatnonzero(np.append(True, (np.diff(of) != 0) | (np.diff(order) != 1))[: order.size])
    ends = np.append(begins[1:], order.size)[: begins.size] - 1
    ranges = np.stack([order[begins], order[ends] + 1], axis=1) if order.size else np.zeros((0, 2), np.int64)
    first = np.searchsorted(of[begins], np.arange(count), "left")
    last = np.searchsorted(of[begins], np.arange(count), "right")
    group["range_to_edge_id"] = ranges.astype(np.uint64)
    group["node_id_to_ranges"] = np.stack([first, last], axis=1).astype(np.uint64)
    group["node_id_to_range"] = group["node_id_to_ranges"]  # the same column under its other name


def _table(head: list[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=" ", lineterminator="\n").writerows([head, *rows])
    return text.getvalue().encode()
