"""The SVG shows what the kernels paint: both are drawn and laid over each other."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from editor.canvas.raster.ground import vignette
from editor.canvas.raster.marks import discs, glows, terminals
from editor.canvas.raster.records import (
    ARROW,
    BAR,
    CIRCLE,
    DIAMOND,
    DISC,
    DOUBLE_BAR,
    GLOW,
    ROUND,
    SQUARE,
    STROKE,
    TERMINAL,
    records,
)
from editor.canvas.raster.strokes import INK, strokes
from editor.recorder import vector
from editor.window.theme import DARK, LIGHT, rgb

WIDE, HIGH = 160, 120


def painted(theme, draw):
    picture = np.empty((HIGH, WIDE), np.uint32)
    vignette(picture, rgb(theme.background), rgb(theme.background_edge), 0, HIGH)
    draw(picture)
    return picture.view(np.uint8).reshape(HIGH, WIDE, 4)[..., :3].astype(int)


def drawn(theme, parts):
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    text = vector.document(WIDE, HIGH, theme, parts, "test")
    renderer = QSvgRenderer(QByteArray(text.encode()))
    assert renderer.isValid()
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(HIGH, WIDE, 4)[..., :3].astype(int)


def same(one, other, share=0.985):
    """Nearly every pixel agrees; outlines differ by how each softens them."""
    near = np.abs(one - other).max(axis=2) < 48
    changed = np.abs(one - one[0, 0]).max(axis=2) > 60
    assert changed.sum() > 50, "nothing was drawn"
    assert near.mean() > share, f"{1 - near.mean():.3f} of the pixels differ"


LINES = records(
    STROKE, 2,
    ax=[20, 30], ay=[20, 100], cx=[80, 60], cy=[10, 40], bx=[140, 130], by=[90, 100],
    begin=[0.0, 0.25], end=[1.0, 0.75], width_begin=6, width_end=6, alpha_begin=1, alpha_end=1,
    rgb=[0xFF5533, 0x33CC88], row=-1,
)  # fmt: skip


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_synapses_run_where_the_canvas_has_them(qapp, theme):
    picture = painted(theme, lambda p: strokes(p, LINES, INK, 0.0, 1.0, 0, HIGH))
    same(picture, drawn(theme, vector.strokes(LINES)))


@pytest.mark.parametrize("kind", [ARROW, BAR, ROUND, DOUBLE_BAR])
def test_every_terminal_points_the_same_way(qapp, kind):
    turns = np.array([0.3, 2.0, 4.1])
    ends = records(
        TERMINAL, 3, x=[40, 80, 120], y=[60, 50, 70], dx=np.cos(turns), dy=np.sin(turns), size=24,
        alpha=1, rgb=0xFF5533, kind=kind,
    )  # fmt: skip
    picture = painted(DARK, lambda p: terminals(p, ends, 0.0, 1.0, 0, HIGH))
    same(picture, drawn(DARK, vector.terminals(ends)))


@pytest.mark.parametrize("shape", [CIRCLE, DIAMOND, SQUARE])
def test_neurons_have_their_shape_rim_and_filling(qapp, shape):
    body = records(
        DISC, 2, x=[45, 110], y=[60, 60], radius=[26, 20], rim=3, casing=4, core=[0.5, 0.0], alpha=1,
        fill_rgb=0x1A2434, rim_rgb=0x56B4F9, core_rgb=0xFFF4D6, casing_rgb=0x0B0F17, shape=shape,
    )  # fmt: skip
    picture = painted(DARK, lambda p: discs(p, body, 0, HIGH))
    same(picture, drawn(DARK, vector.discs(body)), 0.96)


def test_light_falls_off_as_on_the_canvas(qapp):
    light = records(
        GLOW, 2, x=[50, 110], y=[60, 60], radius=[40, 25], alpha=[0.9, 0.6], rgb=[0xFFB000, 0x8FD3FF]
    )
    picture = painted(LIGHT, lambda p: glows(p, light, False, 0, HIGH))
    same(picture, drawn(LIGHT, vector.glows(light)))


def test_part_of_a_curve_is_that_curve():
    whole = (0.0, 0.0, 10.0, 20.0, 40.0, 0.0)
    part = vector.part_of((*whole, 0.2, 0.7))

    def at(curve, t):
        (ax, ay, cx, cy, bx, by), u = curve, 1 - t
        return u * u * ax + 2 * t * u * cx + t * t * bx, u * u * ay + 2 * t * u * cy + t * t * by

    for t in (0.0, 0.3, 1.0):
        assert at(part, t) == pytest.approx(at(whole, 0.2 + 0.5 * t))


def test_labels_cannot_break_out_of_the_document():
    label = vector.text(1, 2, "<script>&</script>", 12, "#ffffff")
    root = ElementTree.fromstring(vector.document(10, 10, DARK, [*vector.group('a"b', [label])], "x < y"))
    assert root.find(".//{*}text").text == "<script>&</script>"
    assert root.find("{*}title").text == "x < y"
