"""A form: one field per declared parameter, built once for a declaration and filled again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.inspector import subjects
from editor.inspector.fields import ParamField
from editor.inspector.quantities import Shown
from editor.inspector.role_field import RoleField
from engine.declare import Param, Role


class Form(QWidget):
    """The fields of one declaration; `prefix` stands before each name in an edit ("stdp_pair.").

    With `has_defaults` a value that differs from its default is marked, and can be reset.  `roles` are those
    of a rule that listens to modulators: the parameters that name them are choices among what there is.
    Symbols are written as in the `formula` above the form.
    """

    edited = Signal(str, object)
    previewed = Signal(str, object)
    reset = Signal(str)

    def __init__(
        self,
        params: Iterable[Param],
        parent: QWidget | None = None,
        prefix: str = "",
        *,
        has_defaults: bool = True,
        roles: Mapping[str, Role] | None = None,
        formula: str = "",
    ) -> None:
        super().__init__(parent)
        self.has_defaults = has_defaults
        self.fields: dict[str, ParamField] = {}
        players = {role.chosen_by: role for role in (roles or {}).values()}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        for param in params:
            role = players.get(param.name)
            name = prefix + param.name
            field = RoleField(param, role, self, name) if role else ParamField(param, self, name, formula)
            field.edited.connect(self.edited)
            field.previewed.connect(self.previewed)
            field.reset.connect(self.reset)
            box.addWidget(field)
            self.fields[prefix + param.name] = field

    def show_values(self, value_of: Callable[[Param], Shown]) -> None:
        """Fill every field."""
        for field in self.fields.values():
            shown = value_of(field.param)
            field.show_value(shown, self.has_defaults and subjects.is_moved(shown, field.param))

    def offer(self, modulators: Mapping[int, str]) -> None:
        """The modulators that may play the roles of the rule, by id."""
        for field in self.fields.values():
            if isinstance(field, RoleField):
                field.offer(modulators)

    def refuse(self, name: str, why: str) -> bool:
        """Say at the field of this name why its value was not taken; False when there is no such field."""
        field = self.fields.get(name)
        if field is not None:
            field.refuse(why)
        return field is not None
