"""The rule editor beyond pairs of spikes: pruning, sums, quantities, settings, rules to begin with."""

from __future__ import annotations

import copy

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from editor.rule_editor.draft import COLUMNS, TEMPLATE, Draft, Mistake
from editor.rule_editor.form import HINTS, HOOKS, TITLES
from editor.rule_editor.rehearsal import RATES, SHARES, moment, sample
from editor.rule_editor.window import RuleEditor
from engine import Network, load, registry, save, written
from engine.errors import ModelError
from engine.written.definition import definition_of
from engine.written.hooks import offered
from engine.written.words import SETTINGS, STAGES, settings_of
from tests.editor.a_window import opened, pairs, show
from tests.written_rules import BUDGET, GROW, PAIR, PRUNE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SHIPPED = [rule for rule in registry.all("rule") if not getattr(rule, "definition", "")]


@pytest.fixture
def net() -> Network:
    return pairs()


@pytest.fixture
def editor(qtbot, net):
    made = RuleEditor()
    qtbot.addWidget(made)
    made.follow(net)
    made.show()
    return made


def type_into(table, line: int, column: str, text: str) -> None:
    """Double-click a cell and type, as a hand does."""
    at = table.model().index(line, table.columns.index(column))
    table.scrollTo(at)
    place = table.visualRect(at).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (cell,) = (one for one in table.findChildren(QLineEdit) if one.isVisible())
    cell.selectAll()
    QTest.keyClicks(cell, text)
    QTest.keyClick(cell, Qt.Key.Key_Return)
    QApplication.processEvents()  # a cell is stored when the loop comes round
    assert table.item(line, table.columns.index(column)).text() == text


def pick(combo, text: str) -> None:
    """Open a choice with the mouse, and take the entry of this text."""
    QTest.mouseClick(combo, Qt.MouseButton.LeftButton)
    combo.view().setCurrentIndex(combo.model().index(combo.findText(text), 0))
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)


def test_every_table_setting_and_hook_is_explained():
    assert set(TITLES) == set(HINTS) == set(COLUMNS)
    assert {hook for stage in STAGES for hook in offered(stage)} == set(HOOKS)
    assert all(one.hint for one in SETTINGS.values())


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.slug)
def test_every_rule_there_is_goes_through_the_form_unchanged(rule):
    told = definition_of(rule, f"{rule.label}, changed")
    draft = Draft.of(told)
    made = draft.check()
    assert not isinstance(made, Mistake), made
    assert made.definition == written.declare(told).definition
    assert Draft.of(draft.definition()) == draft


def test_a_pruning_rule_is_typed_by_hand_and_used(editor, qtbot):
    form = editor.form
    pick(form.stage, f"structure \u2013 {STAGES['structure'].question}")
    assert list(form.hooks) == ["on_slow", "grow", "form", "nearness"]
    QTest.mouseClick(form.hooks["on_slow"].viewport(), Qt.MouseButton.LeftButton)
    QTest.keyClicks(form.hooks["on_slow"], "syn.doomed = where(syn.w < p.below, 1.0, 0.0)")
    editor.look()
    assert "there is no p.below" in editor.verdict.text()
    assert form.hooks["on_slow"].faulty == 1
    line = form.tables["params"].rowCount() - 1
    for column, text in (("name", "below"), ("default", "30"), ("low", "0"), ("high", "1e3")):
        type_into(form.tables["params"], line, column, text)
    why = form.settings["why"]
    form.ensureWidgetVisible(why)
    QTest.mouseClick(why, Qt.MouseButton.LeftButton)
    QTest.keyClicks(why, "weaker than {below:g}")
    qtbot.waitUntil(lambda: editor.rule is not None)
    assert (editor.rule.stage, editor.rule.why) == ("structure", "weaker than {below:g}")
    assert editor.rule.params["update"].default == 100.0, "it acts on the slow clock, so it has a period"
    with qtbot.waitSignal(editor.wanted) as wanted:
        QTest.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    assert wanted.args[0] == editor.rule.slug


def test_a_pruning_rule_shows_which_of_twenty_inputs_it_takes(editor):
    editor.show_draft(Draft.of(PRUNE))
    assert editor.curve.curve.axes.across == "weight"
    shown = editor.sample.sample
    assert editor.sample.isVisible()
    assert not editor.trial.isVisible()
    assert {one.lost is None for one in shown.inputs if one.weight > 20.0} == {True}
    assert {one.lost is None for one in shown.inputs if one.weight < 20.0} == {False}
    assert editor.sample.said() in editor.trial_title.text()
    assert "of 20 are left" in editor.sample.accessibleDescription()
    editor.form.hooks["on_slow"].setPlainText("syn.doomed = 0.0")
    editor.look()
    assert editor.sample.said() == "after thirty days none is lost"
    editor.show_draft(Draft.of(TEMPLATE))
    assert editor.trial.isVisible()
    assert not editor.sample.isVisible()


def test_the_sample_knows_silent_inputs_and_shares_what_a_neuron_has():
    silent = sample(registry.find("prune_activity", "rule"))
    lost = {one.rate for one in silent.inputs if one.lost is not None}
    assert lost == {0.0}, "inputs that fire are safe"
    crowded = written.declare({
        **PRUNE, "label": "Room for ten", "fields": {}, "params": {"room": {"default": 10.0}}, "settings": {},
        "totals": {"here": {"share": "1.0"}},
        "hooks": {"on_slow": "syn.doomed = where(uniform() < 0.05 * max(post.here - p.room, 0.0), 1, 0)"},
    })  # fmt: skip
    left = sample(crowded)
    assert len(left.inputs) == len(RATES) * len(SHARES) == 20
    assert 5 <= left.left <= 10
    assert sample(crowded) == left, "the same luck every time"
    assert sample(written.declare(PAIR)) is None
    assert sample(written.declare(GROW)) is None, "it removes none"
    assert [moment(ms) for ms in (500.0, 12e3, 9e4, 7.2e6)] == ["500 ms", "12 s", "1.5 min", "2 h"]


def test_totals_and_quantities_are_offered_where_they_mean_something(editor):
    form = editor.form
    for stage, base in STAGES.items():
        form.stage.setCurrentIndex(form.stage.findData(stage))
        assert form.tables["totals"].isVisibleTo(form) == ("on_slow" in base.hook_names)
        assert form.tables["quantities"].isVisibleTo(form) == ("on_neuron" in base.hook_names)
        shown = tuple(name for name, line in form.settings.items() if line.isVisibleTo(form))
        assert shown == settings_of(stage)


def test_a_total_is_typed_into_its_table_and_a_mistake_in_its_share_names_it(editor):
    editor.show_draft(Draft.of(BUDGET))
    table = editor.form.tables["totals"]
    assert table.item(0, 1).text() == "syn.w"
    assert editor.rule.totals["whole"].unit == "pA"
    type_into(table, 0, "share", "syn.ww")
    editor.look()
    assert editor.verdict.text().startswith("total whole: there is no syn.ww")
    type_into(table, 0, "share", "syn.w *")
    editor.look()
    assert editor.verdict.text().startswith("total whole: invalid syntax")
    type_into(table, 0, "share", "syn.w")
    editor.look()
    assert editor.use.isEnabled()


def test_what_the_kernel_does_not_know_is_said_in_place_with_the_nearest_name(editor):
    editor.form.hooks["on_post"].setPlainText("syn.dw += pre.x\nsyn.dw += p.etaa * post.vv")
    editor.look()
    assert "on_post, line 2: there is no p.etaa (did you mean 'eta'" in editor.verdict.text()
    assert editor.form.hooks["on_post"].faulty == 2
    editor.form.hooks["on_post"].setPlainText("syn.dw += p.eta * post.local")
    editor.look()
    assert editor.rule is not None, "a state of the neuron may be read"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("syn.dw += clip(pre.x)", "on_post, line 1: clip takes 3 numbers, not 1"),
        ("syn.dw += uniform(3)", "uniform takes no numbers, not 1"),
        ("syn.dw += exp()", "exp takes 1 number, not 0"),
        ("syn.dw += max(pre.x)", "max takes 2 numbers, not 1"),
    ],
)
def test_a_call_with_too_few_numbers_or_too_many_is_said_in_place(editor, line, why):
    editor.form.hooks["on_post"].setPlainText(line)
    editor.look()
    assert why in editor.verdict.text()


@pytest.mark.parametrize(
    "line",
    [
        "syn.dw += floor(1e300 * 1e300)",
        "syn.dw += poisson(0.0 / 0.0)",
        "if pre.x > 5.0:\n    a = 1.0\nsyn.dw += a",
        "syn.dw += max(pre.x, 1.0, 2.0)",
        "syn.dw += log(-1.0)",
    ],
)
def test_what_comes_to_no_number_is_drawn_as_far_as_it_goes(editor, line):
    editor.form.hooks["on_post"].setPlainText(line)
    editor.look()
    assert editor.rule is not None, editor.verdict.text()
    editor.grab()


def test_a_late_spike_needs_to_be_told_how_late(editor):
    editor.form.hooks["on_late"].setPlainText("syn.dw += p.eta")
    editor.look()
    assert "set Late by to a parameter" in editor.verdict.text()
    QTest.keyClicks(editor.form.settings["late"], "tau")
    editor.look()
    assert "must stay between 0 and 1000 ms" in editor.verdict.text()
    table = editor.form.tables["params"]
    type_into(table, 1, "high", "500")
    editor.look()
    assert editor.rule.late == "tau"


def test_settings_and_tables_of_another_stage_stay_in_the_form(editor):
    form = editor.form
    editor.show_draft(Draft.of(copy.deepcopy(BUDGET)))
    form.stage.setCurrentIndex(form.stage.findData("induction"))
    form.stage.setCurrentIndex(form.stage.findData("homeostasis"))
    assert list(editor.rule.totals) == ["whole"]


def test_a_preset_is_written_as_equations(editor):
    editor.show_draft(Draft.of({**BUDGET, "presets": {"small": {"sum": 20.0, "tau": 500.0}}}))
    table = editor.form.tables["presets"]
    assert table.item(0, 1).text() == "sum = 20, tau = 500"
    type_into(table, 0, "values", "sum = 30, tau = 2 s")
    editor.look()
    assert editor.rule.presets == {"small": {"sum": 30.0, "tau": 2000.0}}
    type_into(table, 0, "values", "sum")
    editor.look()
    assert "preset small: 'sum'; write a parameter = a number" in editor.verdict.text()


def test_any_rule_can_be_begun_with_and_what_was_written_comes_back(editor):
    editor.form.label.setText("Not to be lost")
    rule = registry.find("prune_competition", "rule")
    pick(editor.beginnings, f"Structure \u2013 {rule.label}")
    assert editor.form.label.text() == f"{rule.label}, changed"
    assert list(editor.rule.totals) == ["claimed", "wanted"]
    assert editor.beginnings.currentIndex() == -1, "it offers, and stays on nothing"
    pick(editor.beginnings, "Back to Not to be lost")
    assert editor.form.label.text() == "Not to be lost"
    assert editor.rule.stage == "induction"
    pick(editor.beginnings, "A plain pair rule")
    assert editor.form.label.text() == TEMPLATE["label"]
    offered_here = [editor.beginnings.itemText(at) for at in range(editor.beginnings.count())]
    assert len(offered_here) == len(set(offered_here)) == len(SHIPPED) + 2, (
        "each once, however much was typed"
    )


def test_numbers_are_shown_as_people_write_them():
    shown = Draft.of({"params": {"a": {"default": 0.1, "low": 1e-6, "high": 1e12}}}).tables["params"][0]
    assert (shown["default"], shown["low"], shown["high"]) == ("0.1", "1e-6", "1e12")
    exact = Draft.of({"stage": "gate", "params": {"a": {"default": 321.8081234}}})
    assert exact.definition()["params"]["a"]["default"] == 321.8081234


def test_a_mistyped_start_of_a_quantity_is_named():
    draft = Draft.of({**PAIR, "quantities": {"m": {"owner": "post", "init": "3 x y"}}})
    with pytest.raises(ModelError, match="quantity m: init"):
        draft.definition()


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    yield made
    made.close()


def test_a_written_pruner_is_used_changed_and_taken_back_in_the_window(window, net, tmp_path):
    show(window, net)
    window.perform("write_rule")
    editor = window.rule_desk.editor
    editor.show_draft(Draft.of(PRUNE))
    QTest.mouseClick(editor.use, Qt.MouseButton.LeftButton)
    slug = editor.rule.slug

    def stack():
        return [use.slug for use in window.document.network.projection("Pre to Post").rules]

    assert stack() == ["stdp_pair", slug]
    save(window.document.network, tmp_path / "a.neuropil")
    window.perform("undo")
    assert stack() == ["stdp_pair"]
    window.perform("redo")
    assert stack() == ["stdp_pair", slug]
    window.perform("change_rule")
    assert editor.form.settings["why"].text() == "weak for {patience:g} ms"
    show(window, load(tmp_path / "a.neuropil")[0])
    assert stack() == ["stdp_pair", slug]
    editor.export_to(tmp_path / "prune_the_forgotten.py")
    assert "class PruneTheForgotten(Structure" in (tmp_path / "prune_the_forgotten.py").read_text()
