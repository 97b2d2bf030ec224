"""The rasteriser: equal input gives equal pixels, in any division into bands, never outside the picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from editor.canvas.raster.density import brightest, splat, tone
from editor.canvas.raster.ground import dots, vignette
from editor.canvas.raster.hairlines import hairlines
from editor.canvas.raster.marks import arcs, discs, glows, terminals
from editor.canvas.raster.pixels import green, mix, over, over_two, red_blue, warp
from editor.canvas.raster.records import (
    ARC,
    ARROW,
    BAR,
    CIRCLE,
    DIAMOND,
    DISC,
    DOUBLE_BAR,
    GLOW,
    NO_TERMINAL,
    ROUND,
    SQUARE,
    STROKE,
    TERMINAL,
    records,
)
from editor.canvas.raster.strokes import INK, LIGHT_ADDED, LIGHT_OVER, RAILS_ADDED, RAILS_OVER, strokes
from editor.canvas.raster.territories import map_territories, paint_territories

HIGH, WIDE = 90, 130
GROUND = 0xFF202020
INKS = np.full((3, 256), 0xFFFFFF, np.uint32)
FULL = np.ones((3, 256), np.float32)


def ground(high=HIGH, wide=WIDE):
    return np.full((high, wide), GROUND, np.uint32)


def random_lines(seed=0, n=40, spread=1.6):
    rng = np.random.default_rng(seed)
    lines = records(STROKE, n)
    for name in ("ax", "cx", "bx"):
        lines[name] = (rng.random(n) - 0.3) * WIDE * spread
    for name in ("ay", "cy", "by"):
        lines[name] = (rng.random(n) - 0.3) * HIGH * spread
    lines["end"] = 0.3 + 0.7 * rng.random(n)
    lines["width_begin"], lines["width_end"] = 6.0 * rng.random(n), 6.0 * rng.random(n)
    lines["alpha_begin"], lines["alpha_end"] = rng.random(n), rng.random(n)
    lines["rgb"] = rng.integers(0, 1 << 24, n)
    return lines


def random_marks(dtype, seed=0, n=40):
    rng = np.random.default_rng(seed)
    made = records(dtype, n)
    for name in dtype.names:
        made[name] = rng.random(n)
    made["x"], made["y"] = (rng.random(n) - 0.2) * WIDE * 1.4, (rng.random(n) - 0.2) * HIGH * 1.4
    for name in ("radius", "size"):
        if name in dtype.names:
            made[name] = 1.0 + 14.0 * rng.random(n)
    for name in [name for name in dtype.names if "rgb" in name]:
        made[name] = rng.integers(0, 1 << 24, n)
    if "kind" in dtype.names:
        turn = rng.random(n) * 6.3
        made["dx"], made["dy"], made["kind"] = np.cos(turn), np.sin(turn), rng.integers(0, 5, n)
    if "shape" in dtype.names:
        made["shape"], made["casing"] = rng.integers(0, 3, n), 3.0 * rng.random(n)
        made["hatch"] = rng.integers(0, 2, n)
    if "sweep" in dtype.names:
        made["sweep"], made["start"] = 7.5 * rng.random(n), 12.0 * rng.random(n) - 6.0
        made["width"], made["soft"] = 4.0 * rng.random(n), 3.0 * rng.random(n)
    return made


def neurons_and_synapses(seed=0, n=30, m=120):
    rng = np.random.default_rng(seed)
    x = ((rng.random(n) - 0.2) * WIDE * 1.4).astype(np.float32)
    y = ((rng.random(n) - 0.2) * HIGH * 1.4).astype(np.float32)
    pre, post = rng.integers(0, n, m).astype(np.int32), rng.integers(0, n, m).astype(np.int32)
    weight = rng.random(m).astype(np.float32)
    tones = rng.integers(0, 3, m).astype(np.int8)
    return x, y, pre, post, weight, tones, np.ones(m, np.uint8)


def territories():
    x, y = neurons_and_synapses(3)[:2]
    owner = np.zeros((60, 80), np.int32)
    edge, core = np.zeros((60, 80), np.float32), np.zeros((60, 80), np.float32)
    glia_x, glia_y = x[:3].copy(), y[:3].copy()
    map_territories(owner, edge, core, -20.0, -20.0, 2.0, glia_x, glia_y, x, y, 0.4)
    return owner, edge, core


def toned(picture, top, bottom):
    film = np.zeros((2, HIGH, WIDE), np.float32)
    splat(film, *neurons_and_synapses(), 1, 0, HIGH)
    shades = np.linspace(0, 0xFFFFFF, 64 * 16).astype(np.uint32).reshape(64, 16)
    tone(picture, film, shades, np.ones((64, 16), np.float32), 4.0, 1, top, bottom)


MAP = territories()
SOURCE = np.random.default_rng(5).integers(0, 1 << 24, (HIGH, WIDE)).astype(np.uint32) | 0xFF000000

DRAWN = {
    "ink": lambda p, t, b: strokes(p, random_lines(), INK, 0.0, 1.0, t, b),
    "light over": lambda p, t, b: strokes(p, random_lines(), LIGHT_OVER, 5.0, 1.0, t, b),
    "light added": lambda p, t, b: strokes(p, random_lines(), LIGHT_ADDED, 5.0, 1.0, t, b),
    "rails over": lambda p, t, b: strokes(p, random_lines(), RAILS_OVER, 5.0, 1.0, t, b),
    "rails added": lambda p, t, b: strokes(p, random_lines(), RAILS_ADDED, 5.0, 1.0, t, b),
    "terminals": lambda p, t, b: terminals(p, random_marks(TERMINAL), 0.0, 1.0, t, b),
    "discs": lambda p, t, b: discs(p, random_marks(DISC), t, b),
    "glows over": lambda p, t, b: glows(p, random_marks(GLOW), False, t, b),
    "glows added": lambda p, t, b: glows(p, random_marks(GLOW), True, t, b),
    "arcs": lambda p, t, b: arcs(p, random_marks(ARC), False, t, b),
    "hairlines": lambda p, t, b: hairlines(p, *neurons_and_synapses(), INKS, 0.5 * FULL, 60.0, t, b),
    "density": toned,
    "vignette": lambda p, t, b: vignette(p, 0x0B0F17, 0x06080D, t, b),
    "dots": lambda p, t, b: dots(p, 3.3, 4.7, 11.3, 1.4, 0xFFFFFF, 0.8, t, b),
    "territories": lambda p, t, b: paint_territories(
        p, *MAP, -20.0, -20.0, 2.0, -15.0, -12.0, 1.1, 2.0, np.array([0.1, 0.5, 0.9], np.float32),
        np.array([0x4FD1A5, 0x7FB2FF, 0xB794F6], np.uint32), 0.1, 0.4, t, b,
    ),
    "mix": lambda p, t, b: mix(p, ground(), SOURCE, 90, t, b),
    "warp": lambda p, t, b: warp(p, SOURCE, ground(), 0.73, 8.4, -3.2, True, t, b),
    "coarse warp": lambda p, t, b: warp(p, SOURCE, ground(), 1.31, -8.4, 3.2, False, t, b),
}  # fmt: skip
each_kernel = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())


@each_kernel
def test_a_kernel_draws_something_and_the_same_every_time(draw):
    one, other = ground(), ground()
    draw(one, 0, HIGH)
    draw(other, 0, HIGH)
    assert (one != GROUND).sum() > 30
    assert np.array_equal(one, other)
    assert (one >> 24 == 0xFF).all()


@each_kernel
@pytest.mark.parametrize("bands", [(0, 45, HIGH), (0, 1, 30, 31, 77, HIGH)], ids=["two", "five"])
def test_any_division_into_bands_gives_the_same_pixels(draw, bands):
    whole, parts = ground(), ground()
    draw(whole, 0, HIGH)
    for top, bottom in pairwise(bands):
        draw(parts, top, bottom)
    assert np.array_equal(whole, parts)


@each_kernel
def test_a_band_leaves_the_rest_of_the_picture_alone(draw):
    picture = ground()
    draw(picture, 30, 50)
    assert (picture[:30] == GROUND).all()
    assert (picture[50:] == GROUND).all()


far = st.one_of(
    st.floats(-200, 300, width=32), st.floats(-(2.0**40), 2.0**40, width=32), st.just(float("nan"))
)


@given(st.lists(far, min_size=6, max_size=6), st.floats(0, 60, width=32))
def test_nothing_is_written_outside_however_far_away_a_thing_is(places, size):
    padded = np.full((HIGH + 40, WIDE), GROUND, np.uint32)
    picture = padded[20:-20]
    lines = records(STROKE, 1, end=1.0, width_begin=size, width_end=size, alpha_begin=1.0, alpha_end=1.0)
    for name, place in zip(("ax", "ay", "cx", "cy", "bx", "by"), places, strict=True):
        lines[name] = place
    for manner in (INK, LIGHT_ADDED):
        strokes(picture, lines, manner, 0.0, 1.0, 0, HIGH)
    x, y = np.array(places[::2], np.float32), np.array(places[1::2], np.float32)
    marks = records(DISC, 3, x=x, y=y, radius=size, casing=2.0, alpha=1.0)
    discs(picture, marks, 0, HIGH)
    glows(picture, records(GLOW, 3, x=x, y=y, radius=size, alpha=1.0, rgb=0xFFFFFF), True, 0, HIGH)
    arcs(picture, records(ARC, 3, x=x, y=y, radius=size, width=3.0, sweep=7.0, alpha=1.0), False, 0, HIGH)
    pre, post = np.array([0, 1, 2], np.int32), np.array([1, 2, 0], np.int32)
    more = (np.ones(3, np.float32), np.zeros(3, np.int8), np.ones(3, np.uint8))
    hairlines(picture, x, y, pre, post, *more, INKS, FULL, 60.0, 0, HIGH)
    film = np.zeros((4, HIGH, WIDE), np.float32)
    splat(film[1:3], x, y, pre, post, *more, 1, 0, HIGH)
    assert (padded[:20] == GROUND).all()
    assert (padded[-20:] == GROUND).all()
    assert not film[0].any()
    assert not film[3].any()


def line(ax, ay, bx, by, width, alpha=1.0, cx=None, cy=None):
    made = records(STROKE, 1, ax=ax, ay=ay, bx=bx, by=by, end=1.0, rgb=0xFFFFFF)
    made["cx"] = 0.5 * (ax + bx) if cx is None else cx
    made["cy"] = 0.5 * (ay + by) if cy is None else cy
    made["width_begin"] = made["width_end"] = width
    made["alpha_begin"] = made["alpha_end"] = alpha
    return made


def light(picture):
    return (picture & 255).astype(float) / 255.0


@pytest.mark.parametrize("width", [0.4, 1.0, 3.0, 7.0])
@pytest.mark.parametrize("turn", [0.0, 0.3, 0.7854, 1.2, 1.5708])
def test_a_stroke_covers_its_length_times_its_width(width, turn):
    picture = np.full((200, 200), 0xFF000000, np.uint32)
    dx, dy = 60.0 * np.cos(turn), 60.0 * np.sin(turn)
    strokes(picture, line(100 - dx, 100 - dy, 100 + dx, 100 + dy, width), INK, 0.0, 1.0, 0, 200)
    assert light(picture).sum() == pytest.approx(120.0 * width, rel=0.06)


def test_a_translucent_curve_has_no_beads_where_its_segments_meet():
    picture = np.full((120, 200), 0xFF000000, np.uint32)
    strokes(picture, line(15, 100, 185, 100, 6.0, 0.5, cx=100, cy=-60), INK, 0.0, 1.0, 0, 120)
    assert light(picture).max() <= 0.5 + 2 / 255


def test_a_tapering_stroke_is_wider_where_it_begins():
    picture = np.full((60, 200), 0xFF000000, np.uint32)
    taper = line(10, 30, 190, 30, 8.0)
    taper["width_end"] = 1.0
    strokes(picture, taper, INK, 0.0, 1.0, 0, 60)
    columns = light(picture).sum(axis=0)
    assert columns[20] > 7.0
    assert columns[180] < 2.0
    assert (np.diff(columns[15:185]) < 0.05).all()


def test_part_of_a_curve_stops_on_the_way():
    picture = np.full((60, 200), 0xFF000000, np.uint32)
    half = line(10, 30, 190, 30, 3.0)
    half["end"] = 0.5
    strokes(picture, half, INK, 0.0, 1.0, 0, 60)
    columns = light(picture).sum(axis=0)
    assert columns[95] > 2.5
    assert columns[105] == 0.0


def test_light_is_brightest_in_the_middle_and_rails_are_dark_there():
    glow, rails = np.full((60, 100), 0xFF000000, np.uint32), np.full((60, 100), 0xFF000000, np.uint32)
    strokes(glow, line(5, 30, 95, 30, 20.0), LIGHT_ADDED, 0.0, 1.0, 0, 60)
    strokes(rails, line(5, 30, 95, 30, 20.0), RAILS_ADDED, 0.0, 1.0, 0, 60)
    middle, side = light(glow)[29:31, 50].mean(), light(glow)[24, 50]
    assert middle > side > 0.1
    assert light(rails)[29:31, 50].mean() < 0.05
    assert light(rails)[24, 50] > 0.6


@pytest.mark.parametrize("shape", [CIRCLE, DIAMOND, SQUARE])
def test_a_disc_covers_about_the_area_of_its_circle(shape):
    picture = np.full((80, 80), 0xFF000000, np.uint32)
    marks = records(DISC, 1, x=40.3, y=39.6, radius=20.0, alpha=1.0, shape=shape)
    marks["fill_rgb"] = marks["rim_rgb"] = 0xFFFFFF
    discs(picture, marks, 0, 80)
    assert light(picture).sum() == pytest.approx(np.pi * 400.0, rel=0.15 if shape else 0.01)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9])
def test_the_core_of_a_neuron_covers_the_share_of_its_membrane_potential(share):
    picture = np.full((120, 120), 0xFF000000, np.uint32)
    marks = records(DISC, 1, x=60.0, y=60.0, radius=50.0, rim=2.0, core=share, alpha=1.0)
    marks["core_rgb"] = 0xFFFFFF
    discs(picture, marks, 0, 120)
    assert light(picture).sum() == pytest.approx(share * np.pi * 48.0**2, rel=0.08, abs=60)


def test_an_arrow_points_where_the_synapse_goes_and_a_bar_stands_across():
    pictures = {}
    for kind in (ARROW, BAR, ROUND, DOUBLE_BAR, NO_TERMINAL):
        picture = np.full((60, 60), 0xFF000000, np.uint32)
        end = records(TERMINAL, 1, x=40.0, y=30.0, dx=1.0, dy=0.0, size=18.0, alpha=1.0, rgb=0xFFFFFF)
        end["kind"] = kind
        terminals(picture, end, 0.0, 1.0, 0, 60)
        pictures[kind] = light(picture)
    arrow = pictures[ARROW].sum(axis=0)
    assert arrow[24] > 2.0 * arrow[36] > 0.0
    assert arrow[41:].sum() == 0.0
    bar = pictures[BAR]
    assert bar.any(axis=1).sum() > 3 * bar.any(axis=0).sum()
    assert pictures[ROUND].sum() > 0.0
    assert pictures[DOUBLE_BAR][30, 30:50].max() > 0.0
    assert not pictures[NO_TERMINAL].any()


def test_an_arc_covers_the_part_of_the_ring_it_names():
    def covered(sweep):
        picture = np.full((80, 80), 0xFF000000, np.uint32)
        ring = records(ARC, 1, x=40.0, y=40.0, radius=25.0, width=4.0, soft=0.5, alpha=1.0, rgb=0xFFFFFF)
        ring["sweep"], ring["start"] = sweep, -2.0
        arcs(picture, ring, False, 0, 80)
        return light(picture).sum()

    whole = covered(7.0)
    assert whole == pytest.approx(2.0 * np.pi * 25.0 * 4.0, rel=0.05)
    for share in (0.1, 0.25, 0.5, 0.9):
        assert covered(share * 2.0 * np.pi) == pytest.approx(share * whole, rel=0.02, abs=5.0)


def test_every_synapse_leaves_light_on_the_film_for_its_length():
    film = np.zeros((2, 100, 100), np.float32)
    x, y = np.array([10.0, 90.0], np.float32), np.array([20.0, 60.0], np.float32)
    one = (np.array([0], np.int32), np.array([1], np.int32), np.ones(1, np.float32))
    splat(film, x, y, *one, np.array([1], np.int8), np.ones(1, np.uint8), 1, 0, 100)
    assert film[1].sum() == pytest.approx(81.0)
    assert not film[0].any()
    assert 1.0 <= brightest(film, 1) < 2.2


def test_a_synapse_that_is_not_shown_is_not_drawn():
    x, y, pre, post, weight, tones, shown = neurons_and_synapses()
    shown[:] = 0
    picture, film = ground(), np.zeros((2, HIGH, WIDE), np.float32)
    hairlines(picture, x, y, pre, post, weight, tones, shown, INKS, FULL, 60.0, 0, HIGH)
    splat(film, x, y, pre, post, weight, tones, shown, 1, 0, HIGH)
    assert (picture == GROUND).all()
    assert not film.any()


def test_a_thinned_exposure_is_as_bright_as_a_full_one():
    films = []
    parts = neurons_and_synapses(7, 300, 30_000)
    for stride in (1, 3):
        film = np.zeros((2, HIGH, WIDE), np.float32)
        splat(film, *parts, stride, 0, HIGH)
        films.append(film.sum())
    assert films[1] == pytest.approx(films[0], rel=0.03)


def test_a_moved_picture_shows_each_pixel_where_it_went():
    picture = ground()
    warp(picture, SOURCE, ground(), 1.0, 7.0, -4.0, True, 0, HIGH)
    assert np.array_equal(picture[10:80, 0:100], SOURCE[6:76, 7:107])
    assert (picture[:4] == GROUND).all()
    assert (picture[:, WIDE - 6 :] == GROUND).all()


def test_territories_hold_their_astrocyte_and_end_between_two_of_them():
    x = np.tile(np.arange(12) * 30.0, 6).astype(np.float32)
    y = np.repeat(np.arange(6) * 30.0, 12).astype(np.float32)
    glia_x, glia_y = np.array([80.0, 250.0], np.float32), np.array([75.0, 75.0], np.float32)
    owner = np.zeros((60, 120), np.int32)
    edge, core = np.zeros((60, 120), np.float32), np.zeros((60, 120), np.float32)
    map_territories(owner, edge, core, -60.0, -60.0, 4.0, glia_x, glia_y, x, y, 0.6)
    row = int((75.0 + 60.0) / 4.0)
    own = [owner[row, int((gx + 60.0) / 4.0)] for gx in (80.0, 250.0)]
    assert own == [0, 1]
    assert edge[row, int((80.0 + 60.0) / 4.0)] > 5.0
    border = np.flatnonzero(np.diff(owner[row]))
    assert len(border) >= 1
    assert edge[row, border[0] : border[0] + 2].min() < 3.0
    assert edge[0, 0] <= 0.0


@njit
def _two_pixels_laid(apart, together, colours, opacities):
    for k in range(colours.size):
        for part in range(2):
            over(apart, 2 * k + part, red_blue(colours[k]), green(colours[k]), opacities[2 * k + part])
        over_two(together, 2 * k, 2 * k + 1, colours[k], opacities[2 * k], opacities[2 * k + 1])


def test_two_pixels_laid_at_once_are_those_laid_one_by_one():
    random = np.random.default_rng(4)
    ground = random.integers(0, 1 << 32, 40_000).astype(np.uint32)
    ground[:4] = 0, 0xFFFFFFFF, 0xFF000000, 0x00FFFFFF
    colours = random.integers(0, 1 << 24, 20_000)
    opacities = random.integers(0, 257, 40_000)
    colours[:2], opacities[:4] = 0xFFFFFF, (256, 0, 256, 256)
    apart, together = ground.copy(), ground.copy()
    _two_pixels_laid(apart, together, colours, opacities)
    assert np.array_equal(apart, together)
    assert not np.array_equal(apart, ground)
