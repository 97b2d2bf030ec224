"""The card of projections: how spikes arrive, the bounds of weights, and the rules that move them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from editor.inspector import meaning, subjects
from editor.inspector.card import Card
from editor.inspector.form import Form
from editor.inspector.formula_view import FormulaView
from editor.inspector.last_second import LastSecond
from editor.inspector.pieces import Facts, Hairline, Switch, link, note, section
from editor.inspector.quantities import Shown
from editor.inspector.rule_stack import RuleStack
from editor.inspector.subjects import Subject
from editor.inspector.values import StillCombo
from editor.window.style import named
from engine import registry, units
from engine.declare import Param
from engine.network import ends
from engine.network.edits import Compound, SetParams, SetRules, SetTransmission
from engine.network.listening import unheard
from engine.network.parts import Projection, RuleUse

if TYPE_CHECKING:
    from engine.live.frame import Frame

BOUNDS = {
    "w_min": Param(0.0, "", 0.0, float("inf"), "The smallest size rules may give a weight.", name="w_min"),
    "w_max": Param(100.0, "", 0.0, float("inf"), "The largest size rules may give a weight.", name="w_max"),
}
DENDRITIC = Param(
    1.0, "", 0.0, 1.0, "Share of the delay that is dendritic: 1 as in NEST, 0 all axonal.", name="dendritic"
)


class ProjectionCard(Card):
    """Everything about projections that share a transmission."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.last_second = LastSecond()
        self.facts = Facts(("synapses", "mean weight", "mean delay"), self)
        self.box.addWidget(self.facts)
        self.means = note(parent=self)
        self.box.addWidget(self.means)
        ends = QHBoxLayout()
        self.pre, self.post = link("", self), link("", self)
        self.pre.clicked.connect(self._go_pre)
        self.post.clicked.connect(self._go_post)
        for piece in (self.pre, named(QLabel("→", self), "small"), self.post):
            ends.addWidget(piece)
        ends.addStretch(1)
        self.box.addLayout(ends)
        self.box.addWidget(Hairline(self))
        self.box.addWidget(section("How a spike arrives", self))
        self.transmission = StillCombo(self)
        self.transmission.setAccessibleName("Transmission")
        self.transmission.activated.connect(self._transmit)
        self.box.addWidget(self.transmission)
        model = subject.model
        if model is not None and model.formula:
            self.box.addWidget(FormulaView(model.formula, self))
        if model is not None and model.presets:
            self.preset = StillCombo(self)
            self.preset.setAccessibleName("Preset")
            self.preset.setPlaceholderText("choose a preset")
            self.preset.addItems(list(model.presets))
            self.preset.activated.connect(self._preset)
            self.box.addWidget(self.preset)
        if model is not None and model.params:
            self.add_form(Form(model.params.values(), self, formula=model.formula))
        self.attributes = self.add_form(Form([*BOUNDS.values(), DENDRITIC], self))
        self.glia_row = QWidget(self)
        row = QHBoxLayout(self.glia_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(named(QLabel("Astrocytes", self), "fieldName"))
        self.glia = StillCombo(self)
        self.glia.setAccessibleName("Astrocytes that ensheathe these synapses")
        self.glia.activated.connect(self._ensheathe)
        row.addWidget(self.glia, 1)
        self.box.addWidget(self.glia_row)
        self.box.addWidget(Hairline(self))
        self.box.addWidget(section("Plasticity", self))
        self.differ = note(
            "These projections have different rules. Select one of them to see its stack.", self
        )
        self.box.addWidget(self.differ)
        self.learns_row = QWidget(self)
        row = QHBoxLayout(self.learns_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(named(QLabel("Learns from", self), "fieldName"))
        self.learns = StillCombo(self)
        self.learns.setAccessibleName("What the rules take for a postsynaptic spike")
        self.learns.activated.connect(self._listen)
        row.addWidget(self.learns, 1)
        self.box.addWidget(self.learns_row)
        self.box.removeWidget(self.remarks)
        self.box.addWidget(self.remarks)  # most of them are about the rules
        self.stack = RuleStack(self)
        self.stack.edited.connect(self._edit)
        self.stack.previewed.connect(self._try)
        self.stack.reset.connect(self._reset)
        self.stack.restacked.connect(self._restack)
        self.box.addWidget(self.stack)
        self.enabled = Switch("On: spikes pass, synapses learn", self)
        self.enabled.clicked.connect(self._enable)
        self.box.addWidget(self.enabled)
        self.frozen = Switch("Frozen: every rule rests, spikes still pass", self)
        self.frozen.clicked.connect(self._freeze)
        self.box.addWidget(self.frozen)

    def refuse(self, field: str, why: str) -> bool:
        return super().refuse(field, why) or self.stack.refuse(field, why)

    def fill(self) -> None:
        projections = self._projections()
        if not projections:
            return
        first = projections[0]
        self._fill_facts(projections)
        self._fill_ends(first, len(projections) == 1)
        self._fill_transmission(first)
        model = self.subject.model
        for form in self.forms:
            if form is self.attributes:
                form.show_values(self._attribute)
            else:
                form.show_values(self._value)
        unit = meaning.unit_of(self.net, first)
        for name in BOUNDS:
            self.attributes.fields[name].edit.show_unit(unit)
        if model is not None and model.presets:
            self.preset.setCurrentIndex(self._which_preset())
        self._fill_glia(first)
        self._fill_learns(first)
        self._fill_stack(projections)
        for name, button in (("frozen", self.frozen), ("enabled", self.enabled)):
            states = {getattr(projection, name) for projection in projections}
            button.show_state(states.pop() if len(states) == 1 else None)

    def show_frame(self, frame: Frame) -> None:
        credit = frame.credit.get(self.subject.records[0]) if len(self.subject.records) == 1 else None
        projections = self._projections()
        if projections:
            so_far = credit_of(credit)
            recent = self.last_second.add(projections[0].id, frame.t, so_far)
            self.stack.show_credit(so_far, meaning.unit_of(self.net, projections[0]), recent)

    def _projections(self) -> list[Projection]:
        assert self.net is not None
        return [self.net.projections[id] for id in self.subject.records if id in self.net.projections]

    def _fill_facts(self, projections: list[Projection]) -> None:
        count = sum(len(projection) for projection in projections)
        self.facts.count("synapses", count)
        if not count:
            for name in ("mean weight", "mean delay"):
                self.facts.say(name, "–")
            self.means.hide()
            return
        weight = float(np.concatenate([projection.synapses.weight for projection in projections]).mean())
        delay = float(np.concatenate([projection.synapses.delay for projection in projections]).mean())
        self.facts.say("mean weight", units.write(weight, meaning.unit_of(self.net, projections[0]), 3))
        self.facts.say("mean delay", units.write(delay, "ms", 3))
        said = self.in_words(projections[0], weight)
        self.means.setText(said)
        self.means.setVisible("=" in said or ":" in said)

    def in_words(self, projection: Projection, weight: float) -> str:
        """A weight of this projection with what it does to the neuron it reaches."""
        assert self.net is not None
        return weight_in_words(self.net, projection, weight)

    def _fill_ends(self, first: Projection, is_one: bool) -> None:
        assert self.net is not None
        for button, id in ((self.pre, first.pre), (self.post, first.post)):
            population = self.net.populations.get(id)
            button.setText(population.label if population else "gone")
            button.setVisible(is_one)

    def _fill_transmission(self, first: Projection) -> None:
        assert self.net is not None
        self.transmission.clear()
        for model in registry.all("transmission"):
            other = replace(first, transmission=model.slug)
            if model.slug == first.transmission or not any(ends.of_arrival(self.net, other)):
                self.transmission.addItem(model.label, model.slug)
        if self.transmission.findData(first.transmission) < 0:
            self.transmission.addItem(f"{first.transmission} (unknown)", first.transmission)
        self.transmission.setCurrentIndex(self.transmission.findData(first.transmission))

    def _fill_glia(self, first: Projection) -> None:
        assert self.net is not None
        glia = [one for one in self.net.populations.values() if one.kind == "astrocyte"]
        self.glia_row.setVisible(bool(glia))
        self.glia.clear()
        self.glia.addItem("none", None)
        for population in glia:
            self.glia.addItem(population.label, population.id)
        self.glia.setCurrentIndex(max(self.glia.findData(first.astrocytes), 0))

    def _fill_stack(self, projections: list[Projection]) -> None:
        stacks = {tuple(use.slug for use in projection.rules) for projection in projections}
        self.differ.setVisible(len(stacks) > 1)
        self.stack.setVisible(len(stacks) == 1)
        if len(stacks) == 1:
            first = projections[0]
            bounds = {"w_min": first.w_min, "w_max": first.w_max}
            assert self.net is not None
            labels = {id: record.label for id, record in self.net.modulators.items()}
            unit = meaning.unit_of(self.net, first)
            self.stack.show_stack(first.rules, self._rule_value, bounds, labels, self._trouble, unit)

    def _trouble(self, use: RuleUse) -> str:
        """Why a card hears nothing, "" where it does."""
        assert self.net is not None
        return next(map(str, unheard(self.net, use)), "")

    def _rule_value(self, slug: str, param: Param) -> Shown:
        assert self.net is not None
        return subjects.rule_value(self.net, self.subject, slug, param)

    def _which_preset(self) -> int:
        assert self.net is not None
        assert self.subject.model is not None
        row, model = subjects.row_of(self.net, self.subject), self.subject.model
        for at, values in enumerate(model.presets.values()):
            if all(abs(row[name] - model.number(name, value)) < 1e-12 for name, value in values.items()):
                return at
        return -1

    def _reset(self, name: str) -> None:
        default = {**BOUNDS, "dendritic": DENDRITIC}.get(name)
        new = default.default if default is not None else None
        self.wants.emit(self.change(name, new), name)

    def _preset(self, at: int) -> None:
        assert self.subject.model is not None
        values = dict(self.subject.model.presets[self.preset.itemText(at)])
        self.wants.emit(SetParams(self.subject.targets, values), "")

    def _transmit(self, at: int) -> None:
        slug = self.transmission.itemData(at)
        edits = [
            SetTransmission(projection.id, slug)
            for projection in self._projections()
            if projection.transmission != slug
        ]
        if edits:
            self.wants.emit(Compound(tuple(edits), "change transmission"), "")

    def _fill_learns(self, first: Projection) -> None:
        """What the post neurons offer besides their spikes; hidden where that is nothing."""
        assert self.net is not None
        post = self.net.populations.get(first.post)
        model = registry.find(post.model) if post and registry.knows(post.model) else None
        events = getattr(model, "events", ())
        self.learns_row.setVisible(bool(events))
        self.learns.clear()
        own = getattr(model, "learns_from", "") or "spike"
        self.learns.addItem(f"what the neuron says ({own})", "")
        for name in ("spike", *events):
            self.learns.addItem(name, name)
        for place, name in enumerate(events, 2):
            self.learns.setItemData(place, model.states[name].doc, Qt.ItemDataRole.ToolTipRole)
        self.learns.setCurrentIndex(max(self.learns.findData(first.learns_from), 0))

    def _listen(self, at: int) -> None:
        self.wants.emit(self.change("learns_from", self.learns.itemData(at)), "")

    def _ensheathe(self, at: int) -> None:
        self.wants.emit(self.change("astrocytes", self.glia.itemData(at)), "")

    def _restack(self, uses: tuple[RuleUse, ...]) -> None:
        edits = []
        for projection in self._projections():
            mine = {use.slug: use for use in projection.rules}
            first = {use.slug: use for use in self._projections()[0].rules}
            kept = [use if use != first.get(use.slug) else mine.get(use.slug, use) for use in uses]
            edits.append(SetRules(projection.id, tuple(kept)))
        if edits:
            label = _restack_label(self._projections()[0].rules, uses)
            self.wants.emit(Compound(tuple(edits), label), "")

    def _enable(self) -> None:
        self.wants.emit(self.change("enabled", self.enabled.isChecked()), "")

    def _freeze(self) -> None:
        self.wants.emit(self.change("frozen", self.frozen.isChecked()), "")

    def _go_pre(self) -> None:
        self.goes.emit("population", [self._projections()[0].pre])

    def _go_post(self) -> None:
        self.goes.emit("population", [self._projections()[0].post])


def weight_in_words(net: Any, projection: Projection, weight: float) -> str:
    """A weight of a projection with what it does to the neuron it reaches: "45 pA = +0.24 mV at rest"."""
    post = net.populations.get(projection.post)
    model, transmission = meaning.models_of(net, projection)
    row = subjects.population_row(post) if post is not None else {}
    sent = {name: value for name, value in projection.transmission_params.items() if isinstance(value, float)}
    return meaning.in_words(weight, model, row, transmission, sent)


def credit_of(credit: Any) -> dict[str, tuple[float, float]]:
    """What a frame says each card contributed: by slug, how much it added and took, both positive."""
    if not isinstance(credit, dict):
        return {}
    return {str(slug): (abs(float(pair[0])), abs(float(pair[1]))) for slug, pair in credit.items()}


def _restack_label(before: tuple[RuleUse, ...], after: tuple[RuleUse, ...]) -> str:
    old, new = {use.slug for use in before}, {use.slug for use in after}
    for slugs, verb in ((new - old, "add"), (old - new, "remove")):
        for slug in slugs:
            label = registry.find(slug).label if registry.knows(slug) else slug
            return f"{verb} {label}"
    changed = next((use for use in after if use not in before), None)
    if changed is None:
        return "change rules"
    label = registry.find(changed.slug).label if registry.knows(changed.slug) else changed.slug
    was = next(use for use in before if use.slug == changed.slug)
    if was.enabled != changed.enabled:
        return f"switch {label} {'on' if changed.enabled else 'off'}"
    return f"set {label}"
