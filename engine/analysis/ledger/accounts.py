"""The seed's own table, filled by a run: each of its sentences, what this run says of it, and the numbers.

Biology is said to be local, low-power, asynchronous and decentralised, back-propagation the opposite.  Each
sentence is supported, contradicted, or depends on something that is named; nothing is printed without the
figures it follows from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine import registry
from engine.analysis.energy import AS_PUBLISHED, BY_NAME, CAVEATS, Activity, Bill, Charge, bills
from engine.analysis.ledger import locality
from engine.network.network import Network
from engine.runtime.tally import Spent, Tally

SUPPORTED, DEPENDS, CONTRADICTED, SILENT = "supported", "depends", "contradicted", "no answer"
VERDICTS = (SUPPORTED, DEPENDS, CONTRADICTED, SILENT)


@dataclass(frozen=True)
class Figure:
    """One number of a run: what it is, its unit, and how it was come by."""

    key: str
    label: str
    value: float
    unit: str
    how: str


@dataclass(frozen=True)
class Claim:
    """One sentence of the table, the verdict of this run, why, and the keys of the figures behind it."""

    row: str
    side: str
    says: str
    verdict: str
    why: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Teacher:
    """Something that tells synapses how to change: who, in how many numbers, and to how many."""

    label: str
    sources: int
    numbers: int
    synapses: int


@dataclass(frozen=True)
class Ledger:
    """Everything the ledger says of one run."""

    claims: tuple[Claim, ...]
    figures: Mapping[str, Figure]
    cards: tuple[locality.Row, ...]
    teachers: tuple[Teacher, ...]
    bills: tuple[Bill, ...]
    caveats: tuple[str, ...] = CAVEATS


def activity(net: Network, tally: Tally) -> Activity:
    """What is charged: the spikes of neurons, the vesicles released, and the cell-seconds lived.

    Where the run counts what is released (quantal release and Tsodyks-Markram synapses, uptake, synapses
    with a release probability of their own) that is charged; elsewhere events times the constant.
    """
    neurons = [id for id, p in net.populations.items() if p.kind == "neuron"]
    glia = [id for id, p in net.populations.items() if p.kind != "neuron"]
    spent = tally.populations
    seconds = tally.steps * net.dt / 1000.0
    alive = sum(spent[id].lived for id in neurons if id in spent) * net.dt / 1000.0
    events = float(sum(s.events for s in tally.projections.values()))
    released = {id: _vesicles(each) for id, each in tally.projections.items()}
    inhibits = {
        id for id, way in net.projections.items() if net.populations[way.pre].sign < 0 and id in released
    }
    return Activity(
        spikes=float(sum(spent[id].spikes for id in neurons if id in spent)),
        vesicles=sum(released.values()),
        inhibitory=sum(released[id] for id in inhibits),
        events=events,
        neuron_s=alive,
        glia_s=sum(spent[id].lived for id in glia if id in spent) * net.dt / 1000.0,
        seconds=seconds,
        neurons=alive / seconds if seconds else 0.0,
        dt=net.dt,
    )


def _vesicles(spent: Spent) -> float:
    """Vesicles that a projection released: those counted, and for all other events the constant share."""
    return spent.released + (spent.events - spent.counted) * BY_NAME["release_probability"].value


def teachers(net: Network) -> tuple[Teacher, ...]:
    """Whoever broadcasts to synapses: every modulator that a card of some projection waits for."""
    listening = [
        projection
        for projection in net.projections.values()
        if any(
            use.enabled and "M" in locality.places(registry.find(use.slug, "rule"))
            for use in projection.rules
        )
    ]
    reached = sum(len(projection.synapses) for projection in listening)
    return tuple(
        Teacher(modulator.label, int(modulator.sources.size), 1, reached)
        for modulator in net.modulators.values()
        if reached
    )


def of(net: Network, tally: Tally, charge: Charge = AS_PUBLISHED) -> Ledger:
    """The ledger of a run: `net` as it now is, what it has done, and what of it is charged otherwise."""
    did = activity(net, tally)
    cards = tuple(locality.table(net))
    told = teachers(net)
    paid = tuple(bills(did, charge))
    figures = _figures(net, tally, did, cards, told, paid)
    return Ledger(tuple(_claims(cards, told, paid, figures)), figures, cards, told, paid)


def _figures(
    net: Network,
    tally: Tally,
    did: Activity,
    cards: tuple[locality.Row, ...],
    told: tuple[Teacher, ...],
    paid: tuple[Bill, ...],
) -> dict[str, Figure]:
    synapse_s = sum(s.lived for s in tally.projections.values()) * net.dt / 1000.0
    synapses = sum(len(p.synapses) for p in net.projections.values())
    beyond = [c for c in cards if not c.is_local]
    lotteries = _lotteries(net, tally)
    rate = did.spikes / did.neuron_s if did.neuron_s else 0.0
    per_synapse = did.events / synapse_s if synapse_s else 0.0
    per_second = 1.0 / did.seconds if did.seconds else 0.0
    tissue = paid[0].joules + paid[2].joules
    found = (
        Figure("seconds", "biological time", did.seconds, "s", "counted in steps"),
        Figure("rate", "spikes per neuron", rate, "Hz", "spikes / neuron-seconds"),
        Figure("events", "synaptic events", did.events, "", "every spike times the synapses it went into"),
        Figure("vesicles", "vesicles released", did.vesicles, "", _how_released(tally)),
        Figure("event_rate", "events per synapse", per_synapse, "1/s", "events / synapse-seconds"),
        Figure("active", "synapses active in a given ms", 100.0 * min(per_synapse / 1000.0, 1.0), "%",
               "events / (synapses x ms)"),
        Figure("waits", "updates that waited for another layer", 0.0, "", "phases of learners: none ran"),
        Figure("cards", "plasticity cards", float(len(cards)), "", "enabled cards of all projections"),
        Figure("beyond", "cards that read beyond the pair", float(len(beyond)), "",
               "from their syntax trees: " + (", ".join(sorted({c.card for c in beyond})) or "none")),
        Figure("foreign", "cards that read other synapses or other layers",
               float(sum("G" in c.places for c in cards)), "", "from the syntax tree of their hooks"),
        Figure("teachers", "broadcasts that teach", float(len(told)), "", "modulators some card waits for"),
        Figure("taught", "synapses a broadcast reaches", float(max((t.synapses for t in told), default=0)),
               f"of {synapses:,}", "synapses whose cards wait for it"),
        Figure("lotteries", "lotteries for partners", float(lotteries), "",
               "free boutons and spines joined at random across neurons"),
        Figure("power", "power of the drawn tissue", per_second * tissue * 1e12, "pW",
               "whole axons, resting cells included"),
        *(Figure(f"bill{i}", bill.label, per_second * bill.joules, "W", bill.how)
          for i, bill in enumerate(paid)),
    )  # fmt: skip
    return {figure.key: figure for figure in found}


def _how_released(tally: Tally) -> str:
    """Of how many events the release was counted, and what the others are charged."""
    counted = sum(s.counted for s in tally.projections.values())
    events = sum(s.events for s in tally.projections.values())
    share = BY_NAME["release_probability"].value
    if not counted:
        return f"events x {share:g}: no synapse here says what it releases"
    rest = f"; the other events x {share:g}" if counted < events else ""
    return f"counted at {counted:,} events{rest}"


def _lotteries(net: Network, tally: Tally) -> int:
    """How often free elements were paired across neurons, by the growth cards as they are now."""
    total = 0
    for projection in net.projections.values():
        for use in projection.rules:
            card = registry.find(use.slug, "rule")
            if use.enabled and "grow" in card.hooks and "update" in card.params:
                total += int(
                    tally.steps * net.dt // float(use.params.get("update", card.params["update"].default))
                )
    return total


def _claims(
    cards: tuple[locality.Row, ...],
    told: tuple[Teacher, ...],
    paid: tuple[Bill, ...],
    figures: Mapping[str, Figure],
) -> list[Claim]:
    ran = figures["seconds"].value > 0 and figures["events"].value > 0
    return [
        _local(cards, told),
        _no_backprop("Learning rules", "changes follow a global error signal", ("foreign",)),
        _cheap(paid, figures, ran),
        _asynchronous(figures, ran),
        _no_backprop("Energy", "computationally expensive", ("bill5", "bill6")),
        _decentralised(told, figures, cards),
        _no_backprop("Control", "errors are propagated centrally", ("teachers", "waits")),
    ]


def _local(cards: tuple[locality.Row, ...], told: tuple[Teacher, ...]) -> Claim:
    beyond = sorted({c.card for c in cards if not c.is_local})
    foreign = sorted({c.card for c in cards if "G" in c.places})
    if not cards:
        verdict, why = SILENT, "No projection carries a rule, so nothing learned."
    elif foreign:
        verdict, why = CONTRADICTED, f"{', '.join(foreign)} read what belongs to other synapses."
    elif beyond:
        verdict = DEPENDS
        why = f"Beside the pair's own spikes, {', '.join(beyond)} needs a third party in the tissue."
    else:
        verdict, why = SUPPORTED, "Every card reads its synapse and its two neurons, and nothing else."
    keys = ("cards", "beyond", "foreign")
    return Claim("Learning rules", "Biology", "local: timing and transmitter", verdict, why, keys)


def _cheap(paid: tuple[Bill, ...], figures: Mapping[str, Figure], ran: bool) -> Claim:
    keys = ("bill0", "bill1", "bill2", "bill4", "bill5")
    if not ran:
        return Claim("Energy", "Biology", "low-power", SILENT, "Nothing has happened yet.", keys)
    whole, part, rest, _, events, clocked, _ = (bill.joules for bill in paid)
    best = min(events, clocked)
    if whole + rest < best:
        verdict, why = (
            SUPPORTED,
            "Even with whole axons and resting cells the tissue pays less than either chip.",
        )
    elif part < best:
        verdict = DEPENDS
        why = (
            "Less than a chip if only the drawn part of an axon is charged, more if whole axons and rest are."
        )
    else:
        verdict, why = CONTRADICTED, "A chip would pay less for these events, however the axons are charged."
    return Claim("Energy", "Biology", "low-power", verdict, why, keys)


def _asynchronous(figures: Mapping[str, Figure], ran: bool) -> Claim:
    keys = ("event_rate", "active", "waits")
    if not ran:
        return Claim("Energy", "Biology", "asynchronous", SILENT, "Nothing has happened yet.", keys)
    waits, active = figures["waits"].value, figures["active"].value
    if waits:
        verdict, why = CONTRADICTED, f"{waits:.0f} updates waited for another layer."
    elif active > 10.0:
        verdict, why = DEPENDS, f"No update waits, but {active:.0f} % of the synapses are active in any ms."
    else:
        verdict = SUPPORTED
        why = f"No update waits for another layer; {active:.2g} % of the synapses are active in a given ms."
    return Claim("Energy", "Biology", "asynchronous", verdict, why, keys)


def _decentralised(
    told: tuple[Teacher, ...], figures: Mapping[str, Figure], cards: tuple[locality.Row, ...]
) -> Claim:
    lotteries = figures["lotteries"].value
    keys = ("teachers", "taught", "lotteries", "waits")
    if not cards:
        verdict, why = SILENT, "No projection carries a rule, so there was nothing to control."
    elif told:
        names = ", ".join(t.label for t in told)
        verdict, why = DEPENDS, f"{names}: one number, the same for every synapse it reaches."
    elif lotteries:
        verdict, why = DEPENDS, "No one teaches; free boutons and spines meet in a common lottery."
    else:
        verdict, why = SUPPORTED, "No part of the circuit tells another how to change."
    return Claim("Control", "Biology", "decentralised", verdict, why, keys)


def beside(ledger: Ledger, claims: Iterable[Claim], figures: Mapping[str, Figure]) -> Ledger:
    """The ledger with what a race says: its sentences take the place of those the run could not answer."""
    taken = list(claims)
    answered = {(c.row, c.side, c.says) for c in taken}
    kept = [c for c in ledger.claims if c.verdict != SILENT or (c.row, c.side, c.says) not in answered]
    there = {(c.row, c.side, c.says) for c in kept}
    added = [c for c in taken if (c.row, c.side, c.says) not in there]
    return replace(ledger, claims=(*kept, *added), figures={**ledger.figures, **figures})


def _no_backprop(row: str, says: str, keys: tuple[str, ...]) -> Claim:
    why = "No learner with an error ran on this circuit; open a race to see both sides."
    return Claim(row, "Back-propagation", says, SILENT, why, keys)
