"""The camera: what is under the pointer stays there, and everything fits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.canvas.camera import CLOSEST, FARTHEST, Camera, fit

number = st.floats(-5000, 5000)
WIDE, HIGH = 800.0, 500.0


@given(number, number, st.floats(0.01, 50), st.floats(0, WIDE), st.floats(0, HIGH), st.floats(0.3, 3.0))
def test_zooming_keeps_what_is_under_the_pointer(x, y, zoom, px, py, factor):
    camera = Camera(x, y, zoom)
    held = camera.to_um((px, py), WIDE, HIGH)
    closer = camera.zoomed(factor, (px, py), WIDE, HIGH)
    assert closer.to_px(held, WIDE, HIGH) == pytest.approx((px, py), abs=1e-5)


@given(number, number, st.floats(0.01, 50), st.floats(0, 1), st.floats(0.3, 3.0))
def test_while_the_view_glides_to_a_zoom_the_held_place_does_not_move(x, y, zoom, share, factor):
    start = Camera(x, y, zoom)
    goal = start.zoomed(factor, (600.0, 120.0), WIDE, HIGH)
    held = start.to_um((600.0, 120.0), WIDE, HIGH)
    between = start.towards(goal, share)
    assert between.to_px(held, WIDE, HIGH) == pytest.approx((600.0, 120.0), abs=1e-3)


@given(number, number, st.floats(0.01, 50), number, number)
def test_px_and_um_are_each_others_inverse(x, y, zoom, a, b):
    camera = Camera(x, y, zoom)
    assert camera.to_um(camera.to_px((a, b), WIDE, HIGH), WIDE, HIGH) == pytest.approx((a, b), abs=1e-5)


@given(st.lists(st.tuples(number, number), min_size=2, max_size=20))
def test_everything_fits_into_the_view(places):
    seen = fit(places, WIDE, HIGH).to_px(places, WIDE, HIGH)
    assert (seen >= -1e-6).all()
    assert (seen[:, 0] <= WIDE + 1e-6).all()
    assert (seen[:, 1] <= HIGH + 1e-6).all()


def test_an_empty_and_a_single_circuit_have_a_view_too():
    assert fit(np.zeros((0, 2)), WIDE, HIGH) == Camera(0.0, 0.0, 1.0)
    one = fit([[30.0, -20.0, 5.0]], WIDE, HIGH, closest=3.0)
    assert (one.x, one.y, one.zoom) == (30.0, -20.0, 3.0)


def test_the_zoom_has_ends():
    camera = Camera(0.0, 0.0, 1.0)
    assert camera.zoomed(1e12, (0, 0), WIDE, HIGH).zoom == CLOSEST
    assert camera.zoomed(1e-12, (0, 0), WIDE, HIGH).zoom == FARTHEST


def test_dragging_moves_the_picture_with_the_hand():
    camera = Camera(10.0, 20.0, 2.0)
    held = camera.to_um((100.0, 100.0), WIDE, HIGH)
    assert camera.panned(30.0, -15.0).to_px(held, WIDE, HIGH) == pytest.approx((130.0, 85.0))


def test_a_camera_that_has_arrived_is_near_its_goal():
    start, goal = Camera(0.0, 0.0, 1.0), Camera(50.0, 0.0, 1.0)
    assert not start.is_near(goal)
    assert start.towards(goal, 1.0).is_near(goal)
