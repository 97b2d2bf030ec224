"""The drawing as SVG: the same strokes, terminals and neurons as in the picture, as paths one can edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from editor.canvas.bundles import Clusters, clouds, ribbons
from editor.canvas.camera import Camera
from editor.canvas.changes import flash
from editor.canvas.detail import Detail
from editor.canvas.geometry import Geometry
from editor.canvas.layers import star, tied
from editor.canvas.neurons import dressed, spike_lights
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.raster.layout import weak_to_strong
from editor.canvas.raster.records import GLOW, records
from editor.canvas.render import Renderer
from editor.canvas.standing import Standing
from editor.recorder import vector
from editor.window.theme import rgb

MOST_PATHS = 20_000
"""Drawings of more synapses than this have them as a picture underneath."""


def svg(renderer: Renderer, now: float = 0.0) -> str:
    """The scene of a renderer as one SVG document, at the size of its picture."""
    renderer.pixels(now)
    picture, camera = renderer.picture, renderer.camera
    standing = picture.standing
    assert standing is not None
    geometry = Geometry.of(
        picture.scene.look(), picture.theme, camera, picture.width, picture.height, picture.ratio
    )
    chrome = renderer.chrome or Chrome()
    parts: list[str] = []
    parts += vector.group("tissue", _tissue(renderer, geometry, standing))
    parts += vector.group("synapses", _synapses(renderer, geometry, standing))
    parts += vector.group("neurons", _neurons(renderer, geometry, now))
    parts += vector.group("words", _words(renderer, chrome, camera))
    return vector.document(picture.width, picture.height, picture.theme, parts, chrome.title or "circuit")


def _tissue(renderer: Renderer, geometry: Geometry, standing: Standing) -> Iterator[str]:
    """Territories have no outline: they come as a picture, and the stars on it as paths."""
    picture = renderer.picture
    glia = geometry.view.astrocytes
    if len(glia["x"]):
        yield vector.image(_png(standing.ground), picture.width, picture.height)
        colours = np.array([rgb(c) for c in picture.theme.astrocytes], np.uint32)
        x, y = geometry.project(glia["x"], glia["y"])
        own = colours[np.arange(len(x)) % len(colours)]
        yield from vector.strokes(tied(geometry, picture.theme))
        yield from vector.strokes(star(x, y, glia["id"], own, geometry.scale.neuron, glia["calcium"]))


def _synapses(renderer: Renderer, geometry: Geometry, standing: Standing) -> Iterator[str]:
    picture, theme = renderer.picture, renderer.picture.theme
    columns = geometry.view.synapses
    if standing.detail is Detail.BUNDLES:
        where = Clusters.of(geometry.view)
        yield from vector.glows(clouds(geometry, where, theme), "cloud")
        lines, ends = ribbons(geometry, where, theme)
    elif standing.detail is Detail.DENSITY or len(columns["pre"]) > MOST_PATHS:
        yield vector.image(_png(standing.picture), picture.width, picture.height)
        return
    else:
        lines, ends = geometry.lines(theme, weak_to_strong(columns["weight01"]))
    yield from vector.strokes(lines)
    yield from vector.terminals(ends)


def _neurons(renderer: Renderer, geometry: Geometry, now: float) -> Iterator[str]:
    picture = renderer.picture
    lit = flash(geometry.view.neurons["spike_at"], now)
    for lights in spike_lights(geometry, picture.theme, lit, np.ones(len(lit))):
        yield from vector.glows(lights)
    yield from vector.discs(dressed(geometry, picture.theme, lit))
    if not len(lit):
        yield from vector.glows(records(GLOW, 0))


def _words(renderer: Renderer, chrome: Chrome, camera: Camera) -> Iterator[str]:
    picture = renderer.picture
    theme, ratio = picture.theme, picture.ratio
    if chrome.title:
        size = theme.sizes.title * ratio
        yield vector.text(24 * ratio, 40 * ratio, chrome.title, size, theme.text, anchor="start", bold=True)
    if chrome.subtitle:
        yield vector.text(24 * ratio, 61 * ratio, chrome.subtitle, 12 * ratio, theme.muted, anchor="start")
    if chrome.strip:
        yield vector.text(24 * ratio, 18 * ratio, chrome.strip, 12 * ratio, theme.text, anchor="start")
    if chrome.pace:
        x, y = picture.width - 24 * ratio, picture.height - 68 * ratio
        yield vector.text(x, y, chrome.pace, 11.5 * ratio, theme.warning, anchor="end")
    scene = picture.scene
    for id, name in scene.names.items():
        row = int(scene.neurons.rows([id])[0])
        if row < 0:
            continue
        um = (float(scene.neurons["x"][row]), float(scene.neurons["y"][row]))
        x, y = camera.to_px(um, picture.width / ratio, picture.height / ratio) * ratio
        yield vector.text(float(x), float(y) + 16 * ratio, name, 9 * ratio, theme.muted)


def _png(pixels: Any) -> bytes:
    """A picture as PNG."""
    high, wide = pixels.shape
    image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32)
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise OSError("the picture could not be packed")
    return bytes(held.data())
