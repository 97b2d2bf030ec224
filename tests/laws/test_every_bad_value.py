"""What makes no sense is told in one sentence at every door: Python, a file, the command line, the inspector.

So is what may surprise.  Everything is read off the declarations, so that new models are tried by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Any

import pytest

from editor.app import application
from editor.document.document import Document
from editor.inspector.card import MOST_REMARKS
from editor.inspector.panel import InspectorPanel
from editor.selection import Selection
from editor.window import style
from editor.window.theme import DARK
from engine import Network, commands, load, registry, save
from engine.errors import EditRefused
from engine.network.checks import check, remarks, told_of
from engine.network.declared import BELOW, OR_EQUAL, has_state
from engine.network.edits import Edit, SetNetwork, SetParams, SetRules, SetSynapses
from engine.network.parts import Learner, Population, Projection, RuleUse
from tests.fitting import neuron_for

KINDS = ("range", "whole", "start", "order")
MODELS = [m for m in registry.all() if m.kind not in ("task", "router")]


def stage(dt: float = 0.1) -> Network:
    """A network in which every model stands where it fits, each under its own name."""
    net = Network(dt=dt, seed=1)
    for kind in ("neuron", "astrocyte"):
        add = net.add_population if kind == "neuron" else net.add_astrocytes
        for model in registry.all(kind):
            add(model.slug, model.slug, 2)
    for model in registry.all("rule"):
        pre = neuron_for(model, "pre")
        if model.signs == "inhibitory":
            pre = net.add_population(f"inhibitory, for {model.slug}", pre, 2, sign=-1)
        net.add_projection(f"rule {model.slug}", pre, neuron_for(model), rules=[model.slug])
    for model in registry.all("transmission"):
        pre, post = neuron_for(model, "pre"), taker(model)
        if model.read_of("pre") - {"v"}:  # it begins at astrocytes, and may end there
            reads = model.read_of("pre") | model.read_of("post")
            pre = next(one.slug for one in registry.all("astrocyte") if all(map(one.offered, reads)))
            post = pre if model.gives == "gap" else post
        net.add_projection(f"transmission {model.slug}", pre, post, transmission=model.slug)
    cells = net.population(next(m.slug for m in registry.all("neuron") if m.usual))
    for model in registry.all("input"):
        net.add_input(model.slug, cells, label=f"input {model.slug}")
    for model in registry.all("modulator"):
        net.add_modulator(f"modulator {model.slug}", model.slug, cells.ids[:1])
    for model in registry.all("learner"):
        net.add_learner(model.slug, label=f"learner {model.slug}")
    return net


def taker(model) -> str:
    """A neuron that takes what a transmission gives."""
    usual = sorted(registry.all("neuron"), key=lambda m: not m.usual)
    return next((m.slug for m in usual if model.gives in m.receives), usual[0].slug)


def record_of(net: Network, model) -> Any:
    """Where a model stands on the stage."""
    label = model.slug if model.kind in ("neuron", "astrocyte") else f"{model.kind} {model.slug}"
    return next(record for record in net.records() if record.label == label)


def bad_value(model, kind: str) -> tuple[str, float] | None:
    """A parameter (or a state) of a model with a value it cannot have, of one kind of wrong."""
    chosen = {role.chosen_by for role in model.roles.values()}
    numbers = {n: p for n, p in model.params.items() if not p.is_choice and n not in chosen}
    if kind == "range":
        ranged = [p for p in numbers.values() if isfinite(p.low)]
        return (ranged[0].name, ranged[0].low - 1.0) if ranged else None
    if kind == "whole":
        counts = [p for p in numbers.values() if p.is_whole]
        return (counts[0].name, counts[0].default + 0.5) if counts else None
    if kind == "start":
        states = [s for s in model.states.values() if isfinite(s.low)]
        return (states[0].name, states[0].low - 1.0) if states else None
    for lower, upper in BELOW:
        if lower in numbers and upper in numbers and not (lower == "v_reset" and "v_peak" in numbers):
            return lower, numbers[upper].default + ((lower, upper) in OR_EQUAL)
    return None


def wrong(net: Network, kind: str) -> Iterator[tuple[Any, str, float, Edit]]:
    """Every model that can be wrong in this way: its record, the field, the value, the edit."""
    for model in MODELS:
        if (found := bad_value(model, kind)) is not None:
            name, value = found
            name = f"{model.slug}.{name}" if model.kind == "rule" else name
            record = record_of(net, model)
            yield record, name, value, SetParams([record.id], {name: value})


# -- the doors -------------------------------------------------------------------------------------


def in_python(net: Network, edit: Edit) -> str:
    """What an edit is refused with."""
    with pytest.raises(EditRefused) as refusal:
        edit.apply(net)
    return str(refusal.value)


def in_file(net: Network, path) -> list[str]:
    """What is told of a file."""
    save(net, path)
    read = load(path)[0]
    return [str(problem) for problem in (*check(read), *remarks(read))]


def on_command_line(path, capsys) -> tuple[int, list[str]]:
    """What `neuropil check` says, and its exit code."""
    code = commands.main(["check", str(path), "--json"])
    said = json.loads(capsys.readouterr().out)
    rows = [*said["problems"], *said["remarks"]]
    assert commands.main(["check", str(path)]) == code
    told = capsys.readouterr().out
    assert all(f"  {row['place']}: {row['what']}\n    {row['cure']}" in told for row in rows)
    return code, [f"{row['place']}: {row['what']}; {row['cure']}" for row in rows]


class Inspector:
    """The inspector over a network, for the hand."""

    def __init__(self, qtbot, net: Network) -> None:
        style.wear(application(), DARK)
        self.selection = Selection()
        self.panel = InspectorPanel(Document(net), self.selection)
        qtbot.addWidget(self.panel)
        self.panel.resize(388, 900)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def card(self, record: Any = None) -> Any:
        """The card of a record; of the whole network without one."""
        kind = type(record).__name__.lower()
        self.selection.choose(**({} if record is None else {kind: [record.id]}))
        return self.panel.shown[0]

    def typed(self, card: Any, name: str, value: float) -> str:
        """What a field says to a number that is typed into it."""
        slug, _, rest = name.rpartition(".")
        forms = [card.stack.card(slug).form] if slug and rest else card.forms
        fields = {key: field for form in forms for key, field in form.fields.items()} or card.fields
        field = fields[name]
        field.edit.setText(repr(value))
        field.edit.asked.emit(field.edit.text())
        return field.why.text() if not field.why.isHidden() else ""


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_a_model_cannot_have_is_refused_in_the_same_words_at_every_door(
    qtbot, capsys, tmp_path, kind
):
    net = stage()
    cases = list(wrong(net, kind))
    assert len(cases) >= 3
    asked = [in_python(net, edit) for *_, edit in cases]
    assert all("; " in said and "must" in said for said in asked)
    broken = net.copy()
    for *_, edit in cases:
        replace(edit, restoring=True).apply(broken)
    path = tmp_path / "broken.neuropil"
    assert set(asked) <= set(in_file(broken, path))
    code, told = on_command_line(path, capsys)
    assert code == 1
    assert set(asked) <= set(told)
    inspector = Inspector(qtbot, net)
    for (record, name, value, _), said in zip(cases, asked, strict=True):
        if not isinstance(record, Learner):  # they are turned in the Training tab
            assert inspector.typed(inspector.card(record), name, value) == said


def synapse() -> tuple[Network, Any]:
    """One excitatory synapse."""
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("Cells", next(m.slug for m in registry.all("neuron") if m.usual), 2, sign=+1)
    way = net.add_projection("Way", cells, cells, rules=["stdp_pair"], w_max=100.0)
    return net, net.add_synapses(way, pre=cells.ids[:1], post=cells.ids[1:], weight=50.0, delay=1.0)


@pytest.mark.parametrize(
    ("name", "value"), [("weight", -50.0), ("weight", 101.0), ("delay", 0.0), ("delay", -1.0)]
)
def test_a_weight_against_its_sign_and_a_delay_of_nothing_are_refused_alike(
    qtbot, capsys, tmp_path, name, value
):
    net, ids = synapse()
    edit = SetSynapses(ids, name, [value])
    said = in_python(net, edit)
    inspector = Inspector(qtbot, net)
    inspector.selection.choose(synapse=ids)
    told = inspector.typed(inspector.panel.shown[0], name, value)
    assert told == ("" if value == -50.0 else said)  # the inspector writes the sign of the neuron itself
    assert net.synapses("Way")["weight"].tolist() == [50.0]
    replace(edit, restoring=True).apply(net)
    if value >= 0.0 or name == "weight":  # a delay below nothing does not even make a file
        assert said in in_file(net, tmp_path / "one.neuropil")
        assert said in on_command_line(tmp_path / "one.neuropil", capsys)[1]


STEPPED = [m for m in MODELS if isfinite(m.step_most)]
FINE = [m for m in MODELS if isfinite(m.step_good)]


def alone(model, dt: float) -> Network:
    """One population of a model."""
    net = Network(dt=dt, seed=1)
    add = net.add_population if model.kind == "neuron" else net.add_astrocytes
    add(model.slug, model.slug, 2)
    return net


@pytest.mark.parametrize("model", STEPPED, ids=lambda m: m.slug)
def test_a_step_too_long_for_a_model_is_refused_alike(qtbot, capsys, tmp_path, model):
    net, dt = alone(model, 0.1), 1.2 * model.step_most
    edit = SetNetwork({"dt": dt})
    said = in_python(net, edit)
    assert said.endswith(f"choose dt at most {model.step_most:g} ms")
    inspector = Inspector(qtbot, net)
    assert inspector.typed(inspector.card(), "dt", dt) == said
    replace(edit, restoring=True).apply(net)
    assert said in in_file(net, tmp_path / "long.neuropil")
    assert said in on_command_line(tmp_path / "long.neuropil", capsys)[1]
    with pytest.raises(EditRefused, match="cannot follow"):
        alone(model, dt)


def test_a_field_outside_its_limits_is_refused_in_python_and_named_of_a_file(tmp_path):
    net, asked = stage(), []
    broken = net.copy()
    for model in registry.all("transmission") + registry.all("rule"):
        way = record_of(net, model)
        ends = [net.populations[side].neuron_ids[:1] for side in (way.pre, way.post)]
        ids = net.add_synapses(way.id, *ends, weight=0.0)
        bounded = {name: field.low for name, field in model.fields.items() if isfinite(field.low)}
        asked += [(SetSynapses(ids, name, [low - 1.0]), name) for name, low in bounded.items()]
        if model.shares:
            first, *others = model.shares
            SetSynapses(ids, first, [0.7]).apply(net)
            asked.append((SetSynapses(ids, others[0], [0.7]), "shares of one whole"))
    told = [(in_python(net, edit), words) for edit, words in asked]
    assert len(told) >= 20
    assert all(words in said for said, words in told)
    for edit, _ in asked:
        broken = net.copy()
        replace(edit, restoring=True).apply(broken)
    assert told[-1][0] in in_file(broken, tmp_path / "field.neuropil")


def offering_nothing(model) -> str:
    """A neuron without what a rule reads, "" where every neuron will do."""
    asked = model.asks("post")
    lacking = [m for m in registry.all("neuron") if not all(has_state(m, name) for name in asked)]
    return min(lacking, key=lambda m: (m.is_relay, m.slug)).slug if lacking else ""


READING = [m for m in registry.all("rule") if offering_nothing(m)]
HEARING = [m for m in registry.all("rule") if m.roles]


@pytest.mark.parametrize("model", READING, ids=lambda m: m.slug)
def test_a_rule_that_needs_what_its_neurons_lack_is_refused_alike(qtbot, capsys, tmp_path, model):
    net = Network(dt=0.1, seed=1)
    pre = net.add_population("Pre", neuron_for(model, "pre"), 2)
    post = net.add_population("Post", offering_nothing(model), 2)
    way = net.add_projection("Way", pre, post)
    edit = SetRules(way.id, (RuleUse(model.slug),))
    said = in_python(net, edit)
    assert f"{post.model} has none; choose " in said
    inspector = Inspector(qtbot, net)
    refused = []
    inspector.panel.refused.connect(refused.append)
    inspector.card(net.projections[way.id]).stack.restacked.emit(edit.rules)
    assert refused == [said]
    replace(edit, restoring=True).apply(net)
    assert said in in_file(net, tmp_path / "lacking.neuropil")
    assert said in on_command_line(tmp_path / "lacking.neuropil", capsys)[1]


@pytest.mark.parametrize("model", HEARING, ids=lambda m: m.slug)
def test_a_rule_that_waits_for_a_modulator_nobody_releases_is_told_alike(qtbot, capsys, tmp_path, model):
    net = Network(dt=0.1, seed=1)
    ends = [net.add_population(side, neuron_for(model, side), 2) for side in ("pre", "post")]
    way = net.add_projection("Way", *ends, rules=[model.slug])
    told = [str(problem) for problem in check(net)]
    assert len(told) == len(model.roles)
    assert all("and there is none; add a modulator, or set " in said for said in told)
    assert in_file(net, tmp_path / "waiting.neuropil")[: len(told)] == told
    assert on_command_line(tmp_path / "waiting.neuropil", capsys)[1][: len(told)] == told
    inspector = Inspector(qtbot, net)
    card = inspector.card(net.projections[way.id]).stack.card(model.slug)
    assert told[0] == f"Way, {model.slug}: i{card.trouble.text()[1:]}"


# -- what is remarked on ---------------------------------------------------------------------------


def odd(net: Network, model) -> Iterator[Any]:
    """Records in which a model stands where it is not at its best, for each way it declares."""
    counted = {*model.in_steps, getattr(model, "late", ""), *(q.by for q in model.quantities.values())}
    record = record_of(net, model)
    for name in sorted(counted & {*model.params}):
        key = f"{model.slug}.{name}" if model.kind == "rule" else name
        net.set(record.id, **{key: 5.03})
        yield record
    if getattr(model, "signs", ""):
        pre = net.add_population(
            f"before {model.slug}", neuron_for(model, "pre"), 2,
            sign=-1 if model.signs == "excitatory" else +1,
        )  # fmt: skip
        yield net.projections[net.add_projection("", pre, neuron_for(model), rules=[model.slug]).id]
    if getattr(model, "wants", {}):
        lacking = next(
            m.slug for m in registry.all("neuron") if not {*model.wants} & {*m.offers} and not m.is_relay
        )
        yield net.projections[net.add_projection("", lacking, lacking, rules=[model.slug]).id]
    if model.kind == "rule" and model.read_of("glia") - {"present"}:
        yield record


def test_what_may_surprise_is_told_in_the_same_words_at_every_door(qtbot, capsys, tmp_path):
    net = stage()
    records = {record.id: record for model in MODELS for record in odd(net, model)}
    assert len(records) >= 15
    asked = {id: [str(problem) for problem in told_of(net, record)] for id, record in records.items()}
    assert all(asked.values())
    every = {said for told in asked.values() for said in told}
    assert all("; " in said for said in every)
    for words in ("between two steps", "is made for", "and without one", "of astrocytes, and these"):
        assert any(words in said for said in every)
    path = tmp_path / "odd.neuropil"
    assert every <= set(in_file(net, path))
    assert every <= set(on_command_line(path, capsys)[1])
    inspector = Inspector(qtbot, net)
    for id, record in records.items():
        shown = [line.removeprefix("• ") for line in inspector.card(record).remarks.text().splitlines()]
        assert shown[: len(asked[id])] == asked[id][:MOST_REMARKS]


@pytest.mark.parametrize("model", FINE, ids=lambda m: m.slug)
def test_a_step_too_coarse_for_a_model_is_told_at_every_door_and_runs(qtbot, capsys, tmp_path, model):
    net = alone(model, min(2.0 * model.step_good, model.step_most))
    (said,) = (str(problem) for problem in remarks(net))
    assert said.endswith(f"choose dt at most {model.step_good:g} ms")
    assert check(net) == []
    assert in_file(net, tmp_path / "coarse.neuropil") == [said]
    assert on_command_line(tmp_path / "coarse.neuropil", capsys) == (0, [said])
    inspector = Inspector(qtbot, net)
    assert inspector.card().remarks.text() == said
    assert inspector.card(next(iter(net.populations.values()))).remarks.text() == said
    net.set(net, dt=model.step_good)
    assert remarks(net) == []


def test_the_stage_itself_is_refused_nowhere():
    net = stage()
    wrong_here = [str(problem) for problem in check(net) if "waits for" not in problem.what]
    assert wrong_here == []
    assert any(isinstance(record, Population) for record in net.records())
    assert sum(isinstance(record, Projection) for record in net.records()) >= 40
