"""Kernels are compiled by a crew of children: the most wanted first, nothing twice, nothing for nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial

import pytest

from engine import Network, Simulation
from engine.commands import compiling
from engine.errors import ModelError
from engine.kernels import crew as crews
from engine.kernels import fuse, recipes, warm_up
from engine.kernels.crew import NOW, SOME_DAY, SOON, Crew, wait_for
from engine.kernels.recipes import POOLS
from engine.live import ahead
from engine.live.ahead import Ahead, by_need
from engine.network.edits import SetRules
from engine.network.parts import RuleUse
from tests import one_of_everything


def recipe(kind: str, *slugs: str) -> recipes.Recipe:
    return recipes.Recipe(kind, slugs, "float64")


class Shop:
    """Children that compile nothing: each waits until it is let go on, and what was begun is written down."""

    def __init__(self) -> None:
        self.begun: list[recipes.Recipe] = []
        self.change = threading.Condition()
        self.let_go = threading.Semaphore(0)
        self.children = 0
        shop = self

        class Idle:
            def __init__(self) -> None:
                self.is_over = False
                self.ended = threading.Event()
                shop.children += 1

            def compile(self, recipe: recipes.Recipe) -> str:
                with shop.change:
                    shop.begun.append(recipe)
                    shop.change.notify_all()
                while not shop.let_go.acquire(timeout=0.005):
                    if self.is_over:
                        return "killed"
                return "no such thing" if recipe.kind == "growth" else ""

            def kill(self) -> None:
                self.is_over = True

            def close(self) -> None:
                self.is_over = True

        self.child = Idle

    def wait_begun(self, many: int) -> None:
        with self.change:
            assert self.change.wait_for(lambda: len(self.begun) >= many, timeout=60.0)


@pytest.fixture
def shop(monkeypatch):
    made = Shop()
    monkeypatch.setattr(crews, "Child", made.child)
    return made


A, B, C, D = (recipe("input", slug) for slug in "abcd")


def test_two_who_want_the_same_kernel_wait_for_one_compilation(shop):
    crew = Crew(2)
    first, second = crew.ask([A]), crew.ask([A])
    assert first == second
    shop.wait_begun(1)
    assert crew.is_at(A)
    shop.let_go.release()
    wait_for(first, 60.0, None, crew)
    wait_for(second, 60.0, None, crew)
    assert shop.begun == [A]
    assert not crew.is_at(A)


def test_what_somebody_waits_for_comes_before_what_nobody_asked_for(shop):
    crew = Crew(1)
    some_day = crew.ask([A, B], SOME_DAY)
    shop.wait_begun(1)
    soon, now = crew.ask([C], SOON), crew.ask([D, B], NOW)
    for _ in range(4):
        shop.let_go.release()
    for jobs in (some_day, soon, now):
        wait_for(jobs, 60.0, None, crew)
    assert shop.begun == [A, B, D, C], "B was asked for meanwhile, and before D"


def test_what_takes_longest_is_begun_first(shop):
    crew = Crew(1)
    neuron = recipe("neuron", "lif")
    held = crew.ask([A])
    shop.wait_begun(1)
    jobs = crew.ask([B, neuron])
    for _ in range(3):
        shop.let_go.release()
    wait_for([*held, *jobs], 60.0, None, crew)
    assert shop.begun == [A, neuron, B]


def test_one_child_at_a_time_does_what_nobody_asked_for(shop):
    crew = Crew(2)
    some_day = crew.ask([A, B], SOME_DAY)
    shop.wait_begun(1)
    now = crew.ask([C], NOW)
    shop.wait_begun(2)
    assert shop.begun == [A, C]
    for _ in range(3):
        shop.let_go.release()
    wait_for([*some_day, *now], 60.0, None, crew)


def test_what_nobody_wants_any_more_is_given_up_waiting_or_begun(shop):
    crew = Crew(1)
    begun, waiting = crew.ask([A]), crew.ask([B])
    shop.wait_begun(1)
    crew.leave(waiting)
    assert waiting[0].done.is_set()
    crew.leave(begun)
    crew.join()
    assert begun[0].done.is_set(), "whoever joins waits for what is being given up too"
    assert shop.begun == [A]
    assert begun[0].error == "killed"


def test_what_is_wanted_again_while_it_is_given_up_is_begun_anew(shop):
    crew = Crew(1)
    first = crew.ask([A])
    shop.wait_begun(1)
    with crew._change:  # before the child has noticed
        crew.leave(first)
        again = crew.ask([A])
    assert again[0] is not first[0]
    shop.wait_begun(2)
    shop.let_go.release()
    wait_for(again, 60.0, None, crew)
    assert first[0].error == "killed"


def test_what_somebody_else_still_wants_goes_on(shop):
    crew = Crew(1)
    mine, yours = crew.ask([A]), crew.ask([A])
    shop.wait_begun(1)
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(ModelError, match="no longer wanted"):
        wait_for(mine, 60.0, given_up, crew)
    shop.let_go.release()
    wait_for(yours, 60.0, None, crew)
    assert yours[0].error == ""


def test_one_child_takes_one_recipe_after_another_also_after_one_that_fails(shop):
    crew = Crew(1)
    jobs = crew.ask([recipe("growth", "bad"), A, B])
    for _ in range(3):
        shop.let_go.release()
    with pytest.raises(ModelError, match="could not be compiled: no such thing"):
        wait_for(jobs, 60.0, None, crew)
    assert shop.children == 1
    assert [job.error for job in jobs[1:]] == ["", ""]


def test_a_child_that_cannot_be_started_is_told_and_the_next_is_tried(shop, monkeypatch):
    def full():
        monkeypatch.setattr(crews, "Child", shop.child)
        raise OSError("no room for one more process")

    monkeypatch.setattr(crews, "Child", full)
    crew = Crew(1)
    shop.let_go.release()
    jobs = crew.ask([A, B])
    with pytest.raises(ModelError, match="no room for one more"):
        wait_for(jobs, 60.0, None, crew)
    assert shop.begun == [B]


def test_children_stand_by_before_there_is_anything_to_do_and_end_when_told(shop):
    crew = Crew(2)
    crew.stand_by()
    jobs = crew.ask([A])
    shop.wait_begun(1)
    shop.let_go.release()
    wait_for(jobs, 60.0, None, crew)
    again = crew.ask([B])
    shop.let_go.release()
    wait_for(again, 60.0, None, crew)
    crew.stand_down()
    crew.join()  # the leak check looks after the rest


def test_who_compiles_before_a_run_wants_each_kernel_once_and_leaves_it_once(shop, monkeypatch):
    crew = Crew(1)
    monkeypatch.setattr(compiling, "CREW", crew)
    monkeypatch.setattr(compiling, "wait_for", partial(wait_for, crew=crew))
    monkeypatch.setattr(warm_up, "missing", list)
    (yours,) = crew.ask([A])
    assert compiling.prepare([A, B], lambda: shop.let_go.release(2)) == 2
    assert shop.begun == [A, B]
    assert yours.wanted == 1


# -- from opening on -----------------------------------------------------------------------------------


def rule_circuit() -> Network:
    net = Network()
    pre = net.add_population("Pre", "izhikevich", size=2)
    net.add_projection("Wires", pre, pre, transmission="current_exp", rules=[("stdp_triplet", {})])
    return net


def test_a_circuit_can_run_before_its_rules_are_there(monkeypatch):
    monkeypatch.setattr(warm_up, "missing", list)
    first, later = by_need(recipes.of(rule_circuit(), watched=True))
    assert [r.slugs for r in later] == [("current_exp", "stdp_triplet")]
    assert recipes.Recipe("stack", ("current_exp",), "float64", ("watched",)) in first
    assert recipes.neuron("izhikevich", (), "float64") in first


def test_what_synapses_come_and_go_through_is_needed_by_the_rules_of_structure_alone(monkeypatch):
    monkeypatch.setattr(warm_up, "missing", list)
    net = rule_circuit()
    assert POOLS not in recipes.of(net)
    SetRules(next(iter(net.projections)), (RuleUse("prune_weak"),)).apply(net)
    first, later = by_need(recipes.of(net))
    assert POOLS in later
    assert POOLS not in first


def test_from_opening_on_a_circuit_is_compiled_and_what_was_open_before_no_longer(shop, monkeypatch):
    lacking = {"izhikevich", "current_exp", "iaf_psc_exp"}
    monkeypatch.setattr(warm_up, "missing", lambda wanted: [r for r in wanted if set(r.slugs) & lacking])
    crew = Crew(1)
    looking = Ahead(crew)
    looking.opened(rule_circuit())
    shop.wait_begun(1)
    assert shop.begun == [recipes.neuron("izhikevich", (), "float64")]
    net = Network()
    net.add_population("Other", "iaf_psc_exp", size=1)
    looking.opened(net)
    shop.wait_begun(2)  # nobody let the first one go on: it was given up
    assert shop.begun[1] == recipes.neuron("iaf_psc_exp", (), "float64")
    looking.close()


def test_at_a_first_start_what_no_circuit_can_do_without_is_compiled_unasked(shop, monkeypatch):
    monkeypatch.setattr(warm_up, "missing", list)
    monkeypatch.setattr(ahead, "GLANCE", 0.01)
    wanted = [*warm_up.essentials(), POOLS]
    for _ in wanted:
        shop.let_go.release()
    crew = Crew(2)
    looking = Ahead(crew)
    shop.wait_begun(len(wanted))
    assert set(shop.begun) == set(wanted)
    looking.close()


def test_one_that_is_to_wait_begins_when_it_is_told_or_a_circuit_is_opened(shop, monkeypatch):
    told = threading.Event()
    monkeypatch.setattr(warm_up, "missing", lambda wanted: told.set() or [])
    for wake in (lambda waiting: waiting.begin(), lambda waiting: waiting.opened(Network())):
        told.clear()
        waiting = Ahead(Crew(1), at_once=False)
        assert not told.wait(0.2)
        wake(waiting)
        assert told.wait(60.0)
        waiting.close()
    idle = Ahead(Crew(1), at_once=False)
    told.clear()
    idle.close()
    assert not told.is_set(), "closed before it had begun, it only ends"


def test_a_rule_that_is_drawn_begins_to_compile_and_an_edit_that_needs_nothing_new_changes_nothing(
    shop, monkeypatch
):
    monkeypatch.setattr(
        warm_up, "missing", lambda wanted: [r for r in wanted if r.slugs == ("current_exp", "stdp_pair")]
    )
    net = Network()
    pre = net.add_population("Pre", "izhikevich", size=2)
    wires = net.add_projection("Wires", pre, pre, transmission="current_exp")
    looking = Ahead(Crew(1))
    looking.opened(net)
    SetRules(wires.id, (RuleUse("stdp_pair"),)).apply(net)
    looking.opened(net)
    shop.wait_begun(1)
    assert [r.slugs for r in shop.begun] == [("current_exp", "stdp_pair")]
    net.set(pre, v_th=25.0)
    looking.opened(net)
    SetRules(wires.id, ()).apply(net)
    looking.opened(net)  # it is given up again, so that whoever joins has nothing to wait for
    looking.close()
    assert len(shop.begun) == 1


def test_a_rule_that_is_looked_at_is_compiled_for_where_it_may_come(shop, monkeypatch):
    stacks = [("current_exp", "stdp_pair"), ("current_exp", "stdp_triplet", "stdp_pair")]
    monkeypatch.setattr(warm_up, "missing", lambda wanted: [r for r in wanted if r.slugs in stacks])
    net = rule_circuit()
    wires = next(iter(net.projections))
    crew = Crew(2)
    looking = Ahead(crew)
    looking.opened(net)
    looking.considered(net, "stdp_pair", [wires])
    shop.wait_begun(1)
    assert shop.begun[0].slugs == ("current_exp", "stdp_triplet", "stdp_pair")
    looking.considered(net, "stdp_triplet", [wires])  # it is there already: nothing new is asked for
    looking.close()
    assert len(shop.begun) == 1
    assert [use.slug for use in net.projections[wires].rules] == ["stdp_triplet"], "looking changes nothing"


def test_an_example_that_is_pointed_at_is_compiled_as_far_as_it_needs_to_run_until_another_is(
    shop, monkeypatch
):
    lacking = {"izhikevich", "current_exp", "iaf_psc_exp"}
    monkeypatch.setattr(warm_up, "missing", lambda wanted: [r for r in wanted if set(r.slugs) & lacking])
    looking = Ahead(Crew(1))
    looking.pointed_at(rule_circuit())
    shop.wait_begun(1)
    other = Network()
    other.add_population("Other", "iaf_psc_exp", size=1)
    looking.pointed_at(other)
    looking.opened(rule_circuit())
    shop.let_go.release(8)
    rule = ("current_exp", "stdp_triplet")
    with shop.change:
        assert shop.change.wait_for(lambda: rule in [each.slugs for each in shop.begun], timeout=60.0)
    looking.close()
    assert shop.begun[0] == recipes.neuron("izhikevich", (), "float64")
    # What a child finished before it was given up counts as missing here, and is asked for again.
    stacks = dict.fromkeys(each.slugs for each in shop.begun if each.kind == "stack")
    assert [*stacks] == [("current_exp",), rule], "its rule once it is opened"


def test_an_outline_asks_for_the_kernels_of_the_whole_network():
    net = one_of_everything.circuit()
    assert len(recipes.of(net, watched=True)) > 10
    assert recipes.of(ahead.outline(net), watched=True) == recipes.of(net, watched=True)


def test_opening_a_circuit_does_not_bring_numba_into_the_windows_thread():
    """An import holds up every thread for a third of a second; an outline is all that is made of it there."""
    text = (
        "import sys; from engine.network.network import Network; from engine.live.ahead import outline;"
        "net = Network(); a = net.add_population('A', 'relay', size=2); net.add_projection('W', a, a);"
        "assert len(outline(net).projections) == 1; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", text], check=True, timeout=120)


# -- nothing is forgotten ------------------------------------------------------------------------------


def test_a_simulation_imports_nothing_but_what_its_recipes_say(monkeypatch):
    """Whatever were not in them would be compiled in the window's process, which stands still meanwhile."""
    net = one_of_everything.circuit()
    said = {each.about for each in recipes.of(net, watched=True)}
    warm_up.compile_beside(recipes.of(net, watched=True))
    imported = set()
    compiled = fuse.compiled
    monkeypatch.setattr(
        fuse, "compiled", lambda about, kernels: imported.add(about) or compiled(about, kernels)
    )
    Simulation(net, eye=True).run(5.0)
    assert len(imported) > 5
    assert imported <= said
