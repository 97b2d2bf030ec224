"""Actions on what is seen: zoom, panels, theme."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from editor.actions.edit import nothing_selected


@action("Fit everything", "View", "Ctrl+0", icon="fa6s.expand", words="zoom all whole")
def fit(window: Any) -> None:
    """Zoom so that the whole circuit is seen."""
    window.canvas.fit()


@action("Frame the selection", "View", "F", icon="fa6s.crosshairs", why_not=nothing_selected, words="zoom to")
def frame_selection(window: Any) -> None:
    """Zoom to what is selected."""
    window.frame_selection()


@action("Zoom in", "View", ("Ctrl++", "Ctrl+="), icon="fa6s.magnifying-glass-plus", repeats=True)
def zoom_in(window: Any) -> None:
    """Look closer."""
    window.zoom(1.25)


@action("Zoom out", "View", "Ctrl+-", icon="fa6s.magnifying-glass-minus", repeats=True)
def zoom_out(window: Any) -> None:
    """Look from further away."""
    window.zoom(0.8)


@action(
    "Light or dark",
    "View",
    "Ctrl+Shift+L",
    icon="fa6s.circle-half-stroke",
    group=1,
    words="theme colours night day",
)
def toggle_theme(window: Any) -> None:
    """Change between the dark and the light look."""
    window.toggle_theme()


def is_shown(slug: str) -> Any:
    """A question: whether this panel is open."""

    def ask(window: Any) -> bool:
        return bool(window.furniture.is_shown(slug))

    return ask


@action(
    "Tools", "View/Panels", "Ctrl+Shift+1", group=2, is_on=is_shown("tools"), words="tool strip hide show"
)
def toggle_tools(window: Any) -> None:
    """Show or hide the strip of tools."""
    window.furniture.toggle("tools")


@action("Palette", "View/Panels", "Ctrl+Shift+2", group=2, is_on=is_shown("palette"), words="cards hide show")
def toggle_palette(window: Any) -> None:
    """Show or hide the palette."""
    window.furniture.toggle("palette")


@action(
    "Inspector",
    "View/Panels",
    "Ctrl+Shift+3",
    group=2,
    is_on=is_shown("inspector"),
    words="properties hide show",
)
def toggle_inspector(window: Any) -> None:
    """Show or hide the inspector."""
    window.furniture.toggle("inspector")


@action(
    "Plots", "View/Panels", "Ctrl+Shift+4", group=2, is_on=is_shown("plots"), words="raster graph hide show"
)
def toggle_plots(window: Any) -> None:
    """Show or hide the plots."""
    window.furniture.toggle("plots")


@action("Structure", "View/Panels", "Ctrl+Shift+5", group=2, is_on=is_shown("structure"),
        words="degrees clustering hubs components graph measures")  # fmt: skip
def toggle_structure(window: Any) -> None:
    """Show or hide how the circuit is wired: degrees, clustering, hubs, parts."""
    window.furniture.toggle("structure")


@action("Log", "View/Panels", "Ctrl+Shift+6", group=2, words="events history lines news")
def show_log_lines(window: Any) -> None:
    """Show what happened, line by line; a click selects what a line names."""
    window.furniture.reveal("plots")
    window.plots.reveal("Log")


@action("Routing through the striatum", "View/Panels", group=2,
        words="basal ganglia gates stroop parkinson huntington dopamine colour word")  # fmt: skip
def show_routing(window: Any) -> None:
    """Say the colour or read the word through the gates of the basal ganglia, healthy or not."""
    window.furniture.reveal("plots")
    window.show_plot("Routing")


@action("Only the canvas", "View", "Ctrl+\\", icon="fa6s.maximize", group=2, words="hide all panels zen")
def only_canvas(window: Any) -> None:
    """Hide every panel, or bring back those that were open."""
    window.furniture.toggle_all()


@action("Arrange the panels anew", "View", group=2, words="reset layout docks default")
def reset_panels(window: Any) -> None:
    """Put every panel back where it is at the first start."""
    window.furniture.reset()


@action("Full screen", "View", "F11", group=3, words="present")
def full_screen(window: Any) -> None:
    """Fill the screen with the window, or stop doing so."""
    window.setWindowState(window.windowState() ^ window.FULL_SCREEN)
