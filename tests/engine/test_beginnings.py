"""A learner of one's own begins from what the cards begin from, in a file of its own."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

from engine import Training, load, registry, save
from tests.learning import layered

MINE = '''"""Errors of which only the sign is known, over synapses of their own, which slow down."""

from engine.declare import SentOverFeedback, SlowedByChange, where


class Signs(SlowedByChange, SentOverFeedback, slug="signs_of_mine", label="Signs", family="Mine"):
    formula = "delta = sign(d - y)"
    feedback_from = "step"
    assumption = "none"

    @staticmethod
    def teach(n, p, m):
        n.delta = where(n.target > n.x, 1.0, -1.0)
'''


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The learner of a file that lies anywhere."""
    path = tmp_path / "signs_of_mine.py"
    path.write_text(MINE)
    spec = importlib.util.spec_from_file_location("signs_of_mine", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "signs_of_mine", module)
    spec.loader.exec_module(module)
    registry.add(module.Signs, offered=False)
    return module.Signs


def drawn(slug, **params):
    ways = ("uniform", -1, 1)
    return layered([2, 3, 1], learner=slug, feedback=ways, spread=1.0, seed=5, params={"eta": 1.0, **params})


def test_it_has_the_parameters_and_hooks_of_both_and_its_own_hook_in_place_of_theirs(mine):
    assert list(mine.params) == ["eta", "batch", "teacher", "late", "slowing"]
    assert set(mine.hooks) == {"forward", "fire", "teach", "feedback", "blame", "update", "store", "tune"}
    assert mine.hooks["teach"] is mine.teach
    assert mine.about().startswith("Errors of which only the sign is known")


def test_it_learns_by_its_own_arithmetic_and_by_what_it_began_from(mine):
    X, Y = np.array([[1.0, 0.0]]), np.array([[1.0]])
    own, other = Training(drawn(mine.slug)), Training(drawn("feedback_alignment"))
    said = float(other.answers(X, Y).outputs[0, 0])
    np.testing.assert_allclose(own.update_for(X, Y) * (1.0 - said), other.update_for(X, Y), rtol=1e-12)
    fast = Training(drawn(mine.slug, slowing=0.0)).run(20)
    own.run(20)
    began = Training(drawn(mine.slug)).columns[0]
    assert np.abs(own.columns[0] - began).sum() < 0.5 * np.abs(fast.columns[0] - began).sum()


def test_a_network_that_names_it_travels_in_a_file(mine, tmp_path):
    training = Training(drawn(mine.slug)).run(3)
    save(training, tmp_path / "a.neuropil")
    net, state = load(tmp_path / "a.neuropil")
    again = Training(net, state=state).run(3)
    assert again.columns.tobytes() == training.run(3).columns.tobytes()
