"""The window of the rule editor: the form on the left, what the rule would do on the right, as you type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from editor.inspector.curve_view import CurveView
from editor.inspector.curves import FAULTS, curve_of
from editor.inspector.values import StillCombo
from editor.palette.glyphs import STAGE_COLOUR
from editor.rule_editor.beginnings import Beginnings
from editor.rule_editor.draft import TEMPLATE, Draft, Mistake
from editor.rule_editor.form import Form
from editor.rule_editor.rehearsal import LAGS, W_MAX, can_be_tried, sample, substances, trial, usual_induction
from editor.rule_editor.sample_view import SampleView
from editor.rule_editor.trial_view import TrialView
from editor.window.style import worn
from engine import written
from engine.declare import Rule
from engine.errors import FileError, ModelError
from engine.files.atomic import replace_file
from engine.written.model_file import as_model_file

REST = 180
"""Milliseconds after the last key before the rule is looked at again."""


class RuleEditor(QWidget):
    """Writes one rule."""

    wanted = Signal(str, int)
    """Use the rule of this slug on the projection of this id."""
    said = Signal(str, bool)
    """News for the status line, and whether it is bad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Write a rule")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.resize(1280, 780)
        self.rule: type[Rule] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.look)
        self.form = Form(self)
        self.form.touched.connect(self._rest.start)
        self.form.staged.connect(self.look)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.form, 9)
        whole.addWidget(self._result(), 5)
        self.show_draft(Draft.of(TEMPLATE))

    # -- making it -----------------------------------------------------------------------------------

    def _result(self) -> QWidget:
        side = QWidget(self)
        box = QVBoxLayout(side)
        box.setContentsMargins(12, 16, 18, 16)
        box.setSpacing(8)
        self.beginnings = Beginnings(side)
        self.beginnings.chosen.connect(self._begin)
        box.addWidget(self.beginnings)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setMinimumHeight(40)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.verdict)
        self.window_title = QLabel("One pair of spikes")
        box.addWidget(self.window_title)
        self.curve = CurveView()
        box.addWidget(self.curve)
        self.trial_title = QLabel("Sixty pairs, one a second")
        self.trial_title.setWordWrap(True)
        box.addWidget(self.trial_title)
        self.trial, self.sample = TrialView(), SampleView()
        box.addWidget(self.trial, 1)
        box.addWidget(self.sample, 1)
        box.addStretch(0)
        box.addWidget(QLabel("Use it on"))
        self.places = StillCombo()
        self.places.setAccessibleName("Projection")
        box.addWidget(self.places)
        row = QHBoxLayout()
        self.use = QPushButton("Use it")
        self.use.setProperty("primary", True)
        self.export = QPushButton("Export as model file\u2026")
        row.addWidget(self.export)
        row.addStretch(1)
        row.addWidget(self.use)
        box.addLayout(row)
        self.use.clicked.connect(self._use)
        self.export.clicked.connect(self._ask_and_export)
        return side

    # -- for the window ------------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """Which projections the rule may be used on."""
        kept = self.places.currentData()
        self.places.clear()
        for id, projection in network.projections.items():
            self.places.addItem(projection.label or f"projection {id}", id)
        at = self.places.findData(kept)
        self.places.setCurrentIndex(max(at, 0) if self.places.count() else -1)
        self._allow()

    def choose(self, projection: int) -> None:
        """Offer this projection first."""
        if (at := self.places.findData(projection)) >= 0:
            self.places.setCurrentIndex(at)

    def show_rule(self, slug: str) -> None:
        """Open a written rule to change it; what is used already stays until it is used again."""
        if text := written.text_of(slug):
            self.show_draft(Draft.of(written.read(text)))

    def show_draft(self, draft: Draft) -> None:
        """Fill the form."""
        self.form.show_draft(draft)
        self.look()

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        self.form.wear()
        self.look()

    def look(self) -> None:
        """Read the form and show what the rule would do, or what is wrong with it."""
        self._rest.stop()
        found = self.form.read().check()
        mistake = found if isinstance(found, Mistake) else None
        self.rule = None if isinstance(found, Mistake) else found
        self._say(mistake)
        self._draw()
        self._allow()

    # -- how -----------------------------------------------------------------------------------------

    def _begin(self, draft: Draft) -> None:
        """Begin with another rule; what was written until now can be brought back."""
        self.beginnings.keep(self.form.read())
        self.show_draft(draft)

    def _say(self, mistake: Mistake | None) -> None:
        theme = worn()
        if mistake is None:
            assert self.rule is not None
            text, ink = f"\u2713 {self.rule.label} is arithmetic and ready to use.", theme.good
        else:
            place = f"{mistake.hook}, line {mistake.line}: " if mistake.hook else ""
            text, ink = f"{place}{mistake.what}", theme.danger
        self.form.point_at(mistake, text)
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {ink}")

    def _draw(self) -> None:
        for view in (self.curve, self.trial, self.sample):
            view.setEnabled(self.rule is not None)  # what was there stays, pale, until the mistake is mended
        if self.rule is None:
            return
        rule, ink = self.rule, STAGE_COLOUR[self.rule.stage]
        row = rule.row()
        row.w_max = W_MAX
        curve = curve_of(rule, row)
        self.curve.show_curve(curve, ink)
        self.window_title.setText("One pair of spikes" if hasattr(rule, "window") else rule.question)
        self.window_title.setVisible(curve is not None)
        heard = substances(rule)
        try:
            kept = sample(rule, curve)
            tried = LAGS if can_be_tried(rule) else ()
            lines = {lag: trial(rule, lag) for lag in tried}
            without = {lag: trial(rule, lag, released=False) for lag in tried} if heard else {}
        except FAULTS:  # a name that has a value on some paths only: there is nothing to see
            kept, tried, lines, without = None, (), {}, {}
        self.sample.show_sample(kept, ink)
        self.trial.show_lines(lines, without)
        through = "" if rule.stage == "induction" else f" of {usual_induction().label}"
        self.trial_title.setText(
            f"Twenty inputs of one neuron, one draw of luck: {self.sample.said()}"
            if self.sample.sample is not None
            else f"Sixty pairs{through}, one a second"
            + (f": with {heard} at each, dashed without" if heard else "")
        )
        self.trial_title.setVisible(bool(tried) or self.sample.sample is not None)

    def _allow(self) -> None:
        self.use.setEnabled(self.rule is not None and self.places.count() > 0)
        why = (
            "Draw a projection first."
            if not self.places.count()
            else ""
            if self.rule
            else "Mend the rule first."
        )
        self.use.setToolTip(why)
        self.export.setEnabled(self.rule is not None)

    def _use(self) -> None:
        self.look()
        if self.rule is not None and self.places.currentData() is not None:
            self.wanted.emit(self.rule.slug, int(self.places.currentData()))

    def _ask_and_export(self) -> None:
        if self.rule is None:
            return
        name = f"{self.rule.slug.rpartition('_')[0]}.py"
        path, _ = QFileDialog.getSaveFileName(self, "Export as model file", name, "Python (*.py)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Write the rule as a model file, or say why not."""
        try:
            replace_file(path, [as_model_file(self.form.read().definition()).encode()])
        except (FileError, ModelError) as error:
            self.said.emit(f"{path} was not written: {error}", True)
        else:
            self.said.emit(f"Wrote {path}", False)
