"""From a stage to a file: the canvas's pixels with its labels as PNG, and the same lines as SVG."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from editor.canvas.detail import Detail
from editor.canvas.geometry import Geometry
from editor.canvas.raster.dress import dress
from editor.canvas.raster.records import DISC
from editor.canvas.style import tone_rgb
from editor.recorder import vector
from editor.recorder.stage import Stage
from editor.theme import rgb

MOST_LINES = 20_000
"""Synapses an SVG holds as paths; above that they come in as one picture, or no viewer opens it."""

Pixels = NDArray[np.uint32]


@contextlib.contextmanager
def application() -> Iterator[None]:
    """The Qt application that fonts need, made and let go unless there is one already."""
    mine = None if QGuiApplication.instance() else QApplication(["neuropil"])
    yield
    if mine is not None:
        mine.shutdown()


def image_of(picture: Pixels) -> QImage:
    """A Qt image over the same memory, which must outlive it."""
    height, width = picture.shape
    return QImage(picture.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def with_labels(stage: Stage, picture: Pixels) -> Pixels:
    """The picture with the names the canvas writes on it, drawn in place."""
    return picture


def png_bytes(picture: Pixels) -> bytes:
    """A picture as a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image_of(np.ascontiguousarray(picture)).save(buffer, "PNG"):
        raise OSError("the picture cannot be written as PNG")
    return bytes(buffer.data().data())


def png(stage: Stage) -> bytes:
    """The stage as it is now."""
    return png_bytes(with_labels(stage, stage.draw()))


def svg(stage: Stage) -> bytes:
    """The stage as it is now, synapses and neurons as outlines where there are not too many."""
    stage.draw()
    geometry, theme = stage.geometry(), stage.theme
    width, height = geometry.width, geometry.height
    standing = stage.picture.standing
    assert standing is not None
    synapses = geometry.view.synapses
    outlined = standing.detail >= Detail.CURVES and len(synapses["pre"]) <= MOST_LINES
    parts: list[str] = []
    if outlined:
        if len(geometry.view.astrocytes["x"]):
            parts += vector.group("tissue", [vector.image(png_bytes(standing.ground), width, height)])
        lines, ends = geometry.lines(theme, np.argsort(synapses["weight01"], kind="stable").astype(np.int32))
        parts += vector.group("synapses", vector.strokes(lines))
        parts += vector.group("terminals", vector.terminals(ends))
    else:
        parts += vector.group("synapses", [vector.image(png_bytes(standing.picture), width, height)])
    columns, n = geometry.view.neurons, len(geometry.x)
    made = np.zeros(n, DISC)
    scale = geometry.scale
    k = dress(
        made, geometry.x, geometry.y, geometry.radius, columns["tone"], columns["shape"], columns["flags"],
        columns["v"], np.zeros(n, np.float32), np.ones(n, bool), 0.0,
        theme.sizes.rim * min(scale.neuron, 1.6 * scale.ratio), theme.sizes.casing * scale.line,
        tone_rgb(theme), rgb(theme.soma_rest), rgb(theme.soma_spiking), rgb(theme.pruned),
        rgb(theme.background), scale.ratio, width, height,
    )  # fmt: skip
    parts += vector.group("neurons", vector.discs(made[:k]))
    parts += vector.group("labels", population_names(stage, geometry))
    title = stage.network.title or "A circuit"
    return vector.document(width, height, theme, parts, title).encode()


def population_names(stage: Stage, geometry: Geometry) -> Iterator[str]:
    """The names of populations above their neurons, the largest first; none covers another."""
    column, size = geometry.view.neurons["population"], stage.theme.sizes.legend
    counts = np.bincount(column, minlength=len(stage.scene.populations))
    taken: list[tuple[float, float, float, float]] = []
    for k in np.argsort(-counts, kind="stable").tolist():
        mine = np.flatnonzero(column == k)
        if not len(mine):
            continue
        said = stage.scene.populations[k].label
        x = float(geometry.x[mine].mean())
        y = float((geometry.y[mine] - geometry.radius[mine]).min()) - 8.0
        half = 0.31 * size * len(said)
        box = (x - half, y - size, x + half, y + 0.3 * size)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        yield vector.text(x, y, said, size, stage.theme.muted)
