"""A projection's stack of cards: its fields, memories and parameters, and what kernels call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.declare import LOCI, Declaration, Field, Induction, Role, Rule, Trace, Transmission
from engine.kernels.hooks import Resolve, arguments, resolver, statements
from engine.kernels.lifted import Lifted, lift, table_of

OWNER = "astrocyte"
"""The column of synapses that names the astrocyte of each; 0 is none, nothing the one of its territory."""
NEAREST, NOBODY = -2.0, -1.0
"""What a kernel sees instead of an astrocyte's row: that of the territory, or none at all."""
NEVER = -(1 << 60)
"""The step of a spike that has not happened."""
SPIKES = ("on_pre", "on_post", "on_late", "on_event")
"""The hooks of what reaches a synapse."""


@dataclass(frozen=True)
class Stack:
    """A transmission and the enabled rules of a projection, in pipeline order, as kernels to be written."""

    transmission: type[Transmission]
    rules: tuple[type[Rule], ...]
    real: str
    glia: bool = False
    watched: bool = False
    event: bool = False
    """Whether it learns from something of the post neurons other than their spikes, which has a size."""
    owned: bool = False
    """Whether some synapses have an astrocyte of their own, whatever territory they lie in."""
    unsigned: bool = False
    """Whether its neurons are bound by no sign, so that every synapse has, and keeps, its own."""

    @property
    def weigh(self) -> list[str]:
        """The size of the weight of synapse `j`, and its sign; one that fell to nothing is -0.0 or +0.0."""
        own = ["sign = copysign(1.0, float64(W[j]))"] if self.unsigned else []
        return [*own, "w = float64(W[j]) * sign"]

    @property
    def cards(self) -> list[tuple[str, type[Declaration]]]:
        """Every card with its short key in variable names: `t`, `0`, `1`, ..."""
        return [("t", self.transmission), *((str(i), rule) for i, rule in enumerate(self.rules))]

    @cached_property
    def has_loci(self) -> bool:
        """Whether its synapses keep release probability and quantal amplitude apart, as a card asks."""
        return self.is_plastic and any(rule.keeps_loci() for rule in self.rules)

    @cached_property
    def tells_release(self) -> bool:
        """Whether its transmission says what a spike releases (`syn.released`)."""
        return "released" in self.transmission.read_of("syn")

    @property
    def counts_vesicles(self) -> bool:
        """Whether its synapses know what they release: as told, or by a release probability of their own."""
        return self.tells_release or self.has_loci

    @property
    def loci(self) -> tuple[str, ...]:
        """The endings of what a change consists of: `dw`, and where loci are kept `dP` and `dq`."""
        return ("w", *LOCI) if self.has_loci else ("w",)

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """(key, name) of every per-synapse quantity; a card that intercepts changes keeps one per locus."""
        found = [(key, name) for key, card in self.cards for name in card.fields]
        if self.owned:
            found += [("g", OWNER)]
        if self.has_loci:
            found += [("s", name) for name in LOCI]
            waiting = self.with_hook("on_change")
            found += [(key, f"{name}_{end}") for key, card in waiting for name in card.fields for end in LOCI]
        return found

    def field(self, key: str, name: str) -> Field:
        """The declaration of a per-synapse quantity."""
        if key == "g":
            return Field(NEAREST, "", "The astrocyte of this synapse.", slow=True, name=name)
        declared = LOCI if key == "s" else dict(self.cards)[key].fields
        return declared[name] if name in declared else declared[name.rsplit("_", 1)[0]]

    @cached_property
    def totals(self) -> list[tuple[str, str, str]]:
        """(key, name, hook that is summed) of every sum over a neuron's synapses."""
        return [(key, name, each.of) for key, card in self.cards for name, each in card.totals.items()]

    def traces(self, owner: str) -> list[tuple[str, str, Trace]]:
        """(key, name, trace) of every memory of the pre or of the post neuron."""
        return [(k, n, t) for k, card in self.cards for n, t in card.traces.items() if t.owner == owner]

    @cached_property
    def params(self) -> list[tuple[str, str]]:
        """(key, name) of every parameter, in the order of the array `pp`."""
        return [(key, name) for key, card in self.cards for name in card.params]

    def with_hook(self, hook: str, stages: Iterable[str] = Rule.stages) -> list[tuple[str, type[Rule]]]:
        """The cards of some stages that have a hook, in pipeline order."""
        order = list(stages)
        found = [(str(i), c) for i, c in enumerate(self.rules) if hook in c.hooks and c.stage in order]
        return sorted(found, key=lambda card: order.index(card[1].stage))

    @cached_property
    def is_plastic(self) -> bool:
        """Whether anything but the slow clock can change a weight."""
        moving = (*SPIKES, "on_step", "advance", "on_release", "between")
        return any(self.with_hook(hook) for hook in moving)

    @cached_property
    def roles(self) -> list[tuple[str, str, Role]]:
        """(key, name, role) of every modulator a card listens to, in the order of the array `mod_bound`."""
        return [(key, name, role) for key, card in self.cards for name, role in card.roles.items()]

    def listens(self, key: str, card: type[Declaration], hook: str) -> bool:
        """Whether a hook of a card reads the levels of its modulators."""
        return bool(card.roles) and hook in card.hooks and "mod" in arguments(card, hook)

    def to_the_right(self, key: str) -> list[tuple[str, type[Rule]]]:
        """The gates through which a change that the card `key` let go still has to pass."""
        return [(k, card) for k, card in self.with_hook("on_change") if int(k) > int(key)]

    @cached_property
    def needs_history(self) -> bool:
        """Whether postsynaptic spikes must be remembered."""
        return bool(self.traces("post") or self.with_hook("on_post"))

    @cached_property
    def glia_names(self) -> list[str]:
        """What the cards read of the astrocyte that owns a synapse."""
        return sorted({n for _, card in self.cards for n in card.read_of("glia")} - {"present"})

    @cached_property
    def learns_from_glia(self) -> bool:
        """Whether a change depends on what an astrocyte was like at a spike, long before it is made."""
        return any(rule.read_of("glia") for rule in self.rules) and self.glia

    @cached_property
    def late(self) -> list[tuple[str, type[Induction]]]:
        """The cards to which a presynaptic spike comes once more, after a while."""
        return [(k, c) for k, c in self.with_hook("on_late") if issubclass(c, Induction)]

    @cached_property
    def hears(self) -> list[str]:
        """The kinds of event at the postsynaptic neuron that its cards answer."""
        cards = [c for _, c in self.with_hook("on_event") if issubclass(c, Induction)]
        return list(dict.fromkeys(card.hears for card in cards))

    # -- arrays, in the order the kernels take them -------------------------------------------------

    @cached_property
    def arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `visit`; `slow` takes a few more."""
        found = [("ii", "int64"), ("ff", "float64"), ("pp", "float64")]
        found += [
            ("row_head", "int32"),
            ("seg_next", "int32"),
            ("seg_start", "int64"),
            ("seg_count", "int32"),
        ]
        found += [
            ("seg_axon", "int32"),
            ("seg_dendrite", "int32"),
            ("seg_last", "int64"),
            ("seg_seen", "int64"),
        ]
        found += [(f"X{k}_{n}", "float64") for k, n, _ in self.traces("pre")]
        found += [(f"D{k}_{n}", "float64") for k, n, _ in (*self.traces("pre"), *self.traces("post"))]
        found += [(f"M{k}_{n}", "float64") for k, n, role in self.roles if role.tau]
        found += [(name, "float64") for name in self.timed]
        found += [("post", "int32"), ("ids", "int64"), ("W", self.real)]
        found += [(f"F{k}_{n}", self.real) for k, n in self.fields]
        found += [
            ("recent_step", "int64"),
            ("recent_start", "int64"),
            ("recent_count", "int64"),
            ("recent_index", "int32"),
        ]
        found += [("axons", "int64"), ("ring_ex", self.real), ("ring_in", self.real), ("bad", "int64")]
        found += self.history_arrays
        if self.hears:
            found += [("heard_step", "int64"), ("heard_kind", "int64"), ("heard_count", "int64")]
        if self.transmission.event:
            found += [(f"event_{self.transmission.event}", "int64")]
        found += [("credit", "float64"), ("pressure", "int64"), ("fresh", "int64"), ("doomed", "uint8")]
        if self.counts_vesicles:
            found += [("vesicles", "int64")]
        if self.roles:
            found += [
                ("mod_step", "int64"),
                ("mod_chan", "int64"),
                ("mod_dose", "float64"),
                ("mod_n", "float64"),
                ("mod_count", "int64"),
                ("mod_force", "int64"),
                ("mod_bound", "int64"),
                ("mod_rest", "float64"),
                ("mod_reach", "float64"),
            ]
        if self.glia:
            found += [("territory", "int32"), ("spilled", "float64")]
            found += [(f"G_{name}", self.real) for name in self.glia_names]
        if self.watched:
            found += [
                ("watch", "uint8"),
                ("seen_step", "int64"),
                ("seen_id", "int64"),
                ("seen_value", "float64"),
                ("noted", "int64"),
                ("told_step", "int64"),
                ("told_id", "int64"),
                ("told_card", "int64"),
                ("told_value", "float64"),
                ("told", "int64"),
            ]
        return found

    @cached_property
    def slow_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `slow`."""
        return [*self.arrays, ("due", "float64"), *((f"T{k}_{n}", "float64") for k, n, _ in self.totals)]

    @cached_property
    def credit_names(self) -> list[str]:
        """Whose account each row of `credit` is: the rules in order, then the bounds of the weight."""
        return [rule.slug for rule in self.rules] + ["bounds"]

    # -- names --------------------------------------------------------------------------------------

    def resolve(self, key: str, card: type[Declaration], end: str = "w") -> Resolve:
        """Which variable of the kernel each row.name of a card's hooks is; `end`: which locus is changed."""
        apart = f"_{end}" if end != "w" else ""
        rows: dict[str, dict[str, str]] = {
            "p": {n: f"p{key}_{n}" for n in card.params} | {"w_min": "w_min", "w_max": "w_max"},
            "syn": {n: f"f{key}_{n}{apart}" for n in card.fields}
            | {"w": "w", "dw": f"d{end}", "amount": "amount", "released": "released", "doomed": "dying"},
            "pre": {n: f"x{key}_{n}" for n, t in card.traces.items() if t.owner == "pre"},
            "post": {n: f"y{key}_{n}" for n, t in card.traces.items() if t.owner == "post"}
            | {n: f"sum{key}_{n}" for n in card.totals}
            | ({"bap": "bap"} if card.stage else {}),
            "mod": {f"{n}{end}": f"m{key}_{n}{end}" for n in card.roles for end in ("", "_rest", "_dose")},
            "glia": {n: f"glia_{n}" for n in ("present", *self.glia_names)},
        }
        if self.has_loci and key != "t":
            rows["syn"] |= {"P": "fs_P", "q": "fs_q", "dP": "dP", "dq": "dq"} if end == "w" else {}
        elif self.has_loci and self.transmission.probability:
            rows["syn"]["w"], rows["p"][self.transmission.probability] = "fs_q", "fs_P"

        return resolver(rows)

    def see_glia(self, when: str, cards: Iterable[type[Declaration]]) -> list[str]:
        """What some cards read of the astrocyte of this synapse, as it was at step `when`."""
        names = sorted({n for card in cards for n in card.read_of("glia")} - {"present"})
        if not self.glia or not names:
            return []
        return [
            "if a >= 0:",
            f"    glia_at = (({when}) // glia_every & glia_mask) * glia_count + a",
            *[f"    glia_{n} = float64(G_{n}[glia_at])" for n in names],
        ]

    def hook(
        self, key: str, card: type[Declaration], hook: str, when: str = "s", end: str = "w"
    ) -> list[str]:
        """The lines of one hook of one card; chance is drawn for the step `when`, not for that of a visit."""
        chance = ("seed", f"purpose + {1 + int(key) if key != 't' else 0}", "named(ids, j)", when)
        return statements(card, hook, self.resolve(key, card, end), f"v{key}_{hook}", chance)

    def advancing(self, key: str, card: type[Declaration], when: str = "s", end: str = "w") -> Lifted:
        """The hook of a card that advances over the time between two events; see `lifted`."""
        return lift(self.hook(key, card, "advance", when, end), key)

    @cached_property
    def timed(self) -> list[str]:
        """The tables of what such hooks work out from the time gone by alone."""
        hooks = [self.advancing(key, card) for key, card in self.with_hook("advance")]
        return [table_of(name) for hook in hooks for name, _ in hook.parts]

    @property
    def timed_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `timetable`."""
        return [("ff", "float64"), ("pp", "float64"), *((name, "float64") for name in self.timed)]

    def after_spike(self, key: str, trace: Trace, before: str, size: str = "1.0") -> str:
        """The value of a memory just after a spike of this size, from the value just before."""
        if trace.nearest is True:
            return size
        if isinstance(trace.nearest, str):
            return f"({before} * (1.0 - p{key}_{trace.nearest}) + {size})"
        return f"({before} + {size})"

    def remembered(self, key: str, name: str, trace: Trace, place: str) -> str:
        """The value of a memory just after the postsynaptic event at a place of the history."""
        before = f"Y{key}_{name}[{place}]"
        if not self.event:
            return self.after_spike(key, trace, before)
        size = f"hist_{'soma' if self.is_somatic(key) else 'size'}[{place}]"
        after = self.after_spike(key, trace, before, size)
        return f"({after} if {size} > 0.0 else {before})" if self.counts_soma else after

    def is_somatic(self, key: str) -> bool:
        """Whether a card counts what the soma does, whatever the others learn from: the slow ones do."""
        return dict(self.cards)[key].stage in ("homeostasis", "structure")

    @cached_property
    def counts_soma(self) -> bool:
        """Whether spikes must be remembered beside the events that are learned from."""
        return self.event and any(self.is_somatic(key) for key, _, _ in self.traces("post"))

    @cached_property
    def sizes(self) -> bool:
        """Whether it matters how large a postsynaptic event is."""
        return self.event or any("bap" in rule.read_of("post") for rule in self.rules)

    @cached_property
    def history_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of the arrays of postsynaptic events."""
        found = [("hist_step", "int64"), ("hist_count", "int64")]
        found += [("hist_size", "float64")] if self.event else []
        found += [("hist_soma", "float64")] if self.counts_soma else []
        return found + [(f"Y{k}_{n}", "float64") for k, n, _ in self.traces("post")]

    def decay(self, key: str, trace: Trace, steps: str) -> str:
        """How much of a memory is left after so many steps."""
        return f"kept(D{key}_{trace.name}, {steps}, h, p{key}_{trace.tau})"

    @cached_property
    def remember_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `remember`."""
        found = [("ii", "int64"), ("ff", "float64"), ("pp", "float64")]
        found += [
            ("recent_step", "int64"),
            ("recent_start", "int64"),
            ("recent_count", "int64"),
            ("recent_index", "int32"),
        ]
        found += self.history_arrays
        found += [(f"D{k}_{n}", "float64") for k, n, _ in self.traces("post")]
        found += [("event_size", "float64")] if self.event else []
        if self.counts_soma:
            found += [("soma_step", "int64"), ("soma_start", "int64"), ("soma_count", "int64")]
            found += [("soma_index", "int32")]
        return [*found, ("fresh", "int64"), ("pressure", "int64"), ("bad", "int64")]

    @cached_property
    def listen_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `listen`."""
        found = [("ii", "int64"), *((f"event_{kind}", "int64") for kind in self.hears)]
        found += [("heard_step", "int64"), ("heard_kind", "int64"), ("heard_count", "int64")]
        return [*found, ("fresh", "int64"), ("pressure", "int64")]
