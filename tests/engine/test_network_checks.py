"""What makes no sense is named with place, cause and cure, and refused before anything changes."""

import numpy as np
import pytest

from engine import Simulation, registry
from engine.errors import EditRefused, NeuropilError
from engine.network import Network, RuleUse
from engine.network import edits as every
from engine.network.checks import Problem, advice, check, remarks, why_not
from engine.network.declared import default_of, value_of
from tests.fitting import neuron_for
from tests.one_of_everything import circuit, portrait


@pytest.fixture
def net():
    net = Network(dt=0.1)
    exc = net.add_population("E", "iaf_psc_exp", size=4)
    net.add_population("I", "iaf_psc_exp", size=4, sign=-1)
    net.add_population("C", "iaf_cond_exp", size=2)
    net.add_population("R", "relay", size=2)
    net.add_population("U", "iaf_psc_exp", size=2, sign=0)
    net.add_astrocytes("A", size=2)
    net.add_projection("EE", exc, exc)
    return net


def test_a_circuit_that_makes_sense_has_no_problem():
    assert check(circuit()) == []
    assert remarks(circuit()) == []
    assert check(Network()) == []


def test_a_stimulus_acts_on_whole_steps(net):
    with pytest.raises(EditRefused, match=r"delay: 0\.55 ms lies between two steps of 0\.1 ms; write 0"):
        net.add_input("poisson", net.population("E"), delay=0.55)
    net.add_input("spike_list", net.population("R"), times=[10.0, 20.5])
    with pytest.raises(EditRefused, match=r"times: 20\.5 ms lies between two steps of 1 ms"):
        net.set(net, dt=1.0)
    with pytest.raises(EditRefused, match=r"times: 10\.01 ms lies"):
        net.set(next(iter(net.inputs)), times=[10.01])


def test_rules_that_move_weights_need_room(net):
    with pytest.raises(EditRefused, match="w_min and w_max are both 0, so its rules have no room; let w_min"):
        net.add_projection("Shut", "E", "E", rules=["stdp_pair"], w_min=0.0, w_max=0.0)
    net.add_projection("Shut", "E", "E", rules=["prune_weak"], w_min=0.0, w_max=0.0)


# -- synapses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pre", "weight", "allowed"),
    [("E", 1.0, True), ("E", -1.0, False), ("E", 0.0, True), ("I", -1.0, True), ("I", 1.0, False),
     ("U", 1.0, True), ("U", -1.0, True)],
)  # fmt: skip
def test_a_weight_has_the_sign_of_its_population(net, pre, weight, allowed):
    projection = net.add_projection("P", pre, "E")
    if allowed:
        net.add_synapses(projection, net.population(pre)[0], net.population("E")[0], weight=weight)
        return
    with pytest.raises(EditRefused, match=r"but '[EI]' (excites|inhibits)") as refusal:
        net.add_synapses(projection, net.population(pre)[0], net.population("E")[0], weight=weight)
    assert f"write {-weight:g} pA" in str(refusal.value)
    assert len(projection) == 0


def test_the_sign_of_a_population_cannot_change_under_its_synapses(net):
    exc = net.population("E")
    net.add_synapses("EE", exc[0], exc[1], weight=2.0)
    with pytest.raises(EditRefused, match=r"excites|inhibits"):
        net.set(exc, sign=-1)
    net.set(exc, sign=0)
    net.set(exc, sign=1)
    net.remove(net.projection("EE").ids)
    net.set(exc, sign=-1)


def test_a_weight_beyond_w_max_is_refused_only_where_rules_keep_it(net):
    exc = net.population("E")
    net.add_synapses("EE", exc[0], exc[1], weight=500.0)
    with pytest.raises(EditRefused, match=r"beyond w_max = 100; raise w_max to at least 500"):
        net.set_rules("EE", ["stdp_pair"])
    net.set_rules("EE", ["element_growth"])  # moves no weight
    net.set(net.projection("EE"), w_max=500.0)
    net.set_rules("EE", ["stdp_pair"])
    with pytest.raises(EditRefused, match="beyond w_max = 400"):
        net.set(net.projection("EE"), w_max=400.0)
    with pytest.raises(EditRefused, match="beyond w_max"):
        net.set(net.projection("EE").ids, weight=501.0)


@pytest.mark.parametrize(
    ("bounds", "says"), [({"w_min": -1.0}, "w_min is -1"), ({"w_min": 5.0, "w_max": 4.0}, "w_max 4"),
                         ({"w_max": float("inf")}, "w_max")],
)  # fmt: skip
def test_bounds_are_sizes_in_order(net, bounds, says):
    with pytest.raises(EditRefused, match=says):
        net.set(net.projection("EE"), **bounds)
    with pytest.raises(NeuropilError, match="w_m"):
        net.add_projection("P", "E", "E", **bounds)


@pytest.mark.parametrize("delay", [0.0, 0.05, -1.0])
def test_a_delay_is_at_least_one_step(net, delay):
    exc = net.population("E")
    with pytest.raises(EditRefused, match=r"it must be at least one step, 0.1 ms"):
        net.add_synapses("EE", exc[0], exc[1], delay=delay)
    ids = net.add_synapses("EE", exc[0], exc[1], delay=0.1)
    with pytest.raises(EditRefused, match="at least one step"):
        net.set(ids, delay=delay)


def test_the_step_cannot_grow_beyond_a_delay(net):
    exc = net.population("E")
    net.add_synapses("EE", exc[0], exc[1], delay=0.2)
    with pytest.raises(EditRefused, match=r"EE: a step of 0.5 ms is longer .* keep dt at most 0.2 ms"):
        net.set(net, dt=0.5)
    net.set(net, dt=0.2)
    net.add_probe(exc, "v", every=1.0)
    with pytest.raises(EditRefused, match=r"not whole steps of 0.15 ms"):
        net.set(net, dt=0.15)


def test_a_gap_junction_has_neither_sign_nor_delay(net):
    inh = net.population("I")
    gap = net.add_projection("G", inh, inh, transmission="gap_junction")
    ids = net.add_synapses(gap, inh[0], inh[1], weight=0.4, delay=0.0)
    assert net.synapses(gap)[0].tolist()[3:] == (0.4, 0.0)
    with pytest.raises(EditRefused, match="a conductance is 0 or more"):
        net.set(ids, weight=-0.4)
    with pytest.raises(EditRefused, match="carries no spikes, so no rule"):
        net.set_rules(gap, ["stdp_pair"])
    with pytest.raises(EditRefused, match="have no membrane"):
        net.add_projection("G", "R", "R", transmission="gap_junction")
    net.set(net, dt=0.05)


def test_neurons_of_another_population_cannot_be_joined(net):
    with pytest.raises(EditRefused, match="is not in 'E'; a projection joins the neurons of its two"):
        net.add_synapses("EE", net.population("I")[0], net.population("E")[0], weight=1.0)


# -- projections -------------------------------------------------------------------------------------


def test_a_transmission_must_be_one_the_post_neurons_take(net):
    with pytest.raises(
        EditRefused, match=r"gives a conductance, which iaf_psc_exp does not take; choose .*current"
    ):
        net.add_projection("P", "E", "E", transmission="conductance_exp")
    with pytest.raises(EditRefused, match="did you mean 'current_exp'"):
        net.add_projection("P", "E", "E", transmission="curent_exp")
    for transmission in ("current_exp", "conductance_exp"):
        net.add_projection("to relay", "E", "R", transmission=transmission)
    net.add_projection("any", "E", "C", transmission="tsodyks_markram")
    with pytest.raises(EditRefused, match="does not take"):
        net.apply(every.SetTransmission(net.projection("any").id, "current_exp"))


def test_astrocytes_are_no_ends_of_a_projection(net):
    with pytest.raises(EditRefused, match="'A' are astrocytes, and synapses join neurons"):
        net.add_projection("P", "A", "E")
    with pytest.raises(EditRefused, match="is not a population of astrocytes"):
        net.add_projection("P", "E", "E", astrocytes="I")
    net.add_projection("P", "E", "E", astrocytes="A")


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (["stdp_pari"], "did you mean 'stdp_pair'"),
        (["relay"], "there is no rule called 'relay'"),
        ([("stdp_pair", {"tau_per": 1.0})], "did you mean 'tau_pre'"),
        ([("stdp_pair", {"tau_pre": 0.0})], "tau_pre is 0 ms"),
        ([("stdp_pair", {"tau_pre": float("nan")})], "tau_pre is nan"),
        (["stdp_pair", "stdp_pair"], "in the stack twice"),
        (["receptors", "receptors_soft"], "keep one expression"),
        ([("element_growth", {"curve": "gauss"})], "choose one of linear, gaussian, sigmoid"),
        ([("element_growth", {"eta": 0.5, "eps": 0.5})], "eta must be below eps"),
    ],
)
def test_a_stack_that_cannot_be_is_refused(net, rules, says):
    before = portrait(net)
    with pytest.raises(EditRefused, match=says):
        net.set_rules("EE", rules)
    with pytest.raises(EditRefused, match=says):
        net.add_projection("P", "E", "E", rules=rules)
    assert portrait(net) == before


def test_slow_time_that_comes_near_what_a_rule_looks_at_is_refused_with_both_named(net):
    net.set_rules("EE", [("scaling", {"tau_sc": 1e7, "tau_h": 1e4})])
    net.set(net, slow=100.0)  # 100 s acts, 10 s looked at: just ten times
    with pytest.raises(
        EditRefused, match=r"at slow = 200, tau_sc acts as 50000 ms.*tau_h = 10000 ms.*at most 100"
    ):
        net.set(net, slow=200.0)
    with pytest.raises(EditRefused, match="tau_h = 20000 ms"):
        net.set(net.projection("EE"), **{"scaling.tau_h": 2e4})
    with pytest.raises(EditRefused, match="slow is 0"):
        net.set(net, slow=0.0)


# -- parameters --------------------------------------------------------------------------------------


def test_a_reset_lies_below_the_threshold_whichever_of_the_two_is_set(net):
    exc = net.population("E")
    with pytest.raises(EditRefused, match="v_reset is -50 mV and v_th is -55 mV; v_reset must be below v_th"):
        net.set(exc, v_reset=-50.0)
    with pytest.raises(EditRefused, match="v_reset must be below v_th"):
        net.set(exc[1], v_th=-80.0)
    net.set(exc, v_reset=-50.0, v_th=-40.0)
    with pytest.raises(EditRefused, match="v_reset must be below v_th"):
        net.set(exc, v_th=None)
    with pytest.raises(EditRefused, match="v_reset must be below v_th"):
        net.set(exc, v_th=[-40.0, -40.0, -60.0, -40.0])


@pytest.mark.parametrize("model", registry.all("neuron") + registry.all("astrocyte"), ids=lambda m: m.slug)
def test_every_declared_range_is_kept_at_both_ends(model):
    net = Network()
    add = net.add_population if model.kind == "neuron" else net.add_astrocytes
    for name, declared in model.params.items():
        if declared.is_choice:
            continue
        for beyond in (np.nextafter(declared.low, -np.inf), np.nextafter(declared.high, np.inf)):
            if np.isfinite(beyond):
                with pytest.raises(EditRefused, match=f"{name} is"):
                    add("X", model.slug, size=1, params={name: float(beyond)})
    add("X", model.slug, size=1, params={n: p.default for n, p in model.params.items() if not p.is_choice})


@pytest.mark.parametrize("model", registry.all("rule"), ids=lambda m: m.slug)
def test_every_rule_is_accepted_as_declared(model):
    net = Network()
    pre, post = (net.add_population(side, neuron_for(model, side), size=2) for side in ("pre", "post"))
    projection = net.add_projection("P", pre, post, rules=[model.slug])
    net.set_rules(projection, [(model.slug, {n: p.shown_default for n, p in model.params.items()})])


def test_a_default_is_what_the_model_declares_and_states_may_follow_a_parameter(net):
    exc = net.population("E").record
    model = registry.find("iaf_psc_exp")
    assert default_of(exc, "tau_m") == model.params["tau_m"].default
    assert default_of(exc, "v") == model.params["e_l"].default
    net.set(exc.id, e_l=-61.0)
    assert default_of(exc, "v") == -61.0
    net.set(exc.id, e_l=[-61.0, -62.0, -63.0, -64.0])
    assert value_of(exc, "v").tolist() == [-61.0, -62.0, -63.0, -64.0]
    with pytest.raises(NeuropilError, match="did you mean 'tau_m'"):
        default_of(exc, "tau_n")


# -- whole networks ----------------------------------------------------------------------------------


def broken():
    """A network as a damaged or foreign file may bring it: nothing here could be drawn."""
    net = circuit()
    for population in net.populations.values():
        if population.label == "Pyramidal":
            population.params = {**population.params, "tau_m": -4.0, "tau_x": 1.0}
        if population.label == "Izhikevich":
            population.model = "from_the_future"
    for projection in net.projections.values():
        if projection.label == "I to E":
            projection.synapses.put("weight", projection.synapses.id, 40.0)
        if projection.label == "E to E":
            projection.rules = (RuleUse("stdp_from_the_future", {"a": 1.0}), *projection.rules)
            projection.synapses.put("delay", projection.synapses.id[:1], 0.01)
        if projection.label == "E to I":
            projection.transmission = "unheard_of"
    net.slow = -1.0
    next(iter(net.probes.values())).what = "vv"
    net.modulators.clear()
    return net


def test_every_problem_of_a_network_is_listed_not_only_the_first():
    told = "\n".join(map(str, check(broken())))
    for says in (
        "slow is -1",
        "tau_m is -4 ms",
        "no parameter 'tau_x'",
        "no neuron called 'from_the_future'",
        "'Basket' inhibits",
        "no rule called 'stdp_from_the_future'",
        "at least one step",
        "no transmission called 'unheard_of'",
        "no 'vv' to record here",
        "waits for dopamine, and there is none",
    ):
        assert says in told
    assert all(problem.place and problem.cure for problem in check(broken()))


def test_problems_name_the_synapses_they_are_about():
    net = broken()
    [problem] = [p for p in check(net) if "inhibits" in p.what]
    assert set(problem.ids) == set(net.projection("I to E").ids.tolist())


def test_a_rule_may_wait_for_a_modulator_of_several_by_its_id():
    net = circuit()
    second = net.add_modulator("Serotonin", "diffuse", net.population("Relays")[:1])
    assert ["and there are 2" in p.what for p in check(net)] == [True]
    net.set(net.projection("E to E"), **{"dopamine.modulator": float(second.id)})
    assert check(net) == []
    net.remove(second)
    assert [f"waits for modulator {second.id}" in p.what for p in check(net)] == [True]


def test_remarks_are_no_problems():
    net = circuit()
    exc = net.population("Pyramidal")
    net.set(net.projection("E to E").ids[:2], delay=0.3)
    net.set(exc, t_ref=2.05)
    for probe in net.probes:
        net.set(probe, every=0.3)
    net.remove(list(net.inputs))  # their times are on the grid of 0.1 ms
    net.set(net, dt=0.15)
    net.apply(every.RemoveSynapses(net.projection("E to E").ids))
    net.add_input("poisson", [], label="Idle")
    told = "\n".join(map(str, remarks(net)))
    for says in (
        "between two steps of 0.15 ms",
        "t_ref is 2.05 ms, between two steps of 0.15 ms; it counts as 2.1 ms",
        "2 of its 2 targets are gone",
        "Idle",
    ):
        assert says in told
    assert check(net) == []


def test_asking_why_not_changes_nothing():
    net = circuit()
    exc = net.population("Pyramidal")
    before = portrait(net)
    fine, bad = every.RemoveNeurons(exc.ids), every.SetParams(exc.id, {"tau_m": -1.0})
    assert why_not(net, fine) == ""
    assert why_not(net, bad).startswith("Pyramidal: tau_m is -1 ms")
    assert why_not(net, every.Compound((fine, bad))).startswith("Pyramidal: tau_m is -1 ms")
    assert portrait(net) == before
    assert advice(net, fine) == []


def test_undo_is_never_refused_however_senseless_what_was_there():
    """A file may hold what nobody could draw; deleting it and changing one's mind must still work."""
    start = broken()
    for thing in [*start.populations, *start.projections, *start.inputs, *start.probes]:
        net = broken()
        before = portrait(net)
        redo = every.removal(net, [thing]).apply(net).apply(net)
        assert portrait(net) == before
        redo.apply(net).apply(net)
        assert portrait(net) == before
    net = broken()
    before = portrait(net)
    exc, ee = net.population("Pyramidal"), net.projection("E to E")
    for edit in (
        every.RemoveNeurons(net.neuron_ids),
        every.RemoveSynapses(ee.ids),
        every.SetRules(ee.id, ()),
        every.SetParams(exc.id, {"tau_m": 10.0, "tau_x": None}, restoring=True),
        every.SetNetwork({"slow": 1.0}),
        every.Compound((every.SetNetwork({"slow": 1.0}), every.RemovePopulation(exc.id))),
    ):
        edit.apply(net).apply(net)
        assert portrait(net) == before


def test_restoring_does_not_lift_the_rules_of_structure(net):
    exc = net.population("E")
    taken = every.AddSynapses(
        net.projection("EE").id, exc.ids[:1], exc.ids[:1], exc.ids[:1], [1.0], [1.0], restoring=True
    )
    with pytest.raises(EditRefused, match="already taken"):
        taken.apply(net)


def test_a_problem_reads_as_a_sentence():
    assert str(Problem("E", "it is wrong", "mend it")) == "E: it is wrong; mend it"
    assert str(Problem("", "it is wrong")) == "it is wrong"


def test_a_spike_before_the_first_step_is_remarked_on_because_nobody_will_see_it():
    net = Network(dt=0.1, seed=1)
    relays = net.add_population("Relays", "relay", size=3)
    net.add_input("spike_list", relays[:1], times=[0.0, 0.0, 5.0])
    net.add_input("spike_list", relays[1:2], times=[0.0], delay=0.1)
    net.add_input("poisson_inhomogeneous", relays[2:], times=[0.0], rates=[0.0])
    said = "spike list: 2 of its spikes are at 0 ms, before the first step; write 0.1 ms, or delay it"
    assert [str(one) for one in remarks(net)] == [said]
    assert Simulation(net).run(6.0).spikes()["t"].tolist() == [0.1, 5.0]
