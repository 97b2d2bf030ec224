"""Small pictures for cards: a network as the canvas draws it, or the picture inside a file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from editor.canvas import sketch
from editor.canvas.compiled import KERNELS
from editor.canvas.follow import Follower
from editor.canvas.render import Renderer
from editor.canvas.scene import Scene
from editor.drawing.usual import usual
from editor.window.theme import Theme
from engine import Network

RATIO = 2.0
"""Pictures have twice the pixels of their card, for screens that have them."""
LARGEST_PREVIEW = 8_000_000
"""Bytes of a picture inside a file that we are ready to decode."""
LIT = 7
"""At most so many neurons glow, as if the circuit were running; fewer where each lights up much."""


class Portrait:
    """A network in the size of a card, in which a few neurons fire again and again."""

    def __init__(self, network: Any, size: QSize, theme: Theme) -> None:
        self.scene = Scene()
        Follower(self.scene, network)
        neurons, pre, post = self.scene.neurons, self.scene.synapses["pre"], self.scene.synapses["post"]
        many = len(neurons)
        is_alive = np.full(many, many < 3 or not len(pre))
        is_alive[pre] = is_alive[post] = True
        self._luck = np.random.default_rng(many)
        if many:
            share = np.clip(self._luck.normal(0.45, 0.25, many), 0.0, 0.95)
            neurons.write("v")[:] = np.where(is_alive, share, 0.0).astype(np.float32)
        self._alive = np.flatnonzero(is_alive)
        crowd = len(pre) / max(len(self._alive), 1)
        few = int(np.clip(LIT * 5.0 / max(crowd, 1.0), 2, LIT))
        self.lit = min(few, max(len(self._alive) // 2, 1)) if many else 0
        """How many neurons glow at a time."""
        self._theme, self._size = theme, QSize(max(size.width(), 16), max(size.height(), 16))
        self._renderer = Renderer(
            self.scene, self._size.width(), self._size.height(), theme=theme, ratio=RATIO
        )
        if self.lit:
            self._fire(np.linspace(0, len(self._alive) - 1, self.lit).astype(np.int64), -0.02)

    def fire(self, now: float) -> None:
        """Let a few other neurons fire at `now` (s)."""
        if self.lit:
            self._fire(self._luck.integers(0, len(self._alive), self.lit), now)

    def image(self, now: float = 0.0) -> QImage:
        """The picture at a moment, in s; plain as long as the kernels of the canvas are not there."""
        if is_sketchy():
            return sketch.portrait(self.scene, self._theme, self._size, RATIO, now)
        return self._renderer.image(now)

    def _fire(self, which: np.ndarray, now: float) -> None:
        self.scene.neurons.write("spike_at")[self._alive[which]] = now


def of_network(network: Any, size: QSize, theme: Theme) -> QImage:
    """A still picture of a network in which a few neurons have just fired; a sketch while it has to be."""
    return Portrait(network, size, theme).image()


def is_sketchy() -> bool:
    """Whether pictures are sketches for now."""
    return not KERNELS.are_here()


def first_synapse() -> Network:
    """Two neurons and the synapse between them, for the card of the tour."""
    net, model = Network(), usual("neuron")
    pre = net.add_population("Pre", model, positions=[[0.0, 14.0, 0.0]])
    post = net.add_population("Post", model, positions=[[80.0, 0.0, 0.0]])
    synapse = net.add_projection("Pre to Post", pre, post)
    net.add_synapses(synapse, pre=pre.ids, post=post.ids, weight=90.0, delay=1.0)
    return net


def of_file(path: Path) -> QImage | None:
    """The preview a file carries; None when there is none or it cannot be read."""
    try:
        with zipfile.ZipFile(path) as bundle:
            entry = bundle.getinfo("preview.png")
            if entry.file_size <= LARGEST_PREVIEW:
                found = QImage.fromData(bundle.read(entry))
                if not found.isNull():
                    return found
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        pass  # a card without a picture is still a card
    return None
