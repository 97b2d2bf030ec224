"""The menu of the chip: which transmission, which rules and how strong the next synapse will be."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from editor.drawing.next_drawn import NextDrawn
from editor.palette.cards import QUESTIONS, first_sentence
from engine import registry

EFFECTS = (1.0, 2.0, 4.0, 8.0, 12.0)
"""mV at rest a person may choose from; the inspector takes any weight afterwards."""


class NextChooser(QActionGroup):
    """Understands the actions of the menu; lives as long as the menu."""

    def __init__(self, menu: QMenu, coming: NextDrawn) -> None:
        super().__init__(menu)
        self.coming = coming
        self.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        self.triggered.connect(self._take)

    def _take(self, action: QAction) -> None:
        what, value = action.data()
        if what == "rule":
            self.coming.toggle_rule(value)
        else:
            self.coming.set(synapse=replace(self.coming.synapse, **{what: value}))


def offer(chip: QWidget, coming: NextDrawn) -> None:
    """Open the menu below the chip."""
    menu = QMenu(chip.window())
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill(menu, coming)
    menu.popup(chip.mapToGlobal(chip.rect().bottomLeft()))


def fill(menu: QMenu, coming: NextDrawn) -> None:
    """Fill a menu with everything the next synapse can be; what it is now is ticked."""
    chooser = NextChooser(menu, coming)
    menu.setToolTipsVisible(True)
    menu.addSection("How a spike arrives")
    now = coming.synapse
    for model in registry.all("transmission"):
        _add(
            menu,
            chooser,
            model.label,
            ("transmission", model.slug),
            model.slug == now.transmission,
            model.about(),
        )
    has = {use.slug for use in now.rules}
    for stage, question in QUESTIONS.items():
        models = [model for model in registry.all("rule") if model.stage == stage]
        if models:
            menu.addSection(question)
        for model in models:
            _add(menu, chooser, model.label, ("rule", model.slug), model.slug in has, model.about())
    menu.addSection("How strong")
    for effect in EFFECTS:
        _add(menu, chooser, f"+{effect:g} mV at rest", ("effect", effect), effect == now.effect, "")


def _add(
    menu: QMenu, chooser: NextChooser, text: str, data: tuple[str, object], is_on: bool, about: str
) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(is_on)
    action.setData(data)
    if about:
        action.setToolTip(first_sentence(about))
    chooser.addAction(action)
