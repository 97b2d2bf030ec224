"""What the eye makes of pixels: how light they are, how they stand out, and which colour they are near."""

from __future__ import annotations

import numpy as np

from editor.window.theme import channels


def luminance(pixels: np.ndarray) -> np.ndarray:
    """WCAG 2.1 relative luminance."""
    share = pixels / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast(pixels: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """WCAG 2.1 contrast of every pixel against what lies there otherwise."""
    one, other = luminance(pixels), luminance(ground)
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def near_colour(pixels: np.ndarray, colour: str, within: float = 70.0) -> np.ndarray:
    return np.abs(pixels - channels(colour)).max(axis=-1) < within
