"""The canvas as an SVG: the records the kernels draw from, written as paths, discs and glows instead.

Positions and sizes are those of the picture, so that both show the same.  What has no outline (density,
bundles, the territories of astrocytes) comes in as one picture underneath.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from editor.canvas.raster.records import ARROW, BAR, DIAMOND, DOUBLE_BAR, NO_TERMINAL, SQUARE
from editor.window.theme import FONTS, Theme
from engine.legible import in_xml

Records = NDArray[Any]
STROKE_COLUMNS = (
    *("ax", "ay", "cx", "cy", "bx", "by", "begin", "end"),
    *("width_begin", "width_end", "alpha_begin", "alpha_end", "rgb"),
)


def document(width: int, height: int, theme: Theme, parts: Iterable[str], title: str) -> str:
    """A whole SVG: the ground of a theme, then the parts in their order."""
    fonts = ", ".join(FONTS)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family={quoteattr(fonts)}>',
            f"<title>{in_xml(title)}</title>",
            '<defs><radialGradient id="ground" gradientUnits="userSpaceOnUse" '
            f'cx="{width / 2:g}" cy="{height / 2:g}" r="{np.hypot(width, height) / 2:.6g}">'
            f'<stop offset="0" stop-color="{theme.background}"/>'
            f'<stop offset="1" stop-color="{theme.background_edge}"/></radialGradient></defs>',
            f'<rect width="{width}" height="{height}" fill="url(#ground)"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def group(name: str, lines: Iterable[str]) -> Iterator[str]:
    """Parts under a name, so that an illustrator finds the layer."""
    yield f"<g id={quoteattr(name)}>"
    yield from lines
    yield "</g>"


def image(png: bytes, width: int, height: int) -> str:
    """A picture that fills the whole drawing."""
    packed = base64.b64encode(png).decode()
    return f'<image width="{width}" height="{height}" href="data:image/png;base64,{packed}"/>'


def colour(value: int) -> str:
    """#RRGGBB of a number."""
    return f"#{int(value) & 0xFFFFFF:06x}"


def strokes(records: Records) -> Iterator[str]:
    """Synapses (records `STROKE`): one path each, at its middle width and opacity."""
    lines = (records[name].tolist() for name in STROKE_COLUMNS)
    for *shape, width_0, width_1, alpha_0, alpha_1, ink in zip(*lines, strict=True):
        ax, ay, cx, cy, bx, by = part_of(shape)
        yield (
            f'<path d="M{ax:.2f} {ay:.2f}Q{cx:.2f} {cy:.2f} {bx:.2f} {by:.2f}" fill="none" '
            f'stroke="{colour(ink)}" stroke-width="{0.5 * (width_0 + width_1):.2f}" '
            f'stroke-opacity="{0.5 * (alpha_0 + alpha_1):.3f}" stroke-linecap="round"/>'
        )


def part_of(shape: Sequence[float]) -> tuple[float, float, float, float, float, float]:
    """The quadratic curve (three points) from `begin` to `end` of another: blossoms of its control points."""
    ax, ay, cx, cy, bx, by, begin, end = shape

    def blossom(s: float, t: float) -> tuple[float, float]:
        u, v = 1.0 - s, 1.0 - t
        mixed = u * t + s * v
        return u * v * ax + mixed * cx + s * t * bx, u * v * ay + mixed * cy + s * t * by

    return (*blossom(begin, begin), *blossom(begin, end), *blossom(end, end))


def terminals(records: Records) -> Iterator[str]:
    """The ends of synapses (records `TERMINAL`): arrows, bars, buttons."""
    for x, y, dx, dy, size, alpha, ink, kind in records.tolist():
        if kind == NO_TERMINAL or alpha <= 0.0:
            continue
        paint = f'fill="{colour(ink)}" fill-opacity="{alpha:.3f}"'

        def at(back: float, side: float, x: float = x, y: float = y, dx: float = dx, dy: float = dy) -> str:
            return f"{x - dx * back - dy * side:.2f},{y - dy * back + dx * side:.2f}"

        if kind == ARROW:
            points = (at(0, 0), at(size, 0.47 * size), at(0.74 * size, 0), at(size, -0.47 * size))
            yield f'<polygon points="{" ".join(points)}" {paint}/>'
        elif kind in (BAR, DOUBLE_BAR):
            twin = kind == DOUBLE_BAR
            thick = max(0.6, 0.09 * size) if twin else max(0.9, 0.16 * size)
            reach = (0.55 if twin else 0.62) * size
            for middle in (-0.3 * size, 0.3 * size) if twin else (0.8,):
                near, far = middle - thick, middle + thick
                points = (at(near, reach), at(near, -reach), at(far, -reach), at(far, reach))
                yield f'<polygon points="{" ".join(points)}" {paint}/>'
        else:
            centre = at(0.4 * size, 0).split(",")
            yield f'<circle cx="{centre[0]}" cy="{centre[1]}" r="{0.42 * size:.2f}" {paint}/>'


def discs(records: Records) -> Iterator[str]:
    """Neurons (records `DISC`): casing, rim, fill, and a core whose area is the filled share."""
    for disc in records:
        x, y, radius, rim = (float(disc[name]) for name in ("x", "y", "radius", "rim"))
        casing, alpha, shape = float(disc["casing"]), float(disc["alpha"]), int(disc["shape"])
        if casing > 0.0:
            yield outline(
                shape, x, y, radius + casing, f'fill="{colour(disc["casing_rgb"])}" fill-opacity="0.85"'
            )
        paint = (
            f'fill="{colour(disc["fill_rgb"])}" stroke="{colour(disc["rim_rgb"])}" stroke-width="{rim:.2f}"'
        )
        yield outline(shape, x, y, radius - 0.5 * rim, f'{paint} opacity="{alpha:.3f}"')
        if disc["core"] > 0.0:
            core = (radius - rim) * float(np.sqrt(min(1.0, disc["core"])))
            yield outline(shape, x, y, core, f'fill="{colour(disc["core_rgb"])}" opacity="{alpha:.3f}"')


def outline(shape: int, x: float, y: float, radius: float, paint: str) -> str:
    """A circle, a diamond or a square of about the same size."""
    if shape in (DIAMOND, SQUARE):
        half, corner = (0.94 * radius, 0.18 * radius) if shape == DIAMOND else (0.88 * radius, 0.30 * radius)
        turned = f' transform="rotate(45 {x:.2f} {y:.2f})"' if shape == DIAMOND else ""
        return (
            f'<rect x="{x - half:.2f}" y="{y - half:.2f}" width="{2 * half:.2f}" height="{2 * half:.2f}" '
            f'rx="{corner:.2f}"{turned} {paint}/>'
        )
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{max(radius, 0.1):.2f}" {paint}/>'


def glows(records: Records, identity: str = "glow") -> Iterator[str]:
    """Light around points (records `GLOW`): one soft gradient for each colour."""
    inks = sorted({int(ink) for ink in records["rgb"]})
    for ink in inks:
        stops = "".join(
            f'<stop offset="{at:.2f}" stop-color="{colour(ink)}" stop-opacity="{(1 - at * at) ** 3:.3f}"/>'
            for at in np.linspace(0.0, 1.0, 9)
        )
        yield f'<radialGradient id="{identity}{ink:06x}">{stops}</radialGradient>'
    for x, y, radius, alpha, ink in records.tolist():
        yield (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="url(#{identity}{ink:06x})" '
            f'opacity="{min(1.0, alpha):.3f}"/>'
        )


def text(
    x: float, y: float, said: str, size: float, ink: str, *, anchor: str = "middle", bold: bool = False
) -> str:
    """A label."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{ink}" text-anchor="{anchor}"{weight}>'
        f"{in_xml(said)}</text>"
    )
