"""From weight to ink: how wide, how light and how opaque a synapse of each weight is drawn.

All of it is tabulated once per theme for 256 weights and three tones (excitatory, inhibitory,
neutral), so that drawing a million synapses looks nothing up but a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from editor.window.theme import Theme, channels, ramp, rgb

SHADES = 256
REFERENCE_SPACING = 48.0
"""Px between neighbouring neurons at which the sizes of the theme hold as they are written."""


@dataclass(frozen=True)
class Scale:
    """How large things are drawn at one zoom, in pictured px per token px."""

    ratio: float
    """Pictured px per logical px (the device pixel ratio)."""
    neuron: float
    """Multiplies the radius of a neuron."""
    line: float
    """Multiplies widths and terminals."""

    @classmethod
    def at(cls, zoom: float, spacing: float, ratio: float, neurons: int) -> Scale:
        """The scale for a zoom (logical px per um) and a typical spacing of neurons (um)."""
        crowd = zoom * spacing / REFERENCE_SPACING
        least = 0.42 if neurons <= 600 else 0.30 if neurons <= 3000 else 0.20
        neuron = float(np.clip(crowd**0.80, least, 24.0))
        line = float(np.clip(crowd**0.45, 0.55, 2.6))
        return cls(ratio, neuron * ratio, line * ratio)


@dataclass(frozen=True)
class Inks:
    """The tables: colour, opacity and width by (tone, shade of weight), and those of density."""

    rgb: NDArray[np.uint32]
    alpha: NDArray[np.float32]
    width: NDArray[np.float32]
    terminal: NDArray[np.float32]
    hair_rgb: NDArray[np.uint32]
    hair_alpha: NDArray[np.float32]
    density_rgb: NDArray[np.uint32]
    density_alpha: NDArray[np.float32]


@lru_cache(maxsize=4)
def inks(theme: Theme) -> Inks:
    """The tables of a theme (widths in token px)."""
    weight = np.linspace(0.0, 1.0, SHADES)
    sizes = theme.sizes
    pairs = (
        (theme.excitatory_weak, theme.excitatory),
        (theme.inhibitory_weak, theme.inhibitory),
        (theme.neutral_weak, theme.neutral),
    )
    colour = np.stack([ramp(weak, full, 0.25 + 0.75 * weight**0.6) for weak, full in pairs])
    alpha = np.broadcast_to(0.20 + 0.62 * weight**0.6, (3, SHADES)).astype(np.float32)
    width = np.broadcast_to(sizes.thin + sizes.thick * weight**0.9, (3, SHADES)).astype(np.float32).copy()
    terminal = sizes.arrow + sizes.arrow_more * np.sqrt(weight)
    terminals = np.stack([terminal, 1.15 * terminal, terminal]).astype(np.float32)
    hair = np.stack([ramp(weak, full, 0.55 + 0.45 * weight**0.5) for weak, full in pairs])
    hair_alpha = np.broadcast_to((0.10 if theme.is_dark else 0.13) + 0.45 * weight**0.8, (3, SHADES))
    shades, opacity = _density(theme)
    return Inks(colour, alpha.copy(), width, terminals, hair, hair_alpha.astype(np.float32), shades, opacity)


def _density(theme: Theme) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """64 shades of light by 16 hues from all excitatory to all inhibitory."""
    light = np.linspace(0.0, 1.0, 64)
    colours = np.zeros((64, 16), np.uint32)
    for hue in range(16):
        share = hue / 15.0
        weak = _mixed(theme.excitatory_weak, theme.inhibitory_weak, share)
        full = _mixed(theme.excitatory, theme.inhibitory, share)
        peak = full + (channels("#FFFFFF") - full) * 0.45 if theme.is_dark else 0.80 * full
        body = weak + (full - weak) * light[:, None] ** 1.5
        body = body + (peak - body) * ((light[:, None] - 0.88) / 0.12).clip(0.0) ** 2
        whole = np.rint(body).clip(0, 255).astype(np.uint32)
        colours[:, hue] = whole[:, 0] << 16 | whole[:, 1] << 8 | whole[:, 2]
    alpha = np.clip(0.10 + 0.78 * light**0.9, 0.0, 0.90)
    return colours, np.broadcast_to(alpha[:, None], (64, 16)).astype(np.float32).copy()


def _mixed(one: str, other: str, share: float) -> NDArray[np.float64]:
    return channels(one) + (channels(other) - channels(one)) * share


def tone_rgb(theme: Theme) -> NDArray[np.uint32]:
    """Full colour of each tone."""
    return np.array([rgb(theme.excitatory), rgb(theme.inhibitory), rgb(theme.neutral)], np.uint32)


def spike_rgb(theme: Theme) -> NDArray[np.uint32]:
    """Colour of the light of a spike for each tone."""
    return np.array(
        [rgb(theme.spike_excitatory), rgb(theme.spike_inhibitory), rgb(theme.spike_excitatory)], np.uint32
    )


def neuron_radii(
    theme: Theme, scale: Scale, tone: NDArray[np.int8], variety: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Drawn radius of each neuron, px of the picture."""
    sizes = theme.sizes
    base = np.array([sizes.excitatory, sizes.inhibitory, 0.5 * (sizes.excitatory + sizes.inhibitory)])
    return (base[tone] * variety * scale.neuron).astype(np.float32)
