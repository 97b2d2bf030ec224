"""The window of the rule editor: the form on the left, what the rule would do on the right, as you type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from editor.inspector.curve_view import CurveView
from editor.inspector.curves import curve_of
from editor.inspector.values import StillCombo
from editor.palette.glyphs import STAGE_COLOUR
from editor.rule_editor.draft import (
    COLUMNS,
    LAGS,
    TEMPLATE,
    Draft,
    Mistake,
    can_be_tried,
    substances,
    trial,
    usual_induction,
)
from editor.rule_editor.lines import Lines
from editor.rule_editor.tables import Texts
from editor.rule_editor.trial_view import TrialView
from editor.style import mark, worn
from engine import written
from engine.declare import Rule
from engine.errors import FileError, ModelError
from engine.files.atomic import replace_file
from engine.written_file import as_model_file

REST = 180
"""Milliseconds after the last key before the rule is looked at again."""
TITLES = {
    "params": "Parameters",
    "traces": "Traces: memories of spikes",
    "fields": "Fields: what each synapse keeps",
    "roles": "Roles: the modulators it listens to",
}

HINTS = {
    "roles": (
        "Hooks read mod.name, the level above rest, and mod.name_rest, the level at rest; on_release also\n"
        "mod.name_dose, what this release is. Without a tau there is no level, only doses. With area yes a\n"
        "release adds 1/tau, else 1."
    ),
    "traces": "+1 at a spike of the owner (pre or post), decays with tau; nearest yes: a spike sets it to 1.",
    "fields": "One number per synapse; slow yes: it comes back with an undo.",
}
"""What a table means, for who points at its title."""


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
        self.resize(1120, 760)
        self.rule: type[Rule] | None = None
        self.draft = Draft.of(TEMPLATE)
        self.hooks: dict[str, Lines] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.look)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._form(), 3)
        whole.addWidget(self._result(), 2)
        self.show_draft(self.draft)

    # -- making it -----------------------------------------------------------------------------------

    def _form(self) -> QWidget:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        sheet = QWidget()
        box = QVBoxLayout(sheet)
        box.setContentsMargins(18, 16, 12, 16)
        box.setSpacing(8)
        fields = QFormLayout()
        fields.setSpacing(8)
        self.label, self.about, self.formula = QLineEdit(), QLineEdit(), QLineEdit()
        self.stage = StillCombo()
        for stage, kind in written.STAGES.items():
            self.stage.addItem(f"{stage} \u2013 {kind.question}", stage)
        for name, field in (
            ("Name", self.label), ("Stage", self.stage), ("What it is", self.about), ("Formula", self.formula)
        ):  # fmt: skip
            field.setAccessibleName(name)
            fields.addRow(name, field)
        box.addLayout(fields)
        self.tabs = QTabWidget()
        self.tabs.setMinimumHeight(190)
        self.tabs.setDocumentMode(True)
        box.addWidget(self.tabs, 1)
        self.tables = {kind: Texts(columns, TITLES[kind]) for kind, columns in COLUMNS.items()}
        self.titles = {kind: QLabel(TITLES[kind]) for kind in self.tables}
        for kind, table in self.tables.items():
            title = self.titles[kind]
            mark(title, muted=True)
            title.setToolTip(HINTS.get(kind, ""))
            box.addWidget(title)
            box.addWidget(table)
            table.edited.connect(self._touch)
        for field in (self.label, self.about, self.formula):
            field.textEdited.connect(self._touch)
        self.stage.currentIndexChanged.connect(self._change_stage)
        area.setWidget(sheet)
        return area

    def _result(self) -> QWidget:
        side = QWidget(self)
        box = QVBoxLayout(side)
        box.setContentsMargins(12, 16, 18, 16)
        box.setSpacing(8)
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
        box.addWidget(self.trial_title)
        self.trial = TrialView()
        box.addWidget(self.trial, 1)
        box.addWidget(QLabel("Use it on"))
        self.places = StillCombo()
        self.places.setAccessibleName("Projection")
        box.addWidget(self.places)
        row = QHBoxLayout()
        self.use = QPushButton("Use it")
        self.use.setProperty("primary", True)
        self.export = QPushButton("Export as model file...")
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
        self.draft = draft
        self.label.setText(draft.label)
        self.about.setText(draft.about)
        self.formula.setText(draft.formula)
        self.stage.blockSignals(True)
        self.stage.setCurrentIndex(max(self.stage.findData(draft.stage), 0))
        self.stage.blockSignals(False)
        self._make_hooks()
        for kind, table in self.tables.items():
            table.fill(draft.tables[kind])
        self.look()

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        for lines in self.hooks.values():
            lines.wear()
        self.look()

    def look(self) -> None:
        """Read the form and show what the rule would do, or what is wrong with it."""
        self._rest.stop()
        self.draft.label, self.draft.about = self.label.text(), self.about.text()
        self.draft.formula = self.formula.text()
        self.draft.stage = str(self.stage.currentData())
        self.draft.tables = {kind: table.rows() for kind, table in self.tables.items()}
        self.draft.hooks |= {name: lines.toPlainText() for name, lines in self.hooks.items()}
        found = self.draft.check()
        mistake = found if isinstance(found, Mistake) else None
        self.rule = None if isinstance(found, Mistake) else found
        for name, lines in self.hooks.items():
            lines.mark(mistake.line if mistake is not None and mistake.hook == name else 0)
        self._say(mistake)
        self._draw()
        self._allow()

    # -- how -----------------------------------------------------------------------------------------

    def _touch(self, *_: object) -> None:
        self._rest.start()

    def _change_stage(self) -> None:
        self.draft.stage = str(self.stage.currentData())
        self.draft.hooks |= {name: lines.toPlainText() for name, lines in self.hooks.items()}
        self._make_hooks()
        self.look()

    def _make_hooks(self) -> None:
        for piece in (self.titles["roles"], self.tables["roles"]):
            piece.setVisible(self.draft.stage in written.LISTENING)
        self.tabs.clear()
        for lines in self.hooks.values():
            lines.deleteLater()
        self.hooks = {}
        for name in written.offered(self.draft.stage):
            lines = Lines(name)
            lines.setPlainText(self.draft.hooks.get(name, ""))
            lines.textChanged.connect(self._touch)
            self.tabs.addTab(lines, name)
            self.hooks[name] = lines

    def _say(self, mistake: Mistake | None) -> None:
        theme = worn()
        if mistake is None:
            assert self.rule is not None
            text, ink = f"\u2713 {self.rule.label} is arithmetic and ready to use.", theme.good
        else:
            place = f"{mistake.hook}, line {mistake.line}: " if mistake.hook else ""
            text, ink = f"{place}{mistake.what}", theme.danger
        for at, name in enumerate(self.hooks):
            faulty = mistake is not None and mistake.hook == name
            self.tabs.setTabText(at, f"{name} \u26a0" if faulty else name)
            self.tabs.setTabToolTip(at, text if faulty else "")
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {ink}")

    def _draw(self) -> None:
        for view in (self.curve, self.trial):
            view.setEnabled(self.rule is not None)  # what was there stays, pale, until the mistake is mended
        if self.rule is None:
            return
        is_paired = hasattr(self.rule, "window")
        row = self.rule.row()
        row.w_max = 100.0
        curve = curve_of(self.rule, row)
        self.curve.show_curve(curve, STAGE_COLOUR[self.rule.stage])
        self.window_title.setText("One pair of spikes" if is_paired else self.rule.question)
        self.window_title.setVisible(curve is not None)
        heard = substances(self.rule)
        tried = LAGS if can_be_tried(self.rule) else ()
        self.trial.show_lines(
            {lag: trial(self.rule, lag) for lag in tried},
            {lag: trial(self.rule, lag, released=False) for lag in tried} if heard else {},
        )
        through = "" if self.rule.stage == "induction" else f" of {usual_induction().label}"
        self.trial_title.setText(
            f"Sixty pairs{through}, one a second"
            + (f": with {heard} at each, dashed without" if heard else "")
        )
        self.trial_title.setVisible(bool(tried))

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
            replace_file(path, [as_model_file(self.draft.definition()).encode()])
        except (FileError, ModelError) as error:
            self.said.emit(f"{path} was not written: {error}", True)
        else:
            self.said.emit(f"Wrote {path}", False)
