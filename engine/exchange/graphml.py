"""Networks as GraphML, for Gephi, Cytoscape and networkx, both ways.

GraphML is XML, and a stranger's XML may unfold to more than memory holds or point at other files: a file
that declares a document type is refused before it is parsed.
"""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import networkx
import numpy as np

from engine.errors import FileError
from engine.exchange.tables import Edges, build, lost, neuron_names, population_names
from engine.files.atomic import replace_file
from engine.legible import legible

if TYPE_CHECKING:
    from engine.network.network import Network

LARGEST = 1_000_000_000
"""Bytes of GraphML we are ready to parse; networkx takes about ten times as much memory."""


def write_graphml(net: Network, path: str | Path) -> list[str]:
    """Write neurons with population, sign, model and position, and synapses with weight and delay.

    Returns sentences about what was lost.
    """
    graph = networkx.MultiDiGraph(title=legible(net.title or ""))
    names, labels = neuron_names(net), population_names(net)
    for population in net.populations.values():
        if population.kind != "neuron":
            continue
        for neuron, (x, y, z) in zip(
            population.neuron_ids.tolist(), population.positions.tolist(), strict=True
        ):
            graph.add_node(
                str(neuron),
                label=legible(names[neuron]),
                population=labels[population.id],
                model=population.model,
                sign=int(population.sign),
                x=x,
                y=y,
                z=z,
            )
    for projection in net.projections.values():
        columns = projection.synapses.sorted()
        rows = zip(*(columns[c].tolist() for c in ("id", "pre", "post", "weight", "delay")), strict=True)
        for synapse, pre, post, weight, delay in rows:
            graph.add_edge(
                str(pre),
                str(post),
                key=str(synapse),
                weight=weight,
                delay=delay,
                kind=projection.transmission,
            )
    written = io.BytesIO()
    networkx.write_graphml(graph, written)
    replace_file(path, [written.getbuffer()])
    told = (net.title, *names.values(), *(p.label for p in net.populations.values()))
    marred = sum(legible(text) != text for text in told)
    marks = [f"GraphML cannot hold control characters: {marred} names have marks in their place"]
    return lost(net, "GraphML") + (marks if marred else [])


def read_graphml(path: str | Path, *, scale: float = 1.0) -> tuple[Network, list[str]]:
    """Read a graph whose nodes are neurons and whose edges are synapses; returns it with what was assumed.

    Understood: nodes with `label`, `population`, `model`, `x`, `y`, `z`; edges with `weight` and `delay`
    and `kind`.  `scale` turns its weights into pA.  Raises `FileError`.
    """
    path = Path(path)
    _check(path)
    try:
        graph = networkx.read_graphml(str(path), force_multigraph=True)
    except (ParseError, networkx.NetworkXError, ValueError, KeyError, TypeError) as error:
        raise FileError(f"{path.name} is not GraphML: {error}", entry=path.name) from None
    notes = []
    if not graph.is_directed():
        notes.append("the graph has no directions: every edge became a synapse each way")
        graph = graph.to_directed()
    keys = list(graph.nodes)
    at = {key: i for i, key in enumerate(keys)}
    nodes = [graph.nodes[key] for key in keys]
    found = list(graph.edges(data=True))
    if not any("weight" in d for _, _, d in found):
        notes.append("the graph has no weights: every synapse has 20 pA")
    if not any("delay" in d for _, _, d in found):
        notes.append("the graph has no delays: every synapse has 1 ms")
    edges = Edges(
        names=[str(node.get("label", key)) for key, node in zip(keys, nodes, strict=True)],
        pre=np.array([at[a] for a, _, _ in found], np.int64),
        post=np.array([at[b] for _, b, _ in found], np.int64),
        weight=np.array([_number(d, "weight", 20.0 / scale, path) * scale for _, _, d in found]),
        delay=np.array([_number(d, "delay", 1.0, path) for _, _, d in found]),
        population=[str(node.get("population", "")) for node in nodes],
        kind=[str(d.get("kind", "")) for _, _, d in found],
        notes=notes,
    )
    edges.models = {
        str(node["population"]): str(node["model"])
        for node in nodes
        if "population" in node and "model" in node
    }
    edges.note_signs((str(node.get("population", "")), node.get("sign", "")) for node in nodes)
    if nodes and all("x" in node and "y" in node for node in nodes):
        edges.positions = np.array([[_number(node, c, 0.0, path) for c in "xyz"] for node in nodes])
    return build(edges, path.stem)


def _check(path: Path) -> None:
    """Refuse what should not reach an XML parser."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise FileError(f"{path.name} has {size} bytes; GraphML is read up to {LARGEST}", path.name)
        text = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}", path.name) from None
    for word in (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be")):
        place = text.find(word)
        if place >= 0:
            raise FileError(
                f"{path.name} declares a document type at byte {place}; such files can unfold without end "
                "and are not read",
                path.name,
                place,
            )


def _number(values: dict[str, Any], name: str, default: float, path: Path) -> float:
    value = values.get(name, default)
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise FileError(f"{path.name}: {name} is {value!r}, which is not a number", path.name) from None
    if not math.isfinite(number):
        raise FileError(f"{path.name}: {name} is {value}; it must be finite", path.name)
    return number
