"""Kernels are compiled in a child process, which ends when nobody waits for it any more."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from engine import Network
from engine.errors import ModelError
from engine.kernels import fuse, recipes, warm_up
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
