"""A picture without a window: the same pixels every time, in any theme, also as an SVG."""

from __future__ import annotations

import threading
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from editor.canvas import raster
from editor.canvas.camera import Camera
from editor.canvas.detail import Detail
from editor.canvas.layers import Territories
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.overlay.inset import Inset
from editor.canvas.render import Renderer, framed
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import PopulationMark
from editor.canvas.standing import Painter
from editor.canvas.warm_up import warm_up
from editor.recorder.svg import svg
from editor.window.theme import DARK, LIGHT, THEMES, Theme, blend, contrast, ramp

SVG = "{http://www.w3.org/2000/svg}"


def circuit(neurons=30, synapses=90):
    rng = np.random.default_rng(7)
    scene = Scene()
    scene.populations = [PopulationMark(1, "E"), PopulationMark(2, "I", -1)]
    kind = rng.integers(0, 2, neurons)
    scene.add_neurons(
        np.arange(1, neurons + 1),
        rng.random((neurons, 2)) * 400,
        sign=1 - 2 * kind,
        population=kind,
        v=rng.random(neurons),
    )
    pre, post = rng.integers(1, neurons + 1, synapses), rng.integers(1, neurons + 1, synapses)
    scene.add_synapses(np.arange(1000, 1000 + synapses), pre, post, rng.random(synapses))
    scene.add_astrocytes([900, 901], [[100, 100], [300, 300]])
    scene.names = {1: "<one> & only"}
    return scene


@pytest.mark.parametrize("size", [(1200, 800), (700, 480), (480, 900)])
def test_a_view_of_everything_has_room_for_the_territories_at_its_edge(size):
    scene = Scene()
    scene.add_neurons([1, 2, 3], [[-120, 60], [-90, -40], [220, 60]])
    scene.add_astrocytes([900], [[60, 0]])
    with_glia = framed(scene, *size)
    map_ = Territories.of(scene.look())
    rows, columns = np.nonzero(map_.edge > 0.0)
    inside = np.stack([map_.x0 + columns * map_.texel, map_.y0 + rows * map_.texel], axis=1)
    seen = with_glia.to_px(inside, *size)
    assert len(seen) > 100
    assert np.all(seen >= 0.0)
    assert np.all(seen <= size)
    scene.remove_astrocytes([900])
    assert framed(scene, *size).zoom > with_glia.zoom


@pytest.mark.parametrize("detail", list(Detail), ids=lambda detail: detail.name.lower())
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_same_scene_gives_the_same_pixels_drawn_by_one_thread_or_by_three(theme, detail):
    pictures = []
    for bands in (1, 3):
        with ThreadPoolExecutor(3) as crew:
            renderer = Renderer(circuit(), 400, 260, theme=theme, detail=detail)
            renderer._painter = Painter(crew if bands > 1 else None, bands)
            pictures.append(renderer.pixels(1.0).copy())
    assert np.array_equal(*pictures)
    assert len(np.unique(pictures[0])) > 200


def test_a_scene_that_was_lent_is_drawn_as_it_was():
    scene = circuit()
    renderer = Renderer(scene, 400, 260)
    request = renderer.picture.request(renderer.camera)
    expected = Painter().paint(request).picture
    scene.move_neurons([1, 2, 3], [[0.0, 0.0]] * 3)
    scene.remove_neurons([4, 5])
    scene.set_weights(np.arange(1000, 1050), 0.9)
    drawn = []
    thread = threading.Thread(target=lambda: drawn.append(Painter().paint(request).picture))
    thread.start()
    thread.join()
    assert np.array_equal(drawn[0], expected)
    later = Painter().paint(renderer.picture.request(renderer.camera)).picture
    assert not np.array_equal(later, expected)


def test_only_what_changed_is_drawn_again():
    scene = circuit()
    renderer = Renderer(scene, 300, 200)
    renderer.pixels(1.0)
    first = renderer.picture.standing
    renderer.pixels(1.1)
    assert renderer.picture.standing is first
    scene.set_weights([1000], [0.99])
    renderer.pixels(1.2)
    second = renderer.picture.standing
    assert second is not first
    assert second.ground is first.ground, "the ground does not depend on weights"
    renderer.camera = Camera(0.0, 0.0, 1.0)
    renderer.pixels(1.3)
    assert renderer.picture.standing.ground is not first.ground


def test_an_empty_scene_is_a_picture_of_the_ground():
    pixels = Renderer(Scene(), 200, 120).pixels(0.0)
    assert pixels.shape == (120, 200)
    assert len(np.unique(pixels)) > 1


def test_words_are_written_over_the_picture(qapp):
    scene = circuit()
    bare = Renderer(scene, 1000, 640).array(1.0)
    chrome = Chrome("A title", "30 neurons", strip="Anatomy: measured.")
    lens = Inset(200.0, 200.0, 60.0, "a lens", radius=80.0)
    written = Renderer(scene, 1000, 640, chrome=chrome, insets=(lens,)).array(1.0)
    assert bare.shape == written.shape == (640, 1000, 3)
    changed = np.abs(bare.astype(int) - written).max(axis=-1) > 40
    assert changed[:80, :300].sum() > 200, "the title"
    assert changed[440:, :260].sum() > 200, "the legend"
    assert changed[60:220, 800:].sum() > 500, "the lens"


def test_a_picture_can_be_written(qapp, tmp_path):
    path = tmp_path / "picture.png"
    Renderer(circuit(), 200, 120).save(path)
    assert path.read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(OSError, match="nowhere"):
        Renderer(circuit(), 200, 120).save(tmp_path / "nowhere" / "x.png")


@pytest.mark.parametrize("detail", [None, Detail.BUNDLES, Detail.DENSITY, Detail.TERMINALS])
def test_an_svg_holds_every_neuron_and_its_words(qapp, detail):
    scene = circuit()
    chrome = Chrome("Title <with> & signs", "and a line")
    renderer = Renderer(scene, 400, 260, chrome=chrome, detail=detail)
    renderer.changes.spiked(scene, [1, 2], 1.0)
    root = ElementTree.fromstring(svg(renderer, 1.02))
    groups = {group.get("id"): group for group in root.iter(f"{SVG}g")}
    assert set(groups) == {"tissue", "synapses", "neurons", "words"}
    assert len(list(groups["neurons"].iter(f"{SVG}circle"))) >= len(scene.neurons)
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "Title <with> & signs" in texts
    assert "<one> & only" in texts
    paths = list(groups["synapses"].iter(f"{SVG}path"))
    if detail in (None, Detail.TERMINALS):
        assert len(paths) > 60
    if detail is Detail.DENSITY:
        assert list(groups["synapses"].iter(f"{SVG}image"))


def signatures():
    """How many times each kernel was compiled."""
    modules = [module for module in vars(raster).values() if hasattr(module, "__name__")]
    kernels = {name: k for module in modules for name, k in vars(module).items() if isinstance(k, Dispatcher)}
    return {name: len(kernel.signatures) for name, kernel in kernels.items()}


def test_warming_up_compiles_every_kernel_that_drawing_needs():
    warm_up()
    compiled = signatures()
    assert len(compiled) > 15
    for detail in Detail:
        renderer = Renderer(circuit(), 300, 200, detail=detail)
        renderer.changes.spiked(renderer.scene, [1, 2, 3], 0.9)
        renderer.pixels(1.0)
    assert signatures() == compiled


# ---- themes ----------------------------------------------------------------------------------------

each_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())


@each_theme
def test_words_and_moving_things_stand_out_from_the_background(theme: Theme):
    for colour in (theme.text, theme.retracting, theme.excitatory, theme.inhibitory, theme.danger):
        assert contrast(colour, theme.background) >= 3.0
    assert contrast(theme.text, theme.panel) >= 7.0
    assert contrast(theme.muted, theme.panel) >= 3.0
    assert contrast(theme.accent_text, theme.accent) >= 4.0


@each_theme
def test_every_colour_of_a_theme_is_written_as_one(theme: Theme):
    colours = [*theme.colours().values(), *theme.astrocytes, *theme.curves]
    assert len(colours) > 30
    for colour in colours:
        assert len(colour) == 7
        assert int(colour[1:], 16) >= 0


def test_a_ramp_runs_from_one_colour_to_the_other():
    assert ramp("#000000", "#FF8040", [0.0, 0.5, 1.0, 7.0]).tolist() == [0, 0x804020, 0xFF8040, 0xFF8040]
    assert blend("#000000", "#FFFFFF", 0.5) == "#808080"
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
