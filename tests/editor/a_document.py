"""A document with an engine that is worked by hand, and what is in its network."""

from tests.live_toy import Toy, by_hand, settle


def synapses_of(network):
    return sorted(int(id) for p in network.projections.values() for id in p.synapses.id)


def weights_at(network, neuron):
    """The weights of the synapses of one neuron, by id."""
    found = {}
    for projection, ids in network.incident([neuron]).items():
        held = network.projections[projection].synapses.take(ids)
        found.update(zip(held["id"].tolist(), held["weight"].tolist(), strict=True))
    return found


def playing(make=Toy, steps=40):
    document = by_hand(make)
    document.play()
    settle(document)
    document.live.session.work(steps)
    return settle(document)
