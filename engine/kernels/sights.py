"""What the hooks of a stack see of their neurons beyond spikes: declared states, and quantities of the rules.

A synapse sees its pre neuron an axonal delay ago and its post neuron a dendritic delay ago, so what synapses
read is kept in rings, one row of all neurons per step.  Variables: `us_v` is a state of the post neuron,
`uq0_theta` a quantity of card 0; `es_` and `eq0_` are those of the pre neuron.
"""

from __future__ import annotations

from functools import cached_property

from engine import registry
from engine.declare import Declaration, Quantity, Rule
from engine.kernels.hooks import Resolve, reads
from engine.kernels.stack import Stack

SYNAPTIC = ("on_pre", "on_post", "on_step", "on_slow")
"""The hooks that see a neuron from one of its synapses."""
OWNERS = ("pre", "post")
LETTER = {"pre": "e", "post": "u"}
SPIKED = 1 << 40
"""The bit of a neuron that its synapses must meet because it has spiked; a card's bit is its number."""


def states_of_any_neuron() -> set[str]:
    """Every state some neuron model declares."""
    return {"local", "local_mean", *(name for model in registry.all("neuron") for name in model.states)}


class Sights(Stack):
    """A stack that knows what it reads of the neurons themselves."""

    def quantities(self, owner: str) -> list[tuple[str, str, Quantity]]:
        """(key, name, quantity) of everything the cards keep of a neuron."""
        return [
            (k, n, q)
            for k, card in self.cards
            for n, q in card.quantities.items()
            if q.owner == owner and not q.of
        ]

    def states(self, owner: str) -> list[str]:
        """The states of the neurons that the cards read, or that flow through the synapses."""
        found = {name for rule in self.rules for name in rule.asks(owner)} & states_of_any_neuron()
        return sorted(found)

    def names(self, owner: str, key: str, card: type[Declaration]) -> dict[str, str]:
        """The variable behind each name a card may read of a neuron, besides its traces."""
        letter = LETTER[owner]
        found = {n: f"{letter}q{key}_{n}" for n, q in card.quantities.items() if q.owner == owner}
        if issubclass(card, Rule):
            found |= {n: f"{letter}s_{n}" for n in card.asks(owner) if n in states_of_any_neuron()}
        return found

    def resolve(self, key: str, card: type[Declaration], end: str = "w") -> Resolve:
        """As any stack, and what the card sees of its neurons."""
        plain = super().resolve(key, card, end)
        seen = {owner: self.names(owner, key, card) for owner in OWNERS}

        def resolve(row: str, name: str) -> str:
            known = seen.get(row, {})
            if name in known:
                return known[name]
            try:
                return plain(row, name)
            except KeyError as unknown:
                raise KeyError([*unknown.args[0], *known]) from None

        return resolve

    # -- rings --------------------------------------------------------------------------------------

    def _read_by(self, hook: str, owner: str) -> list[tuple[str, str, str]]:
        """(key, name, variable) of what a synaptic hook, and what follows it, reads of a neuron."""
        found: dict[str, tuple[str, str, str]] = {}
        for key, card in self.cards:
            names = self.names(owner, key, card)
            for which, asked in reads(card).items():
                if which == hook or which in ("on_change", "apply"):
                    for row, name in sorted(asked.reads):
                        if row == owner and name in names:
                            found[names[name]] = (key, name, names[name])
        return [found[v] for v in sorted(found)]

    def source(self, owner: str, key: str, name: str) -> tuple[str, str]:
        """The ring a name is read from, and the variable of its lag in steps ("" for none)."""
        card = dict(self.cards)[key]
        names = self.names(owner, key, card)
        declared = card.quantities.get(name)
        if declared is not None and declared.of:
            return names.get(declared.of, f"{LETTER[owner]}s_{declared.of}"), f"lag{key}_{name}"
        return names[name], ""

    @cached_property
    def lags(self) -> list[tuple[str, str, Quantity]]:
        """(key, name, quantity) of everything that is read late."""
        return [(k, n, q) for k, card in self.cards for n, q in card.quantities.items() if q.of]

    @cached_property
    def rings(self) -> dict[str, tuple[str, list[tuple[str, str]]]]:
        """Every variable that is kept in a ring: its owner, and (key, parameter) of its lags."""
        found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for owner in OWNERS:
            for hook in SYNAPTIC:
                for key, name, _ in self._read_by(hook, owner):
                    found.setdefault(self.source(owner, key, name)[0], (owner, []))
        for key, name, q in self.lags:
            variable, _ = self.source(q.owner, key, name)
            found.setdefault(variable, (q.owner, []))[1].append((key, q.by))
        return dict(sorted(found.items()))

    @cached_property
    def meets_spikes(self) -> bool:
        """Whether postsynaptic spikes must be met at their own time, as what is read then is soon gone."""
        return any(self._read_by("on_post", owner) for owner in OWNERS)

    @cached_property
    def is_eager(self) -> bool:
        """Whether synapses have work at other times than when their own spikes arrive."""
        return bool(self.with_hook("on_step")) or self.meets_spikes

    def follows(self, owner: str) -> bool:
        """Whether the neurons of one side must be looked at in every step."""
        moves = self.with_hook("on_neuron" if owner == "post" else "on_pre_neuron", ("induction",))
        return bool(moves or any(side == owner for side, _ in self.rings.values())) or (
            owner == "post" and self.is_eager
        )

    @cached_property
    def sight_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of the arrays by which synapses see their neurons."""
        found = [(f"R_{variable}", "float64") for variable in self.rings]
        if self.is_eager:
            found += [("awake", "int64"), ("woken", "int64"), ("seen_q", "int64")]
        return [("depths", "int64"), *found] if found else []

    @cached_property
    def arrays(self) -> list[tuple[str, str]]:
        """As any stack, and the rings."""
        return [*super().arrays, *self.sight_arrays]

    def masks(self) -> list[str]:
        """The sizes of the rings, and the lags in steps."""
        if not self.sight_arrays:
            return []
        lines = ["n_post, longest, awake_mask = depths[0], depths[1], depths[2]"]
        lines += [f"m_{variable} = depths[{3 + i}]" for i, variable in enumerate(self.rings)]
        return lines + [f"lag{k}_{n} = int64(floor(p{k}_{q.by} / h + 0.5))" for k, n, q in self.lags]

    def look(self, hook: str, when: str) -> list[str]:
        """What the synapse of a hook sees of its two neurons at some step."""
        lines: list[str] = []
        for owner, ago, wide, at in (
            ("pre", "forward", "n_pre", "row"),
            ("post", "dendrite", "n_post", "q"),
        ):
            for key, name, variable in self._read_by(hook, owner):
                ring, lag = self.source(owner, key, name)
                then = f"({when} - {ago}{f' - {lag}' if lag else ''})"
                lines.append(f"{variable} = R_{ring}[({then} & m_{ring}) * {wide} + {at}]")
        return lines
