"""Every action of the window: one function each, with its name, its place in a menu, keys and a sentence.

A file of this folder declares actions with `@action`; nothing lists the files by hand.  From the
declarations come the menus, the shortcuts, the command bar (Ctrl+K), the sheet of keys (`?`), the
tooltips and the test that every action can be found.  This module is Qt-free.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
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

    def keep(run: Run) -> Run:
        every = (keys,) if isinstance(keys, str) else tuple(keys)
        sentence = " ".join((run.__doc__ or "").split())
        declare(
            Action(
                run.__name__, name, menu, sentence, run, every, icon, group,
                why_not=why_not, is_on=is_on, words=words, repeats=repeats,
            )
        )  # fmt: skip
        return run

    return keep


def declare(made: Action) -> None:
    """Take an action in; raises TypeError when it has no sentence, no menu, or the name of another."""
    if not made.sentence.endswith("."):
        raise TypeError(f"action {made.slug}: its docstring must be one sentence")
    if made.menu_path[0] not in MENUS:
        raise TypeError(f"action {made.slug}: no menu {made.menu!r}; menus are {', '.join(MENUS)}")
    if made.slug in _known:
        raise TypeError(f"two actions are called {made.slug}")
    _known[made.slug] = replace(made, order=len(_known))


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
