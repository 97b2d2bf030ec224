"""The wiring panel: many to many by a pattern, with how many synapses that makes and where they would run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from editor.canvas.overlay.items import Preview
from editor.drawing import placing
from editor.drawing.next_drawn import NextSynapse
from editor.drawing.workbench import Workbench
from editor.gallery.overlay import FloatingCard
from editor.inspector.quantities import spoken
from editor.inspector.values import StillCombo
from editor.selection import Ids
from editor.window.focus import keeps_escape
from engine import units
from engine.counting import counted
from engine.errors import UsageError
from engine.network.edits import AddSynapses, Compound, Edit
from engine.network.patterns import PATTERNS, Sides

WAIT = 120
"""ms after the last change until the preview is drawn."""
MOST_DRAWN = 160
"""Synapses of the preview that are drawn; all are counted."""
MOST_PAIRS = 30_000_000
"""Pairs of neurons above which nothing is counted before it is made."""
UNITS = {"scale": "um"}


@dataclass(frozen=True)
class Sketch:
    """What a pattern would make: the edit, and the pre and post neuron of every synapse; or why nothing."""

    edit: Edit | str
    pre: Ids
    post: Ids


def sketch(bench: Workbench, sources: Ids, targets: Ids, pattern: str, params: dict[str, Any]) -> Sketch:
    """Draw a pattern without making it; no id is used up by that."""
    net = bench.network
    none = np.empty(0, np.int64)
    if not len(sources) or not len(targets):
        return Sketch("Select neurons: first the sources (1), then the targets.", none, none)
    if len(sources) * len(targets) > MOST_PAIRS:
        return Sketch("", none, none)
    mark = net.ids.next
    edit = placing.wire(net, sources, targets, bench.coming.synapse, pattern, params)
    net.ids.next = mark
    parts = [one for one in getattr(edit, "edits", ()) if isinstance(one, AddSynapses)]
    pre, post = (np.concatenate([none, *(getattr(one, side) for one in parts)]) for side in ("pre", "post"))
    return Sketch(edit, pre, post)


class WiringPanel(FloatingCard):
    """Stays open beside the circuit: targets follow the selection, Enter wires, Escape closes."""

    corner = "bottom left"

    def __init__(self, bench: Workbench, canvas: Any) -> None:
        super().__init__("Wire many to many", canvas.theme, canvas)
        self.bench, self.canvas = bench, canvas
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Wiring")
        self.who = self.text()
        self.pattern = StillCombo()
        self.pattern.setAccessibleName("Pattern")
        for name in PATTERNS:
            if name != "explicit":
                self.pattern.addItem(spoken(name).capitalize(), name)
        self.pattern.setCurrentIndex(max(0, self.pattern.findData(bench.coming.pattern)))
        self.pattern.currentIndexChanged.connect(self._other_pattern)
        self.box.addWidget(self.pattern)
        self.fields: dict[str, QLineEdit] = {}
        self.held = QWidget()
        self.form = QFormLayout(self.held)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.box.addWidget(self.held)
        self.effect, self.delay = QLineEdit(), QLineEdit(units.write(bench.coming.synapse.delay, "ms"))
        self.each = QFormLayout()
        for name, field in (("Each moves its target", self.effect), ("Delay", self.delay)):
            field.setAccessibleName(name)
            field.textEdited.connect(self._later)
            field.returnPressed.connect(self.make)
            self.each.addRow(name, field)
        self.box.addLayout(self.each)
        self.count = self.text()
        self.count.setAccessibleName("How many")
        self.wire = QPushButton("Wire")
        self.wire.setProperty("primary", True)
        self.wire.setDefault(True)
        self.wire.clicked.connect(self.make)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.wire)
        self.box.addLayout(row)
        self.set_theme(canvas.theme)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(WAIT)
        self._soon.timeout.connect(self.refresh)
        self.closed.connect(self.close)
        bench.selection.watch(self._selected)
        self._other_pattern()
        self.show()
        self.place()
        self.raise_()
        self.pattern.setFocus()

    @property
    def sources(self) -> Ids:
        """The neurons remembered with 1; without any, those selected."""
        net = self.bench.network
        kept = self.bench.sources
        kept = kept[net.population_of(kept) != 0] if len(kept) else kept
        return kept if len(kept) else self.bench.neurons()

    def params(self) -> dict[str, Any]:
        """What the fields say; raises UsageError."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name == "profile":
                found[name] = field.text().strip()
                continue
            value = units.read(field.text(), UNITS.get(name, ""), low=0.0, what=spoken(name))
            found[name] = round(value) if name in ("n", "k") else value
        return found

    def synapse(self) -> NextSynapse:
        """What each synapse will be; raises UsageError."""
        coming = self.bench.coming.synapse
        if self.effect.text():
            coming = replace(coming, effect=units.read(self.effect.text(), "mV", 0.0, what="effect"))
        return replace(coming, delay=units.read(self.delay.text(), "ms", 0.0, what="delay"))

    def refresh(self) -> None:
        """Count what the pattern would make now, and draw some of it."""
        sources, targets = self.sources, self.bench.neurons()
        self.who.setText(f"{counted(len(sources), 'source')}  →  {counted(len(targets), 'target')}")
        try:
            self.synapse()
            drawn = sketch(self.bench, sources, targets, self.pattern.currentData(), self.params())
        except UsageError as refusal:
            drawn = Sketch(str(refusal), sources[:0], sources[:0])
        said = drawn.edit if isinstance(drawn.edit, str) else ""
        if isinstance(drawn.edit, Compound):
            made = len(drawn.pre)
            said = f"Makes {counted(made, 'synapse')}, {made / max(len(targets), 1):.3g} onto each target."
            self._offer_effect(drawn)
        elif not said:
            said = "More than thirty million pairs: they are counted when they are made."
        self.count.setText(said)
        self.wire.setEnabled(not isinstance(drawn.edit, str) or not drawn.edit)
        step = max(1, -(-len(drawn.pre) // MOST_DRAWN))
        sign = self.bench.coming.sign
        pairs = zip(drawn.pre[::step].tolist(), drawn.post[::step].tolist(), strict=True)
        self.canvas.items.previews = [Preview(pre, post, sign=sign) for pre, post in pairs]
        self.canvas.touch()
        self.place()

    def _offer_effect(self, drawn: Sketch) -> None:
        """Say what each synapse will do, unless somebody wrote it: a share where targets are sources."""
        if self.effect.isModified():
            return
        effect = self.bench.coming.synapse.effect
        if np.intersect1d(drawn.pre, drawn.post).size:
            effect = placing.shared(effect, len(drawn.pre), len(np.unique(drawn.post)))
        self.effect.setText(units.write(effect, "mV"))

    def make(self) -> None:
        """Make the synapses, as one step."""
        net, coming = self.bench.network, self.bench.coming
        try:
            params, synapse = self.params(), self.synapse()
        except UsageError as refusal:
            self.count.setText(str(refusal))
            return
        pattern = self.pattern.currentData()
        coming.set(pattern=pattern)
        edit = placing.wire(
            net,
            self.sources,
            self.bench.neurons(),
            synapse,
            pattern,
            params,
            is_exact=bool(self.effect.text()),
        )
        if self.bench.do(edit):
            self.dismiss()

    def _other_pattern(self) -> None:
        for name in list(self.fields):
            self.form.removeRow(self.fields.pop(name))
        sides = Sides(
            len(self.sources), len(self.bench.neurons()), np.zeros((0, 3)), np.zeros((0, 3)), same=False
        )
        for name, value in placing.pattern_params(self.pattern.currentData(), sides).items():
            field = QLineEdit(value if isinstance(value, str) else units.write(value, UNITS.get(name, "")))
            field.setAccessibleName(spoken(name))
            field.textChanged.connect(self._later)
            field.returnPressed.connect(self.make)
            self.fields[name] = field
            self.form.addRow(WORDS.get(name, spoken(name)), field)
        for at in range(self.form.count()):
            self.form.itemAt(at).widget().show()
        self.form.activate()
        self.held.setFixedHeight(self.form.sizeHint().height())
        self.held.setVisible(bool(self.fields))
        self.refresh()

    def _later(self) -> None:
        self._soon.start()

    def _selected(self) -> None:
        if self.isVisible():
            self._soon.start()

    def event(self, event: QEvent) -> bool:
        """Escape closes the panel and is not the window's."""
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.wire.isEnabled():
            self.make()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._soon.stop()
        self.canvas.items.previews = []
        self.canvas.touch()
        self.canvas.setFocus()


WORDS = {
    "p": "Probability",
    "n": "How many",
    "k": "Neighbours",
    "profile": "Profile",
    "p0": "Probability at 0 um",
    "scale": "Reach",
}
