"""The door for people who write Python: `add_population`, `wire`, `add_probe` and their sisters.

Every method makes an edit and applies it, so that what a script can do an undo can take back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import UnknownName, UsageError
from engine.network import placing, wiring
from engine.network.ids import IdView
from engine.network.luck import Luck
from engine.network.parts import (
    Input,
    Modulator,
    Population,
    Probe,
    Projection,
    RuleUse,
    floats,
    ints,
    parameter,
    parameters,
    places,
)
from engine.network.views import InputView, ModulatorView, PopulationView, ProbeView, ProjectionView, View

if TYPE_CHECKING:
    import networkx

    from engine.network.network import Network

Some = View[Any] | IdView | ArrayLike
"""Things with ids: a view, an array, a list or one id."""
Rules = Iterable[RuleUse | str | tuple[str, Mapping[str, Any]]]


class Door:
    """What `Network` offers to a script; see the methods."""

    # -- populations -------------------------------------------------------------------------------

    def add_population(
        self: Network,
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
        return self._add_population(
            Population(
                0, label, model, int(sign), parameters(params), passes=passes, group=group,
                notes=dict(notes or {}), names=None if names is None else list(names),
            ),
            size, positions,
        )  # fmt: skip

    def add_astrocytes(
        self: Network,
        label: str,
        model: str = "astrocyte_li_rinzel",
        size: int | None = None,
        params: Mapping[str, Any] | None = None,
        positions: ArrayLike | None = None,
    ) -> PopulationView:
        """Add astrocytes: a population that ensheathes the synapses of projections that name it."""
        record = Population(0, label, model, 0, parameters(params), kind="astrocyte")
        return self._add_population(record, size, positions)

    def _add_population(
        self: Network, record: Population, size: int | None, positions: ArrayLike | None
    ) -> PopulationView:
        from engine.network.edits import AddPopulation

        at = None if positions is None else _places(positions)
        count = (1 if at is None else len(at)) if size is None else int(size)
        if count < 0 or (at is not None and len(at) != count):
            told = f"{len(at)} positions for {count} neurons" if at is not None else f"size is {count}"
            raise UsageError(f"{record.label}: {told}; give a size of 0 or more and a position for each")
        if at is None:
            at = placing.grid(count, (p.positions for p in self.populations.values()))
        record.id = self.ids.one()
        record.neuron_ids, record.positions = self.ids.fresh(count), places(at)
        self.apply(AddPopulation(record))
        return PopulationView(self, record.id)

    def add_neurons(
        self: Network,
        population: PopulationView | int,
        size: int | None = None,
        params: Mapping[str, Any] | None = None,
        positions: ArrayLike | None = None,
    ) -> IdView:
        """Add neurons to a population; without positions they stand in a row below it."""
        from engine.network.edits import AddNeurons

        home = self.populations[self._one(population, "population")]
        at = None if positions is None else _places(positions)
        count = (1 if at is None else len(at)) if size is None else int(size)
        if at is None:
            at = placing.row(count, home.positions)
        ids = self.ids.fresh(count)
        self.apply(AddNeurons(home.id, ids, at, parameters(params)))
        return IdView(ids)

    # -- projections and synapses ------------------------------------------------------------------

    def add_projection(
        self: Network,
        label: str,
        pre: PopulationView | int,
        post: PopulationView | int,
        transmission: str | None = None,
        rules: Rules = (),
        *,
        params: Mapping[str, Any] | None = None,
        w_min: float = 0.0,
        w_max: float = 100.0,
        dendritic: float = 1.0,
        astrocytes: PopulationView | int | None = None,
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
        """
        from engine.network.edits import AddProjection
        from engine.network.declared import in_pipeline_order

        home, target = self._one(pre, "population"), self._one(post, "population")
        glia = None if astrocytes is None else self._one(astrocytes, "population")
        record = Projection(
            self.ids.one(), label, home, target, transmission or self._usual_transmission(target),
            parameters(params), in_pipeline_order(cards(rules)), float(w_min), float(w_max), float(dendritic), glia,
        )  # fmt: skip
        self.apply(AddProjection(record))
        return ProjectionView(self, record.id)

    def _usual_transmission(self: Network, post: int) -> str:
        from engine.network.declared import model_of

        population = self.populations.get(post)
        model = None if population is None else model_of(population.model, "neuron")
        takes = getattr(model, "receives", ("current",)) or ("current",)
        return f"{takes[0]}_exp"

    def wire(
        self: Network,
        projection: ProjectionView | int,
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
        edit = self.wiring(
            projection, rule, weight=weight, delay=delay, autapses=autapses, multapses=multapses, **params
        )
        self.apply(edit)
        return IdView(edit.ids)

    def wiring(
        self: Network,
        projection: ProjectionView | int,
        rule: str,
        *,
        weight: Any = 1.0,
        delay: Any = 1.0,
        autapses: bool = False,
        multapses: bool = False,
        **params: Any,
    ) -> Any:
        """The AddSynapses edit that `wire` would apply; it takes new ids and changes nothing else."""
        from engine.network.edits import AddSynapses

        record = self.projections[self._one(projection, "projection")]
        pre, post = self.populations[record.pre], self.populations[record.post]
        key = (record.id, len(record))  # wiring twice gives two different draws
        if rule == "explicit":
            if set(params) != {"pre", "post"}:
                raise UsageError("explicit needs pre= and post=, ids of neurons, and nothing else")
            pre_ids, post_ids = self._pairs(record, params["pre"], params["post"])
        else:
            sides = wiring.Sides(
                len(pre), len(post), pre.positions, post.positions, pre.id == post.id, autapses, multapses
            )
            rows = wiring.draw(rule, sides, Luck(self.seed, f"wiring {rule}", *key), **params)
            pre_ids, post_ids = pre.neuron_ids[rows[0]], post.neuron_ids[rows[1]]
        ids = self.ids.fresh(pre_ids.size)
        weights, delays = self._amounts(record, weight, delay, ids.size, key)
        return AddSynapses(record.id, ids, pre_ids, post_ids, weights, delays)

    def add_synapses(
        self: Network,
        projection: ProjectionView | int,
        pre: Some,
        post: Some,
        weight: Any = 1.0,
        delay: Any = 1.0,
        **columns: ArrayLike,
    ) -> IdView:
        """Make single synapses, the first pre onto the first post and so on, and return their ids.

        One pre (or one post) is joined to all of the other side.  Weights carry their sign.
        """
        from engine.network.edits import AddSynapses

        record = self.projections[self._one(projection, "projection")]
        pre_ids, post_ids = self._pairs(record, pre, post)
        ids = self.ids.fresh(pre_ids.size)
        weights, delays = self._amounts(record, weight, delay, ids.size, (record.id, len(record)))
        extra = {name: np.broadcast_to(np.asarray(c, np.float64), ids.shape) for name, c in columns.items()}
        self.apply(AddSynapses(record.id, ids, pre_ids, post_ids, weights, delays, extra))
        return IdView(ids)

    def _amounts(
        self: Network, record: Projection, weight: Any, delay: Any, size: int, key: tuple[int, ...]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        from engine.network.declared import is_gap, is_plastic

        sign = 1 if is_gap(record) else self.populations[record.pre].sign
        most = record.w_max if is_plastic(record.rules) else np.inf
        low, high = (0.0 if sign > 0 else -most), (0.0 if sign < 0 else most)
        weights = wiring.amounts(weight, size, Luck(self.seed, "weight", *key), "weight", low, high, sign)
        least = 0.0 if is_gap(record) else self.dt
        return weights, wiring.amounts(delay, size, Luck(self.seed, "delay", *key), "delay", least)

    def _pairs(
        self: Network, record: Projection, pre: Some, post: Some
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        sides = []
        for side, given in (("pre", pre), ("post", post)):
            ids = self._ids(given)
            lost = ids[self.population_of(ids) == 0]
            if lost.size:
                raise UnknownName(f"{record.label}: there is no neuron {lost[0]} to be {side}")
            sides.append(ids)
        size = max(side.size for side in sides) if min(side.size for side in sides) else 0
        for side in sides:
            if side.size not in (1, size):
                raise UsageError(
                    f"{record.label}: {sides[0].size} pre and {sides[1].size} post neurons; "
                    "give as many of each, or one on one side"
                )
        first, second = (np.broadcast_to(side, (size,)) if side.size else side for side in sides)
        return first, second

    def synapses(self: Network, of: ProjectionView | int) -> NDArray[Any]:
        """The synapses of a projection: a structured array of id, pre, post, weight, delay, sorted by id."""
        record = self.projections[self._one(of, "projection")]
        columns = record.synapses.sorted()
        table = np.empty(len(record), [(name, column.dtype) for name, column in columns.items()])
        for name, column in columns.items():
            table[name] = column
        return table

    def set_rules(self: Network, projection: ProjectionView | int, rules: Rules) -> None:
        """Give a projection another stack of rules: slugs, or (slug, parameters) pairs."""
        from engine.network.edits import SetRules

        self.apply(SetRules(self._one(projection, "projection"), cards(rules)))

    # -- what is attached --------------------------------------------------------------------------

    def add_input(
        self: Network,
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
        from engine.network.declared import is_list
        from engine.network.edits import AddInput

        lists = {name: floats(value) for name, value in params.items() if is_list(model, name)}
        rest = {name: parameter(value) for name, value in params.items() if name not in lists}
        record = Input(
            self.ids.one(), label or model.replace("_", " "), model, self._neurons_of(targets, "input"), rest,
            lists, parameter(weight), float(delay), bool(enabled),
        )  # fmt: skip
        self.apply(AddInput(record))
        return InputView(self, record.id)

    def add_probe(
        self: Network, targets: Some, what: str = "v", every: float | str = 1.0, label: str = ""
    ) -> ProbeView:
        """Record a quantity of neurons or synapses every so many ms, or at each presynaptic spike ("pre")."""
        from engine.network.edits import AddProbe

        ids = self._ids(targets)
        lost = ids[(self.population_of(ids) == 0) & (self.projection_of(ids) == 0)]
        if lost.size:
            raise UnknownName(f"probe: there is no neuron or synapse {lost[0]}")
        record = Probe(self.ids.one(), what, ids, every if isinstance(every, str) else float(every), label)
        self.apply(AddProbe(record))
        return ProbeView(self, record.id)

    def add_modulator(
        self: Network,
        label: str,
        model: str,
        sources: Some = (),
        params: Mapping[str, Any] | None = None,
        delay: float = 1.0,
    ) -> ModulatorView:
        """Let the spikes of `sources` release a substance that rules can wait for, `delay` ms later."""
        from engine.network.edits import AddModulator

        ids = self._neurons_of(sources, "modulator")
        record = Modulator(self.ids.one(), label, model, ids, parameters(params), float(delay))
        self.apply(AddModulator(record))
        return ModulatorView(self, record.id)

    # -- changing what is there --------------------------------------------------------------------

    def set(self: Network, target: Some | Network, **values: Any) -> None:
        """Change parameters, states' first values or attributes of neurons, things, synapses or the network.

        `net.set(exc[3], v_th=-52.0)` changes one neuron, `net.set(exc, ...)` all of them, `net.set(ids, weight=50.0)`
        synapses, `net.set(net, dt=0.05)` the network.  None takes an override away.
        """
        from engine.network.edits import Edit, SetNetwork, SetParams, SetSynapses, together

        if target is self:
            self.apply(SetNetwork(values))
            return
        ids = ints(target.id) if isinstance(target, View) else self._ids(target)
        if not ids.size:
            return
        lost = ids[~self.taken(ids)]
        if lost.size:
            raise UnknownName(f"there is nothing with the id {lost[0]}")
        if (self.projection_of(ids) != 0).all():
            edits: list[Edit] = [SetSynapses(ids, name, value) for name, value in values.items()]
            self.apply(together(edits, "change " + " ".join(values)))
        else:
            self.apply(SetParams(ids, values))

    def move(self: Network, neurons: Some, at: ArrayLike) -> None:
        """Put neurons at positions (n, 3) um."""
        from engine.network.edits import MoveNeurons

        self.apply(MoveNeurons(self._ids(neurons), _places(at)))

    def rename(self: Network, thing: View[Any] | int, label: str) -> None:
        """Call a thing something else."""
        from engine.network.edits import Rename

        self.apply(Rename(int(thing), label))

    def remove(self: Network, what: Some) -> None:
        """Remove a thing, neurons or synapses, with what hangs on them."""
        from engine.network.edits import removal

        self.apply(removal(self, ints(what.id) if isinstance(what, View) else self._ids(what)))

    # -- showing -----------------------------------------------------------------------------------

    def to_networkx(self: Network) -> networkx.MultiDiGraph:
        """The circuit as a networkx graph, neurons and synapses with their attributes."""
        from engine.network.graph import to_networkx

        return to_networkx(self)

    def _repr_svg_(self: Network) -> str:
        from engine.network.picture import svg

        return svg(self)

    # -- reading what was given --------------------------------------------------------------------

    def _one(self: Network, thing: View[Any] | int | Any, kind: str) -> int:
        """The id of one thing of a kind."""
        shelf: dict[int, Any] = getattr(self, f"{kind}s")
        if isinstance(thing, View) and thing.network is not self and thing.id not in shelf:
            raise UsageError(f"{thing!r} belongs to another network")
        if isinstance(thing, str):
            return int(getattr(self, kind)(thing))
        try:
            id = int(thing)
        except TypeError as error:
            raise UsageError(f"{thing!r} is not a {kind}; give what add_{kind} returned") from error
        if id not in shelf:
            raise UnknownName(f"there is no {kind} with the id {id}")
        return id

    def _ids(self: Network, some: Some) -> NDArray[np.int64]:
        """The ids that a view, an array, a list or a number stands for."""
        if isinstance(some, IdView):
            return ints(some.ids)
        if isinstance(some, list | tuple):
            parts = [np.atleast_1d(np.asarray(one)) for one in some]
            flat = np.concatenate(parts) if parts else np.empty(0, np.int64)
        else:
            flat = np.atleast_1d(np.asarray(some))
        if flat.size and flat.dtype.kind not in "iu":
            raise UsageError(f"{some!r} are not ids; give a view, or whole numbers")
        return ints(flat)

    def _neurons_of(self: Network, some: Some, what: str) -> NDArray[np.int64]:
        ids = self._ids(some)
        lost = ids[self.population_of(ids) == 0]
        if lost.size:
            raise UnknownName(f"{what}: there is no neuron {lost[0]}")
        return ids


def cards(rules: Rules) -> tuple[RuleUse, ...]:
    """A stack from slugs, (slug, parameters) pairs or RuleUse cards."""
    stack = []
    for one in rules:
        if isinstance(one, RuleUse):
            stack.append(one)
        elif isinstance(one, str):
            stack.append(RuleUse(one))
        else:
            slug, params = one
            stack.append(RuleUse(slug, {n: v if isinstance(v, str) else float(v) for n, v in params.items()}))
    return tuple(stack)


def _places(positions: ArrayLike) -> NDArray[np.float64]:
    try:
        return places(positions)
    except ValueError as error:
        raise UsageError(str(error)) from error
