"""The form of the rule editor: what the rule is, the lines of its hooks, the tables of what it declares."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from editor.inspector.values import StillCombo
from editor.rule_editor.draft import COLUMNS, Draft, Mistake
from editor.rule_editor.lines import Lines
from editor.rule_editor.tables import Texts
from editor.window.style import mark
from engine.written.hooks import offered
from engine.written.words import SETTINGS, STAGES, has, settings_of

TITLES = {
    "params": "Parameters",
    "traces": "Traces: memories of spikes",
    "fields": "Fields: what each synapse keeps",
    "quantities": "Quantities: what it keeps of each neuron",
    "totals": "Totals: sums over all synapses of a neuron",
    "roles": "Roles: the modulators it listens to",
    "presets": "Presets: sets of numbers by name",
}
HINTS = {
    "params": "Hooks read p.name. takes: nothing for any number, whole, or names to choose from: no, yes.",
    "traces": (
        "+1 at a spike of the owner (pre or post), decays with tau. nearest yes: a spike sets it to 1\n"
        "instead; the name of a parameter of 0 or 1 lets that decide."
    ),
    "fields": (
        "One number per synapse, syn.name. init may be a parameter; slow yes: it comes back with an undo."
    ),
    "quantities": (
        "One number per neuron, moved by on_neuron (post) or on_pre_neuron (pre) at every step; both read\n"
        "spiked and the states of the neuron too. init may be a parameter or a state. With of and by it is\n"
        "another quantity, or a state, as it was so long ago."
    ),
    "totals": (
        "on_slow reads post.name: the sum of the shares of all synapses of the neuron that carry this card,\n"
        "counted just before. A share is one expression, as pre.x * syn.w."
    ),
    "roles": (
        "Hooks read mod.name, the level above rest, and mod.name_rest, the level at rest; on_release also\n"
        "mod.name_dose, what this release is. Without a tau there is no level, only doses. With area yes a\n"
        "release adds 1/tau, else 1."
    ),
    "presets": "A name, and numbers as eta = 0.2, tau = 30 ms.",
}
"""What a table means, for who points at its title."""
HOOKS = {
    "on_pre": "A presynaptic spike arrives:  syn.dw -= p.eta * post.y",
    "on_post": "The post neuron fires:  syn.dw += p.eta * pre.x",
    "on_step": "Every h ms while awake:  syn.dw += p.eta * h * pre.x * post.v",
    "on_neuron": "Every step, for the post neuron:  post.m += (post.v - post.m) * h / p.tau",
    "on_pre_neuron": "Every step, for the pre neuron:  pre.m += (pre.v - pre.m) * h / p.tau",
    "awake": "Whether the synapses of a neuron have work this step:  return post.v > p.theta",
    "on_late": "A presynaptic spike once more, some ms later (see Late by):  syn.c += p.c_pre",
    "on_event": "An event at the post neuron (see Hears):  syn.dw -= p.beta * pre.x",
    "between": "The dt ms between two events:  syn.c *= exp(-dt / p.tau)",
    "on_change": "A change is proposed:  syn.e += syn.dw,  then  syn.dw = 0",
    "advance": "The dt ms between two events:  syn.dw += syn.e * mod.da * dt",
    "on_release": "A modulator is released:  syn.dw += syn.e * mod.da_dose",
    "transmit": "A spike is on its way:  syn.amount *= 1 - mod.ach",
    "apply": "A change is stored:  syn.w = clip(syn.w + syn.dw, p.w_min, p.w_max)",
    "on_slow": "Every update ms (dt of them):  syn.w *= exp(dt / p.tau * (1 - post.h / p.target))",
    "grow": "Every step, for the elements of a neuron:  el.z += p.nu * h * (1 - el.ca / p.eps)",
    "form": "How often a vacant place fills, per ms:  return p.rate",
    "nearness": "The relative chance of a partner d um away:  return exp(-d / p.sigma)",
}
"""What a hook is for, with an example: said where nothing is written yet."""
SLOW_HOOKS = {
    ("structure", "on_slow"): "Every update ms (dt of them):  syn.doomed = where(syn.w < p.below, 1, 0)",
    ("homeostasis", "on_neuron"): "Every update ms, of the neuron:  post.bias or post.gain_ex (a factor)",
}
"""The same, where it is another for a stage."""
ABOUT = 58


class Form(QScrollArea):
    """Holds the texts of one rule; `Draft` says what they mean."""

    touched = Signal()
    """Something was typed."""
    staged = Signal()
    """Another stage was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.hooks: dict[str, Lines] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        sheet = QWidget()
        self.box = QVBoxLayout(sheet)
        self.box.setContentsMargins(18, 16, 12, 16)
        self.box.setSpacing(8)
        self._head()
        self.tabs = QTabWidget()
        self.tabs.setMinimumHeight(190)
        self.tabs.setDocumentMode(True)
        self.box.addWidget(self.tabs, 1)
        self.tables = {kind: Texts(columns, TITLES[kind]) for kind, columns in COLUMNS.items()}
        self.titles = {kind: QLabel(TITLES[kind]) for kind in self.tables}
        for kind, table in self.tables.items():
            self._titled(self.titles[kind], HINTS[kind])
            self.box.addWidget(table)
            table.edited.connect(self.touched)
        self._more()
        self.setWidget(sheet)

    def _head(self) -> None:
        rows = QFormLayout()
        rows.setSpacing(8)
        self.label, self.formula, self.about = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.about.setFixedHeight(ABOUT)
        self.about.setTabChangesFocus(True)
        self.stage = StillCombo()
        for stage, kind in STAGES.items():
            self.stage.addItem(f"{stage} \u2013 {kind.question}", stage)
        for name, piece in (
            ("Name", self.label), ("Stage", self.stage), ("What it is", self.about), ("Formula", self.formula)
        ):  # fmt: skip
            piece.setAccessibleName(name)
            rows.addRow(name, piece)
        self.box.addLayout(rows)
        self.label.textEdited.connect(self.touched)
        self.formula.textEdited.connect(self.touched)
        self.about.textChanged.connect(self.touched)
        self.stage.currentIndexChanged.connect(self._change_stage)

    def _titled(self, title: QLabel, hint: str) -> None:
        mark(title, muted=True)
        title.setToolTip(hint)
        self.box.addWidget(title)

    def _more(self) -> None:
        """A line for each setting; those of other stages are hidden."""
        self.more = QLabel("Settings")
        self._titled(self.more, "What the rule is besides its arithmetic; each may stay empty.")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        self.settings: dict[str, QLineEdit] = {}
        self.names: dict[str, QLabel] = {}
        for row, (name, one) in enumerate(SETTINGS.items()):
            line, title = QLineEdit(), QLabel(one.label)
            line.setAccessibleName(one.label)
            line.setPlaceholderText(one.hint)
            line.setToolTip(f"{name}: {one.hint}")
            line.textEdited.connect(self.touched)
            title.setBuddy(line)
            grid.addWidget(title, row, 0)
            grid.addWidget(line, row, 1)
            self.settings[name], self.names[name] = line, title
        self.box.addLayout(grid)

    # -- texts in and out ------------------------------------------------------------------------------

    def show_draft(self, draft: Draft) -> None:
        """Fill the form."""
        self.draft = draft
        was = self.blockSignals(True)
        self.label.setText(draft.label)
        self.about.setPlainText(draft.about)
        self.formula.setText(draft.formula)
        self.formula.setCursorPosition(0)
        self.stage.blockSignals(True)
        self.stage.setCurrentIndex(max(self.stage.findData(draft.stage), 0))
        self.stage.blockSignals(False)
        self._fit()
        for kind, table in self.tables.items():
            table.fill(draft.tables[kind])
        for name, line in self.settings.items():
            line.setText(draft.settings.get(name, ""))
            line.setCursorPosition(0)
        self.blockSignals(was)
        self.verticalScrollBar().setValue(0)

    def read(self) -> Draft:
        """The draft with what the form says now."""
        draft = self.draft
        draft.label, draft.about = self.label.text(), self.about.toPlainText()
        draft.formula, draft.stage = self.formula.text(), str(self.stage.currentData())
        draft.tables = {kind: table.rows() for kind, table in self.tables.items()}
        draft.settings = {name: text for name, line in self.settings.items() if (text := line.text())}
        draft.hooks |= {name: lines.toPlainText() for name, lines in self.hooks.items()}
        return draft

    def point_at(self, mistake: Mistake | None, what: str) -> None:
        """Mark the line a mistake is in, and the tab above it; `what` is said of it."""
        for at, (name, lines) in enumerate(self.hooks.items()):
            is_here = mistake is not None and mistake.hook == name
            lines.mark(mistake.line if mistake is not None and is_here else 0)
            self.tabs.setTabText(at, f"{name} \u26a0" if is_here else name)
            self.tabs.setTabToolTip(at, what if is_here else "")

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        for lines in self.hooks.values():
            lines.wear()

    # -- stages ----------------------------------------------------------------------------------------

    def _change_stage(self) -> None:
        self.draft.stage = str(self.stage.currentData())
        self.draft.hooks |= {name: lines.toPlainText() for name, lines in self.hooks.items()}
        self._fit()
        self.staged.emit()

    def _fit(self) -> None:
        """Show what rules of this stage have."""
        stage = self.draft.stage
        for kind, table in self.tables.items():
            for piece in (self.titles[kind], table):
                piece.setVisible(has(stage, kind))
        for name in self.settings:
            for line in (self.settings[name], self.names[name]):
                line.setVisible(name in settings_of(stage))
        self.tabs.clear()
        for old in self.hooks.values():
            old.deleteLater()
        self.hooks.clear()
        for name in offered(stage):
            lines = Lines(name, SLOW_HOOKS.get((stage, name), HOOKS[name]))
            lines.setPlainText(self.draft.hooks.get(name, ""))
            lines.textChanged.connect(self.touched)
            self.tabs.addTab(lines, name)
            self.hooks[name] = lines
        written = (at for at, name in enumerate(self.hooks) if self.draft.hooks.get(name, "").strip())
        self.tabs.setCurrentIndex(next(written, 0))
