"""The small parts cards are built from: a switch, a fold, a title one can edit, a row of facts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.window.focus import keeps_escape
from editor.window.style import mark, named, put_icon, text_font, worn
from editor.window.theme import blend
from engine.counting import after


class Switch(QAbstractButton):
    """On or off, with its words beside it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Maximum if text else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed
        )
        self.setToolTip(text)
        self.is_mixed = False

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(32 + (width + 9 if self.text() else 0), 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(80 if self.text() else 32, 22)

    def show_state(self, is_on: bool | None) -> None:
        """Show on, off, or (None) different among what is selected."""
        self.is_mixed = is_on is None
        self.setChecked(bool(is_on))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(1.5, (self.height() - 16) / 2, 28, 16)
        on = self.isChecked()
        ground = theme.accent if on else blend(theme.panel_raised, theme.muted, 0.35)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(track, 8, 8)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.muted), 1.3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(track.adjusted(-0.7, -0.7, 0.7, 0.7), 9, 9)
        x = track.center().x() if self.is_mixed else track.right() - 8 if on else track.left() + 8
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_text if on else theme.panel))
        painter.drawEllipse(QPointF(x, track.center().y()), 5.6, 5.6)
        if self.text():
            painter.setPen(QColor(theme.text))
            room = self.rect().adjusted(39, 0, 0, 0)
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


class TitleEdit(QLineEdit):
    """A heading that turns into a field when it is clicked; used to rename."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setFont(text_font(15, bold=True))
        self.setAccessibleName("Name")
        self.setToolTip("Click to rename (F2)")
        self.setStyleSheet(
            "QLineEdit { font-size: 15px; font-weight: 600; background: transparent;"
            " border-color: transparent; padding: 1px 4px; margin-left: -7px; }"
            "QLineEdit:hover:!read-only { border-color: palette(mid); }"
            "QLineEdit:focus:!read-only { border-color: palette(highlight); background: palette(base); }"
        )
        self.editingFinished.connect(self._finish)

    def show_title(self, text: str, *, can_rename: bool) -> None:
        """Show a name; `can_rename` when it is one thing's own."""
        self._shown = text
        self.setReadOnly(not can_rename)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if can_rename else Qt.FocusPolicy.NoFocus)
        self.setToolTip(f"{text}\nClick to rename (F2)" if can_rename else text)
        if not self.hasFocus() and self.text() != text:
            self.setText(text)
            self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        room = self.contentsRect().width() - 4
        if not self.hasFocus() and self.fontMetrics().horizontalAdvance(self.text()) > room:
            # a name that goes on fades out, rather than ending in the middle of a word
            ground = QColor(worn().panel_raised)
            clear = QColor(ground)
            clear.setAlpha(0)
            fade = QLinearGradient(self.width() - 44.0, 0.0, self.width() - 6.0, 0.0)
            fade.setColorAt(0.0, clear)
            fade.setColorAt(1.0, ground)
            with QPainter(self) as painter:
                painter.fillRect(self.rect().adjusted(self.width() - 44, 2, -2, -2), fade)

    def event(self, event: QEvent) -> bool:
        """Escape gives the name back and is not the window's."""
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._shown)
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def _finish(self) -> None:
        text = self.text().strip()
        if text and text != self._shown and not self.isReadOnly():
            self._shown = text
            self.renamed.emit(text)
        elif not text:
            self.setText(self._shown)


class Elided(QLabel):
    """A line of text that ends in dots where there is no room, with the whole of it on hover."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another text."""
        if text != self._whole:
            self._whole = text
            self.setAccessibleName(text)
            self._fit()

    def whole(self) -> str:
        """The text, whether or not it fits."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 20))
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Fold(QWidget):
    """A heading that opens and closes what is below it."""

    opened = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = QToolButton(self)
        self.head.setText(title)
        self.head.setCheckable(True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.head.setStyleSheet(
            "QToolButton { color: palette(placeholder-text); font-size: 11px; font-weight: 600;"
            " padding: 3px 4px; margin-left: -5px; background: transparent; }"
            "QToolButton:hover { color: palette(text); }"
        )
        put_icon(self.head, "fa6s.chevron-right", "muted", 9)
        self.body = QWidget(self)
        self.body.hide()
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(0, 2, 0, 4)
        self.inside.setSpacing(3)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.head)
        box.addWidget(self.body)
        self.head.toggled.connect(self._toggle)

    def _toggle(self, is_open: bool) -> None:
        put_icon(self.head, "fa6s.chevron-down" if is_open else "fa6s.chevron-right", "muted", 9)
        if is_open:
            self.opened.emit()
        self.body.setVisible(is_open)


class Facts(QWidget):
    """A row of numbers with a small name under each."""

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        self.figures: dict[str, QLabel] = {}
        self.names: dict[str, QLabel] = {}
        for name in names:
            column = QVBoxLayout()
            column.setSpacing(0)
            figure = named(QLabel("–", self), "figure")
            below = named(QLabel(name, self), "small")
            column.addWidget(figure)
            column.addWidget(below)
            row.addLayout(column)
            self.figures[name] = figure
            self.names[name] = below
        row.addStretch(1)

    def say(self, name: str, text: str) -> None:
        """Show another number under this name."""
        if self.figures[name].text() != text:
            self.figures[name].setText(text)

    def count(self, name: str, number: int) -> None:
        """Show how many there are; `name` is that of several, and one has the name of one below it."""
        self.say(name, f"{number:,}")
        self.names[name].setText(after(number, name.removesuffix("s")))


def section(text: str, parent: QWidget | None = None) -> QLabel:
    """A small heading inside a card."""
    return named(QLabel(text.upper(), parent), "section")


def note(text: str = "", parent: QWidget | None = None, name: str = "meaning") -> QLabel:
    """A sentence below a field, over as many lines as it takes."""
    label = named(QLabel(text, parent), name)
    label.setWordWrap(True)
    return label


def link(text: str, parent: QWidget | None = None) -> QPushButton:
    """A quiet button that goes somewhere: selects what it names."""
    button = QPushButton(text, parent)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    mark(button, link=True)
    return button


class Hairline(QWidget):
    """A thin rule between parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 4, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
