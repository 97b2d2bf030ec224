"""What the start page and the empty canvas ask for, and how the window grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.drawing import placing
from editor.drawing.usual import usual
from editor.transport.quiet import without_input

if TYPE_CHECKING:
    from editor.main_window import MainWindow


class Wishes(QObject):
    """Grants what is asked for in the middle of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window

    def grant(self, kind: str, what: str) -> None:
        """What the start page asks for: a kind, and a name or a path."""
        window = self.window
        match kind:
            case "example":
                window.files.open_example(what)
            case "file":
                window.files.open(what)
            case "recovered":
                window.recovery.open(what)
            case "decline" | "throw away":
                window.recovery.put_away(what, for_good=kind == "throw away")
            case "open":
                window.files.ask_open()
            case "tour":
                self.start_tour()
            case "new":
                window.files.new()
            case "back":
                window.middle.leave_start()
            case _:
                window.say(f"Nothing can be done about {kind} {what} here.", True)

    def take(self, offer: str) -> None:
        """What the canvas offers, while there is little on it, was taken."""
        window = self.window
        match offer:
            case "neuron":
                window.use_tool("neuron")
            case "hundred":
                window.bench.do(
                    placing.population(window.document.network, window.next, window.middle_place(), 100)
                )
                window.canvas.fit()
            case "example":
                window.show_start()
            case "input":
                self._give_input()
            case "again":
                window.document.play_again()

    def start_tour(self) -> None:
        """Begin the first steps on an empty canvas."""
        self.window.files.new()
        if not self.window.document.network.neuron_count:
            self.window.middle.show_tour()

    def _give_input(self) -> None:
        """Drive what is selected, or else what no synapse reaches."""
        window = self.window
        driven = window.bench.neurons()
        if not len(driven):
            driven = without_input(window.document.network)
        if window.bench.do(placing.stimulus(window.document.network, usual("input"), driven)):
            window.feed.quiet.start_over()
