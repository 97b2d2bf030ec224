"""The rule editor: what is typed is checked, drawn and used; a mistake is told where it is."""

from __future__ import annotations

import copy
import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.rule_editor.draft import TEMPLATE, Draft, Mistake
from editor.rule_editor.rehearsal import trial
from editor.rule_editor.window import RuleEditor
from engine import Network, Simulation, registry, written
from engine.network.edits import SetRules
from engine.network.parts import RuleUse
from engine.written.hooks import offered
from engine.written.words import STAGES
from tests.editor.a_window import opened, pairs, show
from tests.written_rules import DOPAMINE, PAIR

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def net() -> Network:
    return pairs()


@pytest.fixture
def editor(qtbot, net):
    made = RuleEditor()
    qtbot.addWidget(made)
    made.follow(net)
    return made


def test_the_template_is_a_rule_that_can_be_used_at_once(editor):
    assert editor.rule is not None
    assert editor.use.isEnabled()
    assert editor.curve.curve is not None
    assert set(editor.trial.lines) == {10.0, -10.0, 40.0}


def test_a_mistake_is_told_with_its_hook_and_line_and_keeps_the_picture(editor):
    editor.form.hooks["on_post"].setPlainText("syn.dw += pre.x\nsyn.dw += open('x')")
    editor.look()
    assert editor.verdict.text().startswith("on_post, line 2: open is not among the functions")
    assert editor.form.hooks["on_post"].faulty == 2
    assert editor.form.hooks["on_pre"].faulty == 0
    assert "\u26a0" in editor.form.tabs.tabText(1)
    assert not editor.use.isEnabled()
    assert editor.curve.curve is not None
    editor.form.hooks["on_post"].setPlainText("syn.dw += pre.x")
    editor.look()
    assert editor.form.hooks["on_post"].faulty == 0
    assert editor.use.isEnabled()


def test_typing_alone_is_enough(editor, qtbot):
    lines = editor.form.hooks["on_post"]
    lines.selectAll()
    QTest.keyClicks(lines, "syn.dw += 2 * p.eta * pre.x")
    qtbot.waitUntil(lambda: editor.rule is not None and "2 * p.eta * pre.x" in editor.rule.definition)
    row = editor.rule.row()
    row.w_max = 100.0
    assert editor.rule.window(5.0, row) == pytest.approx(2 * 0.5 * math.exp(-5.0 / 20.0))


def test_a_parameter_typed_into_the_table_may_carry_its_unit(editor):
    table = editor.form.tables["params"]
    line = table.rowCount() - 1
    for column, text in zip(
        ("name", "default", "unit", "low", "high"), ("late", "0.1 s", "ms", "0", "1e4"), strict=True
    ):
        table.item(line, table.columns.index(column)).setText(text)
    editor.look()
    assert editor.rule.params["late"].default == pytest.approx(100.0)
    assert table.rowCount() == line + 2, "there is always an empty line to write the next one into"


def test_what_cannot_be_read_is_said_with_its_place(editor):
    table = editor.form.tables["params"]
    table.item(0, 1).setText("quick")
    editor.look()
    assert "param eta: default" in editor.verdict.text()


def test_another_stage_has_other_hooks_and_keeps_what_was_typed(editor):
    typed = editor.form.hooks["on_pre"].toPlainText()
    for stage in STAGES:
        editor.form.stage.setCurrentIndex(editor.form.stage.findData(stage))
        assert tuple(editor.form.hooks) == offered(stage)
    editor.form.stage.setCurrentIndex(editor.form.stage.findData("induction"))
    assert editor.form.hooks["on_pre"].toPlainText() == typed


def test_a_gate_that_is_written_shows_what_it_lets_through(editor):
    editor.form.stage.setCurrentIndex(editor.form.stage.findData("gate"))
    editor.form.hooks["on_change"].setPlainText("syn.dw *= 0.25")
    editor.look()
    assert editor.curve.curve.axes.across == "proposed change"
    assert editor.curve.curve.high == pytest.approx(0.25 * editor.curve.curve.x[-1])
    assert editor.window_title.text() == "Does a third party agree?"


def test_it_is_exported_as_a_model_file(editor, qtbot, tmp_path):
    with qtbot.waitSignal(editor.said) as said:
        editor.export_to(tmp_path / "my_rule.py")
    assert not said.args[1]
    assert "class MyRule(Induction" in (tmp_path / "my_rule.py").read_text()
    with qtbot.waitSignal(editor.said) as said:
        editor.export_to(tmp_path / "missing" / "my_rule.py")
    assert said.args[1]


def test_without_a_projection_it_says_what_to_do(qtbot):
    made = RuleEditor()
    qtbot.addWidget(made)
    made.follow(Network())
    assert not made.use.isEnabled()
    assert made.use.toolTip() == "Draw a projection first."


def test_a_draft_comes_back_from_its_definition():
    draft = Draft.of(TEMPLATE)
    again = Draft.of(draft.definition())
    assert again == draft
    assert isinstance(Draft(label="x").check(), Mistake)


def test_a_gate_that_listens_shows_the_pairs_with_the_substance_and_without(editor):
    editor.show_draft(Draft.of(DOPAMINE))
    assert editor.form.tables["roles"].isVisibleTo(editor)
    assert editor.form.tables["roles"].item(0, 1).text() == "dopamine"
    assert (
        editor.trial_title.text()
        == "Sixty pairs of Pair STDP, one a second: with dopamine at each, dashed without"
    )
    ends = {lag: weight[-1] for lag, (_, weight) in editor.trial.lines.items()}
    assert ends[10.0] > 0.6
    assert ends[-10.0] < 0.4
    assert {weight[-1] for _, weight in editor.trial.without.values()} == {0.5}
    assert "else 0.50" in editor.trial.accessibleDescription()
    editor.form.hooks["advance"].setPlainText("syn.dw += mod.dopamine * syn.c")
    editor.look()
    assert editor.verdict.text().startswith("advance, line 1: there is no mod.dopamine here")
    assert editor.form.hooks["advance"].faulty == 1
    editor.form.stage.setCurrentIndex(editor.form.stage.findData("expression"))
    assert not editor.form.tables["roles"].isVisibleTo(editor)


def test_a_flag_of_the_form_is_yes_or_nothing(editor):
    editor.show_draft(Draft.of(DOPAMINE))
    slow = editor.form.tables["fields"].item(0, editor.form.tables["fields"].columns.index("slow"))
    assert slow.text() == "yes"
    assert editor.rule.fields["c"].slow
    assert editor.rule.params["tau_n"].source == "NEST 3.10"
    slow.setText("perhaps")
    editor.look()
    assert "field c: slow is 'perhaps'; write yes, or nothing" in editor.verdict.text()
    slow.setText("")
    editor.look()
    assert not editor.rule.fields["c"].slow


@pytest.mark.parametrize("released", [True, False])
def test_the_test_pairs_of_a_gate_are_those_of_a_run(released):
    """Three pairs and releases in a circuit end where the drawn line is after three pairs."""
    rule = written.declare(DOPAMINE)
    net = Network(dt=0.1, seed=1)
    pre, post, source = (net.add_population(n, "relay", size=1) for n in ("Pre", "Post", "Source"))
    way = net.add_projection("Pairs", pre, post, rules=["stdp_pair", rule.slug], w_max=100.0)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=50.0, delay=0.1)
    net.add_input("spike_list", pre, times=[1000.0, 2000.0, 3000.0])
    net.add_input("spike_list", post, times=[1010.0, 2010.0, 3010.0])
    net.add_modulator("Dopamine", "diffuse", source, {"substance": "dopamine"})
    if released:
        net.add_input("spike_list", source, times=[1000.0, 2000.0, 3000.0])
    sim = Simulation(net)
    sim.run(4000.0)
    when, weight = trial(rule, 10.0, released)
    drawn = weight[list(when).index(3.0)]
    ours = 0.01 * sim.synapses(way.id)["weight"][0]
    assert ours == pytest.approx(drawn, rel=2e-3 if released else 1e-9), (
        "a release is one step nearer or further"
    )
    assert (ours > 0.505) == released


def test_an_induction_that_listens_is_tried_with_the_level_of_one_release_and_with_none():
    louder = {
        **PAIR,
        "label": "Louder with noradrenaline",
        "roles": {"na": {"substance": "noradrenaline", "tau": "tau_post"}},
        "hooks": {**PAIR["hooks"], "on_post": "syn.dw += mod.na * p.lambda_ * p.w_max * pre.x"},
    }
    rule = written.declare(louder)
    with_it, without = (trial(rule, 10.0, released)[1][-1] for released in (True, False))
    assert without == 0.5, "nothing on_post, and depression sees no post spike before"
    assert with_it > 0.6


def test_a_form_keeps_its_roles_for_a_stage_that_listens(editor):
    editor.show_draft(Draft.of(copy.deepcopy(DOPAMINE)))
    editor.form.stage.setCurrentIndex(editor.form.stage.findData("homeostasis"))
    editor.form.stage.setCurrentIndex(editor.form.stage.findData("gate"))
    assert list(editor.rule.roles) == ["n"]


def test_the_test_pair_is_the_sum_of_its_sixty_pairs_until_a_bound():
    rule = written.declare(TEMPLATE)
    _, weight = trial(rule, 10.0)
    assert weight[0] == 0.5
    assert weight[-1] > weight[len(weight) // 2] > 0.5
    _, weight = trial(rule, -10.0)
    assert weight[-1] < 0.5


# -- in the window -----------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    yield made
    made.close()


def test_written_used_changed_and_undone_in_the_window(window, net):
    show(window, net)
    window.perform("write_rule")
    editor = window.rule_desk.editor
    QTest.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    projection = next(iter(window.document.network.projections.values()))
    first = projection.rules[-1].slug
    assert registry.find(first).label == "My rule"
    editor.form.hooks["on_post"].setPlainText("syn.dw += 3 * p.eta * pre.x")
    QTest.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    rules = next(iter(window.document.network.projections.values())).rules
    assert [registry.find(r.slug).label for r in rules] == ["Pair STDP", "My rule"]
    assert rules[-1].slug != first, "the later version took the place of the earlier"
    window.perform("undo")
    assert next(iter(window.document.network.projections.values())).rules[-1].slug == first
    window.perform("change_rule")
    assert editor.form.label.text() == "My rule"


def test_a_written_rule_in_a_stack_is_an_edit_like_any_other(net):
    rule = written.declare(TEMPLATE)
    way = net.projection("Pre to Post")
    back = SetRules(way.id, (RuleUse(rule.slug),)).apply(net)
    assert net.projections[way.id].rules[0].written == rule.definition
    back.apply(net)
    assert net.projections[way.id].rules[0].slug == "stdp_pair"


def test_what_is_still_being_written_is_offered_nowhere(editor):
    before = registry.all("rule")
    editor.form.hooks["on_pre"].setPlainText("syn.dw -= 2.0 * p.eta * post.y")
    editor.look()
    assert editor.rule is not None
    assert registry.all("rule") == before
    first = editor.rule.slug
    for k in range(registry.SKETCHES):
        written.sketched({**TEMPLATE, "label": f"Sketch {k}"})
    assert not registry.knows(first), "what was typed long ago is forgotten"
    used = written.learn(editor.rule.definition)
    assert [model for model in registry.all("rule") if model not in before] == [used]
