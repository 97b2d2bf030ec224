"""Neurons that are taken several abreast do what each does alone, to the bit, also in parts of a step."""

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.kernels import neuron_loops, recipes

MODELS = [model.slug for model in registry.all("neuron") if not model.is_relay]
QUICK = (
    ("aeif_cond_exp", "double", 600.0),
    ("hh_psc_alpha", "single", 700.0),
    ("iaf_cond_exp", "single", np.linspace(0.0, 900.0, 70)),
)
LONG = [
    (slug, precision, current)
    for slug in MODELS
    for precision, current in (("single", 600.0), ("double", np.linspace(0.0, 900.0, 70)))
]
CASES = [*QUICK, *(pytest.param(*case, marks=pytest.mark.long) for case in LONG)]


def ran(slug, precision, current):
    net = Network(dt=0.1, seed=5, precision=precision)
    cells = net.add_population("Cells", slug, size=70)
    if "i_e" in registry.find(slug).params:
        net.set(cells, i_e=current)
    net.add_input("poisson", cells, rate=1500.0, weight=6.0)
    sim = Simulation(net)
    sim.run(150.0)
    states = sim.circuit.cells[cells.id].states
    return {name: column.tolist() for name, column in states.items()}, sim.spikes().tolist()


@pytest.mark.parametrize(("slug", "precision", "current"), CASES)
def test_abreast_is_as_alone(slug, precision, current, monkeypatch):
    abreast, spikes = ran(slug, precision, current)
    asked = []
    monkeypatch.setattr(neuron_loops, "is_straight", lambda lines: asked.append(lines))
    monkeypatch.setattr(recipes, "_kernels", recipes._kernels.__wrapped__)
    alone, spikes_alone = ran(slug, precision, current)
    assert asked or not neuron_loops._Writing(registry.find(slug), True, "float64").may_go_abreast
    assert abreast == alone
    assert spikes == spikes_alone


def text_of(slug, own=()):
    """The lines of the kernel of a model, with parameters of their own for some."""
    return recipes.neuron(slug, list(own), "float64").kernels()[0].body


def test_those_with_an_exponential_go_abreast():
    told = {
        slug: any("any_marked" in line for line in text_of(slug))
        for slug in ("iaf_psc_exp", "iaf_cond_exp", "aeif_cond_exp", "hh_psc_alpha", "burst_unit")
    }
    assert told == {slug: slug != "burst_unit" for slug in told}


def test_parts_that_all_take_alike_are_taken_side_by_side():
    found = {
        (slug, bool(own)): any("c_T_v[k]" in line for line in text_of(slug, own))
        for slug in ("hh_psc_alpha", "aeif_cond_exp")
        for own in ((), (np.zeros(3),))
    }
    assert [case for case, told in found.items() if told] == [("hh_psc_alpha", False)]
