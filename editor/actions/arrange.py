"""Actions that put neurons somewhere else: circles, layers, forces, rows."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from editor.actions.edit import no_neurons
from engine.network.edits import MoveNeurons


def empty(window: Any) -> str:
    """Why there is nothing to arrange."""
    return "" if window.document.network.neuron_count else "There are no neurons yet."


def arrange(window: Any, how: str) -> None:
    """Lay the selected neurons out, or all when none are selected."""
    from engine.analysis import layouts

    chosen = window.bench.neurons()
    ids, at = layouts.arrange(window.document.network, how, chosen if len(chosen) > 1 else None)
    if len(ids):
        glide(window, MoveNeurons(ids, at))


def glide(window: Any, edit: MoveNeurons) -> bool:
    """Make a move that is seen happening, also where it leads out of view; returns whether it was made."""
    is_done = bool(window.bench.do(edit))
    canvas = window.canvas
    if is_done and canvas is not None:
        canvas.follow(edit, animated=True)
        size = canvas.width(), canvas.height()
        seen = canvas.camera.to_px(edit.at, *size)
        if (seen < 0.0).any() or (seen > size).any():
            canvas.fit()
    return is_done


def straighten(window: Any, how: str, word: str) -> None:
    """Align or distribute the selected neurons."""
    from engine.analysis import layouts

    ids = window.bench.neurons()
    at = getattr(layouts, how)(window.document.network.positions_of(ids), word)
    glide(window, MoveNeurons(ids, at))


@action("Circle", "Arrange", icon="fa6s.circle-notch", why_not=empty, words="layout ring")
def arrange_circle(window: Any) -> None:
    """Put the neurons on a circle."""
    arrange(window, "circle")


@action("Grid", "Arrange", icon="fa6s.table-cells", why_not=empty, words="layout")
def arrange_grid(window: Any) -> None:
    """Put the neurons on a grid."""
    arrange(window, "grid")


@action("Layers", "Arrange", icon="fa6s.layer-group", why_not=empty, words="layout layered feedforward")
def arrange_layers(window: Any) -> None:
    """Put each population in a column, in the order in which they reach each other."""
    arrange(window, "layered")


@action("By population", "Arrange", icon="fa6s.braille", why_not=empty, words="layout cluster")
def arrange_by_population(window: Any) -> None:
    """Put the neurons of each population together."""
    arrange(window, "by_population")


@action(
    "Pull together what is wired", "Arrange", icon="fa6s.magnet", why_not=empty, words="layout force spring"
)
def arrange_force(window: Any) -> None:
    """Let synapses pull neurons together and neurons push each other apart."""
    arrange(window, "force")


@action("Left", "Arrange/Align", group=1, why_not=no_neurons)
def align_left(window: Any) -> None:
    """Align the selected neurons with the leftmost."""
    straighten(window, "align", "left")


@action("Right", "Arrange/Align", group=1, why_not=no_neurons)
def align_right(window: Any) -> None:
    """Align the selected neurons with the rightmost."""
    straighten(window, "align", "right")


@action("Top", "Arrange/Align", group=1, why_not=no_neurons)
def align_top(window: Any) -> None:
    """Align the selected neurons with the topmost."""
    straighten(window, "align", "top")


@action("Bottom", "Arrange/Align", group=1, why_not=no_neurons)
def align_bottom(window: Any) -> None:
    """Align the selected neurons with the lowest."""
    straighten(window, "align", "bottom")


@action("Across", "Arrange/Distribute", group=1, why_not=no_neurons)
def distribute_across(window: Any) -> None:
    """Space the selected neurons evenly from left to right."""
    straighten(window, "distribute", "horizontal")


@action("Down", "Arrange/Distribute", group=1, why_not=no_neurons)
def distribute_down(window: Any) -> None:
    """Space the selected neurons evenly from top to bottom."""
    straighten(window, "distribute", "vertical")
