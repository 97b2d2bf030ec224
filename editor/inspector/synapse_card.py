"""The card of synapses: weight and what it means, delay, both neurons, what its rules keep about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from editor.drawing.next_drawn import label_of
from editor.files import csv_file
from editor.inspector import quantities
from editor.inspector.card import Card
from editor.inspector.form import Form
from editor.inspector.history import NOTHING, Deeds, Trail, past_of
from editor.inspector.meaning import unit_of
from editor.inspector.pieces import Facts, Hairline, link, note, section
from editor.inspector.projection_card import weight_in_words
from editor.inspector.quantities import Mixed, Shown
from editor.inspector.subjects import Subject
from editor.inspector.trail_view import TrailView
from editor.window.style import named
from engine import registry, units
from engine.analysis import electrode, quanta
from engine.declare import LOCI, Field, Param
from engine.errors import FileError
from engine.network.columns import floats
from engine.network.edits import SetSynapses
from engine.network.parts import Projection

if TYPE_CHECKING:
    from engine.live.frame import Frame
    from engine.network.edits import Edit
    from engine.network.network import Network
    from engine.network.problems import Problem

WEIGHT = Param(
    0.0,
    "pA",
    -float("inf"),
    float("inf"),
    "How strongly a spike acts; the sign is the neuron's.",
    name="weight",
)
DELAY = Param(1.0, "ms", 0.0, float("inf"), "From the spike to its arrival.", name="delay")


class SynapseCard(Card):
    """Everything about some synapses."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        ends = QHBoxLayout()
        ends.setSpacing(6)
        self.pre, self.post = link("", self), link("", self)
        self.pre.clicked.connect(self._go_pre)
        self.post.clicked.connect(self._go_post)
        self.arrow = named(QLabel("→", self), "small")
        for piece in (self.pre, self.arrow, self.post):
            ends.addWidget(piece)
        ends.addStretch(1)
        self.box.addLayout(ends)
        self.form = self.add_form(Form([WEIGHT, DELAY], self, has_defaults=False))
        self.means = note(parent=self)
        self.box.addWidget(self.means)
        self.live = Facts(("now", "since it began"), self)
        self.box.addWidget(self.live)
        self.trail = Trail()
        self.history = TrailView(self.trail, self)
        self.box.addWidget(self.history)
        self.before = note(parent=self)
        self.before.hide()
        self.box.addWidget(self.before)
        self.deeds = Deeds()
        self.did = note(parent=self)
        self.did.hide()
        self.box.addWidget(self.did)
        self.save = link("Save its history as CSV…", self)
        self.save.setToolTip("Its weight over the run, and each change with the card that made it.")
        self.save.clicked.connect(self.ask_and_save)
        self.box.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        self.kept_rule = Hairline(self)
        self.kept_title = section("What its rules keep", self)
        self.kept = note(parent=self)
        for piece in (self.kept_rule, self.kept_title, self.kept):
            self.box.addWidget(piece)

    def can_rename(self) -> bool:
        return False

    def told(self, net: Network) -> list[Problem]:
        """Nothing: what may surprise is about the projection, and stands on its card."""
        return []

    def fill(self) -> None:
        net = self.net
        assert net is not None
        first = net.projections[self.subject.records[0]]
        self.form.fields["weight"].edit.show_unit(unit_of(net, first))
        self.form.show_values(self._value)
        weight = self._value(WEIGHT)
        said = "" if isinstance(weight, Mixed | str) else weight_in_words(net, first, weight)
        self.means.setText(said)
        self.means.setVisible("=" in said or ":" in said)
        is_one = len(self.subject.parts) == 1
        self.history.setVisible(is_one)
        self.history.unit = unit_of(net, first)
        one = int(self.subject.parts[0]) if is_one else 0
        if one != self.trail.synapse:
            self.trail.follow(one, past_of(self.moments(), first, one) if is_one else NOTHING)
            self.deeds.clear()
            self.did.hide()
            self._say_past()
        self.save.setVisible(is_one)
        for piece in (self.pre, self.arrow, self.post):
            piece.setVisible(is_one)
        if is_one:
            row = first.synapses.take(self.subject.parts)
            for button, side in ((self.pre, "pre"), (self.post, "post")):
                id = int(row[side][0]) if len(row[side]) else 0
                button.setText(neuron_name(net, id))
                button.setProperty("neuron", id)
        self._fill_kept(first)

    def show_frame(self, frame: Frame) -> None:
        weights = []
        for id in self.subject.records:
            if id in frame.weights:
                ids, values = frame.weights[id]
                weights.append(values[np.isin(ids, self.subject.parts)])
        found = np.concatenate(weights) if weights else np.empty(0)
        began = self._value(WEIGHT)
        home = None if self.net is None else self.net.projections.get(self.subject.records[0])
        if not len(found) or self.net is None or home is None:
            self.live.say("now", "–")
            self.live.say("since it began", "–")
            return
        unit = unit_of(self.net, home)
        now = float(found.mean())
        if len(self.subject.parts) == 1:
            if len(self.trail) and frame.t < self.trail.t[-1]:
                self.deeds.clear()
            self.trail.add(frame.t, now)
            self._say_past()
            self.history.update()
            if self.deeds.take(frame.told, self.trail.synapse, self.net.dt):
                said = self.deeds.in_words(label_of, unit)
                self.did.setText(said)
                self.did.setVisible(bool(said))
        self.live.say("now", units.write(now, unit, 4))
        if isinstance(began, float) and began:
            self.live.say("since it began", f"{(now - began) / abs(began):+.1%}")

    def _say_past(self) -> None:
        """Say where what is drawn comes from, where it began before the synapse was selected."""
        trail = self.trail
        last = float(trail.past.t[-1]) if len(trail.past.t) else 0.0
        said = trail.past.in_words(float(trail.t[0]) if len(trail) else np.nextafter(last, np.inf))
        if said != self.before.text():
            self.before.setText(said)
        self.before.setVisible(bool(said))

    def ask_and_save(self) -> None:
        """Ask where to, and write the history of the synapse there."""
        path, _ = QFileDialog.getSaveFileName(
            self, "Save the history of this synapse", f"synapse-{self.trail.synapse}.csv", "CSV (*.csv)"
        )
        if not path:
            return
        path = path if Path(path).suffix else f"{path}.csv"
        try:
            csv_file.write(path, self.trail.table(self.deeds, self.history.unit))
        except FileError as error:
            self.said.emit(f"{path} was not written: {error}", True)
        else:
            self.said.emit(f"Saved {path}", False)

    def change(self, name: str, new: Any) -> Edit:
        """The edit that gives every synapse of the card a new weight or delay."""
        count = len(self.subject.parts)
        if name == "weight" and isinstance(new, float):
            values = self._signed(new)
        else:
            values = np.full(count, float(new))
        return SetSynapses(self.subject.parts, name, floats(values))

    def _signed(self, size: float) -> Any:
        """The weight typed, with the sign of each synapse's own neuron: nobody has to remember the minus."""
        net = self.net
        assert net is not None
        owners = net.projection_of(self.subject.parts)
        values = np.full(len(owners), size)
        for id in self.subject.records:
            pre = net.populations.get(net.projections[id].pre)
            if pre is not None and pre.sign:
                values[owners == id] = pre.sign * abs(size)
        return values

    def _value(self, param: Param) -> Shown:
        net = self.net
        assert net is not None
        columns = [
            net.projections[id].synapses.take(self.subject.parts)[param.name]
            for id in self.subject.records
            if id in net.projections
        ]
        return quantities.common(columns)

    def _fill_kept(self, first: Projection) -> None:
        """The declared per-synapse fields of the transmission and the rules, with their values if kept."""
        lines = []
        extra = first.synapses.extra
        rows = first.synapses.rows(self.subject.parts)
        for field in fields_of(first):
            text = field.doc.rstrip(".")
            if field.name in extra and (rows >= 0).any():
                column = extra[field.name][rows[rows >= 0]]
                known = column[~np.isnan(column)]
                if known.size:
                    text += f": {units.write(float(known.mean()), field.unit, 4)}"
            lines.append(f"{quantities.spoken(field.name)} – {text}")
        lines += self._would_measure(first)
        self.kept.setText("\n".join(lines))
        for piece in (self.kept_rule, self.kept_title, self.kept):
            piece.setVisible(bool(lines))

    def _would_measure(self, first: Projection) -> list[str]:
        """What an electrode would see of these synapses, where release is a matter of chance."""
        told = quanta.of_record(first, first.synapses.take(self.subject.parts))
        if not told.size or (told["P"] >= 1.0).all():
            return []
        found = {name: float(told[name].mean()) for name in ("failures", "inverse_cv2", "paired_pulses")}
        varies = (
            f"{found['failures']:.0%} failures of {told['n'].mean():.0f} sites, "
            f"1/CV² {found['inverse_cv2']:.2f}, "
            if electrode.is_by_chance(first.transmission)
            else ""
        )
        return [
            f"an electrode would see {varies}a second pulse after {quanta.INTERVAL:g} ms "
            f"{found['paired_pulses']:.2f} times the first"
        ]

    def _go_pre(self) -> None:
        self.goes.emit("neuron", [self.pre.property("neuron")])

    def _go_post(self) -> None:
        self.goes.emit("neuron", [self.post.property("neuron")])


def fields_of(projection: Projection) -> list[Field]:
    """Every quantity that the transmission and the rules of a projection keep for each synapse."""
    found: list[Field] = []
    for slug in (projection.transmission, *(use.slug for use in projection.rules)):
        if registry.knows(slug):
            found += registry.find(slug).fields.values()
            found += LOCI.values() if registry.find(slug).keeps_loci() else ()
    return list({field.name: field for field in found}.values())


def neuron_name(net: Network, id: int) -> str:
    """What a neuron is called: its own name, or its population's and its number there."""
    owner = int(net.population_of([id])[0])
    if not owner:
        return "gone"
    population = net.populations[owner]
    row = int(population.rows([id])[0])
    if population.names:
        return population.names[row]
    return population.label if len(population) == 1 else f"{population.label} {row + 1}"
