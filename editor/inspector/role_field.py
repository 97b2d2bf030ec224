"""Who plays a role: the field by which a rule is told which modulator it listens to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from editor.inspector import quantities
from editor.inspector.fields import ParamField
from editor.inspector.values import StillCombo
from engine.declare import Param, Role


class RoleField(ParamField):
    """A choice among the modulators of the network; the first is whichever fits the role."""

    def __init__(self, param: Param, role: Role, parent: QWidget | None = None, name: str = "") -> None:
        self.role = role
        self.offered: dict[int, str] = {}
        super().__init__(param, parent, name)
        self.value.setAccessibleName(f"{quantities.spoken(role.substance)}, a modulator")

    def _value_widget(self) -> QWidget:
        self.combo = StillCombo(self)
        self.combo.setPlaceholderText("mixed")
        self.combo.activated.connect(self._choose)
        return self.combo

    @property
    def is_choice(self) -> bool:
        return True

    def _place_of(self, value: float | str) -> int:
        known = [0, *self.offered]
        return known.index(int(value)) if int(value) in known else -1

    def offer(self, modulators: Mapping[int, str]) -> None:
        """The modulators there are, by id."""
        if self.combo.count() and self.offered == dict(modulators):
            return
        self.offered = dict(modulators)
        self.combo.clear()
        self.combo.addItem("the one that fits", 0.0)
        for id, label in modulators.items():
            self.combo.addItem(label, float(id))
