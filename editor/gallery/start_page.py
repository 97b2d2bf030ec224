"""The start page: your first synapse, the worm, the gallery, and the files you worked on.

It opens nothing itself: it says what is wanted, and the window does it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QImage, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.finding.search_line import SearchLine
from editor.gallery import catalogue, portrait
from editor.gallery.card import Card, face
from editor.window.theme import DARK, Theme

WIDEST = 1180
AGAIN = 300
"""Milliseconds between two looks at whether pictures are still sketches."""
FEATURED = "worm"
"""The example that stands beside the tour."""


@dataclass(frozen=True)
class Known:
    """A file the start page offers: `is_recovered` ones were not saved when the program ended."""

    path: str
    title: str
    when: float = 0.0
    """Seconds since 1970."""
    is_recovered: bool = False


class StartPage(QScrollArea):
    """What `neuropil` opens on.

    `wanted(kind, what)`: "tour", "new", "open", "back" with nothing; "example" with a name; "file",
    "recovered", "decline" or "throw away" with a path.
    """

    wanted = Signal(str, str)
    pointed = Signal(object)
    """The circuit of the example somebody points at, None when nobody does."""

    def __init__(
        self,
        theme: Theme = DARK,
        known: Sequence[Known] = (),
        parent: QWidget | None = None,
        *,
        draw: Callable[[object, QSize, Theme], QImage] | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName("startPage")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._draw = draw or portrait.of_network
        self._waiting: list[tuple[Card, Callable[[QSize, Theme], QImage | None]]] = []
        self._sources: dict[Card, Callable[[QSize, Theme], QImage | None]] = {}
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._draw_one)
        self._sketched: list[Card] = []
        self._again = QTimer(self)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._draw_again)
        self._shape = (0, 0)
        self._blanks: list[QWidget] = []
        self._build()
        self.set_known(known)
        self.set_theme(theme)

    # -- what is on it ---------------------------------------------------------------------------

    def _build(self) -> None:
        sheet = QWidget()
        across = QHBoxLayout(sheet)
        across.setContentsMargins(28, 30, 28, 36)
        across.addStretch(1)
        self.body = QWidget()
        self.body.setMaximumWidth(WIDEST)
        self.body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        across.addWidget(self.body, 100)
        across.addStretch(1)
        self.setWidget(sheet)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(self._headline())
        column.addSpacing(6)
        self.heroes = QGridLayout()
        self.heroes.setSpacing(16)
        column.addLayout(self.heroes)
        self.files_title = _heading("Your files")
        column.addWidget(self.files_title)
        self.files = QGridLayout()
        self.files.setSpacing(14)
        column.addLayout(self.files)
        self.chapters: dict[str, tuple[QGridLayout, list[Card]]] = {}
        self.headings: dict[str, QLabel] = {}
        for example in catalogue.examples():
            if example.name != FEATURED and example.chapter not in self.chapters:
                grid = QGridLayout()
                grid.setSpacing(14)
                self.headings[example.chapter] = _heading(example.chapter)
                column.addWidget(self.headings[example.chapter])
                column.addLayout(grid)
                self.chapters[example.chapter] = grid, []
        self.nothing = QLabel("No example is about that. Ctrl+K finds every rule, model and command by name.")
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        column.addWidget(self.nothing)
        column.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(self._draw_more)
        self.file_cards: list[Card] = []
        tour = self._card("Your first synapse", _TOUR, large=True, badge="60 seconds")
        tour.clicked.connect(self._want_tour)
        self._picture_of(tour, portrait.first_synapse)
        self.hero_cards = [tour]
        self.gallery_cards = []
        for example in catalogue.examples():
            featured = example.name == FEATURED
            card = self._card(example.title, example.what if featured else example.watch, large=featured)
            card.setProperty("example", example.name)
            card.setProperty("about", _told(example))
            card.setToolTip(example.what)
            card.clicked.connect(self._want_example)
            self._picture_of(card, example.build)
            (self.hero_cards if featured else self.gallery_cards).append(card)
            if not featured:
                self.chapters[example.chapter][1].append(card)

    def _picture_of(self, card: Card, build: Callable[..., object]) -> None:
        circuit = cache(build)  # once for the still picture, the moving one, and other colours
        self._sources[card] = _Drawing(circuit, self._draw)
        card.come_alive = _Life(card, circuit)
        card.pointed.connect(lambda is_so: self.pointed.emit(circuit() if is_so else None))

    def _headline(self) -> QHBoxLayout:
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        self.name = QLabel("Neuropil")
        self.motto = QLabel("Draw a circuit. Press play. Watch it rewire itself.")
        self.motto.setWordWrap(True)
        words.addWidget(self.name)
        words.addWidget(self.motto)
        row.addLayout(words, 1)
        self.search = SearchLine("Search the gallery")
        self.search.setFixedHeight(34)
        self.search.setMinimumWidth(70)
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._open_first)
        row.addWidget(self.search, 0, Qt.AlignmentFlag.AlignBottom)
        self.back = self._button("Back", "back")
        self.back.hide()
        self.back.setToolTip("Back to the circuit that is open (Esc)")
        file = self._button("Open a file\u2026", "open")
        empty = self._button("Empty canvas", "new", primary=True)
        for button in (self.back, file, empty):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _button(self, text: str, kind: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("primary", primary)
        button.setProperty("kind", kind)
        button.setMinimumHeight(34)
        button.clicked.connect(self._want_kind)
        return button

    def show_behind(self, title: str) -> None:
        """Offer to go back to the circuit of this title; "" when there is none."""
        self.back.setVisible(bool(title))
        self.back.setText(f"Back to {title if len(title) < 26 else title[:24] + chr(0x2026)}")

    def _card(self, title: str, text: str, *, large: bool = False, badge: str = "") -> Card:
        return Card(title, text, self.theme, large=large, badge=badge, parent=self.body)

    def set_known(self, known: Sequence[Known]) -> None:
        """Which files to offer, recovered ones first, then the latest."""
        for card in self.file_cards:
            self._sources.pop(card, None)
            self._waiting = [w for w in self._waiting if w[0] is not card]
            card.deleteLater()
        self.file_cards = []
        for file in sorted(known, key=lambda k: (not k.is_recovered, -k.when)):
            when = time.strftime("%d %b %Y, %H:%M", time.localtime(file.when)) if file.when else ""
            text = f"Not saved when the program ended. {when}".strip() if file.is_recovered else when
            card = self._card(file.title, text or file.path, badge="recovered" if file.is_recovered else "")
            card.setProperty("path", file.path)
            card.setProperty("kind", "recovered" if file.is_recovered else "file")
            card.setToolTip(file.path)
            if file.is_recovered:
                self._offer_more(card)
            card.clicked.connect(self._want_file)
            self._sources[card] = _Preview(Path(file.path))
            self.file_cards.append(card)
            card.show()
        self.files_title.setVisible(bool(self.file_cards))
        self._arrange(force=True)
        self._queue(self.file_cards)

    # -- what is searched ------------------------------------------------------------------------

    def found(self) -> list[Card]:
        """The cards of the gallery that say every word that is searched, in order."""
        words = self.search.text().lower().split()
        return [card for card in self._examples() if all(word in card.property("about") for word in words)]

    def _examples(self) -> list[Card]:
        return [*self.hero_cards[1:], *self.gallery_cards]

    def _find(self) -> None:
        found = self.found()
        is_all = len(found) == len(self._examples())
        for card in (*self.hero_cards, *self.gallery_cards):
            card.setVisible(is_all or card in found)
        for chapter, (_, cards) in self.chapters.items():
            self.headings[chapter].setVisible(any(card in found for card in cards))
        for known in (self.files_title, *self.file_cards):
            known.setVisible(is_all and bool(self.file_cards))
        self.nothing.setVisible(not found)
        self._arrange(force=True)
        self._draw_more()

    def _open_first(self) -> None:
        if self.search.text() and (found := self.found()):
            found[0].click()

    # -- looks -----------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours, and draw the pictures anew in them."""
        self.theme = theme
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.background_edge))
        self.setPalette(palette)
        for widget in (self, self.viewport(), self.widget()):
            widget.setAutoFillBackground(True)
            widget.setPalette(palette)
        self.name.setStyleSheet(f"color: {theme.text}; font-size: 30px; font-weight: 600")
        for line in (self.motto, self.nothing):
            line.setStyleSheet(f"color: {theme.muted}; font-size: 14px")
        for heading in self.body.findChildren(QLabel, "heading"):
            heading.setStyleSheet(f"color: {theme.muted}; font-size: 11px; letter-spacing: 1px")
        for card in self._sources:
            card.set_theme(theme)
        first, *large = self.hero_cards  # the largest circuit last: it takes longest
        self._queue([first, *self.file_cards, *self.gallery_cards, *large])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange(force=True)
        self.setFocus()
        if self._waiting:
            self._next.start()
        if self._sketched:
            self._again.start()

    def _arrange(self, force: bool = False) -> None:
        room = min(self.viewport().width() - 56, WIDEST)
        columns = max(1, (room + 14) // (250 + 14))
        shape = (columns, 1 if room < 760 else 2)
        if shape == self._shape and not force:
            return
        self._shape = shape
        while self._blanks:
            self._blanks.pop().deleteLater()
        for box, cards, across in (
            (self.heroes, self.hero_cards, shape[1]),
            (self.files, self.file_cards, columns),
            *((grid, cards, columns) for grid, cards in self.chapters.values()),
        ):
            self._deal(box, [card for card in cards if not card.isHidden()], across)

    def _deal(self, box: QGridLayout, cards: Sequence[Card], across: int) -> None:
        """Lay cards out in so many columns, all of one width, also where there are fewer cards."""
        while box.count():
            box.takeAt(0)
        for k in range(box.columnCount()):
            box.setColumnStretch(k, 1 if cards and k < across else 0)
        blanks = [QWidget(self.body) for _ in range(len(cards), across if cards else 0)]
        self._blanks += blanks
        for i, widget in enumerate([*cards, *blanks]):
            box.addWidget(widget, i // across, i % across)
            box.setColumnStretch(i % across, 1)

    def _queue(self, cards: Sequence[Card]) -> None:
        self._waiting = [w for w in self._waiting if w[0] not in cards]
        self._waiting += [(card, self._sources[card]) for card in cards if card in self._sources]
        if self.isVisible() and self._waiting:
            self._next.start()

    def _draw_one(self) -> None:
        """Draw one picture and let the window breathe before the next."""
        if not self.isVisible():
            return
        place = next((i for i, (card, _) in enumerate(self._waiting) if self._is_near(card)), None)
        if place is None:
            return  # the others are drawn when they come into view
        card, source = self._waiting.pop(place)
        is_sketch = portrait.is_sketchy()
        card.set_picture(source(card.picture_size, self.theme))
        if is_sketch:
            self._sketched.append(card)
            self._again.start()
        self._draw_more()

    def _draw_again(self) -> None:
        """Once pictures can be more than sketches, draw those anew that are."""
        if not self.isVisible():
            self._again.stop()
        elif not portrait.is_sketchy():
            self._again.stop()
            sketched, self._sketched = self._sketched, []
            self._queue(sketched)

    def _draw_more(self, _at: int = 0) -> None:
        if self._waiting and self.isVisible():
            self._next.start()

    def _is_near(self, card: Card) -> bool:
        """Whether a card can be seen, or will be after a turn of the wheel."""
        top = card.mapTo(self.widget(), card.rect().topLeft()).y() - self.verticalScrollBar().value()
        return -1.5 * card.height() < top < self.viewport().height() + 1.5 * card.height()

    # -- what is wanted --------------------------------------------------------------------------

    def _want_tour(self) -> None:
        self.wanted.emit("tour", "")

    def _want_example(self) -> None:
        self.wanted.emit("example", str(self.sender().property("example")))

    def _want_file(self) -> None:
        card = self.sender()
        self.wanted.emit(str(card.property("kind")), str(card.property("path")))

    def _offer_more(self, card: Card) -> None:
        """What else can be done with a recovered file, in the menu of its card."""
        card.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        card.setToolTip("Click to open it; right-click, or the menu key, for more.")
        for words, kind in (("Not now", "decline"), ("Delete it for good", "throw away")):
            made = QAction(words, card)
            made.setData((kind, card.property("path")))
            made.triggered.connect(self._want_more)
            card.addAction(made)

    def _want_more(self) -> None:
        made = self.sender()
        assert isinstance(made, QAction)
        kind, path = made.data()
        self.wanted.emit(str(kind), str(path))

    def _want_kind(self) -> None:
        self.wanted.emit(str(self.sender().property("kind")), "")


class _Drawing:
    """The picture of a circuit that is built when it is drawn."""

    def __init__(self, build: Callable[..., object], draw: Callable[[object, QSize, Theme], QImage]) -> None:
        self.build, self.draw = build, draw

    def __call__(self, size: QSize, theme: Theme) -> QImage:
        return self.draw(self.build(), size, theme)


class _Life:
    """The moving picture of a card, in the size and the colours the card then has."""

    def __init__(self, card: Card, build: Callable[..., object]) -> None:
        self.card, self.build = card, build

    def __call__(self) -> portrait.Portrait:
        return portrait.Portrait(self.build(), self.card.picture_size, self.card.theme)


class _Preview:
    """The picture inside a file; the damaged, the gone, the recovered and the plain have none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, size: QSize, theme: Theme) -> QImage | None:
        return portrait.of_file(self.path)


_TOUR = (
    "Place two neurons, wire them, fire the first, and watch the synapse between them strengthen. "
    "Each step passes when you have done it."
)


def _told(example: catalogue.Example) -> str:
    """Everything a search of the gallery looks through."""
    words = (example.name, example.title, example.chapter, example.what, example.watch, example.why)
    return " ".join(words).lower()


def _heading(text: str) -> QLabel:
    label = QLabel(text.upper())
    label.setObjectName("heading")
    label.setFont(face(11, bold=True))
    return label
