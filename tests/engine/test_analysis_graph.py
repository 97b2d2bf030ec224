"""Measures of who reaches whom agree with networkx and follow a wiring that changes."""

import networkx
import numpy as np
import pytest

from engine.analysis.graph import WiringGraph


def random_wiring(n=60, m=400, seed=3):
    luck = np.random.default_rng(seed)
    ids = luck.permutation(np.arange(n) * 3 - 20)
    return ids, luck.choice(ids, m), luck.choice(ids, m)


def as_networkx(ids, pre, post):
    graph = networkx.DiGraph()
    graph.add_nodes_from(ids.tolist())
    graph.add_edges_from((a, b) for a, b in zip(pre.tolist(), post.tolist(), strict=True) if a != b)
    return graph


@pytest.mark.parametrize(("n", "m"), [(60, 400), (60, 45), (12, 200)])
def test_measures_agree_with_networkx(n, m):
    ids, pre, post = random_wiring(n, m)
    graph, measured = as_networkx(ids, pre, post), WiringGraph(ids, pre, post).measures()
    lengths = [d for a, to in networkx.all_pairs_shortest_path_length(graph) for b, d in to.items() if a != b]
    assert measured.pairs == graph.number_of_edges()
    assert measured.density == pytest.approx(networkx.density(graph))
    assert measured.reciprocity == pytest.approx(networkx.overall_reciprocity(graph))
    assert measured.clustering == pytest.approx(networkx.average_clustering(graph.to_undirected()))
    assert measured.path_length == pytest.approx(np.mean(lengths))
    assert measured.reachable == pytest.approx(len(lengths) / (n * (n - 1)))
    parts = list(networkx.weakly_connected_components(graph))
    assert (measured.components, measured.largest) == (len(parts), max(map(len, parts)))


def test_a_graph_kept_current_equals_one_counted_afresh():
    ids, pre, post = random_wiring()
    live = WiringGraph(ids, pre[:200], post[:200])
    live.add(pre[200:], post[200:])
    live.remove(pre[50:120], post[50:120])
    kept = np.r_[0:50, 120:400]
    fresh = WiringGraph(ids, pre[kept], post[kept])
    assert live.measures() == fresh.measures()
    assert np.array_equal(live.fan_in, fresh.fan_in)
    assert np.array_equal(live.fan_out, fresh.fan_out)


def test_removing_a_synapse_that_is_not_there_changes_nothing():
    graph = WiringGraph([1, 2, 3], [1, 1], [2, 2])
    graph.remove([3], [1])
    graph.remove([1, 1, 1], [2, 2, 2])
    assert graph.synapses == 0
    assert graph.measures().lonely == 3


def test_hubs_come_with_the_most_wired_first():
    graph = WiringGraph([1, 2, 3, 9], [1, 1, 1, 2], [2, 3, 9, 3])
    assert graph.measures(hubs=2).hubs == ((1, 3), (2, 2))


def test_a_synapse_of_a_stranger_is_counted_and_left_out():
    graph = WiringGraph([1, 2], [1, 7], [2, 2])
    assert (graph.strangers, graph.synapses) == (1, 1)


def test_an_empty_network_has_measures():
    measured = WiringGraph([]).measures()
    assert (measured.neurons, measured.synapses, measured.components) == (0, 0, 0)


def test_a_large_network_is_measured_from_a_sample_near_the_truth():
    ids, pre, post = random_wiring(700, 9000)
    graph = WiringGraph(ids, pre, post)
    some, all_of_them = graph.measures(sample=200), graph.measures(sample=700)
    assert (some.sampled, all_of_them.sampled) == (200, 700)
    assert some.path_length == pytest.approx(all_of_them.path_length, rel=0.02)
    assert some.clustering == pytest.approx(all_of_them.clustering, rel=0.1)
