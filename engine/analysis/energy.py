"""What a spike, a vesicle and an arithmetic operation cost, each with where the number comes from.

One table of constants, `energy.json`, serves everything that speaks of energy; a constant without a source
is refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ModelError


@dataclass(frozen=True)
class Constant:
    """A number with its unit, its source, and what one must know before quoting it."""

    name: str
    value: float
    unit: str
    label: str
    source: str
    caveat: str = ""

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ModelError(
                f"energy constant {self.name!r} has no source; say where {self.value:g} comes from"
            )


def read(text: str) -> tuple[Constant, ...]:
    """The constants of a file such as `energy.json`.

    Raises:
        ModelError: one of them has no source.
    """
    return tuple(Constant(**row) for row in json.loads(text))


CONSTANTS = read((Path(__file__).parent / "energy.json").read_text(encoding="utf-8"))
BY_NAME = {constant.name: constant for constant in CONSTANTS}
ATP_IN_J = BY_NAME["atp"]


def joules(name: str) -> float:
    """A constant in joules (or in watts, for one per second).

    Raises:
        ModelError: it is no energy.
    """
    constant = BY_NAME[name]
    if constant.unit.startswith("ATP"):
        return constant.value * ATP_IN_J.value
    if constant.unit == "J":
        return constant.value
    raise ModelError(f"{constant.label} is {constant.value:g} {constant.unit}, no energy")


@dataclass(frozen=True)
class Activity:
    """What is charged: counts of a run, by hand or from its tally.

    `spikes`, `vesicles` and `events` are numbers, `inhibitory` that of the vesicles that inhibit; `neuron_s`
    and `glia_s` are cell-seconds of being alive; `seconds` and `neurons` say how large a clocked network of
    the same size would be, of step `dt` (ms).
    """

    spikes: float = 0.0
    vesicles: float = 0.0
    inhibitory: float = 0.0
    events: float = 0.0
    neuron_s: float = 0.0
    glia_s: float = 0.0
    seconds: float = 0.0
    neurons: float = 0.0
    dt: float = 1.0


@dataclass(frozen=True)
class Charge:
    """What may be charged otherwise: an inhibitory vesicle at a tenth, a quarter more for housekeeping."""

    cheap_inhibition: bool = False
    housekeeping: bool = False


AS_PUBLISHED = Charge()


@dataclass(frozen=True)
class Biology:
    """The bill of living tissue, in ATP and joules: what activity costs, and what being alive does."""

    spikes: float
    vesicles: float
    rest: float
    housekeeping: float = 0.0

    @property
    def dynamic(self) -> float:
        """ATP that activity cost; twice the rate is twice this."""
        return self.spikes + self.vesicles

    @property
    def total(self) -> float:
        """ATP in all."""
        return self.dynamic + self.rest + self.housekeeping

    @property
    def joules(self) -> float:
        """Joules in all."""
        return self.total * ATP_IN_J.value


def biology(
    did: Activity, spike: str = "spike", axon_share: float = 1.0, charge: Charge = AS_PUBLISHED
) -> Biology:
    """ATP = spikes e_spike + vesicles e_vesicle + neuron-seconds e_rest + glia-seconds e_rest.

    `axon_share` charges a drawn neuron for a part of its axon only (its boutons over 8000); 1: all of it.
    Attwell & Laughlin (2001), doi:10.1097/00004647-200110000-00001.
    """
    value = {name: constant.value for name, constant in BY_NAME.items()}
    spared = did.inhibitory * (1.0 - value["inhibitory_share"]) if charge.cheap_inhibition else 0.0
    paid = Biology(
        spikes=did.spikes * value[spike] * axon_share,
        vesicles=(did.vesicles - spared) * value["vesicle"],
        rest=did.neuron_s * value["rest_neuron"] + did.glia_s * value["rest_glia"],
    )
    return (
        replace(paid, housekeeping=value["housekeeping_share"] * paid.total) if charge.housekeeping else paid
    )


@dataclass(frozen=True)
class Bill:
    """One way to pay for the same activity: joules, and how they come about."""

    label: str
    joules: float
    how: str
    caveat: str = ""


def bills(did: Activity, charge: Charge = AS_PUBLISHED) -> list[Bill]:
    """The same activity paid for in tissue, on event-driven hardware, and by a clocked dense network.

    The dense network multiplies every pair of neurons at every step: N^2 T / dt multiply-accumulates.
    """
    fan = did.events / did.spikes if did.spikes else 0.0
    share = min(1.0, fan / BY_NAME["boutons"].value)
    whole, part = biology(did, charge=charge), biology(did, axon_share=share, charge=charge)
    macs = did.neurons**2 * did.seconds * 1000.0 / did.dt
    word = joules("sram")
    rest = "without what cells at rest cost"
    upkeep = "; and a quarter of everything more for housekeeping" if charge.housekeeping else ""
    atp = ATP_IN_J.value
    return [
        Bill("Tissue, whole axons", whole.dynamic * atp, f"spikes x 3.84e8 + vesicles x 1.64e5 ATP; {rest}",
             BY_NAME["vesicle"].caveat),
        Bill("Tissue, drawn part of the axon", part.dynamic * atp,
             f"as above, each spike charged for {fan:.3g} of 8000 boutons; {rest}",
             BY_NAME["boutons"].caveat),
        Bill("Tissue, resting cells", (whole.rest + whole.housekeeping) * atp,
             f"seconds x (neurons x 3.42e8 + glia x 1.02e8) ATP{upkeep}"),
        Bill("Neuromorphic chip", did.events * joules("loihi"), "synaptic events x 23.6 pJ (Loihi)"),
        Bill("Event-driven processor", did.events * (joules("add") + word), "events x (add + one word)"),
        Bill("Clocked dense network", macs * (joules("mac") + word), "N^2 T/dt x (MAC + one word)",
             BY_NAME["mac"].caveat),
        Bill("the same out of DRAM", macs * (joules("mac") + joules("dram")), "N^2 T/dt x (MAC + DRAM)"),
    ]  # fmt: skip


CAVEATS = (
    "A vesicle is not a multiply-accumulate: it fails three times in four and carries about a bit.",
    "Communication costs 35 times what computation does in human cortex (Levy & Calvert 2021).",
    "The constants of chips are for 45 nm; newer ones are 5 to 10 times lower.",
    "What this computer spends on simulating is another number, and is measured apart.",
)
