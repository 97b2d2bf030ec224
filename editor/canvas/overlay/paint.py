"""The whole overlay, in its order; the window and `neuropil render` draw the same."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from editor.canvas.bundles import Clusters
from editor.canvas.camera import Camera
from editor.canvas.compiled import KERNELS
from editor.canvas.detail import Detail
from editor.canvas.emphasis import NOTHING, Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.overlay import chrome as words
from editor.canvas.overlay import halves, hands, instruments, labels, notes
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.overlay.inset import Inset
from editor.canvas.overlay.items import Items
from editor.canvas.overlay.minimap import Minimap
from editor.canvas.overlay.pens import chip
from editor.canvas.picture import Picture

PACE = 30.0
"""Px that the badge of slow time takes between the scale bar and the minimap."""

SAID = 18.0
"""Px over the bottom at which it is written what is being sent."""


class Overlay:
    """Draws words, labels, handles and the minimap, and knows afterwards what lies where."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        self.minimap = Minimap()
        self.insets: list[Inset] = []
        self.boxes: dict[str, QRectF] = {}
        """What was drawn where: "input:3", "note:2", "ghost:neuron", "minimap"."""
        self.hidden = ""
        """What level of detail left out of the last picture, as it was written."""
        self._clusters: tuple[int, Clusters | None] = (-1, None)

    def paint(
        self,
        painter: QPainter,
        picture: Picture,
        camera: Camera,
        chrome: Chrome,
        items: Items,
        emphasis: Emphasis,
        now: float,
    ) -> None:
        """Draw the overlay; the painter's unit is the logical px."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        scene, theme, ratio = picture.scene, picture.theme, picture.ratio
        view = scene.look()
        geometry = Geometry.of(view, theme, camera, picture.width, picture.height, ratio)
        wide, high = picture.width / ratio, picture.height / ratio
        self.boxes = {}
        standing = picture.standing
        names_hidden = 0
        is_whole = KERNELS.are_here()
        if len(scene.neurons):
            for inset in self.insets if is_whole else ():
                inset.draw(
                    painter,
                    theme,
                    scene,
                    picture.changes,
                    geometry,
                    now,
                    picture.speed,
                    28.0 if chrome.strip else 0.0,
                )
            if items.halves is not None and len(items.halves.ids) <= halves.MOST:
                halves.draw(painter, theme, geometry, scene, items.halves)
            self.boxes |= instruments.draw(painter, theme, geometry, scene, chrome.left, chrome.corner)
            if standing is not None or not is_whole:
                if self._clusters[0] != scene.layout:
                    self._clusters = (scene.layout, Clusters.of(view))
                names_hidden = labels.draw(
                    painter,
                    theme,
                    geometry,
                    scene,
                    standing.detail if standing is not None else Detail.HAIRLINES,
                    emphasis if is_whole else replace(emphasis, synapses=NOTHING, hovered_synapse=0),
                    standing.load.in_view if standing is not None else 0,
                    self._clusters[1],
                    list(self.boxes.values()),
                )
        self.boxes |= notes.draw(painter, theme, geometry, scene)
        hands.draw(painter, theme, geometry, items)
        words.draw_title(painter, theme, chrome, wide)
        left = chrome.left
        if words.has_legend(chrome, wide, high - chrome.floor):
            left = words.draw_legend(painter, theme, scene, high - chrome.floor, chrome.left)
        if chrome.scale_bar and len(scene.neurons):
            words.draw_scale_bar(painter, theme, camera.zoom, wide, high - chrome.floor)
        lift = chrome.floor
        if chrome.pace and len(scene.neurons):
            words.draw_pace(painter, theme, chrome.pace, wide, high - chrome.floor)
            lift += PACE
        if chrome.minimap and is_whole:
            self.minimap.draw(painter, theme, scene, geometry, camera, lift)
            if self.minimap.box is not None:
                self.boxes["minimap"] = self.minimap.box
        self.hidden = ""
        if standing is not None and len(scene.synapses):
            self.hidden = words.hidden_text(
                standing.detail.name, standing.load.in_view, picture.hidden, names_hidden
            )
        counts = picture.changes.counts(now)
        self.boxes |= words.draw_notices(
            painter, theme, chrome, self.hidden, counts, left, wide, high - chrome.floor
        )
        if said := picture.changes.waves.words(now):
            chip(painter, theme, QPointF(0.5 * wide, high - chrome.floor - SAID), said, px=14.0)
        if chrome.ghosts and not len(scene.neurons) and not len(scene.astrocytes) and items.is_empty:
            self.boxes |= words.draw_ghosts(painter, theme, wide, high)

    def hit(self, x: float, y: float) -> str:
        """What was drawn under a place (logical px), meters and electrodes as their probe; "" for nothing."""
        at = QPointF(x, y)
        found = next((name for name, box in reversed(self.boxes.items()) if box.contains(at)), "")
        return f"probe:{found.split(':')[1]}" if found.startswith(("meter:", "electrode:")) else found
