"""Actions that help: the command bar, the sheet of keys, the first steps."""

from __future__ import annotations

from typing import Any

from editor.actions import action


@action("Find a command", "Help", "Ctrl+K", icon="fa6s.magnifying-glass", words="search palette run do")
def command_bar(window: Any) -> None:
    """Find every command, card and named thing by what you type."""
    window.open_command_bar("")


@action(
    "The sheet of keys", "Help", ("?", "F1"), icon="fa6s.keyboard", words="shortcuts keyboard mouse gestures"
)
def key_sheet(window: Any) -> None:
    """Show every key and what the mouse does."""
    window.key_sheet.open()


@action("Your first synapse", "Help", icon="fa6s.graduation-cap", group=1, words="tour tutorial learn guide")
def first_synapse(window: Any) -> None:
    """Sixty seconds, guided: draw two neurons, wire them, watch the synapse strengthen."""
    window.wishes.start_tour()


@action("Show the log", "Help", group=2, words="errors folder bug report")
def show_log(window: Any) -> None:
    """Open the folder with the log of everything that went wrong."""
    window.show_log_folder()


@action("About Neuropil", "Help", icon="fa6s.circle-info", group=2, words="version licence")
def about(window: Any) -> None:
    """Say which version this is, and where its settings and its log are."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("neuropil")
    except PackageNotFoundError:
        number = "(not installed)"
    window.say(f"Neuropil {number}, BSD licence. Settings: {window.settings.path or 'not kept'}")
