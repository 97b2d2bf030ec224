"""Steps and breakpoints: a run ends at the exact step, and that changes no bits."""

from engine.live import messages as say
from engine.live.breakpoints import WhenGrown, WhenPruned, WhenRate, WhenWeight
from tests.engine.a_worker import Bench
from tests.live_toy import Placid, Toy, digest, small_network


def test_a_step_of_dt_is_one_step():
    bench = Bench(Toy).tell(say.Step("dt")).run_until_paused()
    assert bench.toy.step == 1
    assert bench.last(say.Paused).why == ""


def test_the_next_spike_is_found_exactly():
    plain = Toy(small_network())
    plain.advance(500)
    bench = Bench(Toy)
    for expected in sorted({step for step, _ in plain.recorded})[:6]:
        bench.tell(say.Step("spike")).run_until_paused()
        assert bench.toy.step == expected
    plain = Toy(small_network())
    plain.advance(bench.toy.step)
    assert digest(bench.toy) == digest(plain)


def test_the_next_synapse_change_is_found_exactly_and_told_once():
    plain = Toy(small_network())
    plain.advance(500)
    bench = Bench(Toy)
    for expected in sorted({change.step for change in plain.changes})[:5]:
        bench.tell(say.Step("change")).run_until_paused()
        assert bench.toy.step == expected
    told = [m.ids.tolist() for m in bench.of(say.Grown | say.Pruned)]
    assert told == [c.ids.tolist() for c in plain.changes if c.step <= bench.toy.step]


def test_looking_for_a_change_that_never_comes_ends(monkeypatch):
    monkeypatch.setitem(__import__("engine.live.seeking", fromlist=["LIMITS"]).LIMITS, "change", 20.0)
    bench = Bench(Placid).tell(say.Step("change")).run_until_paused()
    assert bench.toy.step == 200
    assert "no change" in bench.last(say.Paused).why


def test_a_run_pauses_at_the_step_of_a_pruning():
    plain = Toy(small_network())
    plain.advance(500)
    first = next(change for change in plain.changes if change.kind == "pruned")
    bench = Bench(Toy).tell(say.PauseWhen((WhenPruned(),)), say.Play()).run_until_paused()
    assert bench.toy.step == first.step
    assert "pruned" in bench.last(say.Paused).why
    assert bench.last(say.Pruned).ids.tolist() == first.ids.tolist()
    bench.tell(say.Play()).run_until_paused()
    assert bench.toy.step > first.step


def test_a_run_pauses_at_the_step_of_a_growth_of_that_projection_only():
    plain = Toy(small_network())
    plain.advance(500)
    last = max(plain.network.projections)
    first = next(change for change in plain.changes if change.kind == "grown" and change.projection == last)
    bench = Bench(Toy).tell(say.PauseWhen((WhenGrown(last),)), say.Play()).run_until_paused()
    assert bench.toy.step == first.step


def test_a_run_pauses_at_the_exact_step_a_weight_passes_a_value_and_goes_on_when_asked():
    class Learns(Toy):
        grows = prunes = 0

    network = small_network()
    projection = next(iter(network.projections))
    bench = Bench(Learns, network).tell(say.PauseWhen((WhenWeight(projection, above=30.0),)), say.Play())
    bench.run_until_paused()
    assert bench.toy.step == 41  # 20 + 40 * 0.25 is 30, which is not above
    assert "passed 30" in bench.last(say.Paused).why
    bench.run_to(100)  # it holds still: no reason to pause again
    assert bench.toy.step >= 100


def test_a_run_pauses_when_a_rate_leaves_its_range_at_the_end_of_a_bin():
    network = small_network()
    population = next(iter(network.populations))
    bench = Bench(Toy, network).tell(say.PauseWhen((WhenRate(population, high=1.0),)), say.Play())
    bench.run_until_paused()
    assert bench.toy.step % 1000 == 0
    assert "rate" in bench.last(say.Paused).why


def test_breakpoints_change_no_bits():
    network = small_network()
    projection = next(iter(network.projections))
    bench = Bench(Toy, network).tell(say.PauseWhen((WhenPruned(), WhenWeight(projection, above=25.0))))
    while bench.toy.step < 150:
        bench.tell(say.Play()).run_until_paused()
    assert len(bench.of(say.Paused)) > 5
    plain = Toy(small_network())
    plain.advance(bench.toy.step)
    assert digest(bench.toy) == digest(plain)


def test_looking_for_a_spike_does_not_keep_the_speed_asked_for():
    bench = Bench(Toy, speed=0.0001, per_step=0.0)
    bench.tell(say.Step("spike"))
    for _ in range(100):
        assert bench.worker.turn() in (0.0, None)
        if not bench.worker.is_running:
            break
    assert bench.toy.recorded
