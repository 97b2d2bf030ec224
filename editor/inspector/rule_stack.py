"""The plasticity pipeline of a projection: five questions from left to right, and their cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from editor.inspector.quantities import Shown
from editor.inspector.rule_card import RuleCard, UnknownRuleCard
from editor.inspector.stack_window import StackWindow
from editor.palette.cards import QUESTIONS, first_sentence
from editor.palette.glyphs import STAGE_COLOUR
from editor.window.style import mark, put_icon, text_font, worn
from editor.window.theme import blend
from engine import registry
from engine.declare import Param, Rule
from engine.network.parts import RuleUse

ABSENT = {
    "induction": "nothing proposes a change",
    "gate": "every change passes",
    "expression": "receptors, hard bounds",
    "homeostasis": "no one keeps the balance",
    "structure": "synapses stay",
}
"""What happens where a stage has no card."""

SHORT = {
    "induction": "pair",
    "gate": "gate",
    "expression": "store",
    "homeostasis": "balance",
    "structure": "keep",
}


class Pipeline(QWidget):
    """The five stages as a row of stations; a filled one has a card, an empty one offers to add it."""

    asked = Signal(str)
    """A station was clicked: the stage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: dict[str, int] = {}
        self._at = 0
        self._hover = -1
        self.setFixedHeight(50)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Plasticity pipeline")

    def show_counts(self, counts: dict[str, int]) -> None:
        """How many cards each stage has."""
        self._counts = counts
        self.setAccessibleDescription(", ".join(f"{stage}: {counts.get(stage, 0)}" for stage in Rule.stages))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 50)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1.6))
        centres = [self._centre(i) for i in range(len(Rule.stages))]
        painter.drawLine(centres[0], centres[-1])
        for i in range(len(centres) - 1):
            middle = (centres[i] + centres[i + 1]) / 2
            painter.setBrush(QColor(theme.line))
            tip = [middle + QPointF(4, 0), middle + QPointF(-2, -4), middle + QPointF(-2, 4)]
            painter.drawPolygon(QPolygonF(tip))
        painter.setFont(text_font(10.5))
        metrics = QFontMetrics(painter.font())
        for i, stage in enumerate(Rule.stages):
            tint = QColor(getattr(theme, STAGE_COLOUR[stage]))
            count = self._counts.get(stage, 0)
            self._station(painter, centres[i], tint, count, i)
            painter.setPen(QColor(theme.text if count else theme.muted))
            text = SHORT[stage]
            x = centres[i].x() - metrics.horizontalAdvance(text) / 2
            painter.drawText(
                QPointF(max(0.0, min(x, self.width() - metrics.horizontalAdvance(text))), 45), text
            )

    def _station(self, painter: QPainter, centre: QPointF, tint: QColor, count: int, i: int) -> None:
        theme = worn()
        is_lit = i == self._hover or (self.hasFocus() and i == self._at)
        ground = theme.panel_raised
        painter.setBrush(tint if count else QColor(blend(ground, theme.text, 0.10) if is_lit else ground))
        painter.setPen(QPen(tint if count or is_lit else QColor(theme.muted), 2.0 if is_lit else 1.4))
        painter.drawEllipse(centre, 11, 11)
        painter.setFont(text_font(11, bold=True))
        painter.setPen(QColor(theme.accent_text if count else theme.muted))
        mark = "+" if not count else str(count) if count > 1 else ""
        painter.drawText(QRectF(centre.x() - 11, centre.y() - 11, 22, 22), Qt.AlignmentFlag.AlignCenter, mark)
        if count == 1:
            painter.setPen(QPen(QColor(theme.accent_text), 2))
            tick = [QPointF(-4, 0), QPointF(-1, 3.4), QPointF(4.4, -3.4)]
            painter.drawPolyline(QPolygonF([centre + point for point in tick]))
        painter.setFont(text_font(10.5))

    def _centre(self, i: int) -> QPointF:
        step = (self.width() - 40) / (len(Rule.stages) - 1)
        return QPointF(20 + i * step, 17)

    def _hit(self, x: float) -> int:
        step = (self.width() - 40) / (len(Rule.stages) - 1)
        return max(0, min(len(Rule.stages) - 1, round((x - 20) / step)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._hit(event.position().x())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._at = self._hit(event.position().x())
        self.asked.emit(Rule.stages[self._at])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._at = (self._at + step) % len(Rule.stages)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.asked.emit(Rule.stages[self._at])
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            stage = Rule.stages[self._hit(event.pos().x())]
            count = self._counts.get(stage, 0)
            tail = "" if count else f"\nNo card: {ABSENT[stage]}. Click to add one."
            QToolTip.showText(event.globalPos(), f"{QUESTIONS[stage]}  ({stage}){tail}", self)
            return True
        return super().event(event)  # type: ignore[arg-type]


NARROWEST, WIDEST = 280, 340
PEEK = 30
"""px of the next card that show, so that one sees there is more."""


class Strip(QScrollArea):
    """Cards side by side; the wheel goes to the inspector unless Shift is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.row = QWidget()
        self.cards = QHBoxLayout(self.row)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(8)
        self.cards.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setWidget(self.row)
        self.horizontalScrollBar().valueChanged.connect(self.fit)

    def wheelEvent(self, event: object) -> None:
        sideways = event.angleDelta().x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier  # type: ignore[attr-defined]
        if sideways:
            super().wheelEvent(event)  # type: ignore[arg-type]
        else:
            event.ignore()  # type: ignore[attr-defined]

    def fit(self) -> None:
        """Give each card the width to show a little of the next, and be as tall as those in sight."""
        cards = [c for i in range(self.cards.count()) if (c := self.cards.itemAt(i).widget()) is not None]
        room = self.viewport().width()
        peek = PEEK if len(cards) > 1 else 0
        width = min(max(room - peek, NARROWEST), WIDEST)
        for card in cards:
            if card.width() != width:
                card.setFixedWidth(width)
        left = self.horizontalScrollBar().value()
        tall = [
            card.heightForWidth(width) if card.hasHeightForWidth() else card.sizeHint().height()
            for i, card in enumerate(cards)
            if (x := i * (width + self.cards.spacing())) < left + room - peek - 8 and x + width > left + 24
        ]
        needs_bar = len(cards) * (width + self.cards.spacing()) > room + self.cards.spacing()
        bar = self.horizontalScrollBar().sizeHint().height() if needs_bar else 0
        height = max([40, *tall]) + bar + 4
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.fit()


class RuleStack(QWidget):
    """Everything about the rules of one or several projections with the same stack."""

    edited = Signal(str, object)
    previewed = Signal(str, object)
    reset = Signal(str)
    restacked = Signal(object)
    """Another stack is wanted: a tuple of RuleUse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._uses: tuple[RuleUse, ...] = ()
        self._unit = ""
        self._cards: dict[str, QWidget] = {}
        self._order: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.pipeline = Pipeline(self)
        self.pipeline.asked.connect(self._ask_stage)
        self.window = StackWindow(self)
        self.strip = Strip(self)
        self.add = QPushButton("Add a rule", self)
        mark(self.add, quiet=True)
        put_icon(self.add, "fa6s.plus", "muted", 11)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self._offer_all)
        box.addWidget(self.pipeline)
        box.addWidget(self.window)
        box.addWidget(self.strip)
        box.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_stack(
        self,
        uses: Sequence[RuleUse],
        value_of: Callable[[str, Param], Shown],
        bounds: dict[str, float],
        modulators: Mapping[int, str] | None = None,
        trouble: Callable[[RuleUse], str] = lambda use: "",
        unit: str = "",
    ) -> None:
        """Show these rules, whose weights are counted in `unit`; cards are kept for the next showing."""
        self._uses, self._unit = tuple(uses), unit
        order = [use.slug for use in uses]
        if order != self._order:
            self._arrange(order)
        counts: dict[str, int] = {}
        for use in uses:
            card = self._cards[use.slug]
            if isinstance(card, RuleCard):
                counts[card.model.stage] = counts.get(card.model.stage, 0) + 1
                card.show_use(use, _Asker(value_of, use.slug), bounds, modulators, trouble(use), unit)
        self._draw_window()
        self.pipeline.show_counts(counts)
        self.strip.setVisible(bool(order))
        self.strip.fit()

    def _draw_window(self) -> None:
        cards = [self._cards[use.slug] for use in self._uses if use.enabled]
        self.window.show_cards([card for card in cards if isinstance(card, RuleCard)], self._unit)

    def show_credit(
        self,
        credit: dict[str, tuple[float, float]],
        unit: str,
        recent: dict[str, tuple[float, float]] | None = None,
    ) -> None:
        """By slug, how much each card added and took so far, both positive; `recent` in the last second."""
        none = (0.0, 0.0)
        top = max((max(pair) for pair in credit.values()), default=0.0)
        for slug in self._order:
            card = self._cards[slug]
            if isinstance(card, RuleCard):
                lately = None if recent is None else recent.get(slug, none)
                card.contribution.say(*credit.get(slug, none), top, unit, lately)

    def card(self, slug: str) -> RuleCard | None:
        """The card of a rule of the stack shown now."""
        card = self._cards.get(slug) if slug in self._order else None
        return card if isinstance(card, RuleCard) else None

    def refuse(self, field: str, why: str) -> bool:
        """Say at a field of a card why its value was not taken."""
        card = self.card(field.partition(".")[0])
        return card is not None and card.form.refuse(field, why)

    def reveal(self, slug: str) -> None:
        """Bring a card into view."""
        if slug in self._order:
            self.strip.horizontalScrollBar().setValue(self._cards[slug].x())
            self._cards[slug].setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, order: list[str]) -> None:
        while self.strip.cards.count():
            taken = self.strip.cards.takeAt(0)
            if taken.widget() is not None:
                taken.widget().hide()
        for slug in order:
            if slug not in self._cards:
                self._cards[slug] = self._make(slug)
            self.strip.cards.addWidget(self._cards[slug], 0, Qt.AlignmentFlag.AlignTop)
            self._cards[slug].show()
        self.strip.cards.addStretch(1)
        self._order = order

    def _make(self, slug: str) -> QWidget:
        if not registry.knows(slug, "rule"):
            return UnknownRuleCard(slug, self.strip.row)
        card = RuleCard(registry.find(slug), self.strip.row)
        card.edited.connect(self.edited)
        card.previewed.connect(self.previewed)
        card.previewed.connect(self._draw_window)
        card.reset.connect(self.reset)
        card.switched.connect(self._switch)
        card.removed.connect(self._remove)
        card.preset.connect(self._preset)
        return card

    def _switch(self, slug: str, is_on: bool) -> None:
        self._restack(slug, enabled=is_on)

    def _remove(self, slug: str) -> None:
        self.restacked.emit(tuple(use for use in self._uses if use.slug != slug))

    def _preset(self, slug: str, name: str) -> None:
        model = registry.find(slug)
        self._restack(slug, params=dict(model.presets[name]) if name else {})

    def _restack(self, slug: str, **changes: object) -> None:
        made = [RuleUse(**{**vars(use), **changes}) if use.slug == slug else use for use in self._uses]  # type: ignore[arg-type]
        self.restacked.emit(tuple(made))

    def _ask_stage(self, stage: str) -> None:
        mine = [
            slug
            for slug in self._order
            if isinstance(c := self._cards[slug], RuleCard) and c.model.stage == stage
        ]
        if mine:
            self.reveal(mine[0])
        else:
            self._offer([stage])

    def _offer_all(self) -> None:
        self._offer(list(Rule.stages))

    def _offer(self, stages: list[str]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for stage in stages:
            fitting = [m for m in registry.all("rule") if m.stage == stage and m.slug not in self._order]
            if not fitting:
                continue
            menu.addSection(QUESTIONS[stage])
            for model in fitting:
                action = menu.addAction(model.label)
                action.setData(model.slug)
                action.setToolTip(first_sentence(model.about()))
        if menu.isEmpty():
            menu.addAction("Every rule of this stage is in the stack").setEnabled(False)
        menu.triggered.connect(self._chosen)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _chosen(self, action: QAction) -> None:
        slug = action.data()
        if slug:
            self.restacked.emit((*self._uses, RuleUse(str(slug))))


class _Asker:
    """`value_of` with the rule's slug filled in."""

    def __init__(self, value_of: Callable[[str, Param], Shown], slug: str) -> None:
        self.value_of, self.slug = value_of, slug

    def __call__(self, param: Param) -> Shown:
        return self.value_of(self.slug, param)
