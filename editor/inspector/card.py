"""A card of the inspector: a heading, then what can be seen and changed about a subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from editor.inspector import subjects
from editor.inspector.form import Form
from editor.inspector.pieces import Elided, TitleEdit, note
from editor.inspector.quantities import Shown
from editor.inspector.subjects import Subject
from editor.palette.cards import Card as PaletteCard
from editor.palette.cards import card_of
from editor.palette.glyphs import paint_glyph
from editor.window.style import named, worn
from engine.declare import Param
from engine.network.checks import told_of
from engine.network.edits import Edit, Rename

if TYPE_CHECKING:
    from engine.live.checkpoints import Moment
    from engine.live.frame import Frame
    from engine.network.network import Network
    from engine.network.problems import Problem

MOST_REMARKS = 4
"""Remarks that a card lists; the rest it counts."""


class Glyph(QWidget):
    """The drawing of a palette card, as a heading wears it."""

    def __init__(
        self, card: PaletteCard | None = None, parent: QWidget | None = None, size: int = 28
    ) -> None:
        super().__init__(parent)
        self.card = card
        self.setFixedSize(QSize(size, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.card is not None:
            painter = QPainter(self)
            box = QRectF(self.rect())
            scale = box.width() / 28.0
            painter.scale(scale, scale)
            paint_glyph(painter, QRectF(0, 0, 28, 28), self.card, worn())


class Card(QFrame):
    """Base of all cards: asks for edits, never makes them."""

    wants = Signal(object, str)
    """An edit, and the name of the field that should say why when it is refused."""
    tries = Signal(object)
    """An edit to preview while a value is turned; None takes the preview back."""
    goes = Signal(str, object)
    """Select these instead: a kind and ids."""
    pokes = Signal(str, object)
    """Do something by hand to the running circuit: what, and ids."""
    said = Signal(str, bool)
    """News for the status line, and whether it is bad."""

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        self.subject = subject
        self.net: Network | None = None
        self.moments: Callable[[], Sequence[Moment]] = tuple
        """The moments kept of the run so far, oldest first."""
        self.forms: list[Form] = []
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(12, 10, 10, 12)
        self.box.setSpacing(8)
        model = subject.model
        self.glyph = Glyph(card_of(model) if model is not None else None, self)
        self.glyph.setVisible(model is not None)
        self.title = TitleEdit(self)
        self.title.renamed.connect(self._rename)
        self.what = named(Elided("", self), "small")
        head = QHBoxLayout()
        head.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.what)
        head.addWidget(self.glyph)
        head.addLayout(words, 1)
        self.head = head
        self.box.addLayout(head)
        self.remarks = note(parent=self, name="remark")
        self.remarks.setAccessibleName("What may surprise")
        self.remarks.hide()
        self.box.addWidget(self.remarks)

    def show_subject(self, net: Network, subject: Subject) -> None:
        """Show this subject as the network has it now."""
        self.net, self.subject = net, subject
        title, what = subjects.title(net, subject)
        self.title.show_title(title, can_rename=self.can_rename())
        self.what.say(what)
        told = list(dict.fromkeys(map(str, self.told(net))))
        more = [f"and {len(told) - MOST_REMARKS:,} more"] if len(told) > MOST_REMARKS else []
        mark = "• " if len(told) > 1 else ""
        self.remarks.setText("\n".join(mark + said for said in [*told[:MOST_REMARKS], *more]))
        self.remarks.setVisible(bool(told))
        self.fill()

    def can_rename(self) -> bool:
        """Whether the heading is the name of one thing."""
        return len(self.subject.records) == 1 and not len(self.subject.parts)

    def told(self, net: Network) -> list[Problem]:
        """What may surprise about the subject, each with its cure."""
        records = [record for id in self.subject.records if (record := net.thing(id)) is not None]
        return [problem for record in records for problem in told_of(net, record)]

    def fill(self) -> None:
        """Bring the fields up to date with `self.net`; subclasses say which."""

    def show_frame(self, frame: Frame) -> None:
        """Bring live numbers up to date with the run; most cards have none."""

    def add_form(self, form: Form, to: Any = None) -> Form:
        """Put a form on the card; its edits are of the card's subject."""
        form.edited.connect(self._edit)
        form.previewed.connect(self._try)
        form.reset.connect(self._reset)
        self.forms.append(form)
        (to or self.box).addWidget(form)
        return form

    def refuse(self, field: str, why: str) -> bool:
        """Show at a field why its value was not taken; False when the card has no such field."""
        return any(form.refuse(field, why) for form in self.forms)

    def change(self, name: str, new: Any) -> Edit:
        """The edit that gives the subject another value."""
        return subjects.change(self.subject, name, new)

    def _value(self, param: Param) -> Shown:
        assert self.net is not None
        return subjects.value(self.net, self.subject, param)

    def _attribute(self, param: Param) -> Shown:
        assert self.net is not None
        return subjects.attribute(self.net, self.subject, param.name)

    def _edit(self, name: str, new: Any) -> None:
        self.wants.emit(self.change(name, new), name)

    def _try(self, name: str, new: Any) -> None:
        self.tries.emit(None if new is None else self.change(name, new))

    def _reset(self, name: str) -> None:
        self.wants.emit(self.change(name, None), name)

    def _rename(self, name: str) -> None:
        self.wants.emit(Rename(self.subject.records[0], name), "")
