"""The panel of reasons to pause: choose one, write its range, and take away what is waited for no more."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from editor.gallery.overlay import FloatingCard
from editor.inspector.values import QuantityEdit, StillCombo
from editor.transport import pausing
from editor.window.focus import keeps_escape
from engine import units
from engine.errors import UsageError


class PausePanel(FloatingCard):
    """Stays open beside the circuit: what it is about follows the selection, Enter adds, Escape closes."""

    def __init__(self, window: Any) -> None:
        super().__init__("Pause when", window.canvas.theme, window.canvas)
        self.window_of_run = window
        self.setAccessibleName("Reasons to pause")
        self.kind = StillCombo()
        self.kind.setAccessibleName("What to wait for")
        for kind, said in pausing.KINDS.items():
            self.kind.addItem(said, kind)
        self.kind.currentIndexChanged.connect(self.propose)
        self.box.addWidget(self.kind)
        self.who = self.text("muted")
        self.range = QWidget()
        row = QHBoxLayout(self.range)
        row.setContentsMargins(0, 0, 0, 0)
        self.low, self.high = QuantityEdit(), QuantityEdit()
        for name, field in (("below", self.low), ("above", self.high)):
            field.setAccessibleName(name)
            field.setPlaceholderText("no limit")
            row.addWidget(QLabel(name))
            row.addWidget(field, 1)
        self.box.addWidget(self.range)
        self.add = QPushButton("Wait for it")
        self.add.clicked.connect(self.wait)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.add)
        self.box.addLayout(row)
        self.why = self.text()
        self.head = self.text("head")
        self.head.setText("THE RUN PAUSES WHEN")
        self.list = QVBoxLayout()
        self.list.setSpacing(2)
        self.box.addLayout(self.list)
        self.lines: list[QWidget] = []
        self._about: pausing.Watched | str = ""
        self.set_theme(window.canvas.theme)
        window.selection.watch(self._selected)
        self.closed.connect(window.canvas.setFocus)

    @property
    def document(self) -> Any:
        """The document whose run pauses."""
        return self.window_of_run.document

    def open(self, kind: str) -> None:
        """Show itself, about this kind of reason."""
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.set_theme(self.window_of_run.canvas.theme)
        self.propose()
        self.show()
        self.raise_()
        (self.low if self.range.isVisible() else self.kind).setFocus()

    def propose(self) -> None:
        """Say what the reason would be about, with a range to begin with."""
        kind = self.kind.currentData()
        about = self._about = pausing.watched(self.document.network, self.window_of_run.selection, kind)
        self.who.setText(about if isinstance(about, str) else f"{about.words[0].upper()}{about.words[1:]}")
        has_range = not isinstance(about, str) and kind not in pausing.ANY
        self.range.setVisible(has_range)
        self.add.setEnabled(not isinstance(about, str))
        if has_range:
            assert not isinstance(about, str)
            for field, value in ((self.low, about.low), (self.high, about.high)):
                field.show_unit(about.unit)
                field.setText("" if abs(value) == pausing.INFINITE else units.write(value, "", 4))
        self.say("")

    def wait(self) -> None:
        """Add the reason, or say what is wrong with it."""
        if isinstance(self._about, str):
            return
        try:
            made = pausing.reason(self.kind.currentData(), self._about, self.low.text(), self.high.text())
        except UsageError as refusal:
            self.say(str(refusal))
            return
        if made in self.document.breakpoints:
            self.say("The run waits for that already.")
            return
        self.document.pause_when([*self.document.breakpoints, made])
        self.say("")

    def forget(self, waited: Any) -> None:
        """Wait for a reason no more."""
        self.document.pause_when([one for one in self.document.breakpoints if one != waited])
        self.refresh()

    def say(self, why: str) -> None:
        """Show why a reason was not taken, and what is waited for now."""
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.refresh()

    def refresh(self) -> None:
        """List what is waited for now."""
        for line in self.lines:
            self.list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [self._line(waited) for waited in self.document.breakpoints]
        for line in self.lines:
            self.list.addWidget(line)
            line.show()
        self.head.setVisible(bool(self.lines))
        self.place()

    def _line(self, waited: Any) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        said = pausing.words(self.document.network, waited)
        label = QLabel(said)
        label.setWordWrap(True)
        cross = QToolButton()
        cross.setText("\u00d7")
        cross.setToolTip("Wait for this no more")
        cross.setAccessibleName(f"No longer when {said}")
        cross.clicked.connect(partial(self.forget, waited))
        row.addWidget(label, 1)
        row.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _selected(self) -> None:
        if self.isVisible():
            self.propose()

    def event(self, event: QEvent) -> bool:
        """Escape closes the panel and is not the window's."""
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.add.isEnabled():
            self.wait()
        else:
            super().keyPressEvent(event)


def panel_of(window: Any) -> PausePanel:
    """The panel of a window, made when it is first asked for."""
    if window.canvas is None:
        window.bring_canvas()
    return window.canvas.findChild(PausePanel) or PausePanel(window)


def open_panel(window: Any, kind: str) -> None:
    """Show the panel about one kind of reason."""
    panel_of(window).open(kind)
