"""The words around the picture: title, legend, scale bar, what is hidden, the strip, the ghost actions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from editor.canvas.changes import Kind
from editor.canvas.overlay.pens import chip, fitted, font, ink, panel, pen, width_of
from editor.canvas.raster.dress import CLAMPED, DISABLED, FROZEN, MUTE
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import GAP_JUNCTION
from editor.window.theme import Theme, blend
from engine.counting import counted

MARGIN = 24.0
LONGEST = 140.0
"""Px of the longest scale bar."""
GHOSTS = (
    ("neuron", "Drag a neuron here", "or double-click anywhere"),
    ("hundred", "Stamp a hundred", "a population, all in view"),
    ("example", "Open an example", "the gallery, running"),
)
"""Ghost actions of an empty canvas: name, title, hint."""

WORDS = {
    Kind.BIRTH: "grown",
    Kind.DEATH: "pruned",
    Kind.POTENTIATION: "stronger",
    Kind.DEPRESSION: "weaker",
}


@dataclass
class Chrome:
    """What is written around the picture."""

    title: str = ""
    titled: bool = True
    """Whether the title is written; a card that floats in its place may say it instead."""
    subtitle: str = ""
    strip: str = ""
    """A permanent line along the top: what was measured and what is ours."""
    floor: float = 0.0
    """Px along the bottom that something floating over the canvas takes."""
    left: float = 0.0
    """Px along the left that something floating over the canvas takes."""
    corner: tuple[float, float] = (0.0, 0.0)
    """Px (width, height) at the top left that something floating over the canvas takes."""
    hint: str = ""
    """A line at the bottom: what might be done next."""
    offer: tuple[str, str] | None = None
    """What a click on the end of that line does: the name of an action of the canvas, and its words."""
    legend: bool = True
    scale_bar: bool = True
    minimap: bool = True
    ghosts: bool = True
    pace: str = ""
    """How slow time is compressed, in the corner for as long as it is; "" where it is not."""
    preparing: str = ""
    """A rule that is being compiled: "preparing pair STDP"."""


def draw_title(painter: QPainter, theme: Theme, chrome: Chrome, wide: float) -> float:
    """The strip, the title and its second line; returns where they end."""
    top = 0.0
    if chrome.strip:
        bar = QRectF(0.0, 0.0, wide, 28.0)
        painter.fillRect(bar, ink(theme.panel, 0.92))
        painter.setPen(pen(theme.line, 1.0))
        painter.drawLine(bar.bottomLeft(), bar.bottomRight())
        small = font(12.0)
        painter.setFont(small)
        painter.setPen(ink(theme.text))
        inner = bar.adjusted(MARGIN, 0.0, -MARGIN, 0.0)
        text = fitted(chrome.strip, small, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        top = 28.0
    title = chrome.title if chrome.titled else ""
    room = wide - 2.0 * MARGIN
    if title:
        large = font(theme.sizes.title, is_bold=True)
        painter.setFont(large)
        painter.setPen(ink(theme.text))
        painter.drawText(QPointF(MARGIN, top + 40.0), fitted(title, large, room))
    if chrome.subtitle:
        small = font(12.0)
        painter.setFont(small)
        painter.setPen(ink(theme.muted))
        text = fitted(chrome.subtitle, small, room)
        painter.drawText(QPointF(MARGIN, top + (61.0 if title else 40.0)), text)
    return top + (70.0 if title or chrome.subtitle else 10.0)


def draw_scale_bar(painter: QPainter, theme: Theme, zoom: float, wide: float, high: float) -> None:
    """A bar of a round length in um, at most `LONGEST` px long."""
    power = 10.0 ** math.floor(math.log10(LONGEST / zoom))
    um = max(step * power for step in (1.0, 2.0, 5.0) if step * power * zoom <= LONGEST)
    long = um * zoom
    painter.setPen(pen(theme.muted, 2.0))
    y = high - 32.0
    painter.drawLine(QPointF(wide - MARGIN - long, y), QPointF(wide - MARGIN, y))
    text = f"{um:g} µm" if um < 1000.0 else f"{um / 1000.0:g} mm"
    painter.setFont(font(11.0))
    painter.drawText(QRectF(wide - MARGIN - 160.0, y - 22.0, 160.0, 18.0), Qt.AlignmentFlag.AlignRight, text)


def draw_pace(painter: QPainter, theme: Theme, pace: str, wide: float, high: float) -> None:
    """A badge over the scale bar, which says of time what the bar says of space."""
    long = width_of(pace, font(11.5)) + 22.0
    middle = QPointF(wide - MARGIN - 0.5 * long, high - 72.0)
    chip(painter, theme, middle, pace, px=11.5, colour=theme.warning)


def draw_notices(
    painter: QPainter,
    theme: Theme,
    chrome: Chrome,
    hidden: str,
    counts: dict[Kind, int],
    left: float,
    wide: float,
    high: float,
) -> dict[str, QRectF]:
    """Along the bottom: what is hidden, what is merged, what is being prepared, what might be done.

    In the middle, unless that would touch the legend, which ends at `left`.
    Returns the box of what is offered, by "ghost:NAME".
    """
    boxes = {}
    y = high - 30.0
    if chrome.offer:
        name, words = chrome.offer
        half = 0.5 * _offer_width(chrome.hint, words)
        middle = max(0.5 * wide, min(left + half + 12.0, wide - half - 12.0))
        low = QPointF(middle, y - 24.0)
        boxes[f"ghost:{name}"] = _draw_offer(painter, theme, low, chrome.hint, words)
        y -= 62.0
    middle = max(0.5 * wide, min(left + 160.0, wide - 200.0))
    if chrome.hint and not chrome.offer:
        chip(painter, theme, QPointF(middle, y), chrome.hint, px=12.5)
        y -= 32.0
    if chrome.preparing:
        chip(painter, theme, QPointF(middle, y), f"preparing {chrome.preparing}…", colour=theme.warning)
        y -= 32.0
    if counts:
        text = "   ".join(f"{n:,} {WORDS[kind]}" for kind, n in counts.items() if n)
        chip(painter, theme, QPointF(middle, y), f"{text}   in the last second", colour=theme.text)
        y -= 32.0
    if hidden:
        chip(painter, theme, QPointF(middle, y), hidden, px=11.5, colour=theme.muted)
    return boxes


def _draw_offer(painter: QPainter, theme: Theme, middle: QPointF, hint: str, words: str) -> QRectF:
    """A line that ends in a button; returns the box of the button."""
    plain, bold = font(12.5), font(12.5, is_bold=True)
    button, long = width_of(words, bold) + 28.0, _offer_width(hint, words)
    whole = QRectF(middle.x() - 0.5 * long, middle.y() - 18.0, long, 36.0)
    panel(painter, theme, whole, radius=18.0)
    painter.setFont(plain)
    painter.setPen(ink(theme.text))
    painter.drawText(whole.adjusted(16.0, 0.0, 0.0, 0.0), Qt.AlignmentFlag.AlignVCenter, hint)
    box = QRectF(whole.right() - button - 5.0, whole.top() + 5.0, button, 26.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(theme.accent))
    painter.drawRoundedRect(box, 13.0, 13.0)
    painter.setFont(bold)
    painter.setPen(ink(theme.panel))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    return box


def _offer_width(hint: str, words: str) -> float:
    return width_of(hint, font(12.5)) + width_of(words, font(12.5, is_bold=True)) + 62.0


def foot(chrome: Chrome, theme: Theme, scene: Scene, wide: float, high: float) -> list[QRectF]:
    """What lies over the lower corners of the picture: the legend, and the bar with its number."""
    high -= chrome.floor
    boxes = [legend_box(theme, scene, high, chrome.left)] if has_legend(chrome, wide, high) else []
    if chrome.scale_bar:
        boxes.append(QRectF(wide - MARGIN - LONGEST, high - 54.0, LONGEST + MARGIN, 54.0))
    return [box for box in boxes if not box.isEmpty()]


def has_legend(chrome: Chrome, wide: float, high: float) -> bool:
    """Whether there is room for the legend."""
    return chrome.legend and wide >= 820.0 and high + chrome.floor >= 540.0


def legend_box(theme: Theme, scene: Scene, high: float, left: float = 0.0) -> QRectF:
    """Where the legend lies; nowhere when nothing needs one."""
    rows = _legend_rows(scene)
    if not rows:
        return QRectF()
    chosen = font(theme.sizes.legend)
    wide = 66.0 + max(width_of(text, chosen) for _, text in rows)
    tall = 18.0 + 25.0 * len(rows)
    return QRectF(left + MARGIN, high - MARGIN - tall, wide, tall)


def draw_legend(painter: QPainter, theme: Theme, scene: Scene, high: float, left: float = 0.0) -> float:
    """What the shapes mean: only those that are there; returns where it ends on the right."""
    rows, box = _legend_rows(scene), legend_box(theme, scene, high, left)
    if not rows:
        return left
    chosen = font(theme.sizes.legend)
    panel(painter, theme, box)
    for k, (kind, text) in enumerate(rows):
        y = box.top() + 21.5 + 25.0 * k
        _draw_sample(painter, theme, kind, box.left() + 26.0, y)
        painter.setFont(chosen)
        painter.setPen(ink(theme.text))
        painter.drawText(QPointF(box.left() + 54.0, y + 4.0), text)
    return box.right()


def _legend_rows(scene: Scene) -> list[tuple[str, str]]:
    signs = set(scene.neurons["sign"].tolist())
    rows = []
    if 1 in signs:
        rows.append(("excitatory", "Excitatory neuron  ·  arrow terminal"))
    if -1 in signs:
        rows.append(("inhibitory", "Inhibitory neuron  ·  bar terminal"))
    if (scene.synapses["kind"] == GAP_JUNCTION).any():
        rows.append(("gap", "Gap junction  ·  double bar"))
    if scene.modulators:
        rows.append(("modulatory", "Modulatory neuron  ·  tinted field"))
    if scene.grows:
        rows.append(("sprout", "Growing synapse (sprout)"))
        rows.append(("pruned", "Synapse being pruned"))
    if scene.synapses["plastic"].any():
        rows.append(("changed", "Just stronger  ·  just weaker"))
    if len(scene.astrocytes):
        rows.append(("astrocyte", "Astrocyte territory (Ca²⁺)"))
    contacts = scene.contacts
    rows += [("puff", "Spike that released nothing")] if contacts.told else []
    rows += [("specks", "Transmitter in the cleft")] if contacts.clouds else []
    rows += [("pulse", "Spike that runs back")] if len(contacts.dendrites.ids) else []
    worn = int(np.bitwise_or.reduce(scene.neurons["flags"])) if len(scene.neurons) else 0
    worn |= DISABLED if worn & MUTE or scene.astrocytes["off"].any() else 0
    held = ((FROZEN, "frozen", "Frozen"), (CLAMPED, "clamped", "Clamped"), (DISABLED, "off", "Switched off"))
    return [*rows, *((kind, text) for flag, kind, text in held if worn & flag)]


def _draw_sample(painter: QPainter, theme: Theme, kind: str, x: float, y: float) -> None:
    """One row of the legend, drawn around (x, y)."""
    if kind in ("excitatory", "inhibitory"):
        hue = theme.excitatory if kind == "excitatory" else theme.inhibitory
        painter.setPen(pen(hue, 1.5))
        painter.setBrush(ink(theme.soma_rest))
        radius = 5.0 if kind == "excitatory" else 4.2
        painter.drawEllipse(QPointF(x - 8.0, y), radius, radius)
        painter.setPen(pen(hue, 1.8))
        painter.drawLine(QPointF(x - 1.5, y), QPointF(x + 11.0, y))
        if kind == "excitatory":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(hue))
            painter.drawPolygon(
                QPolygonF([QPointF(x + 17.0, y), QPointF(x + 10.0, y - 3.6), QPointF(x + 10.0, y + 3.6)])
            )
        else:
            painter.drawLine(QPointF(x + 13.0, y - 4.2), QPointF(x + 13.0, y + 4.2))
    elif kind in ("frozen", "clamped", "off"):
        painter.setPen(pen(theme.muted if kind == "off" else theme.text, 1.5))
        painter.setBrush(ink(theme.soma_rest))
        painter.drawEllipse(QPointF(x + 2.0, y), 4.6, 4.6)
        if kind != "off":
            painter.setPen(pen(theme.cool if kind == "frozen" else theme.muted, 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x + 2.0, y), 7.4, 7.4)
    elif kind == "puff":
        painter.setPen(pen(theme.excitatory, 1.8))
        painter.drawLine(QPointF(x - 12.0, y), QPointF(x + 2.0, y))
        painter.setPen(pen(theme.text, 1.3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x + 7.0, y), 5.2, 5.2)
    elif kind == "specks":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.spark if theme.is_dark else theme.text))
        for dx, dy in ((-6, -3), (-3, 3), (0, -1), (3, 4), (4, -5), (8, 0), (11, -3), (-10, 1), (10, 4)):
            painter.drawEllipse(QPointF(x + dx, y + dy), 1.1, 1.1)
    elif kind == "pulse":
        painter.setPen(pen(theme.excitatory, 1.3))
        painter.setBrush(ink(theme.soma_rest))
        painter.drawRoundedRect(QRectF(x - 8.0, y - 2.6, 24.0, 5.2), 2.6, 2.6)
        painter.drawEllipse(QPointF(x - 9.0, y), 4.6, 4.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.spark))
        painter.drawEllipse(QPointF(x + 5.0, y), 2.4, 2.4)
    elif kind == "gap":
        painter.setPen(pen(theme.neutral, 1.3))
        painter.drawLine(QPointF(x - 12.0, y), QPointF(x + 15.0, y))
        for dx in (0.0, 3.4):
            painter.drawLine(QPointF(x + dx, y - 4.0), QPointF(x + dx, y + 4.0))
    elif kind == "modulatory":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.modulatory, 0.22))
        painter.drawEllipse(QPointF(x + 2.0, y), 14.0, 9.0)
        painter.setPen(pen(theme.modulatory, 1.5))
        painter.setBrush(ink(theme.soma_rest))
        painter.drawPolygon(
            QPolygonF([QPointF(x + 2.0 + dx, y + dy) for dx, dy in ((0, -5), (5, 0), (0, 5), (-5, 0))])
        )
    elif kind == "sprout":
        painter.setPen(pen(theme.sprout, 2.0))
        painter.drawLine(QPointF(x - 12.0, y), QPointF(x + 9.0, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.sprout))
        painter.drawEllipse(QPointF(x + 12.0, y), 2.9, 2.9)
    elif kind == "pruned":
        painter.setPen(pen(theme.retracting, 1.8))
        painter.drawLine(QPointF(x - 12.0, y), QPointF(x, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.pruned))
        for k in range(3):
            painter.drawEllipse(QPointF(x + 5.0 + 5.0 * k, y), 1.2, 1.2)
    elif kind == "changed":
        painter.setPen(pen(theme.warm, 6.0, 0.55))
        painter.drawLine(QPointF(x - 11.0, y), QPointF(x - 1.0, y))
        painter.setPen(pen(theme.cool, 1.8, 0.9))
        for dy in (-2.6, 2.6):
            painter.drawLine(QPointF(x + 5.0, y + dy), QPointF(x + 16.0, y + dy))
        painter.setPen(pen(theme.excitatory, 1.4))
        painter.drawLine(QPointF(x - 12.0, y), QPointF(x, y))
        painter.drawLine(QPointF(x + 4.0, y), QPointF(x + 16.0, y))
    elif kind == "astrocyte":
        hue = theme.astrocytes[0]
        painter.setPen(pen(hue, 1.0, 0.6))
        painter.setBrush(ink(hue, 0.24))
        painter.drawEllipse(QPointF(x + 2.0, y), 14.0, 8.0)


def draw_ghosts(painter: QPainter, theme: Theme, wide: float, high: float) -> dict[str, QRectF]:
    """The three things to do on an empty canvas; returns their boxes by "ghost:NAME"."""
    across = min(230.0, (wide - 96.0) / 3.0)
    tall, gap = 150.0, 24.0
    left = 0.5 * wide - 1.5 * across - gap
    boxes = {}
    for k, (name, title, hint) in enumerate(GHOSTS):
        box = QRectF(left + k * (across + gap), 0.5 * high - 0.5 * tall, across, tall)
        boxes[f"ghost:{name}"] = box
        painter.setPen(pen(blend(theme.line, theme.muted, 0.5), 1.4, dashes=(4.0, 3.4)))
        painter.setBrush(ink(theme.panel, 0.45))
        painter.drawRoundedRect(box, 14.0, 14.0)
        _draw_ghost_sign(painter, theme, name, QPointF(box.center().x(), box.top() + 50.0))
        painter.setPen(ink(theme.text))
        painter.setFont(font(14.0, is_bold=True))
        painter.drawText(
            QRectF(box.left(), box.top() + 86.0, across, 24.0), Qt.AlignmentFlag.AlignCenter, title
        )
        painter.setPen(ink(theme.muted))
        painter.setFont(font(11.5))
        painter.drawText(
            QRectF(box.left(), box.top() + 110.0, across, 20.0), Qt.AlignmentFlag.AlignCenter, hint
        )
    return boxes


def _draw_ghost_sign(painter: QPainter, theme: Theme, name: str, at: QPointF) -> None:
    painter.setBrush(ink(theme.soma_rest))
    if name == "neuron":
        painter.setPen(pen(theme.excitatory, 2.4))
        painter.drawEllipse(at, 15.0, 15.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.excitatory, 0.7))
        painter.drawEllipse(at, 6.5, 6.5)
    elif name == "hundred":
        for k in range(23):
            angle, away = 2.39996 * k, 5.4 * math.sqrt(k)
            place = QPointF(at.x() + away * math.cos(angle), at.y() + away * math.sin(angle))
            hue = theme.inhibitory if k % 5 == 4 else theme.excitatory
            painter.setPen(pen(hue, 1.3))
            painter.drawEllipse(place, 3.0, 3.0)
    else:
        path = QPainterPath(QPointF(at.x() - 22.0, at.y() + 10.0))
        path.quadTo(QPointF(at.x() - 2.0, at.y() - 22.0), QPointF(at.x() + 16.0, at.y() - 4.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.sprout, 2.4))
        painter.drawPath(path)
        painter.setBrush(ink(theme.soma_rest))
        painter.setPen(pen(theme.excitatory, 2.0))
        painter.drawEllipse(QPointF(at.x() - 24.0, at.y() + 12.0), 8.0, 8.0)
        painter.setPen(pen(theme.inhibitory, 2.0))
        painter.drawEllipse(QPointF(at.x() + 22.0, at.y() + 2.0), 6.5, 6.5)


def hidden_text(detail_name: str, in_view: int, lit_hidden: int, names_hidden: int) -> str:
    """What level of detail left out, as a sentence; "" when nothing."""
    parts = []
    if detail_name == "BUNDLES":
        parts.append(f"{counted(in_view, 'synapse')} as bundles between populations")
    elif detail_name == "DENSITY":
        parts.append(f"{counted(in_view, 'synapse')} as density")
    elif detail_name == "HAIRLINES":
        parts.append("terminals hidden")
    if lit_hidden:
        parts.append(f"{counted(lit_hidden, 'spike')} in flight hidden")
    if names_hidden:
        parts.append(f"{counted(names_hidden, 'name')} hidden")
    return "   ·   ".join(parts)


def title_box(chrome: Chrome) -> QRectF:
    """Where the title is written, for tests and for whoever wants to keep clear of it."""
    if not (chrome.title or chrome.subtitle):
        return QRectF()
    return QRectF(MARGIN, 28.0 if chrome.strip else 0.0, 420.0, 70.0)
