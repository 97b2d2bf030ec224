"""The hands: which gesture a press begins, from the tool in hand, the keys and what is under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu

from editor.canvas.overlay.items import Brush as Tip
from editor.canvas.overlay.items import Reason, Ring
from editor.canvas.picking import Pick
from editor.canvas.pointer import Gesture, PanGesture, Pointer
from editor.drawing.next_drawn import NextDrawn
from editor.drawing.workbench import Workbench
from editor.gestures import brushing, firing
from editor.gestures.moving import Move
from editor.gestures.noting import NoteLine
from editor.gestures.offers import Attached, Wrapped, meant_by, petals, wrapped_by
from editor.gestures.putting import (
    Attach,
    PlaceAstrocyte,
    PlaceNeurons,
    StampPopulation,
)
from editor.gestures.radial_menu import RadialMenu
from editor.gestures.selecting import Frame, click
from editor.gestures.taken import Taken
from editor.gestures.thing_menu import menu_of
from editor.gestures.wiring import Rewire, Wire
from editor.palette.cards import PROBE, Card
from editor.palette.drop import ATTACHED, card_in, edit_at
from editor.palette.tools import BRUSHES

if TYPE_CHECKING:
    from editor.gestures.wiring_panel import WiringPanel

REWIRES = "drag to another neuron"
ENDS = 0.18
"""Share of a synapse, from either end, by which it can be taken to rewire it."""


class Click(Taken):
    """A press that may become a drag: a click selects, a drag is what `drags` makes of it."""

    def __init__(self, bench: Workbench, canvas: Any, start: Pointer) -> None:
        super().__init__(bench, canvas, start)
        self.drag: Taken | None = None

    def drags(self) -> Taken:
        """What a drag from here is: moving neurons, rewiring a selected synapse, or a frame."""
        pick, bench = self.start.pick, self.bench
        if self.start.ctrl:
            return Frame(bench, self.canvas, self.start, is_lasso=True)
        if pick.kind in ("neuron", "astrocyte"):
            return Move(bench, self.canvas, self.start)
        if pick.kind == "synapse" and bench.selection.has("synapse", pick.id):
            if pick.at < ENDS:
                return Rewire(bench, self.canvas, self.start, pick.id, "pre")
            if pick.at > 1.0 - ENDS:
                return Rewire(bench, self.canvas, self.start, pick.id, "post")
        return Frame(bench, self.canvas, self.start)

    def move(self, pointer: Pointer) -> None:
        """Become a drag once it has moved."""
        if self.drag is None and self.has_moved(pointer):
            self.drag = self.drags()
        if self.drag is not None:
            self.drag.move(pointer)

    def end(self, pointer: Pointer) -> None:
        """A click selects."""
        self.is_over = True
        if self.drag is not None:
            self.drag.end(pointer)
        else:
            click(self.bench.selection, pointer)

    def cancel(self) -> None:
        """Give up the drag."""
        if self.drag is not None:
            self.drag.cancel()
        super().cancel()


class Hands(Gesture):
    """Installed on the canvas; reads the tool in hand at every press."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.taken: Taken | None = None
        self.brush_radius = brushing.RADIUS
        self.menu: QMenu | RadialMenu | None = None
        self.editor: NoteLine | None = None
        self.panel: WiringPanel | None = None
        self._held_fire: firing.Fire | None = None
        """X, while it is down."""
        self._placed: Taken | None = None
        """The last gesture, if it placed something."""
        self._pan = PanGesture()
        self._last: Pointer | None = None

    @property
    def tool(self) -> str:
        """The tool in hand."""
        return self.bench.coming.tool

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return self.taken is not None and not self.taken.is_over

    @property
    def cursor(self) -> str:  # type: ignore[override]
        """What the pointer looks like with this tool."""
        if self._is_at_end(self._last):
            return "hand"
        return {"select": "", "hand": "grab", "brush": "cross"}.get(self.tool, "cross")

    def _is_at_end(self, pointer: Pointer | None) -> bool:
        """Whether a press here would take hold of the end of a selected synapse."""
        if pointer is None or self.tool != "select" or pointer.pick.kind != "synapse" or pointer.hit:
            return False
        is_near = pointer.pick.at < ENDS or pointer.pick.at > 1.0 - ENDS
        return is_near and self.bench.selection.has("synapse", pointer.pick.id)

    # -- the mouse -----------------------------------------------------------------------------------

    def begin(self, canvas: Any, pointer: Pointer) -> None:
        """A press: begin a gesture, or give the one that goes on its next point."""
        self._last = pointer
        if isinstance(self.taken, Wire) and not self.taken.is_over and pointer.button == "left":
            return  # a wire that was begun with a click waits for its target
        if self.taken is not None and not self.taken.is_over:
            self.taken.cancel()  # its release was lost, or the other button gives it up
        self.taken = None
        if pointer.button == "right":
            return
        self.taken = self._begun(canvas, pointer)

    def _begun(self, canvas: Any, pointer: Pointer) -> Taken | None:
        bench = self.bench
        handle, _, id = pointer.hit.partition(":")
        if handle == "wire" and id:
            return Wire(bench, canvas, pointer, int(id))
        if handle == "fire" and id:
            return firing.Fire(bench, canvas, pointer, firing.meant(bench, int(id)), f"fire:{id}")
        if pointer.clicks == 2 and self.tool == "select" and pointer.pick.is_nothing and not pointer.hit:
            return PlaceNeurons(bench, canvas, pointer)
        if pointer.clicks == 2 and self._placed is not None and not self._placed.has_moved(pointer):
            return Taken(bench, canvas, pointer)  # the first click of the two has placed it
        match self.tool:
            case "hand":
                self._pan.begin(canvas, pointer)
                return None
            case "neuron" if pointer.pick.kind not in ("neuron", "astrocyte"):
                return PlaceNeurons(bench, canvas, pointer)
            case "population":
                return StampPopulation(bench, canvas, pointer)
            case "wire" if pointer.pick.kind == "neuron":
                return Wire(bench, canvas, pointer, pointer.pick.id)
            case "input" | "modulator" as kind:
                return Attach(bench, canvas, pointer, kind)
            case "probe":
                return Attach(bench, canvas, pointer, PROBE)
            case "astrocyte":
                return PlaceAstrocyte(bench, canvas, pointer)
            case "brush":
                return brushing.Stroke(bench, canvas, pointer, bench.coming.brush, self.brush_radius)
            case "note":
                self._write_note(canvas, pointer)
                return None
        return Click(bench, canvas, pointer)

    def move(self, canvas: Any, pointer: Pointer) -> None:
        """The mouse is dragged."""
        self._last = pointer
        if self.taken is not None:
            self.taken.move(pointer)
        elif self.tool == "hand":
            self._pan.move(canvas, pointer)

    def end(self, canvas: Any, pointer: Pointer) -> None:
        """The button was let go."""
        self._last = pointer
        if pointer.button == "right":
            self._context(canvas, pointer)
            return
        self._pan.end(canvas, pointer)
        if self.taken is not None:
            self.taken.end(pointer)
            if self.taken.is_over:
                places = isinstance(self.taken, PlaceNeurons | StampPopulation | PlaceAstrocyte)
                self._placed = self.taken if places else None
                self.taken = None

    def cancel(self, canvas: Any) -> None:
        """Escape."""
        if self.taken is not None:
            self.taken.cancel()
            self.taken = None
        if self._held_fire is not None:
            self._held_fire.cancel()
            self._held_fire = None
        self._pan.cancel(canvas)

    def hover(self, canvas: Any, pointer: Pointer) -> None:
        """Let what is under the pointer stand out; a wire follows it, a brush shows its tip."""
        self._last = pointer
        hint = REWIRES if self._is_at_end(pointer) and self.taken is None else ""
        shown = canvas.items.reason
        if hint:
            canvas.items.reason = Reason(pointer.at, hint, is_refusal=False)
            canvas.touch()
        elif shown is not None and shown.text == REWIRES:
            canvas.items.reason = None
            canvas.touch()
        if isinstance(self.taken, Wire):
            self.taken.move(pointer)
        elif self.tool == "brush":
            canvas.items.brush = Tip(pointer.at, self.brush_radius, self.bench.coming.brush)
            canvas.touch()
        elif canvas.items.brush is not None:
            canvas.items.brush = None
            canvas.touch()

    def leave(self, canvas: Any) -> None:
        """The mouse left the canvas."""
        self._last = None
        if self.taken is None:
            canvas.items.reason = None
        if canvas.items.brush is not None:
            canvas.items.brush = None
            canvas.touch()

    def key(self, canvas: Any, key: str, *, is_press: bool, repeats: bool) -> bool:
        """X fires what is under the pointer, or the selection; brackets size the brush."""
        if key == "X":
            if is_press and not repeats:
                self._fire_under(canvas)
            elif not is_press and not repeats and self._held_fire is not None:
                self._held_fire.end(self._held_fire.start)
                self._held_fire = None
            return True
        if not is_press:
            return False
        if key in ("[", "]") and self.tool == "brush":
            factor = 1.25 if key == "]" else 0.8
            self.brush_radius = float(np.clip(self.brush_radius * factor, 8.0, 240.0))
            if self._last is not None:
                self.hover(canvas, self._last)
            return True
        return False

    def _fire_under(self, canvas: Any) -> None:
        """Fire the neuron under the pointer, else those selected, until the key is let go."""
        if self._held_fire is not None:
            self._held_fire.cancel()
            self._held_fire = None
        under = canvas.hovered
        neurons = np.array([under.id], np.int64) if under.kind == "neuron" else self.bench.neurons()
        if len(neurons):
            start = self._last or Pointer(0.0, 0.0, (0.0, 0.0), Pick())
            self._held_fire = firing.Fire(self.bench, canvas, start, neurons)
        else:
            self.bench.say("X fires the neuron under the pointer, or those selected: there is none.", False)

    # -- cards of the palette ------------------------------------------------------------------------

    def drag_over(self, canvas: Any, pointer: Pointer, payload: object) -> bool:
        """Welcome a card that can be dropped here; show what it would be, or why it cannot."""
        card = card_in(payload)
        if card is None:
            return False
        canvas.hover_at(pointer)
        items, ids = canvas.items, self.bench.network.ids
        items.clear()
        mark = ids.next
        answer = "" if self._meant(card, pointer) else edit_at(self.bench, card, pointer)
        ids.next = mark  # nothing was made
        if isinstance(answer, str) and answer:
            items.reason = Reason(pointer.at, answer)
        elif pointer.pick.kind == "neuron" and card.kind in ATTACHED:
            items.rings = [Ring(pointer.pick.id)]
        elif card.kind not in ("rule", PROBE) and pointer.pick.kind != "synapse":
            items.ghosts = np.array([pointer.um])
            items.ghost_sign = 0 if card.kind == "astrocyte" else self.bench.coming.sign
        canvas.touch()
        return not (isinstance(answer, str) and answer)

    def drag_leave(self, canvas: Any) -> None:
        """The card is elsewhere."""
        canvas.items.clear()
        canvas.touch()

    def drop(self, canvas: Any, pointer: Pointer, payload: object) -> bool:
        """Do what the card does here; a rule on one of several asks which are meant."""
        card = card_in(payload)
        if card is None:
            return False
        self.drag_leave(canvas)
        if choices := self._meant(card, pointer):
            self._ask(canvas, pointer, choices)
            return True
        if card.kind == "neuron":
            drawn = NextDrawn(card.slug, self.bench.coming.sign, 0)
            return bool(len(self.bench.put(drawn, [[*pointer.um, 0.0]])))
        return self.bench.do(edit_at(self.bench, card, pointer))

    def _meant(self, card: Card, pointer: Pointer) -> list[Attached] | list[Wrapped]:
        """What a rule or an astrocyte dropped here may be meant for, when that is a question."""
        if card.kind == "astrocyte":
            return wrapped_by(self.bench, card.slug, pointer.pick, pointer.um)
        return meant_by(self.bench, card.slug, pointer.pick) if card.kind == "rule" else []

    def _ask(self, canvas: Any, pointer: Pointer, choices: list[Attached] | list[Wrapped]) -> None:
        if len(choices) == 1:
            choices[0].do()
            return
        menu = QMenu(canvas)
        for choice in choices:
            menu.addAction(choice.words).triggered.connect(choice.do)
        menu.setProperty("choices", choices)  # they live as long as the menu
        self._pop(menu, canvas, pointer)

    # -- menus ---------------------------------------------------------------------------------------

    def _context(self, canvas: Any, pointer: Pointer) -> None:
        """Right click: on nothing, what to place here; on a thing, what to do with it."""
        if self.tool == "brush":
            menu = QMenu(canvas)
            for slug, name, sentence in BRUSHES:
                chosen = menu.addAction(f"{name}: {sentence}")
                chosen.setData(slug)
            menu.triggered.connect(self._choose_brush)
            self._pop(menu, canvas, pointer)
        elif pointer.pick.is_nothing and not pointer.hit:
            self.menu = RadialMenu(canvas, canvas.theme, QPointF(*pointer.at), petals(self.bench, pointer.um))
            self.menu.destroyed.connect(self._forget_menu)
        else:
            self._pop(menu_of(canvas, self.bench, pointer), canvas, pointer)

    def _choose_brush(self, action: Any) -> None:
        self.bench.coming.set(brush=action.data())

    def _pop(self, menu: QMenu, canvas: Any, pointer: Pointer) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu = menu
        menu.destroyed.connect(self._forget_menu)
        menu.popup(canvas.mapToGlobal(QPointF(*pointer.at).toPoint()))

    def _forget_menu(self) -> None:
        self.menu = None

    def open_wiring(self, canvas: Any) -> None:
        """Open the wiring panel, or come back to it."""
        from editor.gestures.wiring_panel import WiringPanel

        if self.panel is None:
            self.panel = WiringPanel(self.bench, canvas)
            self.panel.destroyed.connect(self._forget_panel)
        self.panel.raise_()
        self.panel.refresh()

    def _forget_panel(self) -> None:
        self.panel = None

    # -- notes ---------------------------------------------------------------------------------------

    def _write_note(self, canvas: Any, pointer: Pointer) -> None:
        """A line to write into, at the pointer; Enter pins it to the tissue."""
        self.editor = NoteLine(canvas, self.bench, pointer)
        self.editor.destroyed.connect(self._forget_editor)

    def _forget_editor(self) -> None:
        self.editor = None
