"""Where to draw neurons: circles, grids, columns, clusters, and a layout that pulls wired neurons together.

Every function returns positions, float64 (n, 3) in um, and is deterministic: the same network gives
the same picture.  Positions are physics here (growth and delays read them), so applying a layout is an
edit; `arrange` gives the ids and places for that edit and changes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.analysis.force import spring
from engine.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from engine.network.network import Network

T = TypeVar("T")
Places = NDArray[np.float64]
Rows = NDArray[np.int64]

SPACING = 45.0
"""um between neighbours: about seven drawn radii, so that labels and synapses have room."""
GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))


def circle(n: int, *, spacing: float = SPACING) -> Places:
    """Neurons evenly spaced on one circle, the first at the top, running clockwise."""
    places = np.zeros((n, 3))
    if n > 1:
        radius = spacing / (2.0 * np.sin(np.pi / n)) if n > 2 else spacing / 2.0
        angle = 2.0 * np.pi * np.arange(n) / n - np.pi / 2.0
        places[:, 0] = radius * np.cos(angle)
        places[:, 1] = radius * np.sin(angle)
    return places


def grid(n: int, *, spacing: float = SPACING, aspect: float = 1.6) -> Places:
    """Neurons on a square grid, row by row, wider than tall by `aspect`, centred on the origin."""
    columns = max(1, int(np.ceil(np.sqrt(n * aspect))))
    row, column = np.divmod(np.arange(n), columns)
    return centred(_flat(column * spacing, row * spacing))


def sunflower(n: int, *, spacing: float = SPACING) -> Places:
    """Neurons packed evenly into a disc, like the seeds of a sunflower (Vogel 1979)."""
    turn = np.arange(n)
    radius = 0.55 * spacing * np.sqrt(turn)
    return _flat(radius * np.cos(turn * GOLDEN_ANGLE), radius * np.sin(turn * GOLDEN_ANGLE))


def by_population(groups: NDArray[np.int64], *, spacing: float = SPACING) -> Places:
    """One disc of neurons per population; the discs sit side by side, or around a circle when many.

    `groups`: int64[n], the population of each neuron; discs follow the order of first appearance.
    """
    labels, first = np.unique(groups, return_index=True)
    labels = labels[np.argsort(first)]
    places = np.zeros((len(groups), 3))
    radii = []
    for label in labels:
        rows = np.flatnonzero(groups == label)
        places[rows] = sunflower(len(rows), spacing=spacing)
        radii.append(0.55 * spacing * np.sqrt(len(rows)) + spacing)
    for label, centre in zip(labels, _disc_centres(np.array(radii)), strict=True):
        places[groups == label] += centre
    return centred(places)


def layered(
    layers: NDArray[np.int64],
    pre: Rows | None = None,
    post: Rows | None = None,
    *,
    spacing: float = SPACING,
    tallest: int = 26,
    gap: float = 5.0,
) -> Places:
    """Columns from left to right, one per layer, ordered so that few synapses cross.

    `layers`: int64[n], the layer of each neuron (0 is leftmost).  `pre`, `post`: rows of the neurons
    that each synapse joins.  A layer of more than `tallest` neurons takes several columns; layers are
    `gap` spacings apart.  The order within a layer is the barycentre heuristic of Sugiyama et al.
    (1981) IEEE Trans. SMC 11:109, doi:10.1109/TSMC.1981.4308636.
    """
    n = len(layers)
    if not n:
        return np.zeros((0, 3))
    pre = np.zeros(0, np.int64) if pre is None else pre
    post = np.zeros(0, np.int64) if post is None else post
    order = _few_crossings(layers, pre, post)
    places = np.zeros((n, 3))
    x = 0.0
    for label in np.unique(layers):
        rows = np.flatnonzero(layers == label)
        rows = rows[np.argsort(order[rows], kind="stable")]
        columns = -(-len(rows) // tallest)
        height = -(-len(rows) // columns)
        place, column = np.divmod(np.arange(len(rows)), columns)  # neighbours in order stay neighbours
        places[rows, 0] = x + column * spacing * 1.2
        places[rows, 1] = (place - (height - 1) / 2.0) * spacing + (column % 2) * spacing / 2.0
        x += (columns - 1) * spacing * 1.2 + gap * spacing
    return centred(places)


def force(n: int, pre: Rows, post: Rows, *, start: Places | None = None, spacing: float = SPACING) -> Places:
    """Wired neurons attract, all neurons repel: clusters and chains become visible.

    See `engine.analysis.force`; `start` is where the neurons are now (float64 (n, 3)), which keeps the
    picture recognisable, or None for a sunflower.
    """
    begin = sunflower(n, spacing=spacing) if start is None else start
    return centred(spring(begin, pre, post, spacing))


def align(places: Places, side: str) -> Places:
    """Line neurons up: "left", "right", "top", "bottom", "middle" (one row), "centre" (one column)."""
    known = {"left": (0, 0.0), "right": (0, 1.0), "centre": (0, 0.5)}
    known |= {"top": (1, 0.0), "bottom": (1, 1.0), "middle": (1, 0.5)}
    axis, share = _choice(side, known, "side")
    moved = places.copy()
    if len(moved):
        low, high = places[:, axis].min(), places[:, axis].max()
        moved[:, axis] = (1.0 - share) * low + share * high
    return moved


def distribute(places: Places, direction: str) -> Places:
    """Make the gaps equal along "horizontal" or "vertical"; the two outermost neurons stay."""
    axis = _choice(direction, {"horizontal": 0, "vertical": 1}, "direction")
    moved = places.copy()
    if len(moved) > 2:
        order = np.argsort(places[:, axis], kind="stable")
        ends = places[order[[0, -1]], axis]
        moved[order, axis] = np.linspace(ends[0], ends[1], len(order))
    return moved


def centred(places: Places, centre: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Places:
    """The same arrangement with the middle of its bounding box at `centre`."""
    if not len(places):
        return places
    middle = (places.min(axis=0) + places.max(axis=0)) / 2.0
    moved: Places = places - middle + np.asarray(centre)
    return moved


ARRANGEMENTS = ("circle", "grid", "layered", "by_population", "force")
"""What the Arrange menu offers, in its order."""


def arrange(net: Network, how: str, ids: Rows | None = None) -> tuple[Rows, Places]:
    """Where the Arrange menu would move neurons: their ids, and positions float64 (n, 3).

    `how` is one of `ARRANGEMENTS`; `ids` limits it to some neurons (or astrocytes), which then stay
    around the place they are at.  Nothing changes: hand the answer to a `MoveNeurons` edit.  Depth (z)
    is kept.  Raises `UsageError` for an unknown arrangement.
    """
    _choice(how, dict.fromkeys(ARRANGEMENTS, 0), "arrangement")
    all_ids, was, groups, layers = _columns(net)
    chosen = all_ids if ids is None else np.intersect1d(all_ids, np.asarray(ids, np.int64))
    rows = np.searchsorted(all_ids, chosen)
    was, groups, layers = was[rows], groups[rows], layers[rows]
    pre, post = _synapse_rows(net, chosen)
    if how == "circle":
        places = circle(len(chosen))
    elif how == "grid":
        places = grid(len(chosen))
    elif how == "by_population":
        places = by_population(groups)
    elif how == "layered":
        places = layered(layers, pre, post)
    else:
        places = force(len(chosen), pre, post, start=was)
    if len(was):
        places = centred(places, tuple((was.min(axis=0) + was.max(axis=0)) / 2.0))
        places[:, 2] = was[:, 2]
    return chosen, places


def _flat(x: Places, y: Places) -> Places:
    return np.column_stack([x, y, np.zeros(len(x))]).astype(np.float64)


def _choice(word: str, known: dict[str, T], what: str) -> T:
    if word not in known:
        raise UsageError(f"{what} {word!r} is not one of {', '.join(known)}{did_you_mean(word, list(known))}")
    return known[word]


def _disc_centres(radii: Places) -> Places:
    """Centres of discs of these radii: in a row for up to three, otherwise around a circle."""
    n = len(radii)
    if n <= 3:
        x = np.cumsum(2.0 * radii) - radii
        return _flat(x, np.zeros(n))
    angle = np.pi * (2.0 * np.cumsum(radii) - radii) * 2.0 / radii.sum() / 2.0 - np.pi / 2.0
    ring = radii.sum() / np.pi
    return _flat(ring * np.cos(angle), ring * np.sin(angle))


def _few_crossings(layers: NDArray[np.int64], pre: Rows, post: Rows, sweeps: int = 8) -> Places:
    """A height for each neuron such that neurons wired together sit at similar heights."""
    n = len(layers)
    groups = [np.flatnonzero(layers == label) for label in np.unique(layers)]
    height = np.zeros(n)
    for rows in groups:
        height[rows] = np.linspace(-1.0, 1.0, len(rows)) if len(rows) > 1 else 0.0
    across = layers[pre] != layers[post] if len(pre) else np.zeros(0, bool)
    ends = np.concatenate([pre[across], post[across]])
    others = np.concatenate([post[across], pre[across]])
    many = np.bincount(ends, minlength=n)
    for _ in range(sweeps):
        for rows in groups:  # one layer at a time: all at once would swap two layers for ever
            total = np.bincount(ends, weights=height[others], minlength=n)[rows]
            wanted = np.where(many[rows] > 0, total / np.maximum(many[rows], 1), height[rows])
            rank = np.argsort(np.argsort(wanted, kind="stable"), kind="stable")
            height[rows] = -1.0 + 2.0 * rank / (len(rows) - 1) if len(rows) > 1 else 0.0
    return height


def _columns(net: Network) -> tuple[Rows, Places, Rows, Rows]:
    """All neuron ids in order with their positions, population and layer (sensory, inter, motor)."""
    ids, places, groups, layers = [], [], [], []
    depth = layer_of_populations(net)
    for population in net.populations.values():
        many = len(population.neuron_ids)
        ids.append(population.neuron_ids)
        places.append(population.positions)
        groups.append(np.full(many, population.id))
        layers.append(np.full(many, depth[population.id]))
    if not ids:
        none = np.zeros(0, np.int64)
        return none, np.zeros((0, 3)), none, none
    order = np.argsort(np.concatenate(ids), kind="stable")
    return (
        np.concatenate(ids)[order].astype(np.int64),
        np.concatenate(places)[order].astype(np.float64),
        np.concatenate(groups)[order].astype(np.int64),
        np.concatenate(layers)[order].astype(np.int64),
    )


def layer_of_populations(net: Network) -> dict[int, int]:
    """Which column each population belongs in: its noted `layer`, or how far it is from the inputs.

    A population with an integer in `notes["layer"]` goes there.  The others get the fewest projections
    from a population that an input drives (or from one that nothing projects to).
    """
    known = {p.id: int(p.notes["layer"]) for p in net.populations.values() if p.notes.get("layer")}
    if len(known) == len(net.populations):
        return known
    into: dict[int, set[int]] = {p: set() for p in net.populations}
    for projection in net.projections.values():
        if projection.pre != projection.post and len(projection.synapses):
            into[projection.post].add(projection.pre)
    driven = {
        p.id
        for p in net.populations.values()
        if any(np.isin(p.neuron_ids, i.targets).any() for i in net.inputs.values())
    }
    front = {p for p in into if not into[p]} or driven or set(list(into)[:1])
    depth = dict.fromkeys(front, 0)
    while front:
        reached = {p for p in into if p not in depth and into[p] & front}
        level = max(depth.values()) + 1
        depth.update(dict.fromkeys(reached, level))
        front = reached
    return {p: known.get(p, depth.get(p, 0)) for p in net.populations}


def _synapse_rows(net: Network, ids: Rows) -> tuple[Rows, Rows]:
    """The rows in `ids` (sorted) that each synapse joins; synapses that leave `ids` are left out."""
    pres, posts = [], []
    for projection in net.projections.values():
        pre, post = projection.synapses.pre, projection.synapses.post
        inside = np.isin(pre, ids) & np.isin(post, ids)
        pres.append(np.searchsorted(ids, pre[inside]))
        posts.append(np.searchsorted(ids, post[inside]))
    if not pres:
        none = np.zeros(0, np.int64)
        return none, none
    return np.concatenate(pres).astype(np.int64), np.concatenate(posts).astype(np.int64)
