"""Every rule that sees its neurons, or acts between spikes, agrees with doing everything at every step.

The reference is given what the neurons did (their spikes and states, as probes saw them) and runs the hooks
themselves in plain Python, at every step, for every neuron and every synapse.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.declare import Induction, Rule, field, lagged, param, quantity, trace
from engine.errors import EditRefused
from engine.network.checks import check
from engine.network.declared import actual_state, has_state, usual_transmission
from engine.network.edits import SetRules
from engine.network.parts import RuleUse
from tests.laws.eager import TONIC, W_MAX, Eager, H, sees

STEPS = 700


class Sees(Induction, slug="test_sees", label="Sees the membrane"):
    """Reads the potential now and a while ago, wakes only above a level, keeps a field and traces."""

    tau = param(6.0, "ms", (0.1, 100), "Memory of the potential.")
    ago = param(2.3, "ms", (0, 5), "How late the slow potential is read.")
    level = param(-65.0, "mV", (-100, 50), "Below it nothing is done.")
    rate = param(0.002, "", (0, 10), "How much.")
    tau_x = param(12.0, "ms", (0.1, 1000), "Memory of spikes.")
    m = quantity("post", "v", "mV", "Slow potential.")
    fires = quantity("post", 0.0, "", "How often it has fired, fading with what it fired before.")
    late = lagged("post", "m", by="ago", doc="Slow potential a while ago.")
    x = trace("pre", tau="tau_x", doc="Presynaptic spikes.")
    y = trace("post", tau="tau_x", doc="Postsynaptic spikes.")
    seen = field(0.0, "", "How often this synapse was met.")

    @staticmethod
    def on_neuron(post, p, h):
        post.m += (post.v - post.m) * h / p.tau
        post.fires = 0.99 * post.fires + post.spiked * (1.0 + post.y)

    @staticmethod
    def awake(post, p):
        return post.m > p.level

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.seen += 1.0
        syn.dw += p.rate * h * pre.x * (post.v - post.late + post.fires + post.y)

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw -= p.rate * max(post.late - p.level, 0.0) + 0.00001 * syn.seen


class Meets(Induction, slug="test_meets", label="Meets the spike"):
    """Reads the presynaptic potential, and a quantity of each side, at the very step of a post spike."""

    tau = param(9.0, "ms", (0.1, 100), "Memory of the potential.")
    m = quantity("pre", -70.0, "mV", "Slow presynaptic potential.")
    n = quantity("post", -70.0, "mV", "Slow postsynaptic potential.")
    w0 = param(0.01, "", (0, 10), "How much.")

    @staticmethod
    def on_pre_neuron(pre, p, h):
        pre.m += (pre.v - pre.m) * h / p.tau

    @staticmethod
    def on_neuron(post, p, h):
        post.n += (post.local - post.n) * h / p.tau

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.w0 * (pre.v - pre.m + post.n + 65.0)


class Sometimes(Induction, slug="test_sometimes", label="Sometimes"):
    """Acts at every fifth step, on what no guard holds back."""

    every = "pause"
    pause = param(0.5, "ms", (0.01, 100), "Time between two looks.")
    towards = param(3.0, "pA", (0, 1e3), "Where weights go while the neuron is depolarised.")

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.dw += 0.0002 * h * (p.towards - syn.w) * (post.v - pre.v)


OWN = (Sees, Meets, Sometimes)


SHIPPED = [r for r in registry.all("rule") if r.stage == "induction" and sees(r)]
PLAIN = [r for r in registry.all("rule") if r.stage == "induction" and r.usual]
STACKS = [
    *[(rule,) for rule in (*OWN, *SHIPPED)],
    (Sees, Meets),
    (Sees, PLAIN[0]),
    *[(Sees, r) for r in registry.all("rule") if r.slug in ("dopamine", "receptors_soft")],
]


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    for rule in OWN:
        monkeypatch.setitem(registry._by_slug(), rule.slug, rule)


class Everywhere(Eager):
    """One synapse, met at every step; it is told what its neurons look like."""

    def meet(
        self, hook: str, pre: list[SimpleNamespace], post: list[SimpleNamespace], awake: list[bool]
    ) -> None:
        change = self.nothing()
        for i, rule in enumerate(self.rules):
            if hook in rule.hooks and awake[i]:
                rows = {"pre": pre[i], "post": post[i], "h": self.step_of(i)}
                change = self.run(i, hook, change, self.mod(i, self.t), **rows)
        self.store(self.pass_on(-1, change, self.t))

    def step_of(self, i: int) -> float:
        every = getattr(self.rules[i], "every", "")
        return max(1, round(getattr(self.p[i], every) / H)) * H if every else H


class Known:
    """What one neuron was at every step: its states, and the quantities that each rule keeps of it."""

    def __init__(self, rules, p, owner, states, spikes, traces_of):
        self.rules, self.owner, self.rows = rules, owner, []
        hook = "on_neuron" if owner == "post" else "on_pre_neuron"
        now = [self.start(rule, row, states[0]) for rule, row in zip(rules, p, strict=True)]
        self.first = [SimpleNamespace(**states[0], **q) for q in now]
        self.awake = []
        for s in range(STEPS + 1):
            rows, awake = [], []
            for i, rule in enumerate(rules):
                known = {**states[s], **now[i], **traces_of(i, s), "spiked": float(spikes.count(s))}
                row = SimpleNamespace(**known)
                self.lag(rule, p[i], row, s)
                if hook in rule.hooks and s > 0:
                    rule.hooks[hook](row, p[i], H)
                now[i] = {n: getattr(row, n) for n in now[i]}
                rows.append(row)
                asked = rule.hooks.get("awake") if owner == "post" else None
                awake.append(s > 0 and (asked is None or bool(asked(row, p[i]))))
            self.rows.append(rows)
            self.awake.append(awake)
        for s in range(STEPS + 1):  # what is read late is read from the step it was
            for i, rule in enumerate(rules):
                self.lag(rule, p[i], self.rows[s][i], s)

    def start(self, rule, p, states):
        found = {}
        for n, q in rule.quantities.items():
            if q.owner == self.owner and not q.of:
                init = q.init
                found[n] = getattr(p, init, states.get(init)) if isinstance(init, str) else float(init)
        return found

    def lag(self, rule, p, row, s):
        for n, q in rule.quantities.items():
            if q.owner == self.owner and q.of:
                then = s - int(np.floor(getattr(p, q.by) / H + 0.5))
                i = self.rules.index(rule)
                source = self.rows[then][i] if 0 <= then < len(self.rows) else self.first[i]
                setattr(row, n, getattr(source, q.of))

    def seen(self, i, s, traces):
        row = self.rows[s][i] if s >= 0 else self.first[i]
        return SimpleNamespace(**{**vars(row), **vars(traces)})


def everywhere(rules, weight, pre, post, drug, d, axon, states):
    """The weight after every step, of one synapse `axon` and `d` steps from its neurons."""
    synapse = Everywhere(rules, weight)

    def post_traces(i, s):
        found = {}
        for n, x in rules[i].traces.items():
            if x.owner == "post":
                tau = getattr(synapse.p[i], x.tau)
                found[n] = sum(np.exp(-(s - t) * H / tau) for t in post if t < s)
        return found

    of_post = Known(rules, synapse.p, "post", states["post"], post, post_traces)
    of_pre = Known(rules, synapse.p, "pre", states["pre"], pre, lambda i, s: {})
    found = [weight]
    for s in range(1, STEPS + 1):
        synapse.advance(s * H)
        if s in drug:
            synapse.release("dopamine", s * H)
        x, y = synapse.decayed("pre", s * H), synapse.decayed("post", s * H)
        before = [of_pre.seen(i, s - axon, x[i]) for i in range(len(rules))]
        after = [of_post.seen(i, s - d, y[i]) for i in range(len(rules))]
        everyone = [True] * len(rules)
        came, left = s - d in post, s - axon in pre
        if came:
            synapse.meet("on_post", before, after, everyone)
        due = [s % max(1, round(synapse.step_of(i) / H)) == 0 for i in range(len(rules))]
        awake = of_post.awake[s - d] if s >= d else [False] * len(rules)
        synapse.meet("on_step", before, after, [a and b for a, b in zip(awake, due, strict=True)])
        if left:
            synapse.meet("on_pre", before, after, everyone)
            synapse.spike("pre", s * H, x)
        if came:
            synapse.spike("post", s * H, y)
        found.append(synapse.w)
    return found


def neuron_for(rules: tuple[type[Rule], ...], side: str) -> str:
    """A neuron model with every state the rules ask for; the usual one where it will do."""
    asked = {name for rule in rules for name in rule.asks(side)}
    fitting = [m for m in registry.all("neuron") if all(has_state(m, name) for name in asked)]
    if "local_mean" in asked:
        fitting = [m for m in fitting if m.local_mean]
    fitting.sort(key=lambda m: (m.is_relay, not m.usual))
    return fitting[0].slug


def circuit(rules: tuple[type[Rule], ...], dendritic: float = 0.5, precision: str = "double"):
    """Two pre and two post neurons, driven, joined all to all with a delay of 1.4 ms."""
    net = Network(dt=H, seed=3, precision=precision)
    flows = "rate" in rules[0].asks("pre")
    sides = [net.add_population(side, neuron_for(rules, side), size=2, sign=+1) for side in ("pre", "post")]
    for side in sides:
        if flows:
            net.add_input("noise_current", side, mean=1.0, std=0.5, hold=1.0)
        else:
            jumps = "delta" in registry.find(side.model).receives
            net.add_input("poisson", side, rate=900.0, weight=9.0 if jumps else 900.0)
    drug = net.add_population("DA", "relay", size=1)
    net.add_input("spike_list", drug, times=[12.0, 35.0, 52.0])
    net.add_modulator("DA", "diffuse", drug, {"substance": "dopamine", "tonic": TONIC})  # after 1 ms
    way = net.add_projection(
        "p", *sides, transmission=usual_transmission(sides[1].model), w_max=W_MAX, dendritic=dendritic,
        rules=[(rule.slug, {}) for rule in rules],
    )  # fmt: skip
    ids = net.add_synapses(
        way,
        pre=np.repeat(sides[0].ids, 2),
        post=np.tile(sides[1].ids, 2),
        weight=0.3 if flows else 2.0,
        delay=1.4,
    )
    return net, way, sides, ids


@pytest.mark.parametrize("rules", STACKS, ids=lambda rules: "+".join(rule.slug for rule in rules))
def test_what_is_done_only_where_something_happens_equals_doing_all_at_every_step(rules) -> None:
    net, way, sides, ids = circuit(rules)
    probes = {}
    for side in sides:
        for name in registry.find(side.model).states:
            probes[side.label, name] = net.add_probe(side, name, every=H)
    watch = net.add_probe(ids, "weight", every=H)
    sim = Simulation(net)
    states = {}
    names = {
        side.label: {name: actual_state(registry.find(side.model), name) for name in ("local", "local_mean")}
        for side in sides
    }
    first = {
        side.label: {n: sim.state_of(side.ids, n) for n in registry.find(side.model).states} for side in sides
    }
    sim.run(STEPS * H)
    spikes = sim.spikes()
    gap = round(1.4 / H)
    d = 0 if sim.circuit.pathways[int(way)].stack.transmission.carries else round(gap * 0.5)
    axon = gap - d
    drug = [round(t / H) + 10 for t in (12.0, 35.0, 52.0)]
    table = sim.synapses(way)
    weight = 0.3 if "rate" in rules[0].asks("pre") else 2.0
    for row in table:
        for side, neuron in (("pre", row["pre"]), ("post", row["post"])):
            at = sides[side == "post"].ids.tolist().index(neuron)
            series = [{n: first[side][n][at] for n in first[side]}]
            seen = {n: sim.record(probes[side, n]) for n in first[side]}
            columns = {n: r["value"][r["id"] == neuron] for n, r in seen.items()}
            series += [{n: c[s] for n, c in columns.items()} for s in range(STEPS)]
            states[side] = [
                {**each, **{name: each[actual] for name, actual in names[side].items() if actual in each}}
                for each in series
            ]
        trains = [spikes["step"][spikes["neuron"] == row[side]].tolist() for side in ("pre", "post")]
        expected = everywhere(list(rules), weight, *trains, drug, d, axon, states)
        found = sim.record(watch)
        found = found["value"][found["id"] == row["id"]]
        np.testing.assert_allclose(found, expected[1:], rtol=1e-8, atol=1e-10)
    assert np.ptp(sim.record(watch)["value"]) > 1e-6, "the weight never moved, so this shows nothing"


SEES = (Sees, PLAIN[0])
GROWTH = {
    "curve": "linear", "nu": 0.05, "eps": 0.5, "tau_ca": 100.0, "beta_ca": 0.01, "update": 10.0,
    "weight": 2.0, "delay": 0.5,
}  # fmt: skip


def busy(threads: int = 1, more: tuple[tuple[str, dict[str, object]], ...] = (), size: int = 2):
    """A simulation of a circuit with three delays, whose post neurons fill more than one tile if asked."""
    net = Network(dt=H, seed=9)
    pre = net.add_population("pre", "iaf_psc_exp", size=6, sign=+1)
    post = net.add_population("post", "iaf_psc_exp", size=size, sign=+1)
    net.add_input("poisson", pre, rate=900.0, weight=900.0)
    net.add_input("poisson", post, rate=900.0, weight=900.0)
    rules = [*((rule.slug, {}) for rule in SEES), *more]
    way = net.add_projection("p", pre, post, rules=rules, w_max=W_MAX, dendritic=0.5)
    for delay in (0.3, 0.9, 2.0):
        net.wire(way, "fixed_in", n=2, weight=2.0, delay=delay)
    sim = Simulation(net, threads=threads)
    return sim, way, post


def bits(sim, way, post):
    sim_rows = sim.synapses(way)
    kept = np.concatenate([sim.state_of(post.ids, name) for name in ("m", "fires", "v")])
    return sim_rows.tobytes(), kept.tobytes(), len(sim.spikes())


@pytest.mark.parametrize("threads", [2, 8])
def test_threads_change_no_bit_of_what_rules_know_of_neurons(threads):
    runs = []
    for n in (1, threads):
        sim, way, post = busy(n, size=2100)
        sim.run(12.0)
        runs.append(bits(sim, way, post))
    assert runs[0] == runs[1]
    assert runs[0][2] > 1000


def test_a_run_in_pieces_captured_and_restored_gives_the_same_bits():
    through, way, post = busy()
    through.run(80.0)
    pieces, *_ = busy()
    for piece in (0.1, 29.9):
        pieces.run(piece)
    held = pieces.capture()
    pieces.run(17.3)
    pieces.restore(held)
    pieces.run(20.0)
    other = Simulation(busy()[0].base, state=pieces.capture())
    other.run(30.0)
    assert bits(other, way, post)[:2] == bits(through, way, post)[:2]


def test_growth_and_pruning_keep_the_index_of_incoming_synapses():
    sim, way, _ = busy(more=(("element_growth", GROWTH), ("prune_weak", {"below": 0.5, "for_": 1.0})), size=5)
    before = sim.synapses(way).size
    sim.run(100.0)
    kinds = {change.kind for change in sim.drain_changes()}
    assert "grown" in kinds
    running = sim.circuit.pathways[int(way)]
    syn, incoming = running.synapses, running.following.incoming
    place = syn.expanded()[0]
    found = incoming.follow(syn)
    assert sorted(found["in_place"][: place.size].tolist()) == sorted(place.tolist())
    assert place.size != before
    for q in range(5):
        mine = slice(found["in_start"][q], found["in_start"][q + 1])
        assert set(syn.post[found["in_place"][mine]].tolist()) <= {q}
        starts = syn.segments["start"][found["in_seg"][mine]]
        ends = starts + syn.segments["count"][found["in_seg"][mine]]
        assert ((starts <= found["in_place"][mine]) & (found["in_place"][mine] < ends)).all()
    newest = sim.synapses(way)
    assert (newest["seen"][newest["id"] < 0] > 0).any(), "a grown synapse takes part"


def test_an_edit_while_it_runs_keeps_what_rules_know_of_the_neurons_that_stay():
    sim, way, post = busy()
    sim.run(30.0)
    held = sim.state_of(post.ids, "m")
    rules = tuple(sim.base.projections[int(way)].rules)
    sim.apply(SetRules(int(way), rules[:1]))
    np.testing.assert_array_equal(sim.state_of(post.ids, "m"), held)
    assert sim.circuit.pathways[int(way)].stack.needs_history
    sim.run(5.0)
    assert (sim.state_of(post.ids, "m") != held).all()


def test_a_rule_that_needs_a_state_the_neurons_lack_is_refused_with_the_cure():
    net = Network(dt=H)
    relays = net.add_population("relays", "relay", size=2)
    with pytest.raises(
        EditRefused, match=r"needs the state 'v' of its post neurons, and relay has none; choose"
    ):
        net.add_projection("p", relays, relays, rules=[("test_sees", {})])
    way = net.add_projection("p", relays, relays)
    with pytest.raises(EditRefused, match="relay has none"):
        net.set_rules(way, [("test_meets", {})])
    net.projections[int(way)].rules = (RuleUse("test_sees"),)  # as a file may hold it
    assert any("relay has none" in str(problem) for problem in check(net))


def test_a_probe_on_a_quantity_waits_when_the_rule_that_kept_it_is_gone():
    sim, way, post = busy()
    probe = SetRules(int(way), tuple(sim.base.projections[int(way)].rules[1:]))
    watched = sim.base.add_probe(post, "m", every=1.0)
    sim = Simulation(sim.base)
    sim.run(10.0)
    seen = sim.record(watched).size
    assert seen == 20
    back = sim.apply(probe)
    sim.run(10.0)
    assert sim.record(watched).size == seen
    sim.apply(back)
    sim.run(10.0)
    assert sim.record(watched).size == 2 * seen
