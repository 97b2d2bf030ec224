"""What each card may know: read off the syntax tree of its hooks, so that locality is computed, not claimed.

The seven places of a rule's knowledge: the presynaptic side, the postsynaptic side, the synapse itself, a
number of the whole postsynaptic neuron, a modulator in the tissue, the astrocyte, and anything global.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import registry
from engine.declare import Declaration
from engine.kernels.hooks import reads
from engine.network.network import Network

PLACES = {
    "Pre": "its own presynaptic neuron: spikes, traces, state",
    "Post": "its own postsynaptic neuron: spikes, traces, local voltage",
    "Syn": "its own weight, tags and calcium",
    "N": "one number of the whole postsynaptic neuron, such as its mean rate",
    "M": "the concentration of a modulator where it lies",
    "A": "the astrocyte whose territory it lies in",
    "G": "anything else: other synapses, other layers, a loss",
}
"""Short name and meaning of every place, in the order of a table."""
LOCAL = ("Pre", "Post", "Syn", "N")
"""Places that lie within the synapse and its two neurons."""
_ROWS = {"pre": "Pre", "post": "Post", "syn": "Syn", "mod": "M", "glia": "A", "el": "N", "n": "N"}


def places(model: type[Declaration]) -> frozenset[str]:
    """Where a model's hooks read from.

    What a slow hook reads of the post neuron is a number of the whole neuron (N), not a local event (Post).
    A row no synapse owns counts as global.
    """
    found = set()
    for hook, seen in reads(model).items():
        for row, _ in seen.reads | seen.writes:
            if row in ("p", "k", "inp"):
                continue
            place = _ROWS.get(row, "G")
            found.add("N" if place == "Post" and hook in SLOW_HOOKS else place)
        if hook in EVENTS:
            found.add(EVENTS[hook])
    return frozenset(found)


SLOW_HOOKS = ("on_slow", "on_neuron")
EVENTS = {"on_pre": "Pre", "on_post": "Post"}
"""A hook that runs at a spike knows of that spike, whatever else it reads."""


@dataclass(frozen=True)
class Row:
    """One card of one projection, and where it reads from."""

    projection: int
    label: str
    card: str
    slug: str
    stage: str
    places: frozenset[str]
    joins_at_random: bool
    """Whether it pairs free elements of different neurons: a lottery that no single synapse could hold."""

    @property
    def is_local(self) -> bool:
        """Whether it reads nothing beyond the synapse and its two neurons."""
        return self.places <= set(LOCAL)


def table(net: Network) -> list[Row]:
    """Every enabled plasticity card of a network, in pipeline order."""
    rows = []
    for id, projection in net.projections.items():
        for use in projection.rules:
            if not use.enabled:
                continue
            card = registry.find(use.slug, "rule")
            rows.append(
                Row(
                    id,
                    projection.label,
                    card.label,
                    card.slug,
                    card.stage,
                    places(card),
                    "grow" in card.hooks,
                )
            )
    return rows
