"""The inspector is read off the declarations: every model gets its card, every parameter its field."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from editor.app import application
from editor.document.document import Document
from editor.inspector.panel import InspectorPanel
from editor.inspector.rule_card import UnknownRuleCard
from editor.selection import Selection
from editor.window import style
from editor.window.theme import DARK
from engine import registry
from engine.network.network import Network
from engine.network.parts import RuleUse
from tests.fitting import neuron_for

NEURONS = registry.all("neuron") + registry.all("astrocyte")


class Watched(Document):
    """A document that writes down what was previewed."""

    def __init__(self, network):
        super().__init__(network)
        self.previews = []

    def preview(self, edit):
        self.previews.append(edit)


class Desk:
    """An inspector over a document."""

    def __init__(self, qtbot, net):
        style.wear(application(), DARK)
        self.net = net
        self.document = Watched(net)
        self.selection = Selection()
        self.panel = InspectorPanel(self.document, self.selection)
        self.said = []
        self.panel.refused.connect(self.said.append)
        qtbot.addWidget(self.panel)
        self.panel.resize(388, 900)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def choose(self, **ids):
        self.selection.choose(**ids)
        return self.panel.shown[0]

    def field(self, name):
        for card in self.panel.shown:
            for form in card.forms:
                if name in form.fields:
                    return form.fields[name]
        raise KeyError(name)


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot, Network(seed=1))


def circuit(rules=()):
    net = Network(seed=1)
    slugs = [getattr(rule, "slug", rule) for rule in rules]
    models = [registry.find(slug) for slug in slugs] or [registry.find("current_exp")]
    pre = net.add_population("Pre", neuron_for(models[0], "pre"), 4)
    post = net.add_population("Post", neuron_for(models[0], "post"), 4)
    way = net.add_projection("Way", pre, post, rules=rules)
    net.wire(way, "all_to_all", weight=45.0, delay=1.5)
    return net, pre, post, way


def type_into(field, text):
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, text)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)


@pytest.mark.parametrize("model", NEURONS, ids=lambda one: one.slug)
def test_every_neuron_model_shows_every_parameter_with_its_default_and_unit(desk, model):
    add = desk.net.add_astrocytes if model.kind == "astrocyte" else desk.net.add_population
    population = add("P", model.slug, 3)
    desk.choose(population=[population.id])
    for name, param in model.params.items():
        field = desk.field(name)
        if param.is_choice:
            assert field.combo.currentData() == param.shown_default
        else:
            assert field.edit.unit == param.unit
            assert float(field.edit.text().replace("∞", "1e12")) == pytest.approx(param.default, rel=1e-5)
        assert param.doc.split(".")[0] in field.label.toolTip()


@pytest.mark.parametrize("model", registry.all("rule"), ids=lambda one: one.slug)
def test_every_rule_is_a_card_headed_by_its_question_with_every_parameter(desk, model, qtbot):
    net, _, _, way = circuit([model.slug])
    desk = Desk(qtbot, net)
    card = desk.choose(projection=[way.id]).stack.card(model.slug)
    assert card.isVisible()
    assert set(card.form.fields) == {f"{model.slug}.{name}" for name in model.params}
    assert model.question in card.accessibleName()
    assert card.curve.isVisible()


@pytest.mark.parametrize("model", registry.all("transmission"), ids=lambda one: one.slug)
def test_every_transmission_shows_its_parameters(qtbot, model):
    net, _, _, _ = circuit()
    pre = net.add_population("Pre too", neuron_for(model, "pre"), 4)
    takers = registry.all("neuron")
    target = next((one.slug for one in takers if getattr(model, "gives", "") in one.receives), "iaf_psc_exp")
    other = net.add_population("Other", target, 2)
    if model.read_of("pre") - {"v"}:  # it begins at astrocytes, and may end there
        reads = model.read_of("pre") | model.read_of("post")
        glia = next(one.slug for one in registry.all("astrocyte") if all(map(one.offered, reads)))
        pre = net.add_astrocytes("A", glia, 2)
        other = pre if model.gives == "gap" else other
    way = net.add_projection("W", pre, other, transmission=model.slug)
    desk = Desk(qtbot, net)
    desk.choose(projection=[way.id])
    for name in model.params:
        assert desk.field(name)


def test_a_projection_onto_dendrites_says_what_its_rules_learn_from(qtbot):
    net, pre, _, plain = circuit()
    cells = net.add_population("Cells", "two_comp_bap", 2)
    way = net.add_projection("W", pre, cells, rules=["stdp_pair"])
    desk = Desk(qtbot, net)
    card = desk.choose(projection=[way.id])
    assert card.learns.isVisible()
    assert [card.learns.itemData(at) for at in range(card.learns.count())] == ["", "spike", "bap"]
    with qtbot.waitSignal(card.wants) as asked:
        card.learns.activated.emit(1)
    asked.args[0].apply(net)
    assert net.projections[way.id].learns_from == "spike"
    assert not desk.choose(projection=[plain.id]).learns.isVisible()


@pytest.mark.parametrize("model", registry.all("input"), ids=lambda one: one.slug)
def test_every_input_shows_its_parameters_and_lists(qtbot, model):
    net, pre, _, _ = circuit()
    lists = {name: [1.0, 2.0] for name in model.lists}
    given = net.add_input(model.slug, pre, **lists)
    desk = Desk(qtbot, net)
    card = desk.choose(input=[given.id])
    assert set(card.lists) == set(model.lists)
    for name in model.params:
        assert desk.field(name)
    for name in lists:
        assert card.lists[name].edit.text() == "1, 2"


@pytest.mark.parametrize("model", registry.all("modulator"), ids=lambda one: one.slug)
def test_every_modulator_shows_its_parameters(qtbot, model):
    net, pre, _, _ = circuit()
    released = net.add_modulator("M", model.slug, sources=pre.ids[:2])
    desk = Desk(qtbot, net)
    desk.choose(modulator=[released.id])
    for name in model.params:
        assert desk.field(name)


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12.0), ("12 ms", 12.0), ("0.02s", 20.0), ("1.5e1", 15.0), (" 7ms ", 7.0)]
)
def test_a_field_takes_what_people_type(qtbot, text, value):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    type_into(desk.field("tau_m"), text)
    assert net.populations[pre.id].params["tau_m"] == value
    assert desk.document.history.undo_label == "change tau m"
    desk.document.undo()
    assert "tau_m" not in net.populations[pre.id].params


@pytest.mark.parametrize("text", ["-5", "fast", "3 mV", "1e99", ""])
def test_a_field_refuses_with_the_range_or_the_unit_and_keeps_what_was_typed(qtbot, text):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    field = desk.field("tau_m")
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClick(field.edit, Qt.Key.Key_Delete)
    QTest.keyClicks(field.edit, text)
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert net.populations[pre.id].params == {}
    if text:
        assert field.why.isVisible()
        assert "ms" in field.why.text() or "number" in field.why.text()
        assert field.edit.text() == text
        QTest.keyClick(field.edit, Qt.Key.Key_Escape)
        assert not field.why.isVisible()
        assert field.edit.text() == "10"


def test_a_value_that_contradicts_another_is_refused_at_its_own_field(qtbot):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    type_into(desk.field("v_reset"), "-40")
    assert "must be below v_th" in desk.field("v_reset").why.text()
    assert desk.said == []
    assert net.populations[pre.id].params == {}


def test_several_at_once_show_mixed_and_change_together(qtbot):
    net, pre, post, _ = circuit()
    net.set(pre, tau_m=12.0)
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id, post.id])
    field = desk.field("tau_m")
    assert field.edit.text() == ""
    assert field.edit.placeholderText() == "mixed"
    type_into(field, "30")
    assert [net.populations[one.id].params["tau_m"] for one in (pre, post)] == [30.0, 30.0]
    desk.document.undo()
    assert "tau_m" not in net.populations[post.id].params


def test_single_neurons_get_values_of_their_own(qtbot):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(neuron=[pre.ids[1], pre.ids[2]])
    type_into(desk.field("v_th"), "-50")
    assert net.populations[pre.id].params["v_th"].tolist() == [-55.0, -50.0, -50.0, -55.0]
    desk.choose(neuron=pre.ids)
    assert desk.field("v_th").edit.placeholderText() == "mixed"


def test_reset_goes_back_to_the_declared_default(qtbot):
    net, pre, _, _ = circuit()
    net.set(pre, tau_m=12.0)
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    field = desk.field("tau_m")
    assert field.back.isVisible()
    field.back.click()
    assert "tau_m" not in net.populations[pre.id].params
    assert not field.back.isVisible()


def test_dragging_a_name_previews_all_the_way_and_records_one_edit(qtbot):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    name = desk.field("tau_m").label
    QTest.mousePress(name, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    for x in range(15, 60, 5):
        QTest.mouseMove(name, QPoint(x, 10))
    assert len(desk.document.previews) > 3
    assert "tau_m" not in net.populations[pre.id].params
    QTest.mouseRelease(name, Qt.MouseButton.LeftButton, pos=QPoint(55, 10))
    assert net.populations[pre.id].params["tau_m"] > 10.0
    assert len(desk.document.history.done) == 1


def test_a_drag_that_ends_where_it_began_takes_the_preview_back(qtbot):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    name = desk.field("tau_m").label
    QTest.mousePress(name, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(name, QPoint(40, 10))
    QTest.mouseMove(name, QPoint(10, 10))
    QTest.mouseRelease(name, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert desk.document.previews[-1] is None
    assert desk.document.history.done == []


def test_arrow_keys_turn_a_value_and_letting_go_records_it(qtbot):
    net, pre, _, _ = circuit()
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    edit = desk.field("tau_m").edit
    edit.setFocus()
    QTest.keyPress(edit, Qt.Key.Key_Up)
    QTest.keyPress(edit, Qt.Key.Key_Up)
    QTest.keyRelease(edit, Qt.Key.Key_Up)
    assert net.populations[pre.id].params["tau_m"] == pytest.approx(10.2)
    assert len(desk.document.history.done) == 1


def test_forms_are_built_once_per_kind_and_filled_again(qtbot):
    net, pre, post, _ = circuit()
    desk = Desk(qtbot, net)
    first = desk.choose(population=[pre.id])
    second = desk.choose(population=[post.id])
    assert first is second
    assert second.title.text() == "Post"
    for _ in range(30):
        desk.choose(population=[pre.id])
        desk.choose(population=[post.id])
    assert len(desk.panel.cards) == 2  # the network's and the neurons'


def test_nothing_selected_shows_the_network(desk):
    card = desk.panel.shown[0]
    type_into(card.fields["dt"], "0.2")
    assert desk.net.dt == 0.2
    before = desk.net.seed
    card.dice.click()
    assert desk.net.seed != before
    card.title.setFocus()
    card.title.selectAll()
    QTest.keyClicks(card.title, "A title")
    QTest.keyClick(card.title, Qt.Key.Key_Return)
    assert desk.net.title == "A title"


def test_what_undo_removes_leaves_the_inspector_without_complaint(qtbot):
    net = Network(seed=1)
    desk = Desk(qtbot, net)
    from editor.drawing import placing
    from editor.drawing.next_drawn import NextDrawn

    desk.document.do(placing.neurons(net, NextDrawn(), [[0, 0, 0]]))
    desk.choose(neuron=net.neuron_ids)
    desk.document.undo()
    desk.panel.refresh()
    assert desk.panel.shown[0].subject.kind == "network"


def test_an_unknown_model_is_shown_grey_and_kept(qtbot):
    net, pre, _, way = circuit([RuleUse("stdp_pair")])
    net.populations[pre.id].model = "from_the_future"
    net.projections[way.id].rules = (
        *net.projections[way.id].rules,
        RuleUse("rule_from_the_future", {"q": 1.0}),
    )
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id])
    assert "does not know" in " ".join(label.text() for label in desk.panel.shown[0].findChildren(QLabel))
    stack = desk.choose(projection=[way.id]).stack
    assert stack.card("stdp_pair") is not None
    assert isinstance(stack._cards["rule_from_the_future"], UnknownRuleCard)
    assert net.projections[way.id].rules[1] == RuleUse("rule_from_the_future", {"q": 1.0})


def test_no_field_cuts_off_its_number(qtbot):
    net, pre, _, way = circuit(["stdp_triplet", "element_growth", "scaling"])
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id], projection=[way.id])
    font = QFont(style.text_font())
    for card in desk.panel.shown:
        forms = [*card.forms]
        if hasattr(card, "stack"):
            forms += [card.stack.card(slug).form for slug in ("stdp_triplet", "element_growth", "scaling")]
        for form in forms:
            for name, field in form.fields.items():
                if field.param.is_choice:
                    continue
                room = field.edit.width() - field.edit.textMargins().right() - 16
                assert QFontMetrics(font).horizontalAdvance(field.edit.text()) <= room, name


def test_every_field_can_be_reached_and_named_without_a_mouse(qtbot):
    net, pre, _, way = circuit(["stdp_pair"])
    desk = Desk(qtbot, net)
    desk.choose(population=[pre.id], projection=[way.id])
    for card in desk.panel.shown:
        for form in card.forms:
            for field in form.fields.values():
                assert field.value.focusPolicy() & Qt.FocusPolicy.TabFocus
                assert field.value.accessibleName()
                assert field.value.accessibleDescription() == field.param.doc
    switch = desk.panel.shown[-1].stack.card("stdp_pair").switch
    assert switch.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_synapses_keep_their_sign_whatever_is_typed(qtbot):
    net = Network(seed=1)
    pre = net.add_population("I", "iaf_psc_exp", 2, sign=-1)
    post = net.add_population("E", "iaf_psc_exp", 2)
    way = net.add_projection("W", pre, post)
    net.wire(way, "all_to_all", weight=-45.0, delay=1.0)
    desk = Desk(qtbot, net)
    desk.choose(synapse=net.projections[way.id].synapses.id[:1])
    type_into(desk.field("weight"), "80")
    assert sorted(np.unique(net.projections[way.id].synapses.weight).tolist()) == [-80.0, -45.0]
    type_into(desk.field("delay"), "2 ms")
    assert net.projections[way.id].synapses.delay.max() == 2.0


def test_a_weight_shows_what_it_means(qtbot):
    net, _, _, way = circuit()
    desk = Desk(qtbot, net)
    card = desk.choose(synapse=net.projections[way.id].synapses.id[:1])
    assert card.means.text() == "45 pA = 0.24 mV at rest"


def test_a_synapse_whose_release_is_chance_says_what_an_electrode_would_see(qtbot):
    net = Network(seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", size=2)
    params = {"u": 0.5, "n": 4.0, "tau_rec": 800.0, "tau_fac": 0.0}
    way = net.add_projection("Quantal", cells, cells, "quantal", params=params)
    net.add_synapses(way, pre=cells[:1], post=cells[1:], weight=3.0, delay=1.0)
    desk = Desk(qtbot, net)
    card = desk.choose(synapse=net.projections[way.id].synapses.id[:1])
    assert "6% failures of 4 sites, 1/CV\u00b2 4.00" in card.kept.text()
    assert "0.53 times the first" in card.kept.text()
