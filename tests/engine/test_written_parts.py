"""What a written rule may declare besides traces and fields, and what is said where something is missing."""

import json

import pytest

from engine import Network, Simulation, load, registry, save, written
from engine.errors import ModelError
from engine.network import RuleUse
from engine.network.checks import remarks
from engine.network.edits.projections import SetRules
from engine.written.definition import definition_of
from engine.written.model_file import as_model_file
from tests.written_rules import BUDGET, GROW, PAIR, PRUNE


def neurons(rule, weights=(10.0, 30.0, 50.0)):
    """Three inputs of one silent neuron."""
    net = Network(dt=1.0, seed=1)
    pre = net.add_population("Pre", "relay", size=len(weights), sign=+1)
    post = net.add_population("Post", "relay", size=1, sign=+1)
    way = net.add_projection("Inputs", pre, post, rules=[rule], w_max=100.0)
    net.add_synapses(way, pre=pre.ids, post=[post.ids[0]] * len(weights), weight=weights, delay=1.0)
    return net, way


def test_a_written_rule_removes_synapses_and_the_log_says_why(tmp_path):
    made = written.declare(PRUNE)
    net, way = neurons(made.slug)
    save(net, tmp_path / "a.neuropil")
    sim = Simulation(load(tmp_path / "a.neuropil")[0])
    sim.run(100.0)
    assert sim.synapses(way.id)["weight"].tolist() == [30.0, 50.0]
    (gone,) = sim.changes
    assert (gone.kind, gone.rule, gone.why, gone.step) == ("pruned", made.slug, "weak for 50 ms", 50)


def test_a_written_rule_sums_over_the_inputs_of_a_neuron():
    net, way = neurons(written.declare(BUDGET).slug)
    sim = Simulation(net)
    sim.run(20_000.0)
    weight = sim.synapses(way.id)["weight"]
    assert weight.sum() == pytest.approx(100.0, rel=1e-3)
    assert weight / weight.sum() == pytest.approx([10 / 90, 30 / 90, 50 / 90]), "all by one factor"


def test_a_rule_of_the_slow_clock_acts_every_tenth_of_a_second_unless_it_says_otherwise():
    made = written.declare(BUDGET)
    assert made.clock == "slow"
    assert (made.params["update"].default, made.params["update"].unit) == (100.0, "ms")
    assert written.declare(PRUNE).params["update"].default == 10.0


def test_an_expression_that_acts_slowly_is_of_the_slow_clock_and_others_are_not():
    told = {"label": "Soft", "stage": "expression", "hooks": {"apply": "syn.w += syn.dw"}}
    assert written.declare(told).clock == "fast"
    assert written.declare({**told, "hooks": {**told["hooks"], "on_slow": "syn.w *= 1.0"}}).clock == "slow"


def test_a_written_homeostat_is_known_by_the_rate_it_keeps():
    made = written.declare(
        {**BUDGET, "settings": {"set_point": "5", "pace": "p.tau / 2", "signs": "excitatory"}}
    )
    assert (made.seeks, made.signs) == ("rate", "excitatory")
    assert (made.set_point(made.row()), made.pace(made.row())) == (5.0, 500.0)


def test_a_written_rule_says_what_it_wants_of_neurons_and_what_it_is_mistaken_for():
    told = {"wants": "lasting spike: it potentiates where it should not", "caveat": "No reward in it."}
    made = written.declare({**PAIR, "settings": told})
    assert (made.wants, made.caveat) == (
        {"lasting spike": "it potentiates where it should not"},
        "No reward in it.",
    )
    assert definition_of(made)["settings"] == told
    assert "wants = {'lasting spike': 'it potentiates where it should not'}" in as_model_file(
        json.loads(made.definition)
    )
    net, _ = neurons(made.slug)
    (remark,) = [one for one in remarks(net) if "lasting spike" in str(one)]
    assert "without one it potentiates where it should not" in str(remark)


def test_what_model_files_want_and_are_mistaken_for_goes_into_their_definitions():
    said = {slug: definition_of(registry.find(slug, "rule"))["settings"] for slug in ("clopath", "dopamine")}
    assert said["clopath"]["wants"] == "lasting spike: the rule potentiates where it should not"
    assert said["dopamine"]["caveat"] == registry.find("dopamine", "rule").caveat


def test_a_choice_is_told_by_name_and_met_as_its_number():
    told = {**PAIR, "params": {**PAIR["params"], "side": {"default": "post", "takes": "pre, post"}}}
    side = written.declare(told).params["side"]
    assert (side.options, side.default, side.shown_default) == (("pre", "post"), 1.0, "post")
    whole = {**PAIR, "params": {**PAIR["params"], "many": {"default": 3, "takes": "whole"}}}
    assert written.declare(whole).params["many"].is_whole


def test_parameters_stay_in_the_order_they_were_written_in():
    assert list(written.declare(PAIR).params) == ["tau_pre", "tau_post", "lambda_", "alpha"]


def test_a_text_of_an_earlier_version_keeps_its_slug():
    """Until tables kept their order a definition was kept with every name sorted; such files must load."""
    early = json.dumps(PAIR, sort_keys=True)
    assert written.canonical(json.loads(early)) == early
    assert written.learn(early).definition == early


@pytest.mark.parametrize("name", ["late", "every", "window", "loss", "growth", "pace", "set_point", "why"])
def test_a_parameter_may_be_called_as_something_a_class_has(name):
    told = {**PAIR, "label": f"With {name}", "params": {**PAIR["params"], name: {"default": 3.0}}}
    made = written.declare(told)
    assert made.params[name].default == 3.0
    for attribute in ("late", "every", "loss", "growth", "pace", "set_point", "why"):
        assert not getattr(made, attribute, ""), "a rule without these settings"


def test_a_parameter_may_be_called_as_a_hook_is():
    told = {**GROW, "label": "A form", "params": {**GROW["params"], "form": {"default": 1.0}}}
    made = written.declare({**told, "hooks": {"form": "return p.form"}})
    assert made.params["form"].default == 1.0
    assert made.hooks["form"](p=made.row()) == 1.0


def test_a_stack_with_a_written_pruner_is_an_edit_that_can_be_taken_back():
    made = written.declare(PRUNE)
    net, way = neurons("scaling")
    before = net.projections[way.id].rules
    back = SetRules(way.id, (*before, RuleUse(made.slug))).apply(net)
    assert [use.slug for use in net.projections[way.id].rules] == ["scaling", made.slug]
    back.apply(net)
    assert net.projections[way.id].rules == before


def test_a_written_rule_makes_synapses():
    net, way = neurons(written.declare(GROW).slug)
    sim = Simulation(net)
    sim.run(20_000.0)
    rows = sim.synapses(way.id)
    assert len(rows) == 6, "two places for each of three pairs, all filled"
    assert (rows["weight"] == 7.0).sum() == 3
    assert {change.why for change in sim.changes} == {"a chance at 0.001"}


@pytest.mark.parametrize("line", ["return 1e300 * 1e300", "return 0.0 / 0.0", "return 1e200", "return -1.0"])
def test_a_rate_that_is_no_number_or_beyond_all_sense_fills_every_place_or_none(line):
    net, way = neurons(written.declare({**GROW, "label": "Wild", "hooks": {"form": line}}).slug)
    sim = Simulation(net)
    sim.run(200.0)
    assert len(sim.synapses(way.id)) == (3 if line in ("return 0.0 / 0.0", "return -1.0") else 6)


LATE = {"owner": "post", "of": "v", "by": "tau_pre"}


@pytest.mark.parametrize("line", ["el.z += 1e300 * h", "el.z += 0.0 / 0.0", "el.z -= 1e300"])
def test_elements_that_grow_beyond_all_sense_or_are_no_number_end_where_no_neuron_goes(line):
    given = {"nu": 1e-4, "tau_ca": 1e4, "beta_ca": 1e-3, "sigma": 0.0, "tau_vacant": 0.0, "weight": 1.0}
    told = {
        **GROW, "label": "Wild growth", "settings": {}, "hooks": {"grow": line},
        "params": {n: {"default": x, "low": min(x, 1e-9)} for n, x in {**given, "delay": 1.0}.items()},
    }  # fmt: skip
    told["params"] |= {n: {"default": 0.0, "low": 0.0} for n in ("sigma", "tau_vacant")}
    net, way = neurons(written.declare(told).slug, weights=(10.0,))
    sim = Simulation(net)
    sim.run(100.0)
    assert len(sim.synapses(way.id)) == (100_000 if "1e300 * h" in line else 0)


def wanting(base, **change):
    return {**base, **change}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (wanting(PAIR, hooks={"on_late": "syn.dw += 1.0"}), "set Late by to a parameter"),
        (wanting(PAIR, hooks={"on_event": "syn.dw += 1.0"}), "set Hears to it"),
        (wanting(PAIR, settings={"late": "tau_prre"}), "Late by .late.: 'tau_prre' is not a parameter"),
        (wanting(PAIR, settings={"late": "tau_pre"}), "must stay between 0 and 1000 ms"),
        (wanting(PAIR, settings={"hears": "climb"}), "no event.*did you mean 'climbing'"),
        (wanting(PAIR, settings={"why": "x"}), "induction has no setting 'why'"),
        (wanting(PAIR, settings={"laet": "x"}), "did you mean 'late'"),
        (wanting(PRUNE, settings={"why": "weak {below.__class__}"}), "write {name} or {name:g}"),
        (wanting(PRUNE, settings={"why": "weak {below:999999999}"}), "write {name} or {name:g}"),
        (wanting(PRUNE, settings={"why": "weak {below!r}"}), "write {name} or {name:g}"),
        (wanting(PRUNE, settings={"why": "weak {belo}"}), "did you mean 'below'"),
        (wanting(PRUNE, settings={"why": "weak {"}), "Lost because"),
        (wanting(PRUNE, settings={"spine": "weak_fr"}), "is not a field.*did you mean 'weak_for'"),
        (wanting(PRUNE, settings={"fastest": "syn.w"}), "syn.w is no parameter"),
        (wanting(PRUNE, settings={"fastest": "p.belo"}), "did you mean 'below'"),
        (wanting(PRUNE, settings={"fastest": "uniform() * p.below"}), "chance has no place"),
        (wanting(BUDGET, settings={"set_point": "5.0"}), "Acts within"),
        (wanting(BUDGET, settings={"set_point": "open('x')", "pace": "1.0"}), "not among the functions"),
        (wanting(BUDGET, settings={"signs": "excitable"}), "did you mean 'excitatory'"),
        (wanting(BUDGET, settings={"wants": "lasting spik: x"}), "did you mean 'lasting spike'"),
        (wanting(BUDGET, settings={"signs": 3}), "is a text"),
        (wanting(BUDGET, settings=["signs"]), "described by name"),
        (wanting(BUDGET, totals={"whole": {"share": ""}}), "total whole: say what is added"),
        (wanting(BUDGET, totals={"whole": {"share": "uniform()"}}), "a share draws no chance"),
        (wanting(BUDGET, totals={"whole": {"share": "post.whole"}}), "cannot read the total"),
        (wanting(BUDGET, totals={"whole": {"share": "syn.w; syn.w = 1.0"}}), "total whole: one expression"),
        (wanting(BUDGET, totals={"whole": {"share": "__import__('os')"}}), "not among the functions"),
        (wanting(BUDGET, totals={"whole": {"share": 3}}), "one expression"),
        (wanting(PAIR, totals={"whole": {"share": "syn.w"}}), "sums over no synapses"),
        (wanting(BUDGET, hooks={"on_neuron": "post.bias = 1.0"}), "totals are read by on_slow alone"),
        (wanting(BUDGET, fields={"whole_share": {}}), "whole_share is what a synapse adds to whole"),
        (wanting(BUDGET, fields={"update": {}}), "update is how often the rule acts"),
        (wanting(BUDGET, quantities={"m": {"owner": "pre"}}), "owner must be post"),
        (wanting(PAIR, quantities={"m": {"owner": "both"}}), '"pre" or "post"'),
        (wanting(PAIR, quantities={"m": {"owner": "post", "init": "raet"}}), "did you mean 'rate'"),
        (wanting(PAIR, quantities={"m": LATE}), "between 0 and 1000"),
        (wanting(PAIR, quantities={"m": {**LATE, "of": "m"}}), "no quantity and no"),
        (wanting(PAIR, quantities={"m": {"owner": "post", "of": "v"}}), "by says how long ago"),
        (wanting(PAIR, hooks={"on_neuron": "post.m = 1.0"}), "line 1: post.m cannot be changed.*declare"),
        (
            wanting(PAIR, quantities={"mean": {"owner": "post"}}, hooks={"on_neuron": "\npost.maen = 1.0"}),
            "line 2: post.maen cannot be changed.*did you mean 'mean'",
        ),
        (wanting(GROW, hooks={"form": "syn.w = 1.0"}), "one line, `return ...`"),
        (wanting(GROW, params={"rate": {"default": 1.0}}, settings={}), "form needs a parameter sites"),
        (
            wanting(GROW, params={**GROW["params"], "delay": {"default": 1.0, "low": 0.0}}),
            "delay may be 0; it needs a lower limit above 0",
        ),
        (
            wanting(GROW, params={**GROW["params"], "sites": {"default": 1.0, "low": 0.0}}),
            "an upper limit of 1000 or less",
        ),
        (wanting(GROW, params={**GROW["params"], "sites": {"default": 1.5, "takes": "whole"}}), "a whole"),
        (wanting(PAIR, params={"side": {"default": "psot", "takes": "pre, post"}}), "did you mean 'post'"),
        (wanting(PAIR, params={"side": {"default": "a", "takes": "a"}}), "two to 12 names"),
        (wanting(PAIR, params={"definition": {"default": 1.0}}), "taken by every rule"),
        (wanting(PRUNE, presets={str(k): {} for k in range(50)}), "50 presets; at most 40"),
        (wanting(PAIR, params={"lambda": {"default": 1.0}}), "a word of the language; call it lambda_"),
        (wanting(PRUNE, fields={"weak_for": {"init": "belo"}}), "did you mean 'below'"),
        (wanting(PRUNE, fields={"weak_for": {"init": -1.0, "low": 0.0}}), "not between 0 and inf"),
        (wanting(PRUNE, presets={"quick": {"patienc": 1.0}}), "did you mean 'patience'"),
        (wanting(PRUNE, presets={"quick": {"patience": -1.0}}), "between 0 and 1e.12"),
        (wanting(PRUNE, presets={"quick": 3}), "described by name"),
        (
            wanting(PAIR, traces={"x": {"owner": "pre", "tau": "tau_pre", "nearest": "tau_pre"}}),
            "must stay between 0 and 1",
        ),
        (wanting(PRUNE, hooks={"on_sloow": "syn.w = 1.0"}), "did you mean 'on_slow'"),
        (wanting(PAIR, hooks={"on_pre": "syn.dw += " + "-" * 3000 + "1.0"}), "line 1: .*recursion depth"),
        (wanting(PAIR, hooks={"on_pre": "syn.dw = " + "+".join(["1.0"] * 900)}), "more than 100 deep"),
        (wanting(PAIR, hooks={"on_pre": "syn.dw = 1.0\nsyn.dw = " + "**".join("1" * 900)}), "line 2: nested"),
        (wanting(BUDGET, totals={"whole": {"share": "+".join(["1"] * 900)}}), "more than 100 deep"),
        (wanting(BUDGET, settings={"set_point": "+".join("1" * 900), "pace": "1"}), "more than 100 deep"),
        (wanting(PRUNE, settings={"why": "x" * 50_000}), "characters; at most 40,000"),
    ],
)  # fmt: skip
def test_what_is_missing_or_makes_no_sense_is_said_with_its_cure(told, why):
    with pytest.raises(ModelError, match=why):
        written.declare(told)


def test_a_preset_is_offered_like_those_of_model_files():
    made = written.declare({**PRUNE, "presets": {"quick": {"patience": 5.0}}})
    assert made.presets == {"quick": {"patience": 5.0}}
    assert registry.find(made.slug).presets == made.presets
