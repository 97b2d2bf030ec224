"""One rule of a projection's stack: its question, its formula, its curve, its parameters, what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from editor.inspector.curve_view import CurveView
from editor.inspector.curves import curve_of
from editor.inspector.form import Form
from editor.inspector.formula_view import FormulaView
from editor.inspector.pieces import Elided, Switch, note
from editor.inspector.quantities import Mixed, Shown
from editor.palette.cards import card_of
from editor.palette.glyphs import STAGE_COLOUR
from editor.window.style import mark, named, put_icon, text_font, worn
from engine.declare import Declaration, Param
from engine.network.parts import RuleUse

WIDTH = 300


class Contribution(QWidget):
    """What a card added to and took from the weights so far: a bar to each side of the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.up = self.down = 0.0
        self.scale = 0.0
        self.unit = ""
        self.recent: tuple[float, float] | None = None
        self.setFixedHeight(50)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(
        self, up: float, down: float, scale: float, unit: str, recent: tuple[float, float] | None = None
    ) -> None:
        """Potentiation and depression so far (both >= 0), and the largest of any card, which fills the bar.

        `recent` is what was added and taken over the last second of biological time.
        """
        if (up, down, scale, unit, recent) != (self.up, self.down, self.scale, self.unit, self.recent):
            self.up, self.down, self.scale, self.unit, self.recent = up, down, scale, unit, recent
            self.setAccessibleName(f"Contributed {self.words()}; in the last second {self.recent_words()}")
            self.update()

    def words(self) -> str:
        """The contribution so far as text."""
        if not self.up and not self.down:
            return "nothing so far"
        return f"+{_short(self.up)}  −{_short(self.down)} {self.unit}".rstrip()

    def recent_words(self) -> str:
        """The contribution over the last second as text."""
        up, down = self.recent or (0.0, 0.0)
        if not up and not down:
            return "nothing"
        return f"+{_short(up)}  −{_short(down)} {self.unit}".rstrip()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(11))
        painter.setPen(QColor(theme.muted))
        align = Qt.AlignmentFlag
        painter.drawText(QRectF(0, 0, self.width(), 16), align.AlignLeft | align.AlignVCenter, "contributed")
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(0, 0, self.width(), 16), align.AlignRight | align.AlignVCenter, self.words())
        painter.setPen(QColor(theme.muted))
        foot = QRectF(0, 33, self.width(), 16)
        painter.drawText(foot, align.AlignLeft | align.AlignVCenter, "in the last second")
        painter.drawText(foot, align.AlignRight | align.AlignVCenter, self.recent_words())
        middle, half = self.width() / 2, self.width() / 2
        track = QRectF(0, 21, self.width(), 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(track, 3.5, 3.5)
        if self.scale > 0:
            for amount, colour, side in ((self.up, theme.warm, 1), (self.down, theme.cool, -1)):
                width = half * min(amount / self.scale, 1.0)
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(
                    QRectF(middle if side > 0 else middle - width, 21, width, 7), 3.5, 3.5
                )
        painter.setBrush(QColor(theme.muted))
        painter.drawRect(QRectF(middle - 0.5, 18, 1, 13))


def _short(value: float) -> str:
    if value and not 1e-3 <= value < 1e5:
        return f"{value:.1e}"
    return f"{value:.3g}"


class RuleCard(QFrame):
    """A rule as it stands in a stack."""

    edited = Signal(str, object)
    previewed = Signal(str, object)
    reset = Signal(str)
    switched = Signal(str, bool)
    removed = Signal(str)
    preset = Signal(str, str)
    """The slug, and the name of a preset; an empty name takes every override away."""

    def __init__(self, model: type[Declaration], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "ruleCard")
        self.model = model
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{model.label}: {model.question}")
        self._overrides: dict[str, float] = {}
        self._row: dict[str, float] = {}
        self._unit = ""
        self._drawn: tuple[object, str] | None = None
        self.row = model.row()  # what its curve is drawn from: what it shows, or what is just being turned
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 10, 12)
        box.setSpacing(7)
        box.addLayout(self._head())
        about = note(card_of(model).sentence, self, "small")
        box.addWidget(about)
        if model.caveat:
            box.addWidget(note(model.caveat, self, "small"))
        if model.formula:
            box.addWidget(FormulaView(model.formula, self))
        self.trouble = note(parent=self, name="wrong")
        self.trouble.hide()
        box.addWidget(self.trouble)
        self.curve = CurveView(self)
        box.addWidget(self.curve)
        self.contribution = Contribution(self)
        box.addWidget(self.contribution)
        self.form = Form(
            model.params.values(), self, prefix=f"{model.slug}.", roles=model.roles, formula=model.formula
        )
        self.form.edited.connect(self.edited)
        self.form.previewed.connect(self._preview)
        self.form.reset.connect(self.reset)
        box.addWidget(self.form)
        box.addStretch(1)

    def _head(self) -> QHBoxLayout:
        model = self.model
        question = named(Elided(model.question or model.label, self), "question")
        term = named(Elided(f"{model.stage} · {model.label}" if model.stage else model.label, self), "term")
        term.setToolTip(model.about())
        self.switch = Switch("", self)
        self.switch.setToolTip("Switch this rule off and on")
        self.switch.setAccessibleName(f"{model.label} is on")
        self.switch.clicked.connect(self._switch)
        more = QToolButton(self)
        more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        put_icon(more, "fa6s.ellipsis", "muted", 14)
        more.setToolTip("Presets, defaults, remove")
        more.setAccessibleName(f"More about {model.label}")
        more.clicked.connect(self._more)
        self.more = more
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(question)
        words.addWidget(term)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def show_use(
        self,
        use: RuleUse,
        value_of: Callable[[Param], Shown],
        bounds: dict[str, float],
        modulators: Mapping[int, str] | None = None,
        trouble: str = "",
        unit: str = "",
    ) -> None:
        """Show the rule as a stack uses it; `bounds` are the projection's w_min and w_max, in `unit`."""
        self._unit = unit
        self.form.offer(modulators or {})
        self.trouble.setText(trouble[:1].upper() + trouble[1:])
        self.trouble.setVisible(bool(trouble))
        self.switch.show_state(use.enabled)
        mark(self, off=not use.enabled)
        self.form.show_values(value_of)
        self._row = dict(bounds)
        for name, param in self.model.params.items():
            shown = value_of(param)
            self._row[name] = param.default if isinstance(shown, Mixed) else self.model.number(name, shown)
        self._draw()
        self.curve.setEnabled(use.enabled)

    def _draw(self) -> None:
        row = self.model.row(**{**self._row, **self._overrides})
        if (row, self._unit) == self._drawn:
            return
        self.row, self._drawn = row, (row, self._unit)
        curve = curve_of(self.model, self.row, self._unit)
        self.curve.show_curve(curve, STAGE_COLOUR.get(self.model.stage, "accent"))

    def _preview(self, name: str, value: Any) -> None:
        short = name.partition(".")[2]
        self._overrides = {} if value is None else {short: self.model.number(short, value)}
        self._draw()
        self._overrides = {}
        self.previewed.emit(name, value)

    def _switch(self) -> None:
        self.switched.emit(self.model.slug, self.switch.isChecked())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu().popup(event.globalPos())

    def _more(self) -> None:
        self._menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.model.presets:
            menu.addAction(f"Preset: {name}").setData(("preset", name))
        if self.model.presets:
            menu.addSeparator()
        menu.addAction("All values back to their defaults").setData(("preset", ""))
        menu.addAction(f"Remove {self.model.label}").setData(("remove", ""))
        menu.triggered.connect(self._chosen)
        return menu

    def _chosen(self, action: QAction) -> None:
        what, name = action.data()
        if what == "preset":
            self.preset.emit(self.model.slug, name)
        else:
            self.removed.emit(self.model.slug)


class UnknownRuleCard(QFrame):
    """A rule this version does not know: kept, shown grey, not editable."""

    def __init__(self, slug: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "ruleCard")
        mark(self, off=True)
        self.setFixedWidth(WIDTH)
        box = QVBoxLayout(self)
        box.addWidget(named(Elided("A rule this version does not know", self), "question"))
        box.addWidget(note(f"“{slug}” is kept in the file as it is, and does nothing here.", self))
        box.addStretch(1)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 90)
