"""A circuit as a graph of graph theory, for the measures of networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.network.declared import is_gap

if TYPE_CHECKING:
    import networkx

    from engine.network.circuit import Circuit


def to_networkx(net: Circuit) -> networkx.MultiDiGraph:
    """A MultiDiGraph: each neuron with its population, model, sign, name and position (um), each synapse,
    keyed by its id, with weight, delay (ms), projection and transmission.

    A gap junction joins both ways; it stands once, from pre to post, with `gap=True`.
    """
    import networkx

    graph = networkx.MultiDiGraph(title=net.title, dt=net.dt, seed=net.seed)
    for population in net.populations.values():
        at = population.positions.tolist()
        for row, (id, (x, y, z)) in enumerate(zip(population.neuron_ids.tolist(), at, strict=True)):
            graph.add_node(
                id,
                name=population.names[row] if population.names else "",
                population=population.label,
                model=population.model,
                kind=population.kind,
                sign=population.sign,
                x=x,
                y=y,
                z=z,
            )
    for projection in net.projections.values():
        gap = is_gap(projection)
        columns = projection.synapses.sorted()
        rows = zip(
            *(columns[name].tolist() for name in ("id", "pre", "post", "weight", "delay")), strict=True
        )
        for id, pre, post, weight, delay in rows:
            graph.add_edge(
                pre,
                post,
                key=id,
                weight=weight,
                delay=delay,
                projection=projection.label,
                transmission=projection.transmission,
                gap=gap,
            )
    return graph
