"""`neuropil render` draws into memory what the canvas would show: pictures, outlines, films."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from editor import __main__ as start
from editor.recorder import record
from editor.recorder.stage import Stage, stage_for
from editor.recorder.svg import svg
from editor.window.theme import DARK, LIGHT, rgb
from engine import Network, Simulation, save

SIZE = (320, 200)


def run(capsys, *words):
    try:
        code = start.main([str(word) for word in words])
    except SystemExit as left:
        code = left.code
    out, err = capsys.readouterr()
    return code, out, err


def pair() -> Network:
    """One neuron that is forced to fire drives another over one strong synapse."""
    net = Network(dt=0.1, seed=1, title="A pair")
    pre = net.add_population("Pre", "relay", size=1, sign=+1, positions=[[-60, 0, 0]])
    post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1, positions=[[60, 0, 0]])
    wire = net.add_projection("Wire", pre, post, transmission="current_exp")
    net.add_synapses(wire, pre=pre.ids, post=post.ids, weight=5000.0, delay=1.0)
    net.add_input("spike_list", pre, times=[50.0, 100.0, 150.0, 200.0, 250.0])
    return net


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pair.neuropil"
    save(pair(), path)
    return path


def png_of(path):
    from PySide6.QtGui import QImage

    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()) & 0xFFFFFF


def brightness(picture):
    return np.asarray(picture).view(np.uint8).reshape(*picture.shape, 4)[..., :3].astype(int).sum(axis=2)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_a_png_has_the_size_and_the_ground_of_its_theme(capsys, qapp, file, tmp_path, theme):
    out = tmp_path / "x.png"
    code, said, _ = run(capsys, "render", file, out, "--size", "320x200", "--theme", theme.name)
    assert code == 0
    assert "320x200" in said
    picture = png_of(out)
    assert picture.shape == (200, 320)
    edge = picture[2, 2]
    for shift in (0, 8, 16):
        assert abs((edge >> shift & 255) - (rgb(theme.background_edge) >> shift & 255)) < 6
    assert len(np.unique(picture)) > 40


def test_a_picture_is_the_same_every_time(capsys, qapp, file, tmp_path):
    for name in ("a.png", "b.png"):
        run(capsys, "render", file, tmp_path / name, "--for", "120ms", "--size", "320x200")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_spike_lights_the_neuron_and_fades(file):
    stage = Stage(pair(), DARK, SIZE, simulation=Simulation(pair()), speed=0.1)
    x, y = stage.renderer.camera.to_px([60.0, 0.0], *SIZE).astype(int)
    frames = (brightness(stage.renderer.pixels(now).copy()) for now in stage.run(100.0, 25))
    near = [frame[y - 25 : y + 25, x - 25 : x + 25].mean() for frame in frames]
    spikes = stage.simulation.spikes()
    fired = spikes["t"][spikes["neuron"] == stage.scene.neurons["id"][1]]
    frame = int(fired[0] / 100.0 * 25)  # 100 ms of biology in this second
    assert max(near[frame : frame + 3]) > near[frame - 2] + 30
    assert near[-1] < max(near) - 20


def test_a_synapse_that_is_pruned_leaves_the_picture(file):
    net = pair()
    wire = net.projection("Wire")
    net.set(wire, w_max=5000.0)
    stage = Stage(net, DARK, SIZE, simulation=Simulation(net))
    change = _pruned(stage, wire)
    stage.simulation.drain_changes = lambda: [change]
    before = len(stage.scene.synapses)
    stage.look()
    assert (before, len(stage.scene.synapses)) == (1, 0)
    assert len(stage.renderer.changes.deaths(stage.now).ids) == 1


def _pruned(stage, wire):
    from engine.network.edits import RemoveSynapses
    from engine.runtime.growth import Change

    table = stage.network.projections[wire.id].synapses
    row = (table.id.copy(), table.pre.copy(), table.post.copy(), table.weight.copy(), table.delay.copy())
    stage.simulation.apply(RemoveSynapses(row[0]))
    return Change("pruned", wire.id, *row, "", "", 0)


def test_a_picture_of_a_later_moment_shows_the_time_it_ran(capsys, qapp, file, tmp_path):
    code, out, _ = run(
        capsys, "render", file, tmp_path / "x.png", "--for", "230ms", "--json", "--size", "64x64"
    )
    assert code == 0
    assert json.loads(out)["t"] == 230.0


@pytest.mark.parametrize("span", [0.0, 0.3, 7.0, 1234.5])
def test_every_span_is_run_to_its_end(span):
    stage = stage_for(pair(), None, DARK, (64, 64), runs=True)
    record.watch_the_end(stage, span, 25)
    assert stage.simulation.t == span


def test_an_svg_holds_every_neuron_and_synapse_as_an_outline(capsys, qapp, file, tmp_path):
    out = tmp_path / "x.svg"
    assert run(capsys, "render", file, out, "--size", "320x200")[0] == 0
    root = ElementTree.parse(out).getroot()
    groups = {each.get("id"): each for each in root.findall("{*}g")}
    assert len(groups["synapses"].findall("{*}path")) == 1
    assert len(groups["neurons"]) >= 2
    assert "A pair" in [each.text for each in groups["words"]]
    assert root.find("{*}title").text == "A pair"


def test_the_svg_and_the_png_are_the_same_picture(qapp):
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    stage = Stage(pair(), LIGHT, SIZE)
    pixels = brightness(stage.renderer.pixels().copy())
    renderer = QSvgRenderer(QByteArray(svg(stage.renderer).encode()))
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    other = brightness(np.frombuffer(image.constBits(), np.uint32).reshape(SIZE[::-1]).copy())
    assert (pixels < 500).sum() > 40
    assert (np.abs(pixels - other) > 150).mean() < 0.02


def test_a_gif_lasts_as_long_as_its_time_asks_for(capsys, qapp, file, tmp_path):
    image = pytest.importorskip("PIL.Image")
    out = tmp_path / "x.gif"
    code, _, _ = run(
        capsys, "render", file, out, "--for", "100ms", "--speed", "0.2", "--size", "160x100", "--fps", "20"
    )
    assert code == 0
    with image.open(out) as film:
        shown = [film.seek(k) or film.info["duration"] for k in range(film.n_frames)]
        assert sum(shown) == 500  # equal pictures are one that stays longer
        assert film.size == (160, 100)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x.bmp"], ".png"),
        (["x"], "no suffix"),
        (["x.png", "--size", "big"], "1600x1000"),
        (["x.png", "--size", "9x9"], "between"),
        (["x.png", "--speed", "0"], "more than 0"),
        (["x.gif", "--fps", "0"], "between 1 and 60"),
        (["x.gif", "--for", "0ms"], "no pictures"),
        (["no/such/x.png"], "no folder"),
        (["x.png", "--theme", "pink"], "dark"),
    ],
)
def test_a_render_that_cannot_be_meant_is_a_usage_error(capsys, file, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "render", file, *words)
    assert code == 2
    assert said in err


def test_what_qt_lacks_is_a_problem_with_its_cure(capsys, file, tmp_path, monkeypatch):
    from editor import preflight

    monkeypatch.setattr(preflight, "lacks", lambda **more: [preflight.Lack("libGL is missing", "apt-get it")])
    code, _, err = run(capsys, "render", file, tmp_path / "x.png")
    assert code == 1
    assert "apt-get it" in err
