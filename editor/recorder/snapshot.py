"""A picture of the canvas as it is seen, as PNG at twice its size or as SVG, without what floats over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWidgets import QFileDialog

from editor.canvas.render import Renderer
from engine.errors import FileError
from engine.files.atomic import replace_file

if TYPE_CHECKING:
    from editor.main_window import MainWindow

FINER = 2.0
"""Px of a PNG per px of the canvas."""
KINDS = "PNG (*.png);;SVG (*.svg)"


def ask(window: MainWindow) -> None:
    """Let the user choose where to, and write the picture there."""
    start = Path(window.settings.last_folder) / f"{window.files.title()}.png"
    path, kind = QFileDialog.getSaveFileName(window, "Save a picture of the canvas", str(start), KINDS)
    if path:
        write(window, Path(path if Path(path).suffix else path + (".svg" if "svg" in kind else ".png")))


def write(window: MainWindow, path: Path) -> None:
    """Write the picture; whether that went well is said on the line at the bottom."""
    suffix = path.suffix.lower()
    if suffix not in (".png", ".svg"):
        window.say(f"{path.name} is no picture: its name must end in .png or .svg.", True)
        return
    canvas = window.canvas
    try:
        replace_file(path, [_svg(canvas) if suffix == ".svg" else _png(canvas)])
    except FileError as error:
        window.say(str(error), True)
    else:
        window.say(f"Saved {path.name}.", False)


def _renderer(canvas: Any, ratio: float) -> Renderer:
    """Draws what the canvas shows: its view and its words, no hint, no handle, no room for floating cards."""
    words = replace(
        canvas.chrome,
        titled=True, floor=0.0, left=0.0, corner=(0.0, 0.0), hint="", offer=None, ghosts=False,
    )  # fmt: skip
    made = Renderer(
        canvas.scene,
        canvas.width(),
        canvas.height(),
        theme=canvas.theme,
        ratio=ratio,
        changes=canvas.changes,
        chrome=words,
        insets=tuple(canvas.insets),
        camera=canvas.camera,
        speed=canvas.speed,
    )
    made.emphasis = canvas.emphasis()
    return made


def _png(canvas: Any) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _renderer(canvas, FINER).image(canvas.clock()).save(buffer, "PNG")
    return bytes(held.data())


def _svg(canvas: Any) -> bytes:
    from editor.recorder.svg import svg

    return svg(_renderer(canvas, 1.0), canvas.clock()).encode()
