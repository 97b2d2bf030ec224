"""Races repeated with several seeds: mean, spread and n, runs that did not learn apart, cancelled at will."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine import Training, save
from engine.analysis.ledger.repeats import Repeated, Run, dealt_anew, repeat, spread
from engine.commands import main
from engine.errors import UsageError
from engine.live.repeating import Repeating
from tests.engine.a_race import wait
from tests.learning import layered


def xor(learner="backprop", eta=1.0, **more):
    return layered([2, 4, 1], "xor", learner, seed=3, spread=1.0, params={"eta": eta}, **more)


def test_every_seed_is_the_training_of_the_weights_it_dealt():
    net = xor()
    (found,) = repeat(net, 200, 3)
    assert [run.seed for run in found.runs] == [3, 4, 5]
    for run in found.runs:
        start = net if run.seed == 3 else dealt_anew(net, run.seed)
        alone = Training(start, seed=run.seed).run(200)
        assert (run.learned_at, run.samples) == (alone.learned_at, alone.learned_after)
        assert run.right == alone.answers().right
    again = repeat(net, 200, 3)[0]
    assert [run.samples for run in again.runs] == [run.samples for run in found.runs]
    assert len({run.samples for run in found.learned}) > 1, "seeds differ"


def test_runs_that_did_not_learn_are_counted_apart_and_never_averaged():
    runs = (
        Run(1, 10, 40, {"digital": 2.0}, 1.0, 0.1),
        Run(2, None, None, None, 0.5, 0.4),
        Run(3, 20, 80, {"digital": 4.0}, 0.9, 0.1),
    )
    found = Repeated(1, "A", "backprop", 100, False, runs)
    assert (found.samples.mean, found.samples.n) == (60.0, 2)
    assert found.samples.sd == pytest.approx(np.std([40, 80], ddof=1))
    assert found.joules()["digital"] == spread([2.0, 4.0])
    assert found.right.n == 3
    assert len(found.learned) == 2
    assert np.isnan(spread([1.0]).sd)
    assert spread([]).n == 0


def test_dealing_anew_keeps_the_weights_of_each_projection_and_what_mirrors_them():
    net = xor("generec", feedback="mirror")
    net.add_projection("Apart", "L0", "L0")
    dealt = dealt_anew(net, 8)
    for id, projection in net.projections.items():
        before, after = projection.synapses.weight, dealt.projections[id].synapses.weight
        assert sorted(before) == sorted(after)
    ahead = {(s["pre"], s["post"]): s["weight"] for s in dealt.synapses(dealt.projection("W2"))}
    behind = {(s["post"], s["pre"]): s["weight"] for s in dealt.synapses(dealt.projection("B1"))}
    assert ahead == behind
    assert not np.array_equal(
        net.projection("W1").synapses["weight"], dealt.projection("W1").synapses["weight"]
    )
    hidden = net.population("L1").id
    one, other = (n.populations[hidden].params["bias"] for n in (net, dealt))
    assert sorted(one) == sorted(other)
    assert not np.array_equal(one, other)


def test_a_learner_that_cannot_run_says_why_in_every_run_and_the_others_go_on():
    net = xor()
    net.add_learner("feedback_alignment")
    fine, broken = repeat(net, 5, 2)
    assert [run.trouble for run in fine.runs] == ["", ""]
    assert all("feedback" in run.trouble for run in broken.runs)
    with pytest.raises(UsageError, match="at least 1"):
        repeat(net, 5, 0)


def test_it_runs_on_a_thread_tells_how_far_it_is_and_can_be_cancelled():
    repeating = Repeating(xor(), 30, 2)
    try:
        wait(lambda: not repeating.look().is_running)
        seen = repeating.look()
        assert seen.share == 1.0
        assert [len(one.runs) for one in seen.learners] == [2]
    finally:
        repeating.close()
    endless = Repeating(xor(), 10**9, 2)
    try:
        wait(lambda: endless.look().share > 0.0)
        endless.cancel()
        wait(lambda: not endless.look().is_running)
        assert endless.look().share < 1.0
        assert not endless.look().learners[0].runs, "a run that was cut short is no run"
    finally:
        endless.close()


def test_the_command_says_mean_spread_and_how_many(tmp_path, capsys):
    path = str(tmp_path / "a.neuropil")
    save(xor(), path)
    assert main(["run", path, "--epochs", "200", "--seeds", "3"]) == 0
    (found,) = repeat(xor(), 200, 3)
    row = next(line for line in capsys.readouterr().out.splitlines() if "Back-propagation" in line)
    assert f"{len(found.learned)} of 3" in row
    assert f"{found.samples.mean:.4g} \u00b1 {found.samples.sd:.2g} ({found.samples.n})" in row
    assert main(["run", path, "--epochs", "200", "--seeds", "3", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["learners"][0]["patterns_to_criterion"]["n"] == found.samples.n
    assert main(["run", path, "--seeds", "3", "--for", "1s"]) != 0
    assert "--epochs" in capsys.readouterr().err
