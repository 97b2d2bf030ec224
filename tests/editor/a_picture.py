"""A small circuit painted without a window, in either theme, as rows of colours."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.camera import Camera
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.picture import Picture
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import PopulationMark
from editor.canvas.standing import Painter
from editor.window.theme import DARK, LIGHT

WIDE, HIGH = 420, 240
CAMERA = Camera(0.0, 0.0, 1.0)
START = 50.0
each_theme = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
each_detail = pytest.mark.parametrize("detail", list(Detail), ids=lambda detail: detail.name.lower())


def circuit():
    """A long synapse from neuron 1 (left) to neuron 2 (right), among others."""
    rng = np.random.default_rng(4)
    scene = Scene()
    scene.populations = [PopulationMark(1, "left"), PopulationMark(2, "right")]
    ids = np.arange(1, 41)
    at = np.concatenate([rng.normal((-150, 0), 24, (20, 2)), rng.normal((150, 0), 24, (20, 2))])
    at[0], at[20] = (-150.0, 0.0), (150.0, 0.0)
    scene.add_neurons(ids, at, population=np.repeat([0, 1], 20))
    scene.add_synapses(np.arange(200, 260), rng.integers(1, 21, 60), rng.integers(21, 41, 60), 0.15)
    scene.add_synapses([100], [1], [21], [0.4])
    return scene


def shown(scene, changes, theme, detail, *, ratio=1.0):
    picture = Picture(scene, theme, round(WIDE * ratio), round(HIGH * ratio), ratio, changes, detail)
    picture.put(Painter().paint(picture.request(CAMERA)), 0.0)
    return picture


def rgb_of(pixels):
    return np.stack([pixels >> 16 & 255, pixels >> 8 & 255, pixels & 255], axis=-1).astype(float)


def frame(picture, now, emphasis=None):
    if picture.is_behind(CAMERA):
        picture.put(Painter().paint(picture.request(CAMERA)), 0.0)
    return rgb_of(picture.compose(CAMERA, emphasis or Emphasis(), now).copy())
