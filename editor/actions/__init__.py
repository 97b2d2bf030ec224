"""Every action of the window: one function each, with its name, its place in a menu, its keys and one sentence.

A file of this folder declares actions with `@action`; nothing lists the files by hand.  From the
declarations come the menus, the shortcuts, the command bar (Ctrl+K), the sheet of keys (`?`), the
tooltips and the test that every action can be found.  This module is Qt-free.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Run = Callable[[Any], None]
Why = Callable[[Any], str]
Is = Callable[[Any], bool]

MENUS = ("File", "Edit", "Select", "View", "Insert", "Arrange", "Run", "Help")
"""The menus from left to right; an action's place is `"Edit"` or `"Edit/Align"`."""


@dataclass(frozen=True)
class Action:
    """One thing the user can ask for, by menu, by key, or by name."""

    slug: str
    name: str
    menu: str
    sentence: str
    run: Run
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: int = 0
    """Actions of one menu with the same group stand together; a line divides groups."""
    order: int = 0
    why_not: Why | None = None
    """Why the action is not possible now, in words for the user; "" when it is."""
    is_on: Is | None = None
    """For an action that switches something: whether it is switched on now."""
    words: str = ""
    """Other words a user may type for it."""
    repeats: bool = False
    """Whether holding its key repeats it."""

    @property
    def menu_path(self) -> tuple[str, ...]:
        """The menu and its submenus, outermost first."""
        return tuple(self.menu.split("/"))


_known: dict[str, Action] = {}


def action(
    name: str,
    menu: str,
    keys: str | tuple[str, ...] = (),
    *,
    icon: str = "",
    group: int = 0,
    why_not: Why | None = None,
    is_on: Is | None = None,
    words: str = "",
    repeats: bool = False,
) -> Callable[[Run], Run]:
    """Declare the function below as an action; its docstring is the sentence shown on hover.

    `keys` are Qt key sequences in portable text; the function takes the main window.
    """

    def declare(run: Run) -> Run:
        slug = run.__name__
        sentence = " ".join((run.__doc__ or "").split())
        if not sentence.endswith("."):
            raise TypeError(f"action {slug}: its docstring must be one sentence")
        if menu.split("/")[0] not in MENUS:
            raise TypeError(f"action {slug}: no menu {menu!r}; menus are {', '.join(MENUS)}")
        if slug in _known and _known[slug].run.__module__ != run.__module__:
            raise TypeError(f"action {slug} is declared in two files")
        every = (keys,) if isinstance(keys, str) else tuple(keys)
        _known[slug] = Action(
            slug, name, menu, sentence, run, every, icon, group, len(_known), why_not, is_on, words, repeats
        )
        return run

    return declare


def all_actions() -> list[Action]:
    """Every declared action, by menu, group and order of declaration."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        importlib.import_module(f"{__name__}.{found.name}")
    return sorted(
        _known.values(),
        key=lambda one: (MENUS.index(one.menu_path[0]), one.group, one.run.__module__, one.order),
    )


def named(slug: str) -> Action:
    """The action with this slug."""
    if slug not in _known:
        all_actions()
    return _known[slug]
