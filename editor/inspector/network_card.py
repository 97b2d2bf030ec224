"""The card of the whole network, shown when nothing is selected: step, seed, slow time, parts."""

from __future__ import annotations

import secrets
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from editor.inspector import subjects
from editor.inspector.card import Card, Glyph
from editor.inspector.fields import ParamField
from editor.inspector.pieces import Elided, Facts, Hairline, link, note, section
from editor.inspector.subjects import Subject
from editor.inspector.values import StillCombo
from editor.palette.cards import card_of
from editor.window.style import named, put_icon
from engine import registry
from engine.analysis.slowness import SECOND, in_words
from engine.declare import Param
from engine.network.checks import told_of
from engine.network.edits import Edit, SetNetwork
from engine.network.network import Network
from engine.network.problems import Problem

DT = Param(0.1, "ms", 1e-4, 10.0, "The step: everything happens at whole multiples of it.", name="dt")
SEED = Param(1.0, "", 0.0, 2.0**53, "What all chance follows from: same seed, same run.", name="seed")
SLOW = Param(
    1.0, "", 1.0, 1e9, "Scaling, growth and pruning go so many times faster than in life.", name="slow"
)
MOST = 40
"""Populations listed; the search finds the others."""


class NotesEdit(QPlainTextEdit):
    """A few lines about the circuit; written into the network when the field is left."""

    def __init__(self, owner: NetworkCard) -> None:
        super().__init__(owner)
        self.owner = owner
        self.setPlaceholderText("Notes: what this circuit is, what to do, what to watch")
        self.setAccessibleName("Notes")
        self.setTabChangesFocus(True)
        self.setFixedHeight(74)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.owner.write_notes(self.toPlainText())


class NetworkCard(Card):
    """What holds for the whole network."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self.facts = Facts(("neurons", "synapses", "projections"), self)
        self.box.addWidget(self.facts)
        self.fields = {param.name: ParamField(param, self) for param in (DT, SEED, SLOW)}
        for field in self.fields.values():
            field.is_judged = field.param is not SEED
            field.edited.connect(self._edit)
            field.previewed.connect(self._try)
            field.reset.connect(self._reset)
        self.dice = QToolButton(self)
        put_icon(self.dice, "fa6s.dice", "text", 15)
        self.dice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dice.setToolTip("Another seed: the same circuit with other luck")
        self.dice.setAccessibleName("Throw the dice for another seed")
        self.dice.clicked.connect(self._throw)
        self.box.addWidget(self.fields["dt"])
        seed_row = self.fields["seed"]
        layout = seed_row.layout()
        assert layout is not None
        layout.addWidget(self.dice, 0, 1)  # type: ignore[call-arg]
        self.box.addWidget(seed_row)
        self.box.addWidget(self.fields["slow"])
        self.slow_words = note(parent=self, name="small")
        self.box.addWidget(self.slow_words)
        self.precision = StillCombo(self)
        self.precision.setAccessibleName("Precision")
        self.precision.addItem("double: 15 digits", "double")
        self.precision.addItem("single: half the memory", "single")
        self.precision.activated.connect(self._precise)
        row = QHBoxLayout()
        row.addWidget(named(QLabel("Precision", self), "fieldName"))
        row.addWidget(self.precision, 1)
        self.box.addLayout(row)
        self.notes = NotesEdit(self)
        self.box.addWidget(self.notes)
        self.parts_rule = Hairline(self)
        self.box.addWidget(self.parts_rule)
        self.parts_title = section("Populations", self)
        self.box.addWidget(self.parts_title)
        self.parts = QVBoxLayout()
        self.parts.setSpacing(2)
        self.box.addLayout(self.parts)
        self._rows: list[PopulationRow] = []
        self.more = note(parent=self, name="small")
        self.box.addWidget(self.more)

    def can_rename(self) -> bool:
        return True

    def change(self, name: str, new: Any) -> Edit:
        """The edit of one setting of the network."""
        return SetNetwork({name: new})

    def refuse(self, field: str, why: str) -> bool:
        if field in self.fields:
            self.fields[field].refuse(why)
        return field in self.fields

    def told(self, net: Network) -> list[Problem]:
        """What its step is too coarse for, or lies between."""
        return [problem for record in net.populations.values() for problem in told_of(net, record)]

    def fill(self) -> None:
        net = self.net
        assert net is not None
        self.facts.count("neurons", net.neuron_count)
        self.facts.count("synapses", net.synapse_count)
        self.facts.count("projections", len(net.projections))
        for name, field in self.fields.items():
            shown = float(getattr(net, name))
            field.show_value(shown, name != "seed" and subjects.is_moved(shown, field.param))
        self.slow_words.setText(slow_in_words(net.slow))
        self.slow_words.setVisible(net.slow != 1.0)
        self.precision.setCurrentIndex(self.precision.findData(net.precision))
        if not self.notes.hasFocus() and self.notes.toPlainText() != net.notes:
            self.notes.setPlainText(net.notes)
        self._fill_parts(net)

    def write_notes(self, text: str) -> None:
        """The notes field was left."""
        if self.net is not None and text != self.net.notes:
            self.wants.emit(SetNetwork({"notes": text}), "")

    def _fill_parts(self, net: Network) -> None:
        shown = list(net.populations.values())[:MOST]
        while len(self._rows) < len(shown):
            row = PopulationRow(self)
            row.name.clicked.connect(row.go)
            row.chosen = self
            self._rows.append(row)
            self.parts.addWidget(row)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(shown))
            if at < len(shown):
                row.show_population(net, shown[at].id)
        self.parts_title.setVisible(bool(shown))
        self.parts_rule.setVisible(bool(shown))
        left = len(net.populations) - len(shown)
        self.more.setText(f"and {left:,} more; Ctrl+K finds them by name")
        self.more.setVisible(left > 0)

    def _rename(self, name: str) -> None:
        self.wants.emit(SetNetwork({"title": name}), "")

    def _reset(self, name: str) -> None:
        self.wants.emit(SetNetwork({name: self.fields[name].param.default}), name)

    def _edit(self, name: str, new: Any) -> None:
        self.wants.emit(SetNetwork({name: int(new) if name == "seed" else new}), name)

    def _try(self, name: str, new: Any) -> None:
        """Nothing of the whole network can be previewed: it is set when the drag ends."""

    def _throw(self) -> None:
        self.wants.emit(SetNetwork({"seed": secrets.randbelow(1_000_000)}), "seed")

    def _precise(self, at: int) -> None:
        self.wants.emit(SetNetwork({"precision": self.precision.itemData(at)}), "")


class PopulationRow(QWidget):
    """One population in the list of the network card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = 0
        self.chosen: NetworkCard | None = None
        self.glyph = Glyph(None, self, 20)
        self.name = link("", self)
        self.about = named(Elided("", self), "small")
        self.about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.glyph)
        row.addWidget(self.name)
        row.addWidget(self.about, 1)

    def show_population(self, net: Network, id: int) -> None:
        """Show this population."""
        population = net.populations[id]
        self.id = id
        model = registry.find(population.model) if registry.knows(population.model) else None
        self.glyph.card = card_of(model) if model is not None else None
        self.glyph.update()
        self.name.setText(population.label)
        sign = {1: "excitatory", -1: "inhibitory"}.get(population.sign, "")
        self.about.say(f"{len(population):,} {sign}".strip())

    def go(self) -> None:
        """Select the population."""
        if self.chosen is not None:
            self.chosen.goes.emit("population", [self.id])


def slow_in_words(factor: float) -> str:
    """Slow time as one says it: "1 s here = 4.6 h of growth ..."."""
    return (
        f"1 s here = {in_words(factor * SECOND)} of growth, pruning and scaling; "
        "a synapse sees fewer spikes in its life."
    )
