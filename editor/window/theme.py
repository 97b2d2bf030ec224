"""The colours, sizes and fonts of the program: one frozen set for dark rooms, one for light pages.

Every picture on the canvas, in the plots and in the panels reads its colours here and nowhere else.
No Qt: colours are written "#RRGGBB"; `rgb` turns one into the number that pixels are made of.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

FONTS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
"""Families of the interface, the first installed one wins."""


@dataclass(frozen=True)
class Sizes:
    """Lengths in px at scale 1; a picture at device pixel ratio 2 doubles every one of them."""

    excitatory: float = 6.6
    """Radius of an excitatory neuron."""
    inhibitory: float = 5.2
    """Radius of an inhibitory neuron."""
    rim: float = 1.5
    """Width of the coloured rim of a neuron."""
    casing: float = 2.2
    """Width of the ring of background that cuts synapses off around a neuron."""
    thin: float = 0.7
    """Width of the weakest synapse."""
    thick: float = 3.4
    """Width the strongest synapse adds to `thin`."""
    bend: float = 0.13
    """How far a synapse bows, as a share of its length."""
    arrow: float = 3.4
    """Length of the smallest terminal; `arrow_more` is added for the strongest."""
    arrow_more: float = 3.6
    halo: float = 6.2
    """Radius of the glow of a spike, in neuron radii; `core` is its bright centre."""
    core: float = 2.9
    grid: float = 40.0
    """Distance between the dots of the background; `dot` is their radius."""
    dot: float = 0.9
    title: float = 17.0
    label: float = 14.0
    legend: float = 11.5


SIZES = Sizes()


@dataclass(frozen=True)
class Theme:
    """Every colour of one look, named by what it is for."""

    name: str
    is_dark: bool

    background: str
    """Centre of the canvas; `background_edge` is what it fades to."""
    background_edge: str
    grid: str

    excitatory: str
    excitatory_weak: str
    inhibitory: str
    inhibitory_weak: str
    neutral: str
    """Neurons and synapses without a sign: gap junctions, relays, what is not known."""
    neutral_weak: str
    modulatory: str
    """Neurons that release a modulator, and the tint of its field."""
    input: str
    """Stimuli, electrodes and the lightning handle."""

    sprout: str
    """A synapse that is growing."""
    pruned: str
    """What is left of a pruned synapse."""
    retracting: str
    """A synapse while it retracts: at least 3:1 against the background."""
    warm: str
    """Halo of potentiation."""
    cool: str
    """Halo of depression."""

    soma_rest: str
    soma_spiking: str
    spike_excitatory: str
    spike_inhibitory: str
    spark: str
    """The bright centre of a spike in flight or of a growth cone."""

    astrocytes: tuple[str, ...]
    """Cycled over the astrocytes."""
    curves: tuple[str, ...]
    """Cycled over the curves of a plot and the probes they belong to."""

    text: str
    muted: str
    panel: str
    panel_raised: str
    line: str
    accent: str
    """Selection, focus and the primary button."""
    accent_text: str
    good: str
    warning: str
    danger: str

    panel_alpha: float = 0.86
    territory_fill: float = 0.060
    territory_rim: float = 0.30
    glow: float = 0.42
    """Opacity of the halo of a spike; `glow_core` is that of its bright centre."""
    glow_core: float = 0.85
    sizes: Sizes = field(default=SIZES)

    def colours(self) -> dict[str, str]:
        """Every single colour by name (the cycled ones are left out)."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v for k, v in values.items() if isinstance(v, str) and v.startswith("#")}


DARK = Theme(
    name="dark",
    is_dark=True,
    background="#0B0F17",
    background_edge="#06080D",
    grid="#151C28",
    excitatory="#56B4F9",
    excitatory_weak="#1D3C5C",
    inhibitory="#FF7A66",
    inhibitory_weak="#5C2A2C",
    neutral="#A9B4C8",
    neutral_weak="#343D4D",
    modulatory="#D68BFF",
    input="#FFD166",
    sprout="#FFD166",
    pruned="#6B7280",
    retracting="#C3CAD6",
    warm="#FFB347",
    cool="#7F8CFF",
    soma_rest="#1A2434",
    soma_spiking="#FFF4D6",
    spike_excitatory="#8FD3FF",
    spike_inhibitory="#FFB09F",
    spark="#FFFFFF",
    astrocytes=("#4FD1A5", "#7FB2FF", "#B794F6", "#F2C879"),
    curves=("#56B4F9", "#FFD166", "#4FD1A5", "#FF7A66", "#B794F6", "#F472B6", "#A3E635", "#94A3B8"),
    text="#E6EDF7",
    muted="#8391A7",
    panel="#111826",
    panel_raised="#182133",
    line="#243047",
    accent="#56B4F9",
    accent_text="#06101C",
    good="#4FD1A5",
    warning="#FFD166",
    danger="#FF7A66",
)

LIGHT = Theme(
    name="light",
    is_dark=False,
    background="#FBFAF7",
    background_edge="#F1EFE9",
    grid="#E9E6DE",
    excitatory="#1F6FB5",
    excitatory_weak="#BFD4E6",
    inhibitory="#C8402F",
    inhibitory_weak="#EBC8C1",
    neutral="#6B7686",
    neutral_weak="#D3D6DB",
    modulatory="#8E3FC4",
    input="#A86A00",
    sprout="#6B8F00",
    pruned="#A3A8B0",
    retracting="#4F5763",
    warm="#F08A00",
    cool="#5B54E0",
    soma_rest="#FFFFFF",
    soma_spiking="#FFB000",
    spike_excitatory="#FFB000",
    spike_inhibitory="#FF8A3C",
    spark="#FFB000",
    astrocytes=("#2F9E77", "#4C7FD0", "#8A63C9", "#C79A2B"),
    curves=("#1F6FB5", "#B07400", "#2F9E77", "#C8402F", "#8A63C9", "#C2367F", "#5B7F00", "#5E6A7B"),
    text="#1B2430",
    muted="#6A7380",
    panel="#FFFFFF",
    panel_raised="#F6F4EF",
    line="#DCD8CE",
    accent="#1F6FB5",
    accent_text="#FFFFFF",
    good="#1F7F5C",
    warning="#8F5F00",
    danger="#B93422",
    panel_alpha=0.90,
    territory_fill=0.085,
    territory_rim=0.38,
    glow=0.34,
    glow_core=0.75,
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


@cache
def rgb(colour: str) -> int:
    """Turn "#RRGGBB" into the number 0xRRGGBB."""
    return int(colour[1:], 16)


def channels(colour: str) -> NDArray[np.float64]:
    """Red, green and blue of a colour, 0 to 255."""
    value = rgb(colour)
    return np.array([value >> 16 & 255, value >> 8 & 255, value & 255], dtype=np.float64)


def ramp(low: str, high: str, share: ArrayLike) -> NDArray[np.uint32]:
    """Colours 0xRRGGBB on the way from `low` (share 0) to `high` (share 1), one per share."""
    first, last = channels(low), channels(high)
    part = np.clip(np.asarray(share, dtype=np.float64), 0.0, 1.0)[..., None]
    mixed = np.rint(first + (last - first) * part).astype(np.uint32)
    return np.asarray(mixed[..., 0] << 16 | mixed[..., 1] << 8 | mixed[..., 2], np.uint32)


def blend(low: str, high: str, share: float) -> str:
    """The colour `share` of the way from `low` to `high`, as "#RRGGBB"."""
    return f"#{int(ramp(low, high, share)):06X}"


def contrast(colour: str, ground: str) -> float:
    """Contrast ratio of two colours, 1 (same) to 21 (black on white).

    WCAG 2.1 relative luminance.
    """
    return contrast_of(channels(colour), channels(ground))


def contrast_of(colour: ArrayLike, ground: ArrayLike) -> float:
    """Contrast ratio of two (red, green, blue) triples of 0 to 255, as `contrast`."""
    bright, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: ArrayLike) -> float:
    share = np.asarray(colour, dtype=np.float64) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
