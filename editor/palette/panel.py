"""The palette as one sees it: a search field over folding sections of cards that can be dragged out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from editor.finding import by_letters
from editor.finding.search_line import SearchLine
from editor.palette import cards
from editor.palette.cards import Card
from editor.palette.glyphs import paint_glyph
from editor.window.style import SIZE_SMALL, SIZE_TEXT, hover_ground, icon, named, text_font, worn
from editor.window.theme import blend

CARD = Qt.ItemDataRole.UserRole + 1
HEAD = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex

GLYPH = 28
MARGIN = 8


class CardModel(QStandardItemModel):
    """The rows of the palette; a card row can be dragged as `cards.MIME`."""

    def mimeTypes(self) -> list[str]:
        return [cards.MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        for index in indexes:
            card = index.data(CARD)
            if isinstance(card, Card):
                carried.setData(cards.MIME, cards.encode(card))
                carried.setText(card.label)
        return carried

    def fill(self, query: str = "") -> None:
        """Show every section, or only what the query finds, best first."""
        self.clear()
        found = cards.sections()
        if query.strip():
            every = [card for section in found for card in section.cards]
            order = by_letters.ranked(query, [(card.label, card.words) for card in every])
            for at in order:
                self.appendRow(_card_row(every[at]))
            if not order:
                self.appendRow(_head_row(f"Nothing is called “{query.strip()}”", "sub"))
            return
        for section in found:
            head = _head_row(section.title, "section")
            head.setData(section.slug, Qt.ItemDataRole.UserRole)
            for question, group in section.groups:
                if question:
                    head.appendRow(_head_row(question, "sub"))
                for card in group:
                    head.appendRow(_card_row(card))
            self.appendRow(head)


def _head_row(text: str, kind: str) -> QStandardItem:
    row = QStandardItem(text)
    row.setData(kind, HEAD)
    row.setFlags(
        Qt.ItemFlag.ItemIsEnabled | (Qt.ItemFlag.ItemIsSelectable if kind == "section" else Qt.ItemFlag(0))
    )
    row.setEditable(False)
    return row


def _card_row(card: Card) -> QStandardItem:
    row = QStandardItem(card.label)
    row.setData(card, CARD)
    row.setToolTip(card.sentence)
    row.setData(f"{card.label}, {card.family}", Qt.ItemDataRole.AccessibleTextRole)
    row.setData(card.sentence, Qt.ItemDataRole.AccessibleDescriptionRole)
    row.setEditable(False)
    row.setDropEnabled(False)
    return row


class CardPainter(QStyledItemDelegate):
    """Paints headings and cards in the colours of the theme."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        kind = index.data(HEAD)
        return QSize(120, {"section": 32, "sub": 25}.get(str(kind), 40))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind = index.data(HEAD)
        if kind:
            self._paint_head(painter, option, index, str(kind))
        else:
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            paint_card(painter, option.rect, index.data(CARD), hovered=hovered, chosen=chosen)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, kind: str) -> None:
        theme = worn()
        box = option.rect.adjusted(MARGIN + 2, 0, -MARGIN, 0)
        if kind == "section":
            view = option.widget
            is_open = isinstance(view, QTreeView) and view.isExpanded(QModelIndex(index))
            mark = icon("fa6s.chevron-down" if is_open else "fa6s.chevron-right", "muted")
            mark.paint(painter, QRect(box.left(), box.center().y() - 4, 9, 9))
            painter.setFont(text_font(12, bold=True))
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QColor(theme.accent if focused else theme.text))
            painter.drawText(box.adjusted(17, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
            return
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(theme.muted))
        metrics = QFontMetrics(painter.font())
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box.adjusted(0, 5, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def paint_card(
    painter: QPainter, box: QRect, card: Card, *, hovered: bool = False, chosen: bool = False
) -> None:
    """Paint one card: its glyph, its name and, where there is room, its family."""
    theme = worn()
    ground = box.adjusted(MARGIN - 3, 1, -MARGIN + 3, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if chosen:
        painter.setBrush(QColor(blend(theme.panel, theme.accent, 0.20)))
        painter.drawRoundedRect(ground, 8, 8)
    elif hovered:
        painter.setBrush(QColor(hover_ground(theme)))
        painter.drawRoundedRect(ground, 8, 8)
    glyph = QRectF(box.left() + MARGIN, box.center().y() - GLYPH / 2 + 0.5, GLYPH, GLYPH)
    paint_glyph(painter, glyph, card, theme)
    text = box.adjusted(MARGIN + GLYPH + 9, 0, -MARGIN, 0)
    font = text_font(SIZE_TEXT)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    if metrics.horizontalAdvance(card.label) <= text.width():
        painter.drawText(text.adjusted(0, 4, 0, -20), Qt.AlignmentFlag.AlignVCenter, card.label)
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(theme.muted))
        family = QFontMetrics(painter.font()).elidedText(
            card.family, Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text.adjusted(0, 20, 0, -4), Qt.AlignmentFlag.AlignVCenter, family)
        return
    first, second = _two_lines(card.label, metrics, text.width())
    painter.drawText(text.adjusted(0, 4, 0, -20), Qt.AlignmentFlag.AlignVCenter, first)
    painter.drawText(text.adjusted(0, 20, 0, -4), Qt.AlignmentFlag.AlignVCenter, second)


def _two_lines(label: str, metrics: QFontMetrics, width: int) -> tuple[str, str]:
    words = label.split(" ")
    first = words[0]
    at = 1
    while at < len(words) and metrics.horizontalAdvance(f"{first} {words[at]}") <= width:
        first += f" {words[at]}"
        at += 1
    rest = " ".join(words[at:])
    elide = Qt.TextElideMode.ElideRight
    return metrics.elidedText(first, elide, width), metrics.elidedText(rest, elide, width)


class CardTree(QTreeView):
    """The folding list of cards."""

    picked = Signal(object)
    """A card was clicked or reached with the arrow keys."""
    used = Signal(object)
    """A card was double-clicked, or Enter was pressed on it."""
    hovered = Signal(object)
    """The pointer is over a card, or (None) over a heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.setItemDelegate(CardPainter(self))
        self.setAccessibleName("Palette")
        self.clicked.connect(self._click)
        self.entered.connect(self._enter)
        self.doubleClicked.connect(self._use)

    def setModel(self, model: object) -> None:
        super().setModel(model)  # type: ignore[arg-type]
        self.selectionModel().currentChanged.connect(self._reach)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if index.data(HEAD) == "section":
                self.setExpanded(index, not self.isExpanded(index))
            else:
                self._use(index)
            return
        super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        index = self.currentIndex()
        card = index.data(CARD)
        if not isinstance(card, Card):
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        drag.setPixmap(drag_picture(card, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(MARGIN + GLYPH // 2, 21))
        drag.exec(Qt.DropAction.CopyAction)

    def _click(self, index: QModelIndex) -> None:
        if index.data(HEAD) == "section":
            self.setExpanded(index, not self.isExpanded(index))

    def _reach(self, index: QModelIndex, before: QModelIndex) -> None:
        card = index.data(CARD)
        if isinstance(card, Card):
            self.picked.emit(card)

    def _enter(self, index: QModelIndex) -> None:
        card = index.data(CARD)
        self.hovered.emit(card if isinstance(card, Card) else None)

    def _use(self, index: QModelIndex) -> None:
        card = index.data(CARD)
        if isinstance(card, Card):
            self.used.emit(card)


def drag_picture(card: Card, ratio: float = 1.0) -> QPixmap:
    """What hangs at the pointer while a card is dragged."""
    width = MARGIN * 2 + GLYPH + 14 + QFontMetrics(text_font()).horizontalAdvance(card.label)
    picture = QPixmap(QSize(width, 42) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.94)
    theme = worn()
    painter.setPen(QColor(theme.line))
    painter.setBrush(QColor(theme.panel_raised))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, 41), 9, 9)
    paint_card(painter, QRect(0, 0, width, 42), card)
    painter.end()
    return picture


NARROWEST = 168
"""px the palette has at least: narrower, its cards are cut to beginnings of words."""


class PalettePanel(QWidget):
    """The palette dock: search above, cards below."""

    picked = Signal(object)
    used = Signal(object)
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None, folded: Sequence[str] = ()) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.setMinimumWidth(NARROWEST)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.search = named(SearchLine("Search the palette", self), "paletteSearch")
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._use_first)
        self.model = CardModel(self)
        self.tree = CardTree(self)
        self.tree.setModel(self.model)
        self.tree.picked.connect(self.picked)
        self.tree.used.connect(self.used)
        self.tree.hovered.connect(self.hovered)
        self.tree.expanded.connect(self._note_folding)
        self.tree.collapsed.connect(self._note_folding)
        self._folded = set(folded)
        self._filling = False
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(6)
        row = QVBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.search)
        box.addLayout(row)
        box.addWidget(self.tree)
        self.refill()

    @property
    def folded(self) -> list[str]:
        """The sections that are folded, to be remembered."""
        return sorted(self._folded)

    def refill(self) -> None:
        """Read the registry again, for example after a rule was written in the editor."""
        self._filter(self.search.text())

    def _filter(self, query: str) -> None:
        self._filling = True
        self.model.fill(query)
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            self.tree.setExpanded(index, index.data(Qt.ItemDataRole.UserRole) not in self._folded)
        self._filling = False

    def _use_first(self) -> None:
        card = self.model.index(0, 0).data(CARD)
        if isinstance(card, Card):
            self.used.emit(card)

    def _note_folding(self, index: QModelIndex) -> None:
        slug = index.data(Qt.ItemDataRole.UserRole)
        if slug and not self._filling:
            (self._folded.discard if self.tree.isExpanded(index) else self._folded.add)(str(slug))
