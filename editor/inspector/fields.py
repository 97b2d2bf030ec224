"""One field of the inspector: a name one can drag, a value with its unit, and a refusal in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from editor.inspector import quantities
from editor.inspector.field_name import FieldName
from editor.inspector.quantities import MIXED, Mixed, Shown
from editor.inspector.values import QuantityEdit, StillCombo
from editor.window.style import keyboard_only, mark, named, put_icon
from engine.declare import Param
from engine.errors import UsageError

VALUE_WIDTH = 102
CHOICE_WIDTH = 136


class ParamField(QWidget):
    """One declared parameter: shows a value, asks for another, says why not."""

    edited = Signal(str, object)
    """The user settled on a value: the parameter's name, and a number or the name of a choice."""
    previewed = Signal(str, object)
    """The user is turning the value and may let go of it any moment; None: it is back where it was."""
    reset = Signal(str)
    """Back to the declared default."""

    is_judged = True
    """Whether the network judges the number, whatever its size: what it says is then shown here."""

    def __init__(
        self, param: Param, parent: QWidget | None = None, name: str = "", formula: str = ""
    ) -> None:
        super().__init__(parent)
        self.param = param
        self.name = name or param.name
        self.shown: Shown = MIXED
        self._turning: float | None = None
        self.label = FieldName(param, self, formula)
        self.label.grabbed.connect(self._grab)
        self.label.turned.connect(self._turn)
        self.label.dropped.connect(self._drop)
        self.value = self._value_widget()
        self.value.setFixedWidth(CHOICE_WIDTH if self.is_choice else VALUE_WIDTH)
        self.value.setToolTip(self.label.toolTip())
        self.value.setAccessibleName(f"{quantities.spoken(self.name)}, {param.unit}".rstrip(", "))
        self.value.setAccessibleDescription(param.doc)
        self.back = named(QToolButton(self), "reset")
        keyboard_only(self.back)
        put_icon(self.back, "fa6s.rotate-left", "muted", 10)
        self.back.setFixedSize(18, 18)
        self.back.setCursor(Qt.CursorShape.ArrowCursor)
        self.back.clicked.connect(self._reset)
        default = param.shown_default
        shown = default if isinstance(default, str) else f"{quantities.write(default, param)} {param.unit}"
        self.back.setToolTip(f"Back to the default, {shown.strip()}")
        self.back.setAccessibleName(f"Reset {quantities.spoken(self.name)}")
        self.why = named(QLabel(self), "wrong")
        self.why.setWordWrap(True)
        self.why.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.value, 0, 2)
        if self.is_choice:
            grid.addWidget(self.back, 0, 1)
        else:
            self.edit.offer_reset(self.back)
        grid.addWidget(self.why, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.setFocusProxy(self.value)

    @property
    def is_choice(self) -> bool:
        """Whether one chooses among names instead of writing a number."""
        return self.param.is_choice

    def _place_of(self, value: float | str) -> int:
        """Where the choice has a value, -1 where it has not."""
        return self.combo.findData(self.param.options[int(value)] if isinstance(value, float) else value)

    def _value_widget(self) -> QWidget:
        if self.is_choice:
            self.combo = StillCombo(self)
            for option in self.param.options:
                self.combo.addItem(quantities.spoken(option), option)
            self.combo.activated.connect(self._choose)
            return self.combo
        self.edit = QuantityEdit(self.param.unit, self)
        self.edit.asked.connect(self._ask)
        self.edit.nudged.connect(self._nudge)
        return self.edit

    def show_value(self, value: Shown, is_moved: bool) -> None:
        """Show what holds now; `is_moved` when it differs from the declared default."""
        self.shown = value
        if self.label.is_moved != is_moved:
            self.label.is_moved = is_moved
            self.label.update()
        if self.is_choice:
            self.back.setVisible(is_moved)
        else:
            self.edit.show_reset(is_moved)
        if self._turning is not None:
            return
        if self.is_choice:
            at = -1 if isinstance(value, Mixed) else self._place_of(value)
            self.combo.setPlaceholderText("mixed")
            self.combo.setCurrentIndex(at)
        else:
            self.edit.show_text(
                quantities.write(value, self.param), "mixed" if isinstance(value, Mixed) else ""
            )
        self.accept()

    def refuse(self, why: str) -> None:
        """Say why a value cannot be; the field keeps what was typed."""
        self.why.setText(why)
        self.why.show()
        if not self.is_choice:
            mark(self.edit, wrong=True)

    def accept(self) -> None:
        """Nothing is wrong (any more)."""
        if not self.why.isHidden():
            self.why.hide()
        if not self.is_choice:
            mark(self.edit, wrong=False)

    def _ask(self, text: str) -> None:
        if not text:
            self.accept()
            return
        try:
            value = quantities.read(text, self.param, any_size=self.is_judged)
        except UsageError as refusal:
            self.refuse(str(refusal))
            return
        self.accept()
        if isinstance(self.shown, Mixed) or value != self.shown:
            self.edited.emit(self.name, value)
        else:
            self.edit.show_text(quantities.write(value, self.param))

    def _choose(self, at: int) -> None:
        option = self.combo.itemData(at)
        if option != self.shown:
            self.edited.emit(self.name, option)

    def _reset(self) -> None:
        self.accept()
        self.reset.emit(self.name)

    def _grab(self) -> None:
        self._turning = self.shown if isinstance(self.shown, float) else self.param.default
        self._turned_to = self._turning

    def _turn(self, travel: float) -> None:
        if self._turning is None:
            return
        value = quantities.turned(self.param, self._turning, travel)
        if value != self._turned_to:
            self._turned_to = value
            self.edit.setText(quantities.write(value, self.param))
            self.previewed.emit(self.name, value)

    def _drop(self) -> None:
        start, self._turning = self._turning, None
        if start is None:
            return
        if self._turned_to != start:
            self.edited.emit(self.name, self._turned_to)
        else:
            self.previewed.emit(self.name, None)

    def _nudge(self, steps: int, is_final: bool) -> None:
        if is_final:
            self._drop()
            return
        if self._turning is None:
            self._grab()
        assert self._turning is not None
        self._travel = getattr(self, "_travel", 0.0) if self._turned_to != self._turning else 0.0
        self._travel += steps
        self._turn(self._travel)
