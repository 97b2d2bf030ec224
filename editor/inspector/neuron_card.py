"""The card of neurons, populations and astrocytes: their model, their parameters, where they start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from editor.inspector import subjects
from editor.inspector.card import Card
from editor.inspector.form import Form
from editor.inspector.formula_view import FormulaView
from editor.inspector.pieces import Facts, Fold, Switch, note
from editor.inspector.subjects import Subject
from editor.inspector.values import StillCombo
from editor.window.style import named
from engine.declare import Declaration, Param, State
from engine.network.edits import SetParams
from engine.network.parts import Population

if TYPE_CHECKING:
    from engine.live.frame import Frame


class NeuronCard(Card):
    """Everything about some neurons that share a model."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        model = subject.model
        self.facts = Facts(("neurons", "sign", "rate"), self)
        self.box.addWidget(self.facts)
        self.guess = note(parent=self)
        self.box.addWidget(self.guess)
        if model is None:
            self.box.addWidget(note("This version does not know this model. It is kept as it is.", self))
            return
        if model.formula:
            self.box.addWidget(FormulaView(model.formula, self))
        if model.presets:
            self.box.addLayout(self._presets(model))
        if model.params:
            self.add_form(Form(model.params.values(), self, formula=model.formula))
        self.passes = Switch("Pass on spikes that arrive over synapses", self)
        self.passes.setVisible(bool(getattr(model, "is_relay", False)))
        self.passes.clicked.connect(self._set_passes)
        self.box.addWidget(self.passes)
        self.held = {name: Switch(text, self) for name, text in held_words(model).items()}
        for name, button in self.held.items():
            button.clicked.connect(partial(self._hold, name))
            self.box.addWidget(button)
        self.clamp: Form | None = None
        if "clamped" in self.held:
            at = model.states[getattr(model, "held", "")]
            self.clamp = self.add_form(Form([_start(model, at)], self))
        self.starts: Form | None = None
        if states := start_params(model):
            self.fold = Fold("Where it starts", self)
            self.box.addWidget(self.fold)
            self.starts = self.add_form(Form(states, self), self.fold.inside)

    def _presets(self, model: type[Declaration]) -> QHBoxLayout:
        self.preset: QComboBox = StillCombo(self)
        self.preset.setAccessibleName("Preset")
        self.preset.setPlaceholderText("choose a preset")
        self.preset.addItems(list(model.presets))
        self.preset.activated.connect(self._preset)
        row = QHBoxLayout()
        row.addWidget(named(QLabel("Preset", self), "fieldName"))
        row.addWidget(self.preset, 1)
        return row

    def fill(self) -> None:
        net, subject = self.net, self.subject
        assert net is not None
        populations = [net.populations[id] for id in subject.records if id in net.populations]
        count = len(subject.parts) or sum(len(population) for population in populations)
        self.facts.count("neurons", count)
        signs = {population.sign for population in populations}
        words = {1: "excitatory", -1: "inhibitory", 0: "none"}
        self.facts.say("sign", words[signs.pop()] if len(signs) == 1 else "mixed")
        guesses = sorted(
            {f"{what}: {text}" for population in populations for what, text in population.notes.items()}
        )
        self.guess.setText("\n".join(guesses))
        self.guess.setVisible(bool(guesses))
        model = subject.model
        if model is None:
            return
        for form in self.forms:
            form.show_values(self._value)
        if model.presets:
            self.preset.setCurrentIndex(self._which_preset(model))
        if not self.passes.isHidden():
            self.passes.show_state(_agreed([population.passes for population in populations]))
        for name, button in self.held.items():
            button.show_state(_agreed([one for p in populations for one in self._each(p, name)]))
        if self.clamp is not None:
            self.clamp.setVisible(self.held["clamped"].isChecked())

    def show_frame(self, frame: Frame) -> None:
        rates = [frame.rates[id] for id in self.subject.records if id in frame.rates]
        self.facts.say("rate", f"{np.mean(rates):.3g} Hz" if rates else "–")

    def _value(self, param: Param) -> subjects.Shown:
        assert self.net is not None
        model = self.subject.model
        shown = subjects.value(self.net, self.subject, param)
        state = model.states.get(param.name) if model else None
        if state and isinstance(state.init, str) and shown == param.default:
            assert model is not None
            return subjects.value(
                self.net, self.subject, model.params[state.init]
            )  # starts at rest, wherever that is
        return shown

    def _which_preset(self, model: type[Declaration]) -> int:
        assert self.net is not None
        row = subjects.row_of(self.net, self.subject)
        for at, values in enumerate(model.presets.values()):
            if all(abs(row[name] - model.number(name, value)) < 1e-12 for name, value in values.items()):
                return at
        return -1

    def _preset(self, at: int) -> None:
        model = self.subject.model
        assert model is not None
        values = dict(model.presets[self.preset.itemText(at)])
        self.wants.emit(SetParams(self.subject.targets, values), "")

    def _set_passes(self) -> None:
        ids = np.asarray(self.subject.records, np.int64)
        self.wants.emit(SetParams(ids, {"passes": self.passes.isChecked()}), "")

    def _each(self, population: Population, name: str) -> list[bool]:
        """How a switch stands: once for all, or for each neuron of the subject."""
        stands = getattr(population, name)
        if isinstance(stands, bool):
            return [stands]
        rows = population.rows(self.subject.parts) if len(self.subject.parts) else np.arange(len(population))
        return [bool(one) for one in np.unique(stands[rows[rows >= 0]])]

    def _hold(self, name: str) -> None:
        self.wants.emit(SetParams(self.subject.targets, {name: self.held[name].isChecked()}), "")


def held_words(model: type[Declaration]) -> dict[str, str]:
    """The switches of neurons of a model, and what each says."""
    own = getattr(model, "held", "")
    clamped = {"clamped": f"Clamped: {own} stays where it is, spikes follow"} if own else {}
    rests = "On: it takes part (off, it rests, deaf and silent)"
    return {"enabled": rests, "frozen": "Frozen: held as it is while the rest runs", **clamped}


def start_params(model: type[Declaration]) -> list[Param]:
    """The declared states as parameters: each neuron may start somewhere else."""
    return [_start(model, state) for state in model.states.values()]


def _start(model: type[Declaration], state: State) -> Param:
    default = model.params[state.init].default if isinstance(state.init, str) else float(state.init)
    return Param(default, state.unit, state.low, state.high, state.doc, name=state.name)


def _agreed(values: list[bool]) -> bool | None:
    return values[0] if values and all(value == values[0] for value in values) else None if values else False
