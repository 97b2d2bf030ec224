"""What the engine simulates of single contacts and dendrites is seen: each test runs the engine and looks."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.camera import Camera
from editor.canvas.clefts import arrivals
from editor.canvas.dendrites import facing
from editor.canvas.follow import Follower
from editor.canvas.intake import wanted
from editor.canvas.scene import Scene
from editor.recorder.stage import Stage
from editor.window.theme import DARK, LIGHT
from engine import Network, Simulation
from engine.live.frame import FramePool
from engine.live.messages import QUICK, Watch
from engine.live.pictures import Circumstances, Pictures
from engine.runtime.looking import SEEN

SIZE = (520, 300)
FPS = 60
each_theme = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def stage(net: Network, theme=DARK, *, zoom=1.0, at=(0.0, 0.0)) -> Stage:
    """The circuit on a canvas of one px per um, or `zoom` of them, looking at a place (um)."""
    made = Stage(net, theme, SIZE, simulation=Simulation(net))
    made.renderer.chrome = None
    made.renderer.camera = Camera(*at, zoom)
    return made


def film(made: Stage, seconds: float) -> dict[float, np.ndarray]:
    """What is seen at each picture of so many seconds in real time: (height, width, 3), by wall time."""
    return {round(now, 3): rgb(made) for now in made.run(1000.0 * seconds, FPS)}


def rgb(made: Stage) -> np.ndarray:
    pixels = made.renderer.pixels(made.now)
    return np.stack([pixels >> 16 & 255, pixels >> 8 & 255, pixels & 255], axis=-1).astype(float)


def around(picture: np.ndarray, at: tuple[float, float], half: int, zoom: float = 1.0) -> np.ndarray:
    """The pixels around a place (um, in a view of `zoom` px per um)."""
    x, y = round(zoom * at[0] + SIZE[0] / 2), round(zoom * at[1] + SIZE[1] / 2)
    return picture[y - half : y + half, x - half : x + half]


# ---- releases that fail ------------------------------------------------------------------------


def unreliable(u: tuple[float, float]) -> tuple[Network, object]:
    """An axon with two synapses on two neurons, above and below, with these chances of release."""
    net = Network(seed=3)
    axon = net.add_population("Axon", "relay", positions=[[-120.0, 0.0, 0.0]])
    rows = [[120.0, -90.0, 0.0], [120.0, 90.0, 0.0]]
    cells = net.add_population("Cells", "relay", positions=rows)
    for k, chance in enumerate(u):
        params = {"u": chance, "n": 3.0, "tau_rec": 1.0}
        way = net.add_projection(f"Way {k}", axon, cells, "quantal", params=params)
        net.add_synapses(way, pre=axon.ids, post=cells[k], weight=40.0, delay=1.0)
    net.add_input("spike_list", axon, times=[20.0])
    return net, cells


@each_theme
def test_a_spike_that_released_nothing_looks_like_any_other_until_it_ends_in_an_empty_ring(theme):
    failing, sure = (film(stage(unreliable(u)[0], theme, zoom=0.8), 0.46) for u in ((1.0, 0.0), (1.0, 1.0)))
    differs = {now: np.abs(failing[now] - sure[now]).max(axis=-1) > 40 for now in failing}
    assert not any(picture.any() for now, picture in differs.items() if now < 0.25)
    for picture in (picture for now, picture in differs.items() if now > 0.39):
        assert not around(picture, (112.0, -84.0), 24, 0.8).any(), "where both release"
        here = around(picture, (112.0, 84.0), 24, 0.8)
        y, x = np.nonzero(here)
        assert len(x) > 25
        middle = round(0.5 * (y.min() + y.max())), round(0.5 * (x.min() + x.max()))
        assert not here[middle[0] - 1 : middle[0] + 2, middle[1] - 1 : middle[1] + 2].any(), "it is empty"


def test_only_a_spike_that_released_lights_up_its_terminal():
    net, _ = unreliable((1.0, 0.0))
    made = stage(net)
    pictures = film(made, 0.30)
    plain = pictures[round(1 / FPS, 3)]
    last = max(pictures)
    lit = [np.abs(around(pictures[last] - plain, (108.0, y), 5)).sum() for y in (-81.0, 81.0)]
    assert lit[0] > 3.0 * lit[1]


def test_every_release_is_told_of_once_with_the_spike_it_belongs_to():
    net, _ = unreliable((1.0, 0.0))
    net.set(next(iter(net.inputs.values())).id, times=[20.0, 80.0, 140.0])
    made = stage(net)
    film(made, 0.25)
    rows, left, vesicles = made.scene.contacts.releases(made.scene, made.now)
    for way, expected in zip(made.network.projections.values(), (3.0, 0.0), strict=True):
        mine = rows == made.scene.synapses.rows(way.synapses.id)[0]
        assert left[mine] == pytest.approx([0.02, 0.08, 0.14], abs=1e-3)
        assert vesicles[mine].tolist() == [expected] * 3
    rows, age, _ = arrivals(made.scene, 0.30, 1.0, failed=True)
    assert len(rows) == 1
    assert age == pytest.approx([0.04], abs=2e-3), "240 ms after the first spike left"


def test_the_release_probability_of_the_transmission_fills_the_bouton():
    net, _ = unreliable((0.3, 0.8))
    made = stage(net)
    release = made.scene.synapses["release"]
    assert release.tolist() == pytest.approx([0.3, 0.8])
    assert np.isnan(made.scene.synapses["receptors"]).all(), "nothing is known of q"


# ---- transmitter in clefts ---------------------------------------------------------------------


def busy(uptake: float) -> Network:
    """Two synapses under one astrocyte: the left one busy, the right one silent."""
    net = Network(seed=3)
    pre = net.add_population("Pre", "relay", positions=[[-140.0, 60.0, 0.0], [60.0, 60.0, 0.0]])
    post = net.add_population("Post", "relay", positions=[[-140.0, -60.0, 0.0], [60.0, -60.0, 0.0]])
    params = {"uptake": uptake, "g_t": 0.0}
    glia = net.add_astrocytes("Glia", "astrocyte_gchi", params=params, positions=[[-40.0, 120.0, 0.0]])
    way = net.add_projection("Way", pre, post, "uptake", astrocytes=glia)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=40.0, delay=1.0)
    net.add_input("spike_list", pre[:1], times=np.arange(10.0, 210.0, 10.0))
    return net


def test_transmitter_fades_as_fast_as_diffusion_and_uptake_clear_it():
    for uptake, rate in ((0.0, 10.0), (1.0, 40.0)):
        sim = Simulation(busy(uptake))
        sim.run(220.0)
        (one,) = sim.quantities("clefts").values()
        sim.run(25.0)
        (other,) = sim.quantities("clefts").values()
        assert one[1][0] > 10.0
        assert other[1][0] / one[1][0] == pytest.approx(np.exp(-0.025 * rate), rel=1e-6)


def test_looking_at_a_cleft_agrees_with_what_the_next_spike_finds_in_it():
    sim = Simulation(busy(0.5))
    sim.run(199.9)
    (way,) = sim.circuit.pathways.values()
    place = way.synapses.expanded()[0]
    before = SEEN["clefts"](sim.circuit)[way.id][1][0]
    sim.run(0.1)
    released = 0.005 * 500.0 * 1000.0  # uM of a whole release
    after, x = (way.synapses.columns[f"Ft_{name}"][place][0] for name in "yx")
    share = (after - before * np.exp(-1e-4 * 25.0)) / released
    assert 0.0 < share < 0.6
    sim.run(0.1)
    assert SEEN["clefts"](sim.circuit)[way.id][1][0] == pytest.approx(after * np.exp(-1e-4 * 25.0))
    assert x < 1.0


@each_theme
def test_with_uptake_blocked_transmitter_spills_to_the_neighbour_and_is_seen_there(theme):
    specks = []
    for uptake in (0.0, 1.0):
        made = stage(busy(uptake), theme)
        plain = rgb(made)
        made.simulation.run(215.0)
        made.now += 10.0  # flashes are over
        made.look()
        made.now += 10.0
        seen = rgb(made)
        changed = np.abs(seen - plain).max(axis=-1) > 60
        specks.append([around(changed, (x, -47.0), 26).sum() for x in (-140.0, 60.0)])
    (own, spilled), (_, kept_off) = specks
    assert own > spilled > 4 * kept_off + 20


# ---- spikes that run back ----------------------------------------------------------------------


def dendritic() -> tuple[Network, list[object]]:
    """Three neurons with dendrites, above their inputs: near, far out, and blocked."""
    net = Network(seed=3)
    cells = []
    for x, params in ((-150.0, {}), (0.0, {"distance": 600.0, "boost": "off"}), (150.0, {"blocked": "yes"})):
        cells.append(
            net.add_population(f"Cell {x:g}", "two_comp_bap", positions=[[x, -90.0, 0.0]], params=params)
        )
        axon = net.add_population(f"Axon {x:g}", "relay", positions=[[x, 110.0, 0.0]])
        way = net.add_projection(f"Way {x:g}", axon, cells[-1], "conductance_exp")
        net.add_synapses(way, pre=axon.ids, post=cells[-1].ids, weight=1.0, delay=1.0)
    return net, cells


def test_the_share_of_a_spike_that_reaches_the_dendrite_comes_from_the_engine():
    net, cells = dendritic()
    made = stage(net)
    made.simulation.poke("fire", np.concatenate([one.ids for one in cells]))
    film(made, 0.1)
    kept = made.scene.contacts.spikes
    arrived = kept["arrived"][kept.rows([int(one.ids[0]) for one in cells])][:, 0]
    assert arrived[:2] == pytest.approx([1.0, np.exp(-600.0 / 430.0)])
    assert np.isnan(arrived[2]), "nothing arrives where it is blocked"
    assert made.scene.contacts.dendrites.takes.tolist() == pytest.approx([1.0, 2.5, 1.0])


@each_theme
def test_a_spike_runs_up_the_dendrite_fading_with_distance_and_stops_where_it_is_blocked(theme):
    net, cells = dendritic()
    made = stage(net, theme)
    plain = rgb(made)
    made.simulation.poke("fire", np.concatenate([one.ids for one in cells]))
    pictures = film(made, 0.55)
    reach, light = {}, {}
    for k, x in enumerate((-150.0, 0.0, 150.0)):
        column = [np.abs(around(p - plain, (x, 0.0), 84)).max(axis=(1, 2)) for p in pictures.values()]
        rows = np.array(column) > 60.0  # (pictures, px from top to bottom)
        below = rows[:, 14:]  # what is under the soma
        reach[k] = np.where(below.any(axis=1), below.shape[1] - np.argmax(below[:, ::-1], axis=1), 0)
        late = [p for now, p in pictures.items() if 0.22 < now < 0.27]
        light[k] = max(np.abs(around(p - plain, (x, -12.0), 24)).sum() for p in late)
    advance = np.diff(reach[0][2:14])
    assert (advance >= 0).all()
    assert reach[0][13] > reach[0][2] + 30, "it runs"
    assert reach[2].max() < 0.75 * reach[0].max(), "it stops"
    assert light[0] > 1.5 * light[1] > 1.5 * light[2]


def test_a_dendrite_points_to_where_its_input_comes_from():
    net, _ = dendritic()
    scene = Scene()
    Follower(scene, net)
    assert facing(scene)[:, :2] == pytest.approx(np.array([[0.0, 1.0]] * 3), abs=1e-6)
    assert facing(scene)[:, 2] == pytest.approx([200.0] * 3)


def test_blocking_a_dendrite_is_seen_before_anything_spikes():
    net, cells = dendritic()
    made = stage(net)
    one = rgb(made)
    made.network.set(cells[0], blocked="yes")
    made.follower.sync()
    changed = np.abs(rgb(made) - one).max(axis=-1) > 60
    assert around(changed, (-150.0, -55.0), 20).sum() > 6
    assert around(changed, (0.0, -55.0), 20).sum() == 0


# ---- what frames carry -------------------------------------------------------------------------


def test_frames_carry_only_what_the_circuit_has():
    plain = Network()
    cells = plain.add_population("E", "iaf_psc_exp", size=2)
    plain.add_projection("E to E", cells, cells, rules=["stdp_pair"])
    assert wanted(plain) == ()
    assert {"released", "loci"} <= set(wanted(unreliable((0.5, 0.5))[0]))
    assert "clefts" in wanted(busy(1.0))
    assert wanted(dendritic()[0]) == ("returned",)
    assert set(SEEN) >= QUICK


def test_what_changes_with_every_spike_is_looked_at_for_every_picture_and_the_rest_is_not(
    monkeypatch,
):
    looked: list[str] = []

    class Looking(Simulation):
        def quantities(self, name):
            looked.append(name)
            return super().quantities(name)

    sim = Looking(unreliable((1.0, 0.0))[0])
    pictures = Pictures(FramePool())
    pictures.watch = Watch(None, ("loci", "released"))
    monkeypatch.setattr("engine.live.pictures.SELDOM", 1e9)
    monkeypatch.setattr("engine.live.pictures.MOST_QUICK", 1e9)
    running = Circumstances(0, 0, {}, 1.0, True)
    for _ in range(3):
        assert pictures.publish(sim, running)
        lease = pictures.pool.take()
        assert set(lease.frame.quantities) == {"loci", "released"}
        lease.give_back()
    assert looked.count("released") == 3
    assert looked.count("loci") == 1
