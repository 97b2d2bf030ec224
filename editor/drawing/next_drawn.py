"""What the next thing drawn will be: which neuron, how many, which synapse with which rules.

Qt-free.  The palette and the tools set it, gestures read it, the chip in the header says it in words.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace

from editor.drawing.usual import usual
from editor.inspector import meaning
from editor.palette.cards import WIRING, Card
from engine import registry, units
from engine.declare import Declaration, Rule
from engine.network.parts import RuleUse

EFFECT = 8.0
"""mV at rest: three spikes in quick succession fire the neuron they reach."""
MOST = 8.0 / 15.0
"""The share of the way from rest to a spike that one spike may move a neuron whose way is short."""


@dataclass(frozen=True)
class NextSynapse:
    """The kind of synapse that wiring makes."""

    transmission: str
    rules: tuple[RuleUse, ...] = ()
    effect: float = EFFECT
    """How far one spike moves the target at rest (mV), if that does not fire it; the weight follows."""
    delay: float = 1.0

    def weight(self, post: str, params: Mapping[str, float] | None = None) -> float:
        """The size of the weight that has this effect on a neuron of model `post`."""
        wire = registry.find(self.transmission) if registry.knows(self.transmission) else None
        model = registry.find(post) if registry.knows(post) else None
        if model is None or getattr(wire, "gives", "") == "gap":
            return 1.0
        effect = min(self.effect, MOST * meaning.way_to_spike(model, params or {}))
        trial = 1.0
        moved = meaning.response(model, params or {}, trial, wire)
        while math.isinf(moved) and trial > 1e-6:
            trial *= 0.25
            moved = meaning.response(model, params or {}, trial, wire)
        if not math.isfinite(moved) or moved == 0.0:
            return 1.0
        for _ in range(4):  # conductances saturate: correct the straight-line answer a few times
            size = trial * effect / abs(moved)
            again = meaning.response(model, params or {}, size, wire)
            if not math.isfinite(again) or again == 0.0:
                break
            trial, moved = size, again
        return float(f"{trial * effect / abs(moved):.3g}")

    def words(self) -> str:
        """What the chip says: "current, pair STDP, receptors, +8 mV at rest"."""
        said = [label_of(self.transmission).lower()]
        said += [_short(label_of(use.slug)) for use in self.rules if use.enabled]
        if getattr(registry.find(self.transmission), "gives", "") != "gap":
            said.append(f"+{units.write(self.effect, 'mV')} at rest")
        return ", ".join(said)


def label_of(slug: str) -> str:
    """What people call a model."""
    return registry.find(slug).label if registry.knows(slug) else slug


def _short(label: str) -> str:
    label = label.partition(",")[0]
    first, _, rest = label.partition(" ")
    return f"{first.lower()} {rest}".strip() if first[1:].islower() else label


@dataclass
class NextDrawn:
    """What gestures will place; watchers hear of every change and are held weakly."""

    neuron: str = ""
    sign: int = 1
    population: int = 0
    """The population a single neuron joins; 0 for one of its own."""
    size: int = 100
    """How many neurons a population is stamped with."""
    synapse: NextSynapse = field(default_factory=lambda: NextSynapse(""))
    pattern: str = "fixed_probability"
    attached: tuple[str, str] = ("", "")
    """The kind and slug of the input, probe, astrocyte or modulator that is placed next."""
    tool: str = "select"
    brush: str = "stimulate"

    def __post_init__(self) -> None:
        self._watchers: list[weakref.WeakMethod[Callable[[], None]]] = []
        if not self.neuron:
            self.neuron = usual("neuron")
        if not self.synapse.transmission:
            stages = (usual("rule", "induction"), usual("rule", "expression"))
            self.synapse = NextSynapse(usual("transmission"), tuple(RuleUse(slug) for slug in stages if slug))

    def set(self, **changes: object) -> None:
        """Change some of it."""
        for name, value in changes.items():
            if name not in {one.name for one in fields(self)}:
                raise AttributeError(f"nothing next is called {name!r}")
            setattr(self, name, value)
        self._tell()

    def take(self, card: Card) -> None:
        """A card of the palette was chosen: it is what comes next."""
        if card.kind == "neuron":
            self.set(neuron=card.slug, population=0)
        elif card.kind == "transmission":
            self.set(synapse=replace(self.synapse, transmission=card.slug))
        elif card.kind == WIRING:
            self.set(pattern=card.slug)
        elif card.kind == "rule":
            self.toggle_rule(card.slug)
        else:
            self.set(attached=(card.kind, card.slug))

    def toggle_rule(self, slug: str) -> None:
        """Have the next synapse carry a rule, or no longer; one induction, gate and expression at most."""
        rules = self.synapse.rules
        if any(use.slug == slug for use in rules):
            kept = tuple(use for use in rules if use.slug != slug)
        else:
            stage = registry.find(slug).stage
            alone = ("induction", "gate", "expression")
            kept = tuple(use for use in rules if stage not in alone or _stage(use.slug) != stage)
            kept = tuple(sorted((*kept, RuleUse(slug)), key=lambda use: Rule.stages.index(_stage(use.slug))))
        self.set(synapse=replace(self.synapse, rules=kept))

    def fits(self, post: str) -> bool:
        """Whether the next synapse can act on a neuron of this model."""
        wire: type[Declaration] = registry.find(self.synapse.transmission)
        gives = getattr(wire, "gives", "current")
        model = registry.find(post) if registry.knows(post) else None
        return gives in ("any", "gap") or gives in getattr(model, "receives", ())

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call this bound method after every change."""
        self._watchers.append(weakref.WeakMethod(watcher))

    def _tell(self) -> None:
        for ref in list(self._watchers):
            watcher = ref()
            if watcher is None:
                self._watchers.remove(ref)
            else:
                watcher()


def _stage(slug: str) -> str:
    return registry.find(slug).stage if registry.knows(slug) else Rule.stages[-1]
