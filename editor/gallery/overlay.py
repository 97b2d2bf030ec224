"""Cards that float over the canvas: the guided tour, and what an example is about."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.gallery.catalogue import Example
from editor.gallery.first_synapse import STEPS, Tour
from editor.window.theme import DARK, Theme

WIDTH = 350
NARROW = 200
"""px a card has at least, however narrow the canvas is."""
STRIP = 28
"""Px that the strip along the top of the canvas takes."""
MARGIN = 18
"""Px between a card and the edge of the canvas."""
OTHERS = 60
"""Px of a card about an example that neither its title, its text nor its button takes."""
LEAST = 80
"""Px that the text of a card has at least, however low the canvas is."""
BESIDE = 1.8
"""A canvas so many times as wide as an open card has room for a circuit beside it."""
AFTERWARDS = "Drop other rules on the synapse, draw more, or open an example: Ctrl+K finds everything."


class FloatingCard(QFrame):
    """A rounded card over its parent, which it never leaves; the cross closes it."""

    closed = Signal()
    corner = "top right"
    """Where it sits."""

    def __init__(self, title: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("floatingCard")
        self.setFixedWidth(WIDTH)
        self.title = QLabel(title)
        self.title.setWordWrap(True)
        self.cross = QToolButton()
        self.cross.setText("\u00d7")
        self.cross.setToolTip("Close")
        self.cross.setAccessibleName("Close")
        self.cross.clicked.connect(self.dismiss)
        self.cross.setFixedSize(24, 24)
        self.head = head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        head.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 12, 12, 14)
        self.box.setSpacing(7)
        self.box.addLayout(head)

    def text(self, role: str = "text", box: QVBoxLayout | None = None) -> QLabel:
        """A paragraph at the end of the card, or of a box in it, in the colour of that role."""
        label = QLabel()
        label.setWordWrap(True)
        label.setProperty("role", role)
        (box or self.box).addWidget(label)
        return label

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        me = "#floatingCard"
        self.setStyleSheet(
            f"{me} {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 12px; }}"
            f"{me} QSlider {{ background: transparent; }}"
            f"{me} QSlider::groove:horizontal {{ background: {theme.line}; height: 4px; }}"
            f"{me} QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 2px; }}"
            f"{me} QSlider::handle:horizontal {{ background: {theme.text}; width: 14px; margin: -5px 0;"
            f" border-radius: 7px; }}"
            f"{me} QScrollArea, {me} QScrollArea > QWidget > QWidget {{ background: transparent; }}"
            f"{me} QLabel {{ background: transparent; color: {theme.text}; font-size: 13px; }}"
            f'{me} QLabel[role="muted"] {{ color: {theme.muted}; font-size: 12px; }}'
            f'{me} QLabel[role="head"] {{ color: {theme.muted}; font-size: 11px; font-weight: 600; }}'
            f'{me} QLabel[role="good"] {{ color: {theme.good}; font-size: 12px; }}'
        )
        self.title.setStyleSheet(f"color: {theme.text}; font-size: 15px; font-weight: 600")
        self.cross.setStyleSheet(
            f"color: {theme.muted}; font-size: 16px; border: none; background: transparent"
        )

    def place(self, corner: str = "", margin: int = MARGIN) -> None:
        """Sit in a corner of the parent, as high as the text needs, below the strip of the canvas."""
        self.ensurePolished()
        self.settle()
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        layout.activate()
        wide = self.width_needed()
        self.setFixedSize(wide, layout.totalHeightForWidth(wide))
        parent = self.parentWidget()
        if parent is not None:
            corner = corner or self.corner
            top = self.top(margin)
            x = parent.width() - self.width() - margin if "right" in corner else margin
            y = parent.height() - self.height() - margin if "bottom" in corner else top
            self.move(max(x, 0), max(y, 0))

    def top(self, margin: int = MARGIN) -> int:
        """Where a card at the top begins: below the strip of the canvas, px."""
        chrome = getattr(self.parentWidget(), "chrome", None)
        return margin + (STRIP if chrome is not None and chrome.strip else 0)

    def settle(self) -> None:
        """Give what is in the card its height, before the card takes its own."""

    def width_needed(self) -> int:
        """How wide the card is: less where its parent is narrow."""
        parent = self.parentWidget()
        return WIDTH if parent is None else max(NARROW, min(WIDTH, parent.width() - 36))

    def dismiss(self) -> None:
        """Go away and say so."""
        self.hide()
        self.closed.emit()


def has_room_beside(card: QWidget, parent: QWidget) -> bool:
    """Whether a circuit can be seen beside an open card, and not only under it."""
    return parent.width() > BESIDE * (card.width() + MARGIN)


class TourCard(FloatingCard):
    """Your first synapse, step by step; feed it with `look`.

    `finished` when the last step is done, `closed` when somebody has had enough.
    """

    finished = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Your first synapse", theme, parent)
        self.tour = Tour()
        self.dots = Dots()
        self.box.addWidget(self.dots)
        self.praise = self.text("good")
        self.step = self.text()
        self.how = self.text("muted")
        row = QHBoxLayout()
        self.skip = QPushButton("Skip this step")
        self.skip.setProperty("quiet", True)
        self.skip.clicked.connect(self._skip)
        row.addStretch(1)
        row.addWidget(self.skip)
        self.box.addLayout(row)
        self.set_theme(theme)
        self._show()

    def look(self, network: Any, frame: Any = None) -> None:
        """How things are now; call on every change of the network and on every frame."""
        if not self.tour.is_over and self.tour.look(network, frame):
            self._show()
            if self.tour.is_over:
                self.finished.emit()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.step.setStyleSheet(f"color: {theme.text}; font-size: 14px; font-weight: 600")
        self.dots.theme = theme
        self.dots.update()

    def _skip(self) -> None:
        self.tour.skip()
        self._show()
        if self.tour.is_over:
            self.finished.emit()

    def _show(self) -> None:
        place, step = self.tour.place, self.tour.step
        self.dots.done = place
        self.dots.update()
        self.praise.setText(STEPS[place - 1].praise if place else "Sixty seconds, six steps.")
        self.step.setText(step.title if step else "That was it.")
        self.how.setText(step.how if step else AFTERWARDS)
        self.skip.setVisible(step is not None)
        self.place()


class Dots(QWidget):
    """How far the tour is: a dot per step."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.done = 0
        self.setFixedHeight(14)

    def sizeHint(self) -> QSize:
        return QSize(18 * len(STEPS), 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for i in range(len(STEPS)):
                is_done, is_next = i < self.done, i == self.done
                ink = self.theme.good if is_done else self.theme.accent if is_next else self.theme.line
                painter.setPen(QPen(QColor(ink), 1.5))
                painter.setBrush(QColor(ink) if is_done else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(8 + 18 * i, 7), 4.0, 4.0)
                if i + 1 < len(STEPS):
                    painter.setPen(QPen(QColor(self.theme.line), 1))
                    painter.drawLine(QPointF(14 + 18 * i, 7), QPointF(20 + 18 * i, 7))


class ExampleCard(FloatingCard):
    """What an example is, what to do, what to watch and why; and its mechanism switched off, side by side.

    It takes the place of the title on the canvas, and folds to it when the run begins or room is short.
    """

    wants_control = Signal(str)
    """The name of the example whose control is to be shown beside it."""
    folded = Signal(bool)
    corner = "top left"

    HEADS = (("what", "WHAT IT IS"), ("do", "DO THIS"), ("watch", "WATCH THIS"), ("why", "WHY"))

    def __init__(self, example: Example, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(example.title, theme, parent)
        self.example = example
        self.words = QWidget()
        box = QVBoxLayout(self.words)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(7)
        for word, head in self.HEADS:
            self.text("head", box).setText(head)
            self.text(box=box).setText(getattr(example, word))
        self.source = self.text("muted", box)
        self.source.setText(example.source)
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.scroll = QScrollArea()
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidgetResizable(True)
        self.scroll.setWidget(self.words)
        self.scroll.setAccessibleName("About this example")
        self.box.addWidget(self.scroll)
        self.body: list[QWidget] = [self.scroll]
        off = f"{example.off[0].lower()}{example.off[1:]}"
        self.switch = QPushButton(f"Switch it off: {off}")
        if self.switch.sizeHint().width() > WIDTH - 30:  # a button does not wrap by itself
            self.switch.setText(f"Switch it off:\n{off}")
        self.switch.setToolTip("Show the same circuit without its mechanism, side by side.")
        self.switch.clicked.connect(self._ask)
        self.box.addWidget(self.switch)
        self.body.append(self.switch)
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setFixedSize(24, 24)
        self.fold.setArrowType(Qt.ArrowType.UpArrow)
        self.fold.setToolTip("What it is, what to do, what to watch, and why")
        self.fold.setAccessibleName("Fold")
        self.fold.toggled.connect(self._show_body)
        self.head.insertWidget(1, self.fold, 0, Qt.AlignmentFlag.AlignTop)
        QWidget.setTabOrder(self.fold, self.cross)
        self._has_run = False
        self.set_theme(theme)
        self.place()
        self.make_fit()

    def make_fit(self) -> None:
        """Fold where the card would cover most of the canvas, its middle, or the bar along its foot."""
        parent = self.parentWidget()
        if parent is None or self.is_folded:
            return
        is_high = self.scroll.height() < self.tall() or self.height() > 0.9 * parent.height()
        if is_high or (parent.width() and not has_room_beside(self, parent)):
            self.fold.setChecked(True)

    def tall(self) -> int:
        """How high its text is, px, whether there is room for all of it or not."""
        layout = self.words.layout()
        assert layout is not None
        layout.invalidate()
        margins = self.box.contentsMargins()
        return int(layout.totalHeightForWidth(self.width_needed() - margins.left() - margins.right()))

    def settle(self) -> None:
        """What is higher than the canvas scrolls."""
        parent = self.parentWidget()
        if self.is_folded or parent is None:
            return
        floor = float(getattr(getattr(parent, "chrome", None), "floor", 0.0))
        others = self.title.sizeHint().height() + self.switch.sizeHint().height() + OTHERS
        room = int(parent.height() - floor - self.top() - MARGIN - others)
        self.scroll.setFixedHeight(max(min(self.tall(), room), LEAST))

    @property
    def is_folded(self) -> bool:
        """Whether only the title is shown."""
        return self.fold.isChecked()

    def width_needed(self) -> int:
        """Folded it is no wider than its title."""
        fold = getattr(self, "fold", None)
        wide = super().width_needed()
        if fold is None or not fold.isChecked():
            return wide
        self.title.ensurePolished()
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        return min(wide, title + 96)

    def look(self, network: Any, frame: Any = None) -> None:
        """The first picture of a run folds the card."""
        if frame is not None and getattr(frame, "is_running", False):
            self.begin()

    def begin(self) -> None:
        """A run or a training has begun: fold, once, as now the circuit is to be seen."""
        if not self._has_run:
            self._has_run = True
            self.fold.setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.fold.setStyleSheet(f"color: {theme.muted}; border: none; background: transparent; padding: 3px")

    def _show_body(self, is_folded: bool) -> None:
        for each in self.body:
            each.setVisible(not is_folded)
        self.fold.setArrowType(Qt.ArrowType.DownArrow if is_folded else Qt.ArrowType.UpArrow)
        self.fold.setAccessibleName("Unfold" if is_folded else "Fold")
        self.place()
        self.folded.emit(is_folded)

    def _ask(self) -> None:
        self.wants_control.emit(self.example.name)
