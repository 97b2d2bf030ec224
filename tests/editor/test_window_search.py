"""What one types finds what one means, also in the words of other fields."""

import pytest

from editor.finding import by_letters
from editor.palette import cards


def first_card(query):
    every = [card for section in cards.sections() for card in section.cards]
    order = by_letters.ranked(query, [(card.label, card.words) for card in every])
    return every[order[0]] if order else None


@pytest.mark.parametrize("word", ["connection", "edge", "link"])
def test_words_for_a_synapse_find_wiring(word):
    assert first_card(word).kind in ("transmission", "wiring")


@pytest.mark.parametrize("word", ["node", "cell", "unit", "neuron"])
def test_words_for_a_neuron_find_neurons(word):
    assert first_card(word).kind == "neuron"


@pytest.mark.parametrize(
    ("query", "slug"),
    [("pair st", "stdp_pair"), ("izh", "izhikevich"), ("triplet", "stdp_triplet"), ("prune", "prune_weak")],
)
def test_a_few_letters_find_the_card(query, slug):
    assert first_card(query).slug == slug


def test_every_word_of_the_query_counts():
    assert by_letters.score("pair dopamine", "Pair STDP", "spike timing") == 0
    assert by_letters.score("pair timing", "Pair STDP", "spike timing") > 0


def test_the_start_of_a_name_beats_its_middle_and_its_description():
    names = [("Group by place", "reset"), ("Unreset", ""), ("Reset", "")]
    assert by_letters.ranked("reset", names) == [2, 1, 0]


def test_letters_in_order_are_found_when_nothing_else_is():
    assert by_letters.score("slctn", "Select none") > 0
    assert by_letters.score("xyzzy", "Select none") == 0


def test_an_empty_query_finds_everything_in_order():
    assert by_letters.ranked("  ", [("b", ""), ("a", "")]) == [0, 1]
