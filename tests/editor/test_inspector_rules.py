"""The rule stack: five questions from left to right; cards can be added, switched, preset and removed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from editor.app import application
from editor.document.document import Document
from editor.inspector import curves
from editor.inspector.curves import declared
from editor.inspector.panel import InspectorPanel
from editor.inspector.projection_card import credit_of
from editor.selection import Selection
from editor.window import style
from editor.window.theme import DARK
from engine import registry
from engine.declare import Rule
from engine.live.frame import Frame
from engine.network.edits import SetParams, SetRules
from engine.network.network import Network
from engine.network.parts import RuleUse

RULES = registry.all("rule")

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""Menus on the offscreen platform."""


@pytest.fixture
def stack(qtbot):
    style.wear(application(), DARK)
    net = Network(seed=1)
    one = net.add_population("One", "iaf_psc_exp", 3)
    way = net.add_projection("Way", one, one, rules=["stdp_pair", "scaling"])
    net.wire(way, "all_to_all", weight=45.0, delay=1.0)
    document, selection = Document(net), Selection()
    panel = InspectorPanel(document, selection)
    qtbot.addWidget(panel)
    panel.resize(388, 900)
    panel.show()
    qtbot.waitExposed(panel)
    selection.choose(projection=[way.id])
    made = panel.shown[0].stack
    made.document, made.way, made.panel, made.net = document, way.id, panel, net
    return made


def slugs(stack):
    return [use.slug for use in stack.net.projections[stack.way].rules]


def offered(stack):
    menus = [menu for menu in stack.findChildren(QMenu) if menu.isVisible()]
    return [action for menu in menus for action in menu.actions() if action.data()]


def test_cards_stand_in_the_order_of_the_pipeline(stack):
    for model in RULES:
        if model.slug not in slugs(stack):
            stack._chosen(_Picked(model.slug))
            stack.panel.refresh()
    stages = [registry.find(slug).stage for slug in stack._order]
    assert stages == sorted(stages, key=Rule.stages.index)
    left = [stack._cards[slug].x() for slug in stack._order]
    assert left == sorted(left)


class _Picked:
    def __init__(self, slug):
        self.slug = slug

    def data(self):
        return self.slug


def test_adding_offers_every_rule_that_is_not_there_yet(stack):
    stack.add.click()
    found = [action.data() for action in offered(stack)]
    assert sorted(found) == sorted(m.slug for m in registry.all("rule") if m.slug not in slugs(stack))
    next(action for action in offered(stack) if action.data() == "prune_weak").trigger()
    assert slugs(stack) == ["stdp_pair", "scaling", "prune_weak"]
    assert stack.document.history.undo_label == "add Prune weak"


def test_an_empty_station_offers_the_rules_of_its_stage(stack):
    at = Rule.stages.index("structure")
    QTest.mouseClick(stack.pipeline, Qt.MouseButton.LeftButton, pos=stack.pipeline._centre(at).toPoint())
    assert {registry.find(action.data()).stage for action in offered(stack)} == {"structure"}


def test_a_filled_station_goes_to_its_card(stack):
    at = Rule.stages.index("homeostasis")
    QTest.mouseClick(stack.pipeline, Qt.MouseButton.LeftButton, pos=stack.pipeline._centre(at).toPoint())
    assert offered(stack) == []
    assert stack.strip.horizontalScrollBar().value() > 0


def test_the_pipeline_can_be_walked_with_the_keys(stack):
    stack.pipeline.setFocus()
    for _ in range(4):
        QTest.keyClick(stack.pipeline, Qt.Key.Key_Right)
    QTest.keyClick(stack.pipeline, Qt.Key.Key_Return)
    assert {registry.find(action.data()).stage for action in offered(stack)} == {"structure"}


def test_a_rule_is_switched_off_and_says_so_in_the_history(stack):
    stack.card("scaling").switch.click()
    assert [use.enabled for use in stack.net.projections[stack.way].rules] == [True, False]
    assert stack.document.history.undo_label == "switch Synaptic scaling off"
    assert stack.card("scaling").property("off") is True


def test_a_rule_is_removed_and_comes_back_with_undo(stack):
    stack.card("scaling").removed.emit("scaling")
    assert slugs(stack) == ["stdp_pair"]
    stack.document.undo()
    stack.panel.refresh()
    assert stack.card("scaling").isVisible()


@pytest.mark.parametrize("model", [m for m in RULES if m.presets], ids=lambda one: one.slug)
def test_a_preset_sets_its_values_and_the_defaults_take_them_away(stack, model):
    if model.slug not in slugs(stack):
        stack._chosen(_Picked(model.slug))
        stack.panel.refresh()
    name = next(iter(model.presets))
    stack.card(model.slug).preset.emit(model.slug, name)
    use = next(u for u in stack.net.projections[stack.way].rules if u.slug == model.slug)
    assert dict(use.params) == dict(model.presets[name])
    stack.card(model.slug).preset.emit(model.slug, "")
    use = next(u for u in stack.net.projections[stack.way].rules if u.slug == model.slug)
    assert dict(use.params) == {}


def test_the_curve_follows_a_drag_before_anything_is_recorded(stack):
    card = stack.card("stdp_pair")
    before = card.curve.curve.x[-1]
    label = card.form.fields["stdp_pair.tau_pre"].label
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(label, QPoint(400, 5))
    assert card.curve.curve.x[-1] > before
    assert stack.document.history.done == []
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    assert stack.document.history.undo_label == "change stdp pair tau pre"


def test_every_curve_follows_a_drag_before_anything_is_recorded(stack):
    card = stack.card("scaling")
    before = card.curve.curve.crossings[-1]
    label = card.form.fields["scaling.target"].label
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(label, QPoint(400, 5))
    assert card.curve.curve.crossings[-1] > before
    assert stack.document.history.done == []
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    assert card.curve.curve.crossings[-1] > before


def test_a_stack_shows_what_a_pair_does_with_all_of_it(stack):
    window = stack.panel.shown[0].stack.window
    assert not window.isVisible()
    stack.document.do(SetRules(stack.way, (RuleUse("stdp_pair"), RuleUse("receptors_soft"))))
    stack.panel.refresh()
    assert window.isVisible()
    before = window.view.curve.x[-1]
    label = stack.card("stdp_pair").form.fields["stdp_pair.tau_pre"].label
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseMove(label, QPoint(400, 5))
    assert window.view.curve.x[-1] > before
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    stack.document.do(SetRules(stack.way, (RuleUse("stdp_pair"), RuleUse("receptors_soft", enabled=False))))
    stack.panel.refresh()
    assert not window.isVisible()


def test_a_curve_says_its_axes_in_the_unit_of_the_weights(stack):
    said = stack.card("stdp_pair").curve.accessibleDescription()
    assert said.startswith("t post \u2212 t pre (ms) from")
    assert said.endswith(" pA")


def test_a_card_shows_what_it_contributed(stack):
    frame = Frame(credit={stack.way: {"stdp_pair": (0.5, 0.25), "scaling": (0.0, 0.0), "bounds": (0.0, 0.1)}})
    stack.panel.shown[0].show_frame(frame)
    assert stack.card("stdp_pair").contribution.words() == "+0.5  −0.25 pA"
    assert stack.card("scaling").contribution.words() == "nothing so far"


def test_contributions_that_cannot_be_read_are_no_contributions():
    assert credit_of(None) == {}
    assert credit_of({"a": (1, -2)}) == {"a": (1.0, 2.0)}


WITH_CURVES = [m for m in RULES if any(hasattr(m, name) for name in declared.KINDS)]


@pytest.mark.parametrize("model", WITH_CURVES, ids=lambda one: one.slug)
def test_a_declared_curve_is_finite_and_reaches_until_it_has_died_away(model):
    curve = curves.curve_of(model, model.row())
    assert curve is not None
    assert np.isfinite(curve.y).all()
    assert np.ptp(curve.y) > 0
    if curve.axes.is_two_sided:
        top = np.abs(curve.y).max()
        assert abs(curve.y[0]) < 0.05 * top
        assert abs(curve.y[-1]) < 0.05 * top


@pytest.mark.parametrize("model", WITH_CURVES, ids=lambda one: one.slug)
def test_no_legal_parameter_breaks_the_drawing_of_a_curve(model):
    for param in model.params.values():
        for value in (param.low, param.high):
            if np.isfinite(value):
                curve = curves.curve_of(model, model.row(**{param.name: value}))
                assert curve is None or np.isfinite(curve.y).all()


def test_growth_curves_mark_their_set_point():
    model = registry.find("element_growth")
    for shape in ("linear", "gaussian", "sigmoid"):
        curve = curves.curve_of(model, model.row(curve=shape))
        assert curve.crossings[-1] == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize(
    ("rule", "role"),
    [(r, role) for r in RULES for role in r.roles.values()],
    ids=lambda one: getattr(one, "slug", "") or one.name,
)
def test_who_plays_a_role_is_chosen_among_the_modulators_by_name(qtbot, rule, role):
    style.wear(application(), DARK)
    net = Network(seed=1)
    one = net.add_population("One", "iaf_psc_exp", 3)
    way = net.add_projection("Way", one, one, rules=[rule.slug])
    drugs = [net.add_modulator(name, "diffuse", one.ids[:1]) for name in ("Here", "There")]
    document, selection = Document(net), Selection()
    panel = InspectorPanel(document, selection)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    selection.choose(projection=[way.id])
    name = f"{rule.slug}.{role.chosen_by}"
    field = panel.shown[0].stack.card(rule.slug).form.fields[name]
    assert [field.combo.itemText(i) for i in range(field.combo.count())] == [
        "the one that fits",
        "Here",
        "There",
    ]
    assert field.combo.currentIndex() == 0
    field._choose(2)
    panel.refresh()
    [use] = document.network.projections[way.id].rules
    assert use.params[role.chosen_by] == float(drugs[1].id)
    assert field.combo.currentText() == "There"


def test_a_modulator_names_the_projections_that_listen_to_it(qtbot):
    style.wear(application(), DARK)
    net = Network(seed=1)
    one = net.add_population("One", "iaf_psc_exp", 3)
    rule = next(r for r in RULES if r.roles)
    net.add_projection("Way", one, one, rules=[rule.slug])
    role = next(iter(rule.roles.values()))
    heard = net.add_modulator("Heard", "diffuse", one.ids[:1], {"substance": role.substance})
    document, selection = Document(net), Selection()
    panel = InspectorPanel(document, selection)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    selection.choose(modulator=[heard.id])
    assert "Read by Way." in [label.text() for label in panel.findChildren(QLabel)]


def test_a_modulator_is_released_by_hand_from_its_card(qtbot, monkeypatch):
    style.wear(application(), DARK)
    net = Network(seed=1)
    one = net.add_population("One", "iaf_psc_exp", 3)
    drug = net.add_modulator("Drug", "diffuse", one.ids[:1])
    document, selection = Document(net), Selection()
    panel = InspectorPanel(document, selection)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    selection.choose(modulator=[drug.id])
    asked = []
    monkeypatch.setattr(document, "poke", lambda kind, ids: asked.append((kind, list(ids))))
    panel.shown[0].release.click()
    assert asked == [("release", [drug.id])]


def test_rules_that_fight_are_named_above_the_cards_with_the_reason_and_the_cure(stack):
    assert not stack.panel.shown[0].remarks.isVisible()
    stack.document.do(
        SetRules(stack.way, (*stack.net.projections[stack.way].rules, RuleUse("element_growth")))
    )
    stack.panel.refresh()
    assert not stack.panel.shown[0].remarks.isVisible()  # 5 Hz both, and one ten times slower
    stack.document.do(SetParams(stack.way, {"scaling.tau_sc": 30_000.0, "scaling.target": 20.0}))
    stack.panel.refresh()
    assert stack.panel.shown[0].remarks.isVisible()
    told = stack.panel.shown[0].remarks.text()
    assert "the rate swings" in told
    assert "wants 20 Hz" in told
    assert "10 times slower" in told
    stack.document.do(SetRules(stack.way, ()))
    stack.panel.refresh()
    assert not stack.panel.shown[0].remarks.isVisible()


def test_a_rule_that_hears_nothing_says_so_with_the_cure(qtbot):
    style.wear(application(), DARK)
    net = Network(seed=1)
    one = net.add_population("One", "iaf_psc_exp", 3)
    rule = next(r for r in RULES if r.roles)
    role = next(iter(rule.roles.values()))
    way = net.add_projection("Way", one, one, rules=[rule.slug])
    document, selection = Document(net), Selection()
    panel = InspectorPanel(document, selection)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    selection.choose(projection=[way.id])
    card = panel.shown[0].stack.card(rule.slug)
    assert card.trouble.text().startswith(
        f"It waits for {role.substance}, and there is none; add a modulator"
    )
    assert not card.trouble.isHidden()
    net.add_modulator("Heard", "diffuse", one.ids[:1], {"substance": role.substance})
    panel.refresh()
    assert card.trouble.isHidden()


def test_a_card_says_what_it_is_easily_mistaken_for(stack):
    model = next(m for m in RULES if m.caveat)
    assert "no reward prediction error" in registry.find("dopamine", "rule").caveat
    stack._chosen(_Picked(model.slug))
    stack.panel.refresh()
    said = [label.text() for label in stack._cards[model.slug].findChildren(QLabel)]
    assert model.caveat in said
