"""The network: everything that is saved and undone, and the door to it for people who write Python.

Every method that changes something makes an edit and applies it, so that what a script can do an undo can
take back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import UnknownName
from engine.network import ensheathing, placing, reading, wiring
from engine.network.circuit import Circuit
from engine.network.columns import floats, parameter, parameters, places
from engine.network.declared import in_pipeline_order, is_list, usual_transmission
from engine.network.edits import (
    AddInput,
    AddLearner,
    AddModulator,
    AddNeurons,
    AddPopulation,
    AddProbe,
    AddProjection,
    AddTask,
    Edit,
    MoveNeurons,
    RemoveLearner,
    Rename,
    SetNetwork,
    SetParams,
    SetRules,
    SetSynapses,
    asked,
    removal,
    together,
)
from engine.network.given import named, number, switch, text, texts, whole
from engine.network.graph import to_networkx
from engine.network.ids import IdView
from engine.network.parts import Input, Learner, Modulator, Population, Probe, Projection, Task
from engine.network.picture import svg
from engine.network.reading import Rules, Some
from engine.network.views import (
    InputView,
    LearnerView,
    ModulatorView,
    PopulationView,
    ProbeView,
    ProjectionView,
    TaskView,
    View,
)

if TYPE_CHECKING:
    import networkx


class Network(Circuit):
    """A circuit that can be drawn: `add_population`, `add_projection`, `wire`, `add_input`, `add_probe`, ...

    See `Circuit` for its settings and for how to find things in it.
    """

    def apply(self, edit: Edit) -> Edit:
        """Change the network by an edit and return the edit that undoes it; raises EditRefused."""
        return asked(edit).apply(self)

    def population(self, label: str) -> PopulationView:
        """The population of that label."""
        return PopulationView(self, self.labelled(label, self.populations, "population"))

    def projection(self, label: str) -> ProjectionView:
        """The projection of that label."""
        return ProjectionView(self, self.labelled(label, self.projections, "projection"))

    # -- populations -------------------------------------------------------------------------------

    def add_population(
        self,
        label: str,
        model: str,
        size: int | None = None,
        sign: int = 1,
        params: Mapping[str, Any] | None = None,
        positions: ArrayLike | None = None,
        *,
        passes: bool = False,
        group: str = "",
        names: Sequence[str] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> PopulationView:
        """Add neurons that share a model and a sign.

        Args:
            label: the name people see.
            model: the slug of a neuron model, such as "iaf_psc_exp".
            size: how many; where missing, as many as there are `positions`, else 1.
            sign: +1 excites, -1 inhibits, 0 is bound by neither.
            params: what differs from the model's defaults: numbers or arrays of `size`, states too.
            positions: (size, 3) um; None makes a grid clear of what is there.
            passes: whether a relay repeats the spikes that reach it over synapses too.
            group: under which heading it is drawn.
            names: a name for each neuron.
            notes: remarks by subject, such as {"sign": "unknown"}.
        """
        record = Population(
            0, text(label, "label"), text(model, "model"), whole(sign, "sign"), parameters(params),
            passes=switch(passes, "passes"), group=text(group, "group"),
        )  # fmt: skip
        record.notes = named(notes, "notes")
        record.names = None if names is None else texts(names, "names")
        return self._add_population(record, size, positions)

    def add_astrocytes(
        self,
        label: str,
        model: str = "astrocyte_li_rinzel",
        size: int | None = None,
        params: Mapping[str, Any] | None = None,
        positions: ArrayLike | None = None,
    ) -> PopulationView:
        """Add astrocytes: a population that ensheathes the synapses of projections that name it."""
        record = Population(
            0, text(label, "label"), text(model, "model"), 0, parameters(params), kind="astrocyte"
        )
        return self._add_population(record, size, positions)

    def _add_population(
        self, record: Population, size: int | None, positions: ArrayLike | None
    ) -> PopulationView:
        count, at = reading.positions(positions, size, record.label)
        if at is None:
            at = placing.grid(count, (p.positions for p in self.populations.values()))
        record.id = self.ids.one()
        record.neuron_ids, record.positions = self.ids.fresh(count), places(at)
        self.apply(AddPopulation(record))
        return PopulationView(self, record.id)

    def add_neurons(
        self,
        population: PopulationView | int | str,
        size: int | None = None,
        params: Mapping[str, Any] | None = None,
        positions: ArrayLike | None = None,
    ) -> IdView:
        """Add neurons to a population and return their ids; without positions they stand in a row below."""
        home = self.populations[reading.one(self, population, "population")]
        count, at = reading.positions(positions, size, home.label)
        ids = self.ids.fresh(count)
        where = placing.row(count, home.positions) if at is None else at
        self.apply(AddNeurons(home.id, ids, where, parameters(params)))
        return IdView(ids)

    # -- projections and synapses ------------------------------------------------------------------

    def add_projection(
        self,
        label: str,
        pre: PopulationView | int | str,
        post: PopulationView | int | str,
        transmission: str | None = None,
        rules: Rules = (),
        *,
        params: Mapping[str, Any] | None = None,
        w_min: float = 0.0,
        w_max: float = 100.0,
        dendritic: float = 1.0,
        astrocytes: PopulationView | int | str | None = None,
        learns_from: str = "",
    ) -> ProjectionView:
        """Prepare synapses from one population to another; `wire` and `add_synapses` then make them.

        Args:
            label: the name people see.
            pre: the presynaptic population.
            post: the postsynaptic population.
            transmission: the slug of a transmission; where missing, the first the post neurons take.
            rules: the plasticity stack: slugs, or (slug, parameters) pairs.
            params: parameters of the transmission.
            w_min: the least size of a weight that rules may leave.
            w_max: the greatest.
            dendritic: the share of the delay that is dendritic, 1 as in NEST, 0 all axonal.
            astrocytes: the population that ensheathes the synapses.
            learns_from: what its rules take for a postsynaptic spike: "" what the post neurons say,
                "spike", or one of their events, such as "bap".
        """
        home, target = reading.one(self, pre, "population"), reading.one(self, post, "population")
        record = Projection(
            self.ids.one(),
            text(label, "label"),
            home,
            target,
            usual_transmission(self.populations[target].model)
            if transmission is None
            else text(transmission, "transmission"),
            parameters(params),
            in_pipeline_order(reading.cards(rules)),
            number(w_min, f"{label}: w_min"),
            number(w_max, f"{label}: w_max"),
            number(dendritic, f"{label}: dendritic"),
            None if astrocytes is None else reading.one(self, astrocytes, "population"),
            learns_from=text(learns_from, "learns_from"),
        )
        self.apply(AddProjection(record))
        return ProjectionView(self, record.id)

    def wire(
        self,
        projection: ProjectionView | int | str,
        rule: str,
        *,
        weight: Any = 1.0,
        delay: Any = 1.0,
        autapses: bool = False,
        multapses: bool = False,
        **params: Any,
    ) -> IdView:
        """Make the synapses of a pattern and return their ids.

        Args:
            projection: where they go.
            rule: `all_to_all`, `one_to_one`, `fixed_probability(p)`, `fixed_in(n)`, `fixed_out(n)`,
                `fixed_total(n)`, `distance(profile, p0, scale)`, `small_world(k, p)` or
                `explicit(pre, post)` with ids.
            weight: a number, an array, or ("normal" | "lognormal" | "uniform", a, b); it carries its sign.
            delay: ms, likewise; rounded up to whole steps.
            autapses: whether a neuron may be joined to itself.
            multapses: whether a pair may be joined more than once.
            params: the parameters of the pattern.
        """
        record = self.projections[reading.one(self, projection, "projection")]
        kinds = switch(autapses, "autapses"), switch(multapses, "multapses")
        edit = wiring.plan(self, record, text(rule, "rule"), weight, delay, *kinds, **params)
        self.apply(edit)
        return IdView(edit.ids)

    def add_synapses(
        self,
        projection: ProjectionView | int | str,
        pre: Some,
        post: Some,
        weight: Any = 1.0,
        delay: Any = 1.0,
        **columns: ArrayLike,
    ) -> IdView:
        """Make single synapses, the first pre onto the first post and so on, and return their ids.

        One pre (or one post) is joined to all of the other side.  Weights carry their sign.
        """
        record = self.projections[reading.one(self, projection, "projection")]
        edit = wiring.pairs(self, record, pre, post, weight, delay, columns)
        self.apply(edit)
        return IdView(edit.ids)

    def ensheathe(
        self, projection: ProjectionView | int | str, p: float = 1.0, pool: int = 1, pools: str = "random"
    ) -> NDArray[Any]:
        """Draw an astrocyte for each synapse, or none, in place of the territories; returns the pairs.

        Args:
            projection: one with astrocytes; its synapses of now are drawn, later ones lie in territories.
            p: the probability that a synapse is wrapped at all.
            pool: how many astrocytes each post neuron draws from.
            pools: "random", or "block" for neighbours in the order of both populations.

        Returns:
            A structured array of synapse, post and astrocyte (ids) of those that are wrapped, to wire a slow
            current back: `add_synapses(slow, pre=pairs["astrocyte"], post=pairs["post"])`.
        """
        record = self.projections[reading.one(self, projection, "projection")]
        edit = ensheathing.plan(self, record, p, pool, pools)
        self.apply(edit)
        table = record.synapses.sorted()
        here = np.flatnonzero(edit.values > 0)
        found = np.zeros(here.size, [(name, np.int64) for name in ("synapse", "post", "astrocyte")])
        found["synapse"], found["post"] = table["id"][here], table["post"][here]
        found["astrocyte"] = edit.values[here]
        return found

    def synapses(self, of: ProjectionView | int | str) -> NDArray[Any]:
        """The synapses of a projection: a structured array of id, pre, post, weight, delay, sorted by id."""
        record = self.projections[reading.one(self, of, "projection")]
        columns = record.synapses.sorted()
        table = np.empty(len(record), [(name, column.dtype) for name, column in columns.items()])
        for name, column in columns.items():
            table[name] = column
        return table

    def set_rules(self, projection: ProjectionView | int | str, rules: Rules) -> None:
        """Give a projection another stack of rules: slugs, or (slug, parameters) pairs."""
        self.apply(SetRules(reading.one(self, projection, "projection"), reading.cards(rules)))

    # -- what is attached --------------------------------------------------------------------------

    def add_input(
        self,
        model: str,
        targets: Some,
        *,
        label: str = "",
        weight: float | ArrayLike = 1.0,
        delay: float = 0.0,
        enabled: bool = True,
        **params: Any,
    ) -> InputView:
        """Give neurons a stimulus: "poisson" (rate in Hz), "spike_list" (times in ms), "step_current", ...

        A spike of it carries `weight` (pA or nS); a spike stamped t arrives at t + `delay` ms.
        """
        lists = {n: floats(value, n) for n, value in params.items() if is_list(text(model, "model"), n)}
        record = Input(
            self.ids.one(),
            text(label, "label") or text(model, "model").replace("_", " "),
            model,
            reading.neurons(self, targets, "input"),
            {name: parameter(value, name) for name, value in params.items() if name not in lists},
            lists,
            parameter(weight, "weight"),
            number(delay, "delay", "ms"),
            switch(enabled, "enabled"),
        )
        self.apply(AddInput(record))
        return InputView(self, record.id)

    def add_probe(
        self, targets: Some, what: str = "v", every: float | str = 1.0, label: str = ""
    ) -> ProbeView:
        """Record a quantity of neurons or synapses every so many ms, or at each presynaptic spike ("pre")."""
        ids = reading.ids(targets)
        lost = ids[(self.population_of(ids) == 0) & (self.projection_of(ids) == 0)]
        if lost.size:
            raise UnknownName(f"probe: there is no neuron or synapse {lost[0]}")
        often = every if isinstance(every, str) else number(every, "every", 'ms, or "pre"')
        record = Probe(self.ids.one(), text(what, "what"), ids, often, text(label, "label"))
        self.apply(AddProbe(record))
        return ProbeView(self, record.id)

    def add_modulator(
        self,
        label: str,
        model: str,
        sources: Some = (),
        params: Mapping[str, Any] | None = None,
        delay: float = 1.0,
    ) -> ModulatorView:
        """Let the spikes of `sources` release a substance that rules can wait for, `delay` ms later."""
        ids = reading.neurons(self, sources, "modulator")
        after = number(delay, "delay", "ms")
        record = Modulator(
            self.ids.one(), text(label, "label"), text(model, "model"), ids, parameters(params), after
        )
        self.apply(AddModulator(record))
        return ModulatorView(self, record.id)

    # -- what is learned, and how -------------------------------------------------------------------

    def add_task(
        self,
        label: str,
        model: str,
        inputs: PopulationView | int | str,
        targets: PopulationView | int | str | None = None,
        params: Mapping[str, Any] | None = None,
        lists: Mapping[str, ArrayLike] | None = None,
    ) -> TaskView:
        """Clamp the patterns of a task to a population and compare another with its targets.

        Args:
            label: the name people see.
            model: the slug of a task, such as "xor"; "table" takes the user's own numbers.
            inputs: the population the patterns are clamped to.
            targets: the population whose rates are compared with the targets, None where nothing is taught.
            params: parameters of the task.
            lists: the columns of a table, `inputs` and `targets`, (patterns, neurons) each.
        """
        record = Task(
            self.ids.one(),
            text(label, "label"),
            text(model, "model"),
            reading.one(self, inputs, "population"),
            None if targets is None else reading.one(self, targets, "population"),
            parameters(params),
        )
        given = named(lists, "lists")
        record.lists |= {name: floats(values, name) for name, values in given.items()}
        record.lists |= reading.columns(self, record, given)
        self.apply(AddTask(record))
        return TaskView(self, record.id)

    def add_feedback(
        self, projection: ProjectionView | int | str, weight: Any = None, label: str = ""
    ) -> ProjectionView:
        """Draw the synapses of a projection the other way too.

        Without `weight` each has its partner's; with it they are drawn as `wire` draws them.
        """
        record = self.projections[reading.one(self, projection, "projection")]
        table = record.synapses.sorted()
        back = Projection(
            self.ids.one(),
            text(label, "label") or f"{record.label}, back",
            record.post,
            record.pre,
            usual_transmission(self.populations[record.pre].model),
        )
        mirrored = table["weight"] if weight is None else weight
        synapses = wiring.pairs(self, back, table["post"], table["pre"], mirrored, 1.0)
        self.apply(together([AddProjection(back), synapses], f"add {back.label}"))
        return ProjectionView(self, back.id)

    def add_learner(
        self, model: str, params: Mapping[str, Any] | None = None, label: str = ""
    ) -> LearnerView:
        """Add one more learner: the runners of a race, each of which gets a copy of the network."""
        record = self._learner(model, params, label)
        self.apply(AddLearner(record))
        return LearnerView(self, record.id)

    def _learner(self, model: str, params: Mapping[str, Any] | None, label: str) -> Learner:
        called = text(label, "label") or reading.called(text(model, "model"))
        return Learner(self.ids.one(), called, model, parameters(params))

    def set_learner(
        self, model: str, params: Mapping[str, Any] | None = None, label: str = ""
    ) -> LearnerView:
        """Let this learner, and no other, train the network."""
        record = self._learner(model, params, label)
        gone: list[Edit] = [RemoveLearner(id) for id in self.learners]
        self.apply(together([*gone, AddLearner(record)], f"learn by {record.label}"))
        return LearnerView(self, record.id)

    # -- changing what is there --------------------------------------------------------------------

    def set(self, target: Some | Network, **values: Any) -> None:
        """Change parameters, states' first values or attributes of neurons, things, synapses or the network.

        `net.set(exc[3], v_th=-52.0)` changes one neuron, `net.set(exc, v_th=-52.0)` all of them,
        `net.set(ids, weight=50.0)` synapses, `net.set(net, dt=0.05)` the network.  None removes an override.
        `frozen=True` holds neurons as they are or stops what a projection learns, `clamped=True` holds a
        potential where it stands, `enabled=False` takes neurons, projections and instruments out.
        """
        if target is self:
            self.apply(SetNetwork(values))
            return
        ids = reading.of_things(target)
        if not ids.size:
            return
        lost = ids[~self.taken(ids)]
        if lost.size:
            raise UnknownName(f"there is nothing with the id {lost[0]}")
        if (self.projection_of(ids) != 0).all():
            edits: list[Edit] = [SetSynapses(ids, name, value) for name, value in values.items()]
            self.apply(together(edits, "change " + " ".join(values)))
        else:
            for task in (self.tasks[id] for id in ids.tolist() if id in self.tasks):
                values |= reading.columns(self, task, values)
            self.apply(SetParams(ids, values))

    def move(self, neurons: Some, at: ArrayLike) -> None:
        """Put neurons at positions (n, 3) um."""
        ids = reading.ids(neurons)
        _, where = reading.positions(at, ids.size, "move")
        self.apply(MoveNeurons(ids, places(at) if where is None else where))

    def rename(self, thing: View[Any] | int, label: str) -> None:
        """Call a thing something else."""
        id = thing.id if isinstance(thing, View) else whole(thing, "thing")
        self.apply(Rename(id, text(label, "label")))

    def remove(self, what: Some) -> None:
        """Remove a thing, neurons or synapses, with what hangs on them."""
        self.apply(removal(self, reading.of_things(what)))

    # -- showing -----------------------------------------------------------------------------------

    def to_networkx(self) -> networkx.MultiDiGraph:
        """The circuit as a networkx graph, neurons and synapses with their attributes."""
        return to_networkx(self)

    def _repr_svg_(self) -> str:
        return svg(self)
