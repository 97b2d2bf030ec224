"""Kernels are compiled in a child process, which ends when nobody waits for it any more."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from engine import Network
from engine.errors import ModelError
from engine.kernels import fuse, recipes, warm_up
from engine.live.building import Builder
from engine.live.session import LiveSession


@pytest.fixture
def cold(tmp_path, monkeypatch):
    """A cache with nothing in it, and no kernel in this process, whatever ran here before."""
    for name in [name for name in sys.modules if name.startswith("neuropil_kernels.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("NEUROPIL_CACHE", str(tmp_path / "cache"))
    fuse.folder.cache_clear()
    fuse.compiled.cache_clear()
    yield
    fuse.folder.cache_clear()
    fuse.compiled.cache_clear()


RELAY = recipes.Recipe("neuron", ("relay",), "float32", ("shared",))


@pytest.mark.slow
def test_a_child_fills_the_cache(cold):
    assert warm_up.missing([RELAY]) == [RELAY]
    warm_up.compile_beside([RELAY])
    assert warm_up.missing([RELAY]) == []


def pairs():
    net = Network()
    pre = net.add_population("Pre", "relay", size=2)
    posts = [net.add_population(name, "relay", size=2) for name in ("One", "Other", "Plain")]
    for post, rules in zip(posts, (["stdp_pair"], ["stdp_pair"], []), strict=True):
        net.add_projection(f"Pre to {post.label}", pre, post, rules=rules)
    return net


def test_a_rule_to_be_compiled_is_left_out_of_all_projections_that_share_it(cold):
    net = pairs()
    without = Builder().bare(net)
    assert [len(each.rules) for each in net.projections.values()] == [1, 1, 0]
    assert [len(each.rules) for each in without.network.projections.values()] == [0, 0, 0]
    without.dress.apply(without.network)
    assert [len(each.rules) for each in without.network.projections.values()] == [1, 1, 0]


def test_where_nothing_was_ever_made_no_text_is_written_to_look_for_it(cold, monkeypatch):
    monkeypatch.setattr(recipes.Recipe, "kernels", lambda recipe: pytest.fail(f"wrote {recipe.about}"))
    assert warm_up.missing([RELAY]) == [RELAY]


def test_a_compilation_nobody_waits_for_ends_at_once(cold):
    given_up = threading.Event()
    threading.Timer(0.3, given_up.set).start()
    began = time.monotonic()
    everything = [recipes.Recipe(r.kind, r.slugs, "float32", r.options) for r in warm_up.shipped()]
    with pytest.raises(ModelError, match="no longer wanted"):
        warm_up.compile_beside(everything, given_up=given_up)
    assert time.monotonic() - began < 60.0, "it waited for the whole compilation"


def test_a_compilation_that_takes_too_long_is_ended(cold):
    with pytest.raises(ModelError, match="within 0 s"):
        warm_up.compile_beside([RELAY], timeout=0.0)


def test_what_does_not_compile_is_told(cold, monkeypatch):
    monkeypatch.setattr(warm_up, "missing", list)
    with pytest.raises(ModelError, match="could not be compiled"):
        warm_up.compile_beside([recipes.Recipe("neuron", ("no_such_neuron",), "float64")])


def test_closing_a_session_does_not_wait_for_its_kernels(cold):
    """The leak check holds this too: the thread is gone with the test."""
    net = Network(precision="single")
    pre = net.add_population("Pre", "izhikevich", size=2)
    net.add_projection("Wires", pre, pre, transmission="current_exp", rules=[("stdp_triplet", {})])
    session = LiveSession(net)
    session.start()
    assert session.stop(timeout=30.0)
