"""What the command bar can find: actions, cards, examples, and every named thing of the circuit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from editor import actions
from editor.finding import by_property
from editor.finding.command_bar import Entry, keys_in_words
from editor.gallery import catalogue
from editor.palette import cards
from engine.counting import counted
from engine.errors import UsageError

MOST_NEURONS = 2000
"""Named neurons offered; more would make typing slow, and nobody names more by hand."""

ICONS = {
    "neuron": "fa6s.circle-dot", "transmission": "fa6s.arrow-right-long", cards.WIRING: "fa6s.share-nodes",
    "rule": "fa6s.chart-line", "astrocyte": "fa6s.asterisk", "input": "fa6s.bolt",
    cards.PROBE: "fa6s.wave-square", "modulator": "fa6s.droplet", "learner": "fa6s.graduation-cap",
}  # fmt: skip
ASKED = "fa6s.filter"
"""The icon of a question by property."""


def commands(window: Any) -> list[Entry]:
    """Every action, every card of the palette, every example of the gallery, and the files opened last."""
    found = [
        Entry(
            name=action.name,
            sentence=action.sentence,
            kind=action.menu.replace("/", " › "),
            run=partial(window.perform, action.slug),
            keys=keys_in_words(action.keys),
            icon=action.icon or "fa6s.angle-right",
            words=action.words,
            why_not=window.menus.why_not(action.slug),
            rank=1.1,
        )
        for action in actions.all_actions()
    ]
    for section in cards.sections():
        found += [
            Entry(
                name=card.label,
                sentence=card.sentence,
                kind=section.title,
                run=partial(window.use_card, card),
                icon=ICONS.get(card.kind, ""),
                words=card.words,
            )
            for card in section.cards
        ]
    found += [
        Entry(
            name=example.title,
            sentence=example.what,
            kind="Example",
            run=partial(window.files.open_example, example.name),
            icon="fa6s.book-open",
            rank=0.95,
            words=f"example gallery {example.name} {example.chapter} {example.watch}",
        )
        for example in catalogue.examples()
    ]
    found += [
        Entry(
            name=Path(name).stem,
            sentence=name,
            kind="Recent file",
            run=partial(window.files.open, name),
            icon="fa6s.folder-open",
            words="open recent file",
            why_not="" if Path(name).exists() else "This file is gone.",
            rank=0.95,
        )
        for name in window.settings.recent
    ]
    return found


def answer(window: Any, query: str) -> Entry | None:
    """What has the property that is asked for, to be selected; the words of a refusal; None for a name."""
    if not by_property.is_question(query):
        return None
    try:
        found = by_property.ask(window.document, query)
    except UsageError as refusal:
        wrong = str(refusal)
        return Entry("Find by property", wrong, "", lambda: None, icon=ASKED, why_not=wrong)
    ids = found.ids.tolist()
    why_not = "" if ids else "There is nothing to select."
    select = partial(window.selection.choose, **{found.kind: ids})
    return Entry(found.words, "Select them", found.kind.capitalize(), select, icon=ASKED, why_not=why_not)


def names(window: Any) -> list[Entry]:
    """Every population, projection, attached thing and named neuron of the circuit."""
    net = window.document.network
    choose = window.selection.choose
    found = [
        Entry(
            one.label, f"{one.group} {counted(len(one), 'neuron')}".strip(), "Population",
            partial(choose, population=[one.id]), icon=ICONS["neuron"],
            words=f"{one.model} population neuron",
        )
        for one in net.populations.values()
    ]  # fmt: skip
    found += [
        Entry(
            one.label, counted(len(one), "synapse"), "Projection", partial(choose, projection=[one.id]),
            icon=ICONS["transmission"], words=" ".join((one.transmission, *(use.slug for use in one.rules))),
        )
        for one in net.projections.values()
    ]  # fmt: skip
    for kind, shelf in (("input", net.inputs), ("probe", net.probes), ("modulator", net.modulators)):
        found += [
            Entry(
                one.label or f"{kind} of {one.what}", kind.capitalize(), kind.capitalize(),
                partial(choose, **{kind: [one.id]}), icon=ICONS[kind],
            )
            for one in shelf.values()
        ]  # fmt: skip
    left = MOST_NEURONS
    for population in net.populations.values():
        if population.names and left > 0:
            pairs = list(zip(population.names, population.neuron_ids.tolist(), strict=True))[:left]
            left -= len(pairs)
            found += [
                Entry(name, population.label, "Neuron", partial(choose, neuron=[id]), icon=ICONS["neuron"])
                for name, id in pairs
                if name
            ]
    return found
