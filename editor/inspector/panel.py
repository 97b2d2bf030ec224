"""The inspector dock: builds each kind of card once, fills it for the selection, passes on its edits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from editor.inspector.card import Card
from editor.inspector.instrument_cards import InputCard, ModulatorCard, ProbeCard
from editor.inspector.network_card import NetworkCard
from editor.inspector.neuron_card import NeuronCard
from editor.inspector.pieces import note
from editor.inspector.projection_card import ProjectionCard
from editor.inspector.subjects import MOST, Subject, subjects
from editor.inspector.synapse_card import SynapseCard
from editor.selection import KINDS, Selection
from editor.window.style import named
from editor.window.tab_order import next_inside, stops
from engine.errors import EditRefused

if TYPE_CHECKING:
    from engine.live.checkpoints import Moment
    from engine.live.frame import Frame
    from engine.network.network import Network

CARDS: dict[str, type[Card]] = {
    "network": NetworkCard,
    "neuron": NeuronCard,
    "synapse": SynapseCard,
    "projection": ProjectionCard,
    "input": InputCard,
    "probe": ProbeCard,
    "modulator": ModulatorCard,
}
"""Which card shows which kind of subject."""

LIVE = 0.2
"""Seconds between two updates of live numbers."""


class InspectorPanel(QScrollArea):
    """Shows the selection of a document as cards; every edit goes through the document."""

    refused = Signal(str)
    """A refusal that no field could show."""
    said = Signal(str, bool)
    """News for the status line, and whether it is bad."""

    def __init__(self, document: Any, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.document = document
        self.selection = selection
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().rangeChanged.connect(self._keep_width)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(300)
        self.setAccessibleName("Inspector")
        inside = QWidget(self)
        self.box = QVBoxLayout(inside)
        self.box.setContentsMargins(8, 4, 8, 10)
        self.box.setSpacing(8)
        self.more = note(parent=inside, name="small")
        self.more.hide()
        self.box.addWidget(self.more)
        self.box.addStretch(1)
        self.setWidget(inside)
        self.cards: dict[str, Card] = {}
        self.shown: list[Card] = []
        self._told = -1.0
        self._seen: tuple[Any, ...] = ()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(round(1000 * LIVE))
        self._later.timeout.connect(self.refresh)
        selection.watch(self.refresh)
        self.refresh()

    def _keep_width(self, low: int, high: int) -> None:
        """Leave the scroll bar its width also where there is none: else wrapped lines bring it and take it
        away again without end.
        """
        spare = 0 if high > low else self.verticalScrollBar().sizeHint().width()
        if self.viewportMargins().right() != spare:
            self.setViewportMargins(0, 0, spare, 0)

    def show_document(self, document: Any) -> None:
        """Show another document from here on."""
        self.document = document
        self._seen = ()
        self.refresh()

    def refresh_soon(self) -> None:
        """Bring the cards up to date a little later: a growing circuit changes with every frame."""
        if not self._later.isActive():
            self._later.start()

    def refresh(self) -> None:
        """Bring the cards up to date if the selection or the network changed since."""
        net: Network = self.document.network
        seen = (id(net), net.version, self.selection.version)
        if seen == self._seen or not self._is_looked_at():
            return
        is_new_choice = not self._seen or self._seen[2] != seen[2]
        self._seen = seen
        wanted = subjects(net, self.selection)
        self._show(net, wanted[:MOST])
        left = len(wanted) - MOST
        self.more.setText(f"and {left} more kinds of things")
        self.more.setVisible(left > 0)
        if is_new_choice:
            self.verticalScrollBar().setValue(0)

    def show_frame(self, frame: Frame) -> None:
        """Bring live numbers up to date, a few times a second."""
        now = time.monotonic()
        if now - self._told >= LIVE and self.isVisible():
            self._told = now
            for card in self.shown:
                card.show_frame(frame)

    def edit_name(self) -> bool:
        """Put the cursor into the heading of the first card that has a name; whether one has."""
        card = next((card for card in self.shown if card.can_rename()), None)
        if card is None:
            return False
        card.title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        card.title.selectAll()
        return True

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._seen = ()
        self.refresh()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the cards as they stand: made late, they would come after all else."""
        target = next_inside(self, self.stops(), next)
        if target is None:
            return bool(super().focusNextPrevChild(next))
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        if self.isAncestorOf(target):
            self.ensureWidgetVisible(target)
        return True

    def stops(self) -> list[QWidget]:
        """What Tab stops at, card by card."""
        return [each for card in self.shown for each in stops(card)]

    def _is_looked_at(self) -> bool:
        return self.isVisible() or not self._seen

    def _show(self, net: Network, wanted: list[Subject]) -> None:
        self.setUpdatesEnabled(False)
        self.shown = [self._card(subject) for subject in wanted]
        for card in self.cards.values():
            if card not in self.shown:
                self._keep_focus_from(card)
                card.hide()
        for at, (card, subject) in enumerate(zip(self.shown, wanted, strict=True)):
            if self.box.indexOf(card) != at:
                self.box.insertWidget(at, card)
            card.show_subject(net, subject)
            card.show()
        self.setUpdatesEnabled(True)

    def _keep_focus_from(self, card: Card) -> None:
        """Take the focus from a card that goes: Qt would give it to whatever is next, even in the header."""
        held = QApplication.focusWidget()
        if held is not None and card.isAncestorOf(held):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, subject: Subject) -> Card:
        if subject.key not in self.cards:
            card = CARDS[subject.kind](subject, self.widget())
            card.wants.connect(self._do)
            card.tries.connect(self._preview)
            card.goes.connect(self._go)
            card.pokes.connect(self._poke)
            card.said.connect(self.said)
            card.moments = self._moments
            self.cards[subject.key] = card
        return self.cards[subject.key]

    def _do(self, edit: Any, field: str) -> None:
        card = self.sender()
        try:
            self.document.do(edit)
        except EditRefused as refusal:
            if not (isinstance(card, Card) and card.refuse(field, str(refusal))):
                self.refused.emit(str(refusal))
            return
        self.refresh()

    def _preview(self, edit: Any) -> None:
        self.document.preview(edit)

    def _poke(self, kind: str, ids: Any) -> None:
        self.document.poke(kind, ids)

    def _moments(self) -> list[Moment]:
        return self.document.past()  # type: ignore[no-any-return]

    def _go(self, kind: str, ids: Any) -> None:
        if kind in KINDS:
            self.selection.choose(**{kind: ids})
