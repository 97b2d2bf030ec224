"""The parameters of a learner as knobs: a slider and a number each, turned while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6 import QtCore, QtWidgets

from editor.inspector.quantities import spoken
from editor.inspector.values import QuantityEdit, StillCombo
from editor.plots.ranges import STEPS, Range, range_of
from editor.window.style import mark
from engine import units
from engine.declare import Learner, Settling
from engine.errors import UsageError

SHARED = {*vars(Learner), *vars(Settling)}
"""Names of what many learners have."""
NAME, NUMBER = 62, 92
"""Widths of a name and of a number, px."""


class Knob(QtWidgets.QWidget):
    """One parameter: its name, a slider over the useful part of its range, and the number itself."""

    turned = QtCore.Signal(object)
    let_go = QtCore.Signal(object)

    def __init__(self, name: str, param: Any, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.range: Range = range_of(param.default, param.low, param.high)
        self.value: Any = param.shown_default
        label = QtWidgets.QLabel(name, self)
        label.setFixedWidth(NAME)
        tip = param.doc or name
        if not param.is_choice:
            tip += f"\n{units.within(param.low, param.high, param.unit)}"
        if param.source:
            tip += f"\n{param.source}"
        self.setToolTip(tip)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        self.choice: StillCombo | None = None
        if param.is_choice:
            self.choice = StillCombo(self)
            for option in param.options:
                self.choice.addItem(spoken(option), option)
            self.choice.setAccessibleName(name)
            self.choice.activated.connect(self._choose)
            row.addWidget(self.choice, 1)
            return
        self.slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(name)
        self.slider.valueChanged.connect(self._slide)
        self.slider.sliderReleased.connect(self._release)
        self.number = QuantityEdit(param.unit, self)
        self.number.setFixedWidth(NUMBER)
        self.number.setAccessibleName(f"{name}, number")
        self.number.asked.connect(self._type)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)

    def show_value(self, value: Any) -> None:
        """Show the value that holds, unless the slider is in somebody's hand: then the hand's holds."""
        if self.choice is not None:
            self.value = value
            self.choice.setCurrentIndex(self.choice.findData(str(value)))
            return
        if self.slider.isSliderDown():
            return
        self.value = value
        with QtCore.QSignalBlocker(self.slider):
            self.slider.setValue(self.range.place(float(value)))
        self.number.show_text(f"{float(value):.4g}")

    def _slide(self, place: int) -> None:
        value = self.range.value(place)
        self.number.show_text(f"{value:.4g}")
        self.value = value
        self.turned.emit(value)
        if not self.slider.isSliderDown():  # a key, or a click beside the handle
            self.let_go.emit(value)

    def _release(self) -> None:
        self.let_go.emit(self.value)

    def _choose(self) -> None:
        assert self.choice is not None
        self.value = self.choice.currentData()
        self.let_go.emit(self.value)

    def _type(self, text: str) -> None:
        if not text:
            self.show_value(self.value)
            return
        p = self.param
        try:
            value = units.read(text, p.unit, p.low, p.high)
        except UsageError as error:
            mark(self.number, wrong=True)
            self.number.setToolTip(str(error))
            return
        mark(self.number, wrong=False)
        self.number.setToolTip("")
        self.value = value
        self.let_go.emit(value)


class Knobs(QtWidgets.QWidget):
    """All parameters of one learner, in the order in which it declares them."""

    turned = QtCore.Signal(str, object)
    let_go = QtCore.Signal(str, object)

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("knobs")
        self.model: Any = None
        self.knobs: dict[str, Knob] = {}
        self.box = QtWidgets.QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 6, 0)
        self.box.setSpacing(3)
        self.box.addStretch(1)

    def show_model(self, model: Any, values: Mapping[str, Any]) -> None:
        """Offer the parameters of this learner with these values."""
        if model is not self.model:
            for knob in self.knobs.values():
                self.box.removeWidget(knob)
                knob.hide()
                knob.deleteLater()
            self.knobs, self.model = {}, model
            for name in _order(model):
                knob = Knob(name, model.params[name], self)
                knob.turned.connect(lambda value, name=name: self.turned.emit(name, value))
                knob.let_go.connect(lambda value, name=name: self.let_go.emit(name, value))
                self.knobs[name] = knob
                self.box.insertWidget(self.box.count() - 1, knob)
        for name, knob in self.knobs.items():
            knob.show_value(values.get(name, knob.param.shown_default))


def _order(model: Any) -> list[str]:
    """What a learner declares itself first, what many of them have after it."""
    return [] if model is None else sorted(model.params, key=lambda name: name in SHARED)
