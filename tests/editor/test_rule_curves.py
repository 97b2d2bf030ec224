"""Every rule is drawn: from what it declares, or from the hooks of its stage, live from its parameters."""

import numpy as np
import pytest

from editor.inspector.curves import curve_of, structure, window_of
from engine import registry
from engine.written import declare

RULES = registry.all("rule")
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda one: one.slug)


def points(curve):
    """All that is drawn of a curve, as one list of numbers."""
    return np.concatenate([curve.x, *(line.y for line in curve.lines), curve.crossings])


def moved(rule):
    """Rows that differ from the defaults in one parameter, or in the bound where there are none."""
    for name, param in rule.params.items():
        value = min(max(param.default * 1.3 + 0.1, param.low), param.high)
        yield rule.row(**{name: value})
    if not rule.params:
        yield rule.row(w_max=2.0)


# -- laws ------------------------------------------------------------------------------------------


@each_rule
def test_every_rule_has_a_curve(rule):
    curve = curve_of(rule, rule.row(), "pA")
    assert curve is not None
    assert np.isfinite(points(curve)).all()
    assert (np.diff(curve.x) > 0).all()
    assert any(np.ptp(line.y) > 0 for line in curve.lines)
    assert curve.axes.across
    assert curve.axes.up
    assert curve.axes.down or curve.low >= 0


@each_rule
def test_the_curve_of_a_rule_follows_its_parameters(rule):
    before = points(curve_of(rule, rule.row()))
    after = [curve_of(rule, row) for row in moved(rule)]
    assert any(curve is not None and not np.array_equal(points(curve), before) for curve in after)


@each_rule
def test_no_legal_parameter_breaks_the_drawing_of_a_curve(rule):
    for param in rule.params.values():
        for value in {param.low, param.high} - {np.inf, -np.inf}:
            curve = curve_of(rule, rule.row(**{param.name: value}))
            assert curve is None or np.isfinite(points(curve)).all()


# -- induction -------------------------------------------------------------------------------------


def test_a_sliding_threshold_is_drawn_where_the_usual_activity_has_put_it():
    curve = curve_of(registry.find("bcm"), registry.find("bcm").row(eta=0.01))
    assert curve.crossings == pytest.approx((1.0,))
    at = np.argmin(np.abs(curve.x - 1.5))
    assert curve.lines[0].name == "pre at 2"
    y = curve.x[at]
    assert curve.lines[0].y[at] == pytest.approx(0.01 * 2.0 * y * (y - 1.0))


def test_a_voltage_rule_is_drawn_against_a_held_potential():
    rule = registry.find("clopath")
    p = rule.row()
    curve = curve_of(rule, p)
    at = np.argmin(np.abs(curve.x + 40.0))
    u = curve.x[at]
    per_spike = -p.a_ltd * (u - p.theta_minus) + p.a_ltp * (u - p.theta_plus) * (u - p.theta_minus)
    assert curve.y[at] == pytest.approx(10.0 * per_spike, rel=1e-9)
    assert curve.y[curve.x < p.theta_minus] == pytest.approx(0.0)
    assert p.theta_plus < curve.crossings[0] < p.theta_plus + 2.0


def test_a_rule_of_spike_frequency_is_drawn_against_how_often_a_pair_comes():
    rule = registry.find("stdp_triplet_sliding")
    curve = curve_of(rule, rule.row())
    assert "per second" in curve.axes.across
    first, second = curve.lines
    assert second.y[0] < 0.0 < second.y[-1]
    lazy = curve_of(rule, rule.row(rho_0=20.0))
    assert lazy.crossings[-1] < curve.crossings[-1]
    assert np.abs(first.y[0]) < 1e-3 * first.y[-1]


def test_what_an_astrocyte_decides_is_drawn_against_what_it_offers():
    rule = registry.find("astro_ltp")
    curve = curve_of(rule, rule.row(c_theta=0.5))
    assert curve.axes.across == "calcium in the cytosol (µM)"
    assert (curve.y[curve.x > 0.5] > 0.0).all()
    assert (curve.y[curve.x < 0.5] == 0.0).all()


# -- gates -----------------------------------------------------------------------------------------


def test_a_gate_that_keeps_changes_is_drawn_against_when_its_modulator_comes():
    rule = registry.find("dopamine")
    p = rule.row()
    curve = curve_of(rule, p)
    up, down = curve.lines
    assert (up.name, down.name) == ("a potentiation", "a depression")
    after = curve.x > 0.0
    kappa = 1.0 / p.tau_c + 1.0 / p.tau_n
    expected = np.exp(-1000.0 * curve.x[after] / p.tau_c) / (kappa * p.tau_n)
    assert curve.axes.across == "t dopamine − t pair (s)"
    assert up.y[after] == pytest.approx(expected, rel=1e-9)
    assert down.y == pytest.approx(-up.y)
    with_dips = curve_of(rule, rule.row(b=0.002))
    assert with_dips.lines[0].y[-1] < 0.0


def test_each_modulator_of_a_gate_has_a_line_of_its_own():
    rule = registry.find("ne_serotonin")
    curve = curve_of(rule, rule.row())
    assert [line.name for line in curve.lines] == ["noradrenaline", "serotonin"]
    assert curve.lines[0].y.max() == pytest.approx(1.0)
    assert curve.lines[1].y.min() == pytest.approx(-1.0)
    assert all(line.y[curve.x < 0.0] == pytest.approx(0.0) for line in curve.lines)


def test_two_pathways_are_drawn_as_their_table_of_signs():
    rule = registry.find("push_pull")
    curve = curve_of(rule, rule.row())
    up, down = (line.y for line in curve.lines)
    middle = len(curve.x) // 2
    assert [np.sign(y[at]) for at in (0, middle, -1) for y in (up, down)] == [-1, -1, 1, -1, 1, 1]


def test_a_gate_scales_transmission_visibly_too():
    rule = registry.find("acetylcholine")
    curve = curve_of(rule, rule.row(suppress=0.7))
    sent = next(line for line in curve.lines if line.name == "transmission")
    assert sent.y[-1] == pytest.approx(0.3)
    assert "transmission" not in [line.name for line in curve_of(rule, rule.row()).lines]


def test_a_gate_that_listens_to_nobody_is_drawn_as_what_it_lets_through():
    rule = declare({"label": "Half", "stage": "gate", "hooks": {"on_change": "syn.dw *= 0.5"}})
    curve = curve_of(rule, rule.row())
    assert curve.y == pytest.approx(0.5 * curve.x)


# -- expression ------------------------------------------------------------------------------------


def test_hard_and_soft_bounds_are_drawn_as_what_each_weight_takes_up():
    hard = curve_of(registry.find("receptors"), registry.find("receptors").row(w_max=80.0), "pA")
    up, down = hard.lines
    assert hard.axes.across == "weight (pA)"
    assert up.y[hard.x <= 72.0] == pytest.approx(1.0)
    assert up.y[hard.x == 76.0] == pytest.approx(0.5)
    assert down.y[0] == 0.0
    soft = curve_of(registry.find("receptors_soft"), registry.find("receptors_soft").row(w_max=80.0))
    assert soft.lines[0].y == pytest.approx(1.0 - soft.x / 80.0)
    assert soft.lines[1].y == pytest.approx(-soft.x / 80.0)


def test_release_and_receptors_are_told_apart():
    rule = registry.find("release_and_receptors")
    curve = curve_of(rule, rule.row(share_up=0.25, share_down=0.75))
    middle = len(curve.x) // 2
    release_up, receptors_up, release_down, receptors_down = (line.y[middle] for line in curve.lines)
    assert [line.name for line in curve.lines] == ["in release", "in receptors"] * 2
    assert release_up == pytest.approx(0.25)
    assert release_down == pytest.approx(-0.75)
    assert receptors_up == pytest.approx(0.75, rel=0.1)
    assert receptors_down == pytest.approx(-0.25, rel=0.2)


def test_consolidation_is_drawn_as_what_time_leaves_of_a_step():
    rule = registry.find("tag_capture")
    curve = curve_of(rule, rule.row(tau_tag=3.6e6))
    alone, together = curve.lines
    assert curve.axes.across == "time since the step (h)"
    assert alone.y == pytest.approx(np.exp(-curve.x), rel=1e-6)
    assert together.y[-1] > 3.0 * alone.y[-1]


# -- homeostasis -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [r for r in RULES if r.stage == "homeostasis"], ids=lambda one: one.slug)
def test_homeostasis_turns_at_its_target(rule):
    curve = curve_of(rule, rule.row(target=8.0))
    assert curve.crossings == pytest.approx((8.0,), rel=1e-3)
    assert curve.y[0] > 0.0 > curve.y[-1]
    assert curve.axes.turn == "set point"


def test_the_drift_of_scaling_is_told_per_second():
    rule = registry.find("scaling")
    curve = curve_of(rule, rule.row(tau_sc=50_000.0, exponent=2.0))
    assert curve.axes.unit == "% per s"
    assert curve.y == pytest.approx(2.0 * (1.0 - (curve.x / 5.0) ** 2), rel=1e-2, abs=1e-6)
    slower = curve_of(rule, rule.row(tau_sc=3.6e8))
    assert slower.axes.unit == "% per h"
    assert slower.y[0] == pytest.approx(1.0, rel=1e-3)


# -- structure -------------------------------------------------------------------------------------


def test_a_weak_synapse_is_lost_after_the_time_its_card_gives_it():
    rule = registry.find("prune_weak")
    curve = curve_of(rule, rule.row(below=3.0, for_=4000.0), "nS")
    assert curve.axes.across == "weight (nS)"
    assert curve.axes.unit == "per s"
    assert curve.y[curve.x < 3.0] == pytest.approx(0.25, rel=1e-4)
    assert (curve.y[curve.x >= 3.0] == 0.0).all()


def test_an_unused_input_is_drawn_against_its_rate_and_that_of_its_neuron():
    rule = registry.find("prune_activity")
    p = rule.row(tau_loss=1e7, tau_pre=100.0)  # by then an input is well known
    curve = curve_of(rule, p)
    busy, *_, calm = curve.lines
    assert (busy.name, calm.name) == ("post at 20 Hz", "1 Hz")
    assert calm.y[0] / busy.y[0] == pytest.approx((1.0 / 2.0) / (20.0 / 21.0), rel=1e-3)
    assert (busy.y[curve.x > p.quiet] == 0.0).all()
    assert curve.axes.unit == "per h"
    assert busy.y[0] == pytest.approx(3.6e6 / 1e7 * 20.0 / 21.0, rel=1e-2)


def test_competition_is_drawn_against_how_many_share():
    rule = registry.find("prune_competition")
    curve = curve_of(rule, rule.row(room=4.0))
    assert curve.axes.across == "inputs that are active together"
    assert curve.y[curve.x < 3.9] == pytest.approx(0.0)
    assert curve.y[-1] > 0.0


def test_a_fate_that_hangs_on_two_throws_is_not_drawn_from_its_hooks():
    assert structure.curve(registry.find("spine_life"), registry.find("spine_life").row()) is None


# -- the whole stack -------------------------------------------------------------------------------


def cards(*slugs, **params):
    """The cards of a stack; `params` go to the card that has them."""
    found = [registry.find(slug, "rule") for slug in slugs]
    return [
        (one, one.row(**{n: v for n, v in params.items() if n in (*one.params, "w_max")})) for one in found
    ]


def test_without_dopamine_a_pair_leaves_nothing_and_with_it_its_own_window():
    alone = curve_of(registry.find("stdp_pair"), registry.find("stdp_pair").row())
    curve = window_of(cards("stdp_pair", "dopamine"))
    (line,) = curve.lines
    assert line.name == "with dopamine, at rest nothing"
    kept = 1.0 / (200.0 * (1.0 / 1000.0 + 1.0 / 200.0))  # of a tag, while dopamine lasts
    lag = curve.x[np.argmin(np.abs(curve.x - 10.0))]
    expected = kept * np.exp(-lag / 200.0) * 0.005 * np.exp(-lag / 20.0)
    assert line.y[curve.x == lag] == pytest.approx(expected, rel=1e-6)
    assert curve.high < alone.high


def test_what_passes_at_rest_has_a_line_of_its_own():
    rest, full = window_of(cards("stdp_pair", "acetylcholine", base=0.25, gain=0.5)).lines
    assert (rest.name, full.name) == ("at rest", "with acetylcholine")
    assert full.y.max() / rest.y.max() == pytest.approx(3.0, rel=1e-2)


def test_bounds_are_part_of_what_a_stack_does():
    hard, soft = (window_of(cards("stdp_pair", store), "pA") for store in ("receptors", "receptors_soft"))
    assert soft.y == pytest.approx(0.5 * hard.y, abs=1e-12)
    assert hard.axes.unit == "pA"


def test_a_stack_without_pairs_of_spikes_or_with_one_card_has_no_window():
    assert window_of(cards("stdp_pair")) is None
    assert window_of(cards("dopamine", "receptors")) is None
    assert window_of(cards("bcm", "dopamine")) is None
    assert window_of([]) is None


PAIRED = next(rule for rule in RULES if rule.stage == "induction" and rule.usual)


@each_rule
def test_every_card_joins_a_stack(rule):
    curve = window_of([(PAIRED, PAIRED.row()), (rule, rule.row())])
    assert curve is None or np.isfinite(points(curve)).all()
    assert rule.stage not in ("gate", "expression") or curve is not None
