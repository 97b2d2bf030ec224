"""Waves of a training: values run with the arrows, errors against them under locks, reward reaches all."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.detail import Detail
from editor.canvas.geometry import Geometry
from editor.canvas.overlay import halves
from editor.canvas.overlay.items import Halves
from editor.canvas.teaching import AGAINST, EVERYWHERE, FADES, TAKES, WITH, Wave
from editor.drawing import teaching
from editor.window.theme import DARK, channels
from engine import Network, registry
from tests.colours import near_colour
from tests.editor.a_picture import START, circuit, each_theme, frame, shown

LONG = np.array([100])
"""The synapse from the neuron on the left to the one on the right."""


def changed_columns(theme, wave, moments):
    """Where along x the wave stands at each moment: the middle of what it changes in the picture."""
    still = shown(circuit(), Changes(), theme, Detail.TERMINALS)
    changes = Changes()
    changes.waves.send([wave])
    moving = shown(circuit(), changes, theme, Detail.TERMINALS)
    found = []
    for moment in moments:
        apart = np.abs(frame(moving, START + moment) - frame(still, START + moment)).sum(axis=-1)
        columns = np.nonzero(apart > 0.6 * apart.max())[1] if apart.max() > 30 else np.zeros(0)
        found.append(float(np.median(columns)) if len(columns) else np.nan)
    return np.array(found)


@each_theme
@pytest.mark.parametrize("way", [WITH, AGAINST])
def test_a_wave_runs_from_end_to_end_in_its_direction(theme, way):
    at = changed_columns(theme, Wave(LONG, START, way), np.linspace(0.1, 0.9, 9) * TAKES)
    assert np.isfinite(at).all()
    assert (np.diff(at) * way > 0).all()
    assert abs(at[-1] - at[0]) > 150


@each_theme
def test_only_a_locked_wave_has_locks_and_they_fade(theme):
    counts = {}
    for locked in (False, True):
        changes = Changes()
        changes.waves.send([Wave(LONG, START, AGAINST, "accent", locked)])
        picture = shown(circuit(), changes, theme, Detail.TERMINALS)
        counts[locked] = [
            int(near_colour(frame(picture, START + t), theme.danger, 60.0).sum())
            for t in (0.5 * TAKES, TAKES + FADES + 0.1)
        ]
    assert counts[True][0] > counts[False][0] + 5
    assert counts[True][1] == counts[False][1]


@each_theme
def test_a_reward_shines_everywhere_at_once(theme):
    ids = np.arange(200, 260)
    still = shown(circuit(), Changes(), theme, Detail.TERMINALS)
    changes = Changes()
    changes.waves.send([Wave(ids, START, EVERYWHERE, "modulatory")])
    moving = shown(circuit(), changes, theme, Detail.TERMINALS)
    apart = frame(moving, START + 0.5 * TAKES) - frame(still, START + 0.5 * TAKES)
    hue = channels(theme.modulatory)
    assert np.abs(apart).max() > 20
    if theme.is_dark:
        assert apart[np.abs(apart).sum(axis=-1) > 30].mean(axis=0) @ hue > 0


def test_a_wave_keeps_the_canvas_painting_until_it_has_faded():
    changes = Changes()
    assert not changes.is_active(START)
    changes.waves.send([Wave(LONG, START)])
    assert changes.is_active(START + 0.5 * TAKES)
    assert not changes.is_active(START + TAKES + FADES + 5.0)


@pytest.fixture(scope="module")
def net() -> Network:
    net = Network(seed=1)
    teaching.task(net, "enc424").apply(net)
    for slug in ("feedback_alignment", "reward_penalty"):
        teaching.learner(net, slug).apply(net)
    return net


def passing(net, slug, does):
    model = registry.find(slug, "learner")
    phase = next(p for p in model.phases if p.does == does)
    return teaching.passing(net, next(iter(net.tasks.values())), model, phase)


def test_back_propagation_runs_against_its_own_wires_and_locks_every_weight_it_reads(net):
    first, second, _ = net.projections.values()
    assert [p.projections for p in passing(net, "backprop", "forward")] == [(first.id,), (second.id,)]
    (error,) = passing(net, "backprop", "backward")
    assert (error.projections, error.way, error.locked) == ((second.id,), -1, True)


def test_feedback_alignment_runs_with_the_arrows_of_drawn_feedback_and_locks_nothing(net):
    *_, back = net.projections.values()
    (error,) = passing(net, "feedback_alignment", "backward")
    assert (error.projections, error.way, error.locked) == ((back.id,), 1, False)


def test_a_reward_is_told_to_every_synapse_at_once(net):
    (reward,) = passing(net, "reward_penalty", "judge")
    assert reward.way == 0
    assert len(reward.projections) == 2


def test_two_phases_are_drawn_as_two_half_discs(qtbot):
    scene = circuit()
    camera = Camera(-150.0, 0.0, 4.0)
    geometry = Geometry.of(scene.look(), DARK, camera, 200, 200, 1.0)
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        two = Halves(np.array([1]), np.array([1.0]), np.array([0.0]), "#ff0000", "#00ff00")
        halves.draw(painter, DARK, geometry, scene, two)
    x, y = round(float(geometry.x[0])), round(float(geometry.y[0]))
    left, right = image.pixelColor(x - 2, y), image.pixelColor(x + 2, y)
    assert left.red() > 200
    assert right.red() < 120
    assert right.green() < 120, "a rate of 0 has no colour of its phase"


@pytest.mark.parametrize(("slug", "kept"), [("generec", "minus"), ("backprop", None), ("movellan", "minus")])
def test_only_a_learner_that_remembers_a_phase_has_halves(slug, kept):
    found = teaching.two_phases(registry.find(slug, "learner"))
    assert (found.kept if found else None) == kept
