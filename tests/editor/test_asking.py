"""Finding by property: what is asked is selected, and what cannot be answered says why."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.finding import by_property
from editor.inspector.meaning import unit_of
from engine.errors import UsageError
from engine.network.network import Network
from tests.editor.a_window import opened

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def circuit() -> Network:
    """Three pyramidal cells, all joined to a basket cell, which has conductances; one of them is frozen."""
    net = Network(seed=3)
    exc = net.add_population(
        "Pyramidal", "iaf_psc_exp", 3, params={"tau_m": [10.0, 20.0, 30.0]}, names=["a", "b", "c"]
    )
    inh = net.add_population("Basket", "iaf_cond_exp", 1, sign=-1, group="cortex")
    way = net.add_projection("E to I", exc, inh, w_max=10.0)
    net.add_synapses(way, exc.ids, inh.ids, weight=[1.0, 2.0, 3.0], delay=[1.0, 2.0, 3.0])
    back = net.add_projection("I to E", inh, exc, rules=["stdp_pair"], w_max=100.0)
    net.add_synapses(back, inh.ids, exc.ids[:1], weight=-40.0, delay=1.5)
    net.set(exc.ids[2:], frozen=True)
    return net


def found(net: Network, text: str, rates: Any = None) -> by_property.Found:
    return by_property.ask(SimpleNamespace(network=net, frame=SimpleNamespace(rates=rates, weights={})), text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("degree >= 2", "aB"),
        ("fan_out = 1", "abcB"),
        ("fan out ≥ 1 and tau_m > 0.015 s", "bc"),
        ("tau_m <= 20", "ab"),
        ("frozen = yes", "c"),
        ("frozen != yes, tau_m != 20 ms", "a"),
        ("name = b", "b"),
        ("degree > 0 and sign = inhibitory", "B"),
        ("tau_m > 1 s", ""),
    ],
)
def test_neurons_are_found_by_their_properties(text: str, names: str) -> None:
    net = circuit()
    every = dict(zip("abcB", net.neuron_ids.tolist(), strict=True))
    answer = found(net, text)
    assert (answer.kind, answer.ids.tolist()) == ("neuron", [every[name] for name in names])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("model = iaf_psc_exp", "Pyramidal"),
        ("model = Conductance integrate-and-fire", "Basket"),
        ("rate > 20 Hz", "Basket"),
        ("rate < 0.02 kHz and sign = excitatory", "Pyramidal"),
        ("group = cortex", "Basket"),
        ("population != basket", "Pyramidal"),
    ],
)
def test_whole_populations_are_found_by_what_their_neurons_share(text: str, label: str) -> None:
    net = circuit()
    rates = {net.population("Pyramidal").id: 5.0, net.population("Basket").id: 60.0}
    answer = found(net, text, rates)
    assert (answer.kind, answer.ids.tolist()) == ("population", [net.population(label).id])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("weight > 2 nS", [2]),
        ("weight >= 0.04 nA", [3]),
        ("delay > 1.2 ms and delay < 2.5 ms", [1, 3]),
        ("rule = stdp_pair", [3]),
        ("pre = Basket", [3]),
        ("projection = E to I and weight < 2", [0]),
        ("weight > 2", [2, 3]),
    ],
)
def test_synapses_are_found_by_theirs(text: str, rows: list[int]) -> None:
    net = circuit()
    ids = [*net.projection("E to I").ids.tolist(), *net.projection("I to E").ids.tolist()]
    answer = found(net, text)
    assert (answer.kind, answer.ids.tolist()) == ("synapse", sorted(ids[row] for row in rows))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rat > 20", "nothing here has a 'rat' .did you mean 'rate'"),
        ("rate > 20", "rates are known once the circuit has run"),
        ("degree > many", "degree: cannot read 'many' as a quantity"),
        ("tau_m > 20 mV", "tau_m: .*mV"),
        ("weight > 5 ms", "weight: .*ms"),
        ("weight >", "weight > what"),
        ("model > 3", "model is a name; ask with = or !="),
        ("weight > 5 and degree > 2", "weight is of synapses and degree of neurons"),
        ("degree > 2 or degree < 1", "joined by 'and' only"),
        ("degree > 2 and", "a condition is missing beside 'and'"),
        ("frozen = 3", "frozen is yes or no"),
    ],
)
def test_a_question_that_has_no_answer_says_why(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        found(circuit(), text)


@pytest.mark.parametrize("text", ["Pyramidal", "A -> B", "A <-> B", "pair STDP", "", "open…"])
def test_a_name_is_no_question(text: str) -> None:
    assert not by_property.is_question(text)


def test_the_words_of_an_answer_count() -> None:
    assert found(circuit(), "degree>=2").words == "2 neurons with degree >= 2"
    assert found(circuit(), "tau_m > 1 s").words == "None of 4 neurons has tau_m > 1 s"


def test_a_weight_is_asked_for_in_the_unit_the_inspector_shows() -> None:
    net = Network(seed=1)
    cells = net.add_population("Cells", "izhikevich", 2, sign=+1)
    way = net.add_projection("Way", cells, cells)
    net.add_synapses(way, cells[:1], cells[1:], weight=8.0, delay=1.0)
    assert unit_of(net, net.projections[way.id]) == "mV"
    assert found(net, "weight > 5 mV").ids.tolist() == net.projections[way.id].synapses.id.tolist()
    with pytest.raises(UsageError):
        found(net, "weight > 5 pA")


@pytest.fixture
def window(qtbot: Any) -> Any:
    made = opened(qtbot, size=(1200, 800))
    made.bring_canvas()
    made.document.replace(circuit())
    made.show_document()
    yield made
    made.close()


def test_typing_a_property_into_the_bar_selects_what_has_it(window) -> None:
    net, bar = window.document.network, window.command_bar
    window.perform("command_bar")
    QTest.keyClicks(bar.text, "degree >= 2")
    first = bar.model.shown[0]
    assert (first.name, first.kind) == ("2 neurons with degree >= 2", "Neuron")
    QTest.keyClick(bar.text, Qt.Key.Key_Return)
    assert not bar.isVisible()
    wanted = [net.population("Pyramidal").ids[0], net.population("Basket").ids[0]]
    assert window.selection.neurons.tolist() == wanted
    window.perform("find")
    QTest.keyClicks(bar.text, "weight > 2 nS")
    QTest.keyClick(bar.text, Qt.Key.Key_Return)
    assert window.selection.synapses.tolist() == net.projection("E to I").ids[2:].tolist()


def test_a_wrong_question_is_answered_in_words_and_selects_nothing(window) -> None:
    bar = window.command_bar
    window.perform("command_bar")
    QTest.keyClicks(bar.text, "wieght > 2")
    assert "did you mean 'weight'" in bar.model.shown[0].why_not
    QTest.keyClick(bar.text, Qt.Key.Key_Return)
    assert bar.isVisible()
    assert window.selection.is_empty
