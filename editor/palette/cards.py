"""The cards of the palette, made from the registry: what can be placed, wired, attached, and how it travels.

Qt-free.  A card is told apart by its kind and slug only; dragging one carries `MIME` with `encode`d
bytes, and whatever it is dropped on asks `decode`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from editor.drawing.usual import usual
from engine import registry
from engine.declare import Declaration, Rule
from engine.network.patterns import PATTERNS

MIME = "application/x-neuropil-card"
LONGEST = 2000
"""Bytes; a dropped payload above this is not ours."""

WIRING = "wiring"
PROBE = "probe"


@dataclass(frozen=True)
class Card:
    """One thing of the palette."""

    kind: str
    """As `registry.all` names it, or "wiring" (a pattern of many synapses), or "probe"."""
    slug: str
    label: str
    family: str
    sentence: str
    source: str = ""
    stage: str = ""
    words: str = ""
    """Further text the search looks through."""


@dataclass(frozen=True)
class Section:
    """A heading of the palette and its cards; `question` heads the cards of one stage of rules."""

    slug: str
    title: str
    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    """Pairs of a sub-heading (may be empty) and the cards below it."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards of the section, in order."""
        return tuple(card for _, cards in self.groups for card in cards)


HEADINGS = (
    ("cells", "Cells", ("neuron",), "neuron population cell"),
    ("wiring", "Wiring", ("transmission", WIRING), "synapse connection edge wiring projection"),
    ("rules", "Rules", ("rule",), "rule plasticity learning"),
    ("glia", "Glia", ("astrocyte",), "glia astrocyte calcium"),
    ("inputs", "Inputs and probes", ("input", PROBE), "input stimulus"),
    ("modulators", "Modulators", ("modulator",), "modulator reward dopamine"),
    ("tasks", "Tasks", ("task",), "task learn patterns data"),
    ("learners", "Learners", ("learner",), "learner error training race back-propagation"),
)

QUESTIONS = {stage.stage: stage.question for stage in Rule.__subclasses__() if stage.stage}


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split()).replace("`", "")
    return paragraph if paragraph.endswith((".", "?", "!")) else paragraph + "."


def card_of(model: type[Declaration]) -> Card:
    """The card of a declared model."""
    about = model.about()
    rest = about.strip().split("\n\n", 1)
    sentence = first_sentence(about)
    name, colon, meaning = sentence.partition(": ")
    if colon and set(_words(name)) & set(_words(model.label)):  # the card is headed by its name already
        sentence = meaning[0].upper() + meaning[1:]
    return Card(
        kind=model.kind,
        slug=model.slug,
        label=model.label,
        family=model.family,
        sentence=sentence,
        source=" ".join(rest[1].split()) if len(rest) > 1 else "",
        stage=model.stage,
        words=f"{model.slug} {model.family} {model.stage} {sentence}",
    )


def sections() -> list[Section]:
    """Every section that has cards, from the registry as it is now."""
    made = []
    for slug, title, kinds, words in HEADINGS:
        groups: list[tuple[str, tuple[Card, ...]]] = []
        for kind in kinds:
            if kind == WIRING:
                groups.append(("Many at once", tuple(_pattern(slug) for slug in PATTERNS)))
            elif kind == PROBE:
                groups.append(("Record", (_PROBE_CARD,)))
            elif kind == "rule":
                groups += [(question, _models("rule", stage)) for stage, question in QUESTIONS.items()]
            else:
                groups.append(("", _models(kind)))
        kept = tuple(
            (head, tuple(_with_words(card, words) for card in cards)) for head, cards in groups if cards
        )
        if kept:
            made.append(Section(slug, title, kept))
    return made


def _models(kind: str, stage: str = "") -> tuple[Card, ...]:
    """The cards of a kind (and stage): the usual one first, its family next, then the others."""
    models = [model for model in registry.all(kind) if not stage or model.stage == stage]
    first = usual(kind, stage)
    family = next((model.family for model in models if model.slug == first), "")
    models.sort(key=lambda model: (model.slug != first, model.family != family))
    return tuple(card_of(model) for model in models)


def encode(card: Card) -> bytes:
    """What a drag carries."""
    return json.dumps({"kind": card.kind, "slug": card.slug}).encode("ascii")


def decode(payload: bytes) -> Card | None:
    """The card a drop carries; None when it is not one this program knows."""
    if len(payload) > LONGEST:
        return None
    try:
        told = json.loads(payload)
        kind, slug = str(told["kind"]), str(told["slug"])
    except (ValueError, KeyError, TypeError):
        return None
    return find(kind, slug)


def find(kind: str, slug: str) -> Card | None:
    """The card of this kind and slug, if there is one."""
    if kind == PROBE:
        return _PROBE_CARD
    if kind == WIRING:
        return _pattern(slug) if slug in PATTERNS else None
    return card_of(registry.find(slug, kind)) if registry.knows(slug, kind) else None


def _words(text: str) -> list[str]:
    return text.lower().replace("-", " ").replace(",", " ").split()


def _pattern(slug: str) -> Card:
    label = slug.replace("_", " ").capitalize()
    sentence = first_sentence(PATTERNS[slug].__doc__ or label)
    return Card(WIRING, slug, label, "Pattern", sentence, words=f"{slug} pattern many synapses")


_PROBE_CARD = Card(
    PROBE,
    "v",
    "Probe",
    "Recording",
    "Records a quantity of what it is dropped on and plots it.",
    words="record electrode meter",
)


def _with_words(card: Card, words: str) -> Card:
    return Card(**{**vars(card), "words": f"{words} {card.words}"})
