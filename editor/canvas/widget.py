"""The canvas as a widget: it shows a scene, moves the camera, and hands the mouse to a gesture.

The pixels come from `Picture`; a worker thread redraws the standing picture when that takes long.  Until the
kernels that draw it are compiled there is a `Sketch`.  The canvas repaints only while something moves.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.canvas import mouse
from editor.canvas.changes import Changes
from editor.canvas.compiled import GLANCE, KERNELS
from editor.canvas.detail import Detail
from editor.canvas.emphasis import NOTHING, Emphasis
from editor.canvas.follow import Follower
from editor.canvas.glide import Glide, places
from editor.canvas.intake import Intake
from editor.canvas.overlay import hands
from editor.canvas.overlay.chrome import Chrome, foot
from editor.canvas.overlay.inset import Inset
from editor.canvas.overlay.items import Items
from editor.canvas.picking import Pick
from editor.canvas.picture import CROSS_FADE, Picture
from editor.canvas.pointer import Gesture, PanGesture, Pointer
from editor.canvas.scene import Scene
from editor.canvas.sketch import Sketch
from editor.canvas.standing import Painter
from editor.canvas.view import CanvasView
from editor.canvas.worker import Worker
from editor.window.theme import DARK, Theme

QUICK = 0.007
"""Standing pictures that take less than this (s) are drawn in the window's own thread."""
FRAME = 16
"""Milliseconds between frames while something moves."""
GLIDE = 0.16
"""Time constant with which the camera follows where it was sent, s."""
DIM = 0.14
"""Time constant with which the rest steps back from a selection, s."""
LARGE = 4000
"""Circuits of more synapses than this are first drawn by the worker."""


class CanvasWidget(CanvasView):
    """Shows a circuit and what happens in it."""

    ghost_chosen = Signal(str)
    """An action that the canvas offers was chosen: "neuron", "hundred", "example" or "input"."""
    hovered_changed = Signal(object)
    """What is under the pointer now, a `Pick`."""
    _layer_ready = Signal()

    _mouse: mouse.Mouse | None = None

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        """Make an empty canvas."""
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 200)
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription("The circuit: neurons, synapses and what happens in them")
        self.clock: Callable[[], float] = time.perf_counter
        self.changes = Changes()
        self.chrome = Chrome()
        self.hovered = Pick()
        self.speed = 1.0
        """Biological over wall time, as it is achieved."""
        self.paints = 0
        """How often the canvas was painted."""
        self._gesture: Gesture = PanGesture()
        self._detail: Detail | None = None
        self._chosen = (NOTHING, NOTHING)
        self._dim = 0.0
        self._last = self.clock()
        self._network: Any = None
        self._follower: Follower | None = None
        self._intake = Intake(self.scene, self.changes)
        self._glide: Glide | None = None
        self._picture: Picture | None = None
        self._painter = Painter()
        self._sketch = Sketch()
        self._took = 0.0
        self._layer_ready.connect(self._take_layer)
        self._worker = Worker(self._layer_ready.emit)
        self._mouse = mouse.Mouse(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._tick)
        self._look_again = QTimer(self)
        self._look_again.setInterval(round(1000 * GLANCE))
        self._look_again.timeout.connect(self._leave_the_sketch)

    # ---- what is shown ---------------------------------------------------------------------------

    def set_network(self, network: Any, *, fit_view: bool = True) -> None:
        """Show another network; the view is fitted to it."""
        self.scene = Scene()
        self.changes = Changes()
        self._network = network
        self._follower = Follower(self.scene, network)
        self._start_over(fit_view)

    def set_scene(self, scene: Scene, *, fit_view: bool = True) -> None:
        """Show a scene that somebody else keeps up to date."""
        self.scene, self.changes = scene, Changes()
        self._network = self._follower = None
        self._start_over(fit_view)

    def _start_over(self, fit_view: bool) -> None:
        self._intake = Intake(self.scene, self.changes)
        self._glide = None
        self.items = Items()
        self.overlay.insets.clear()
        self._chosen = (NOTHING, NOTHING)
        self._painter = Painter()
        self._worker.stop()
        self._picture = None
        self._took = 0.0
        self._is_fitted = not fit_view
        self._set_hovered(Pick())
        if fit_view and self.width() > 1:
            self.fit(animated=False)
        self.touch()

    def follow(self, edit: Any, *, animated: bool = False) -> None:
        """The network was changed by this edit; `animated` lets what it moved glide to its place."""
        if self._follower is None:
            return
        self._land()
        before = places(self.scene) if animated else None
        self._follower.follow(edit)
        if before is not None:
            self._glide = Glide.of(before, self.scene, self.clock())
        self.touch()

    def sync(self) -> None:
        """The network was changed somehow: draw every difference."""
        if self._follower is not None:
            glide = self._glide
            self._land()
            self._follower.sync()
            self._glide = glide.still(self.scene) if glide is not None else None
            self.touch()

    def _land(self) -> None:
        """Let what still glides arrive at once."""
        if self._glide is not None:
            self._glide.show(self.scene, float("inf"))
            self._glide = None

    def show_frame(self, frame: Any) -> None:
        """Show a frame of the running engine (see `engine.live.frame.Frame`)."""
        achieved = float(getattr(frame, "achieved", 0.0))
        if achieved > 0.0:
            self.speed = achieved
        self._intake.take(frame, self._network, self.speed, self.clock())
        self.touch()

    def grown(self, message: Any) -> None:
        """The engine grew synapses (a `Grown` message): sprouts leave their neurons."""
        if self._follower is not None:
            self._follower.grow(message)
        self.changes.born(self.scene, message.ids, self.clock())
        self.touch()

    def pruned(self, message: Any) -> None:
        """The engine pruned synapses (a `Pruned` message): they retract.  Call before they are removed."""
        self.changes.died(self.scene, message.ids, self.clock())
        if self._follower is not None:
            self._follower.remember(message.projection)
        self.touch()

    def restart(self) -> None:
        """The run begins anew or goes back in time: stop every animation."""
        self.changes.forget(self.scene)
        self._intake.forget()
        self.touch()

    def _foot(self) -> list[QRectF]:
        return foot(self.chrome, self.theme, self.scene, self.width(), self.height())

    def select(self, neurons: Iterable[int] = (), synapses: Iterable[int] = ()) -> None:
        """Draw these in full and dim the rest."""
        self._chosen = (np.array(list(neurons), np.int64), np.array(list(synapses), np.int64))
        self.touch()

    @property
    def detail(self) -> Detail | None:
        """The level of detail the user insists on; None lets the zoom decide."""
        return self._detail

    @detail.setter
    def detail(self, detail: Detail | None) -> None:
        self._detail = detail
        self.touch()

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.theme = theme
        self._picture = None
        self.touch()

    @property
    def insets(self) -> list[Inset]:
        """Lenses in the corners that magnify a place; change the list, then `touch`."""
        return self.overlay.insets

    # ---- gestures --------------------------------------------------------------------------------

    @property
    def gesture(self) -> Gesture:
        """What the mouse does."""
        return self._gesture

    @gesture.setter
    def gesture(self, gesture: Gesture) -> None:
        self._gesture.cancel(self)
        self._gesture = gesture
        if self._mouse is not None:
            self._mouse.show_cursor()

    def touch(self) -> None:
        """Something changed: paint again, and keep painting for as long as anything moves."""
        self.update()
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _set_hovered(self, found: Pick) -> None:
        if found != self.hovered:
            self.hovered = found
            self.hovered_changed.emit(found)
            self.touch()

    def hover_at(self, pointer: Pointer) -> None:
        """Let what is under the pointer stand out; handles keep their neuron hovered."""
        name, _, id_ = pointer.hit.partition(":")
        if name in (hands.WIRE, hands.FIRE):
            self._set_hovered(Pick("neuron", int(id_)))
        else:
            self._set_hovered(pointer.pick)
        wanted = self.hovered.id if self.hovered.kind == "neuron" else 0
        if wanted != self.items.handles_for:
            self.items.handles_for = wanted
            self.touch()

    # ---- painting --------------------------------------------------------------------------------

    def emphasis(self) -> Emphasis:
        """What stands out now."""
        return Emphasis(
            self._chosen[0],
            self._chosen[1],
            self.hovered.id if self.hovered.kind == "neuron" else 0,
            self.hovered.id if self.hovered.kind == "synapse" else 0,
            self._dim,
        )

    def is_moving(self, now: float) -> bool:
        """Whether the picture will look different soon by itself."""
        picture = self._picture
        wants_dim = 1.0 if len(self._chosen[0]) or len(self._chosen[1]) else 0.0
        glia = self.scene.astrocytes["wave_at"]
        if not KERNELS.are_here():
            return bool(
                self._glide is not None or not self._camera.is_near(self._goal) or self.changes.is_active(now)
            )
        return bool(
            picture is None
            or self._glide is not None
            or not self._camera.is_near(self._goal)
            or abs(self._dim - wants_dim) > 0.01
            or picture.is_fading(now)
            or self.changes.is_active(now)
            or any(now - m.released_at < 5.0 for m in self.scene.modulators)
            or (len(glia) and float(now - glia.max()) < 2.6)
            or (np.abs(self.scene.synapses["eligibility"]) > 0.03).any()
            or picture.is_behind(self._camera)
        )

    def _tick(self) -> None:
        if self.is_moving(self.clock()):
            self.update()
        else:
            self._timer.stop()

    def _advance(self, now: float) -> None:
        """Move the camera and the dimming on to this moment."""
        passed = min(max(now - self._last, 0.0), 0.1)
        self._last = now
        if self._glide is not None and self._glide.show(self.scene, now):
            self._glide = None
        if self._camera != self._goal:
            self._camera = self._camera.towards(self._goal, 1.0 - float(np.exp(-passed / (0.4 * GLIDE))))
            if self._camera.is_near(self._goal):
                self._camera = self._goal
        wants = 1.0 if len(self._chosen[0]) or len(self._chosen[1]) else 0.0
        self._dim += (wants - self._dim) * (1.0 - float(np.exp(-passed / (0.5 * DIM))))
        if abs(self._dim - wants) < 0.01:
            self._dim = wants

    def _ready_picture(self, now: float, *, lags: bool = True) -> Picture:
        """The picture in the size of the widget; a standing part that `lags` is redrawn or asked for."""
        wide, high = self._size_px()
        ratio = self.devicePixelRatioF()
        picture = self._picture
        if picture is None or (picture.width, picture.height, picture.ratio) != (wide, high, ratio):
            before = picture.standing if picture is not None else None
            picture = self._picture = Picture(self.scene, self.theme, wide, high, ratio, self.changes)
            picture.standing = before
        picture.detail, picture.speed = self._detail, self.speed
        if lags and picture.is_behind(self._camera):
            is_first = picture.standing is None and len(self.scene.synapses) <= LARGE
            if self._took < QUICK and (picture.standing is not None or is_first):
                begun = time.perf_counter()
                picture.put(self._painter.paint(picture.request(self._camera, lend=False)), now)
                self._took = time.perf_counter() - begun
            elif not self._worker.is_busy:
                self._worker.ask(picture.request(self._camera))
        return picture

    def _take_layer(self) -> None:
        standing = self._worker.take()
        if standing is None or self._picture is None:
            return
        if standing.request.theme is not self.theme:
            return
        self._took = self._worker.took
        self._picture.put(standing, self.clock())
        self.touch()

    def draw_now(self) -> None:
        """Draw the standing picture at once in this thread: for tests and screenshots."""
        picture = self._ready_picture(self.clock(), lags=False)
        if picture.is_behind(self._camera):
            now = self.clock() - CROSS_FADE
            picture.put(self._painter.paint(picture.request(self._camera, lend=False)), now)

    def paintEvent(self, event: QPaintEvent) -> None:
        try:
            self._paint()
        except Exception as error:  # out of a paint event it would end the process; this way it is reported
            sys.excepthook(type(error), error, error.__traceback__)

    def _paint(self) -> None:
        now = self.clock()
        self.paints += 1
        if not self._is_fitted and self.width() > 1:
            self.fit(animated=False)
        self._advance(now)
        is_whole = KERNELS.are_here()
        picture = self._ready_picture(now, lags=is_whole)
        pixels = picture.compose(self._camera, self.emphasis(), now) if is_whole else None
        painter = QPainter(self)
        try:
            if pixels is None:
                self._draw_sketch(painter, picture, now)
            else:
                high, wide = pixels.shape
                # `pixels` belongs to the picture and outlives the image
                image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32)
                image.setDevicePixelRatio(picture.ratio)
                painter.drawImage(QPointF(0.0, 0.0), image)
            self.overlay.paint(painter, picture, self._camera, self.chrome, self.items, self.emphasis(), now)
        finally:
            painter.end()
        if self.isVisible() and not self._timer.isActive() and self.is_moving(now):
            self._timer.start()

    def _draw_sketch(self, painter: QPainter, picture: Picture, now: float) -> None:
        """What can be drawn without the kernels; asks again whether they are there."""
        self.changes.advance(self.scene, now)
        size = QSize(picture.width, picture.height)
        self._sketch.draw(
            painter, self.scene, self.theme, self._camera, size, picture.ratio, now, self.emphasis()
        )
        if not self._look_again.isActive():
            self._look_again.start()

    def _leave_the_sketch(self) -> None:
        if KERNELS.are_here():
            self._look_again.stop()
            self.touch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keep_in_sight()
        self.touch()

    def sizeHint(self) -> QSize:
        return QSize(1000, 640)

    def hideEvent(self, event: Any) -> None:
        self._timer.stop()
        self._look_again.stop()
        self._worker.stop()
        super().hideEvent(event)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.touch()

    def event(self, event: QEvent) -> bool:
        """Mouse, wheel, keys and drops go through `mouse.Mouse`."""
        if self._mouse is not None and self._mouse.takes(event):
            return True
        return super().event(event)
