"""The cards of what is attached to a circuit: inputs, probes and modulators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from editor.inspector import meaning, quantities, subjects
from editor.inspector.card import Card
from editor.inspector.form import Form
from editor.inspector.formula_view import FormulaView
from editor.inspector.pieces import Hairline, Switch, link, note
from editor.inspector.quantities import Shown
from editor.inspector.subjects import Subject
from editor.inspector.synapse_card import fields_of, neuron_name
from editor.inspector.values import QuantityEdit, StillCombo
from editor.window.style import mark, named, put_icon
from engine import registry, units
from engine.declare import Param, Series
from engine.errors import UsageError
from engine.network.columns import floats
from engine.network.declared import number_of
from engine.network.listening import modulator_for
from engine.network.parts import Probe, RuleUse

WEIGHT = Param(1.0, "pA", -float("inf"), float("inf"), "What each of its spikes carries.", name="weight")
DELAY = Param(0.0, "ms", 0.0, float("inf"), "How much later everything of it arrives.", name="delay")
RELEASE_DELAY = Param(1.0, "ms", 0.0, float("inf"), "From a spike of a source to its release.", name="delay")
EVERY = Param(1.0, "ms", 0.0, float("inf"), "Time between two samples.", name="every")


class SeriesField(QWidget):
    """A list of numbers the user writes, such as spike times."""

    edited = Signal(str, object)

    def __init__(self, series: Series, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series = series
        self.edit = QuantityEdit(series.unit, self)
        self.edit.setPlaceholderText("10, 20, 35.5")
        self.edit.setAccessibleName(quantities.spoken(series.name))
        self.edit.setAccessibleDescription(series.doc)
        self.edit.setToolTip(f"{series.doc}\nNumbers with commas or spaces between them.")
        self.edit.asked.connect(self._ask)
        self.why = note(parent=self, name="wrong")
        self.why.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(
            named(QLabel(f"{quantities.spoken(series.name)} – {series.doc.rstrip('.')}", self), "small")
        )
        box.addWidget(self.edit)
        box.addWidget(self.why)

    def show_numbers(self, values: Any) -> None:
        """Show the list that holds now."""
        shown = ", ".join(units.write(float(one), "", 8) for one in values[:200])
        self.edit.show_text(shown + (", …" if len(values) > 200 else ""), "10, 20, 35.5")
        self.edit.setReadOnly(len(values) > 200)

    def refuse(self, why: str) -> None:
        """Say why the list was not taken."""
        self.why.setText(why)
        self.why.setVisible(bool(why))

    def _ask(self, text: str) -> None:
        try:
            words = [word for word in re.split(r"[,;\s]+", text.strip()) if word]
            numbers = [units.read(word, self.series.unit, what=self.series.name) for word in words]
        except UsageError as refusal:
            self.refuse(str(refusal))
            return
        self.refuse("")
        self.edited.emit(self.series.name, floats(numbers))


class InstrumentCard(Card):
    """What is attached: a link to those it is attached to, and a switch that takes it out."""

    def add_link(self) -> tuple[QPushButton, QHBoxLayout]:
        """Put on a link to those it is attached to; returns it with its row."""
        to = link("", self)
        to.clicked.connect(self._go)
        row = QHBoxLayout()
        row.addWidget(to)
        row.addStretch(1)
        self.box.addLayout(row)
        return to, row

    def add_switch(self, words: str) -> None:
        """Put on the switch."""
        self.enabled = Switch(words, self)
        self.enabled.clicked.connect(self._enable)
        self.box.addWidget(self.enabled)

    def show_switch(self, records: Sequence[Any]) -> None:
        """Bring the switch up to date; between on and off where they differ."""
        states = {record.enabled for record in records}
        self.enabled.show_state(states.pop() if len(states) == 1 else None)

    def _go(self) -> None:
        """Select those it is attached to."""
        raise NotImplementedError

    def _enable(self) -> None:
        self.wants.emit(self.change("enabled", self.enabled.isChecked()), "")


class InputCard(InstrumentCard):
    """A stimulus: its parameters, its lists, what a spike of it carries, whom it is given to."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.targets, _ = self.add_link()
        model = subject.model
        self.lists: dict[str, SeriesField] = {}
        if model is None:
            self.box.addWidget(note("This version does not know this input. It is kept as it is.", self))
            return
        if model.formula:
            self.box.addWidget(FormulaView(model.formula, self))
        if model.params:
            self.add_form(Form(model.params.values(), self, formula=model.formula))
        for series in model.lists.values():
            field = SeriesField(series, self)
            field.edited.connect(self._edit)
            self.lists[series.name] = field
            self.box.addWidget(field)
        gives_spikes = getattr(model, "gives", "spikes") == "spikes"
        shown = [WEIGHT, DELAY] if gives_spikes else [DELAY]
        self.attributes = self.add_form(Form(shown, self, has_defaults=False))
        self.add_switch("On")

    def fill(self) -> None:
        net = self.net
        assert net is not None
        records = [net.inputs[id] for id in self.subject.records if id in net.inputs]
        count = len(np.unique(np.concatenate([record.targets for record in records]))) if records else 0
        self.targets.setText(f"given to {subjects.counted(count, 'neuron')}")
        if self.subject.model is None or not records:
            return
        if "weight" in self.attributes.fields:
            self.attributes.fields["weight"].edit.show_unit(self._unit(records[0].targets))
        for form in self.forms:
            form.show_values(self._attribute if form is self.attributes else self._value)
        for name, field in self.lists.items():
            field.show_numbers(records[0].lists.get(name, np.empty(0)))
        self.show_switch(records)

    def refuse(self, field: str, why: str) -> bool:
        if field in self.lists:
            self.lists[field].refuse(why)
            return True
        return super().refuse(field, why)

    def _reset(self, name: str) -> None:
        default = {"weight": WEIGHT, "delay": DELAY}.get(name)
        self.wants.emit(self.change(name, default.default if default else None), name)

    def _unit(self, targets: Any) -> str:
        """What a spike of it is weighed in: what its first target takes."""
        assert self.net is not None
        owner = int(self.net.population_of(targets[:1])[0]) if len(targets) else 0
        slug = self.net.populations[owner].model if owner else ""
        model = registry.find(slug) if registry.knows(slug) else None
        takes = getattr(model, "receives", ("current",))
        return "nS" if takes == ("conductance",) else meaning.weight_unit(model, None)

    def _go(self) -> None:
        assert self.net is not None
        records = [self.net.inputs[id] for id in self.subject.records if id in self.net.inputs]
        self.goes.emit("neuron", np.concatenate([record.targets for record in records]))


class ProbeCard(InstrumentCard):
    """An electrode: what it records, how often, of what."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.targets, _ = self.add_link()
        self.what_box = StillCombo(self)
        self.what_box.setAccessibleName("Quantity to record")
        self.what_box.activated.connect(self._record)
        pick = QHBoxLayout()
        pick.addWidget(named(QLabel("Records", self), "fieldName"))
        pick.addWidget(self.what_box, 1)
        self.box.addLayout(pick)
        self.at_pre = Switch("At every presynaptic spike", self)
        self.at_pre.clicked.connect(self._at_pre)
        self.box.addWidget(self.at_pre)
        self.attributes = self.add_form(Form([EVERY], self))
        self.add_switch("On")

    def fill(self) -> None:
        net = self.net
        assert net is not None
        records = [net.probes[id] for id in self.subject.records if id in net.probes]
        if not records:
            return
        first = records[0]
        of_synapses = bool(len(first.targets)) and bool(net.population_of(first.targets[:1])[0] == 0)
        noun = "synapse" if of_synapses else "neuron"
        count = sum(len(record.targets) for record in records)
        name = neuron_name(net, int(first.targets[0])) if count == 1 and not of_synapses else ""
        self.targets.setText(f"of {name or subjects.counted(count, noun)}")
        self.what_box.clear()
        for quantity, doc in recordable(net, first):
            self.what_box.addItem(
                f"{quantities.spoken(quantity)} – {doc}" if doc else quantities.spoken(quantity), quantity
            )
        self.what_box.setCurrentIndex(self.what_box.findData(first.what))
        every = subjects.attribute(net, self.subject, "every")
        self.at_pre.setVisible(of_synapses)
        self.at_pre.show_state(every == "pre")
        self.attributes.setVisible(every != "pre")
        if not isinstance(every, str):
            self.attributes.show_values(self._every)
        self.enabled.setVisible(first.what != "spikes")  # those are written down with or without it
        self.show_switch(records)

    def _every(self, param: Param) -> Shown:
        assert self.net is not None
        return subjects.attribute(self.net, self.subject, "every")

    def _record(self, at: int) -> None:
        self.wants.emit(self.change("what", self.what_box.itemData(at)), "")

    def _at_pre(self) -> None:
        self.wants.emit(self.change("every", "pre" if self.at_pre.isChecked() else EVERY.default), "")

    def _reset(self, name: str) -> None:
        self.wants.emit(self.change(name, EVERY.default), name)

    def _go(self) -> None:
        assert self.net is not None
        first = self.net.probes[self.subject.records[0]]
        of_synapses = bool(len(first.targets)) and bool(self.net.population_of(first.targets[:1])[0] == 0)
        self.goes.emit("synapse" if of_synapses else "neuron", first.targets)


class ModulatorCard(InstrumentCard):
    """A substance in the tissue: how it spreads and who releases it."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.sources, row = self.add_link()
        self.release = QPushButton("Release now", self)
        mark(self.release, quiet=True)
        put_icon(self.release, "fa6s.droplet", "muted", 11)
        self.release.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.release.setToolTip("Release it by hand, as one spike of a source would")
        self.release.clicked.connect(self._release)
        row.addWidget(self.release)
        model = subject.model
        if model is None:
            self.box.addWidget(note("This version does not know this modulator. It is kept as it is.", self))
        elif model.formula:
            self.box.addWidget(FormulaView(model.formula, self))
        if model is not None and model.params:
            self.add_form(Form(model.params.values(), self, formula=model.formula))
        self.attributes = self.add_form(Form([RELEASE_DELAY], self))
        self.add_switch("On: it is released (off, it only fades)")
        self.box.addWidget(Hairline(self))
        self.readers = note(parent=self)
        self.box.addWidget(self.readers)

    def fill(self) -> None:
        net = self.net
        assert net is not None
        records = [net.modulators[id] for id in self.subject.records if id in net.modulators]
        count = sum(len(record.sources) for record in records)
        self.sources.setText(f"released by {subjects.counted(count, 'neuron')}")
        for form in self.forms:
            form.show_values(self._attribute if form is self.attributes else self._value)
        self.show_switch(records)
        self.release.setEnabled(any(record.enabled for record in records))
        ids = {record.id for record in records}
        waiting = [
            projection.label
            for projection in net.projections.values()
            for use in projection.rules
            if listens(net, use, ids)
        ]
        self.readers.setText(
            f"Read by {', '.join(waiting)}."
            if waiting
            else "No rule waits for a modulator yet: add a gate to a projection."
        )

    def _reset(self, name: str) -> None:
        self.wants.emit(self.change(name, RELEASE_DELAY.default if name == "delay" else None), name)

    def _release(self) -> None:
        self.pokes.emit("release", list(self.subject.records))

    def _go(self) -> None:
        assert self.net is not None
        self.goes.emit("neuron", self.net.modulators[self.subject.records[0]].sources)


def listens(net: Any, use: RuleUse, modulators: set[int]) -> bool:
    """Whether a card of a stack hears one of these modulators."""
    if not registry.knows(use.slug, "rule"):
        return False
    roles = registry.find(use.slug, "rule").roles
    for role in roles.values():
        found, _ = modulator_for(net.modulators, role, int(number_of(use, role.chosen_by)), len(roles))
        if found is not None and found.id in modulators:
            return True
    return False


def recordable(net: Any, probe: Probe) -> list[tuple[str, str]]:
    """What a probe of these targets may record: pairs of the quantity and its sentence."""
    owners = np.unique(net.population_of(probe.targets))
    found: dict[str, str] = {}
    if (owners != 0).any():
        for id in owners[owners != 0].tolist():
            population = net.populations[id]
            if registry.knows(population.model):
                for name, state in registry.find(population.model).states.items():
                    found.setdefault(name, state.doc.rstrip("."))
        found["spikes"] = "when it fires"
    else:
        found = {"weight": "the weight", "transmitted": "what a spike delivers"}
        homes = np.unique(net.projection_of(probe.targets))
        for id in homes[homes != 0].tolist():
            for field in fields_of(net.projections[id]):
                found.setdefault(field.name, field.doc.rstrip("."))
    found.setdefault(probe.what, "")
    return list(found.items())
