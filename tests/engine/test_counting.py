"""One of a thing is said in the singular, wherever the program says how many there are."""

import ast
import re
from pathlib import Path

import pytest

import editor
import engine
from engine.counting import counted

SEVERAL = re.compile(r" (neurons|synapses|spikes|populations|projections|patterns|epochs|files)\b")
OTHERWISE = (
    # numbers that are never one there
    "{count} synapses", "{made:,} synapses", "{len(self.synapses):,} synapses", "{self.ids.size} synapses",
    "{drawn:,} synapses; leave columns out.", "{len(edges.pre)} synapses are many", "{many} synapses make ",
    "{columns.shape[1]} synapses with ", "{hertz:.0f} spikes a second and neuron", "{events:.0f} spikes at",
    "{spikes:.0f} spikes, ", "{epochs} epochs are none",
    # words
    "{said(one.samples)} patterns", "{word} neurons to choose from", "{side} neurons, and ",
    "{curve} neurons", "{meant} synapses, and these are ", "{' or '.join(fitting)} neurons",
)  # fmt: skip
"""Where a plural stands after a value all the same."""


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "neuron", "1 neuron"),
        (0, "spike", "0 spikes"),
        (1317, "synapse", "1,317 synapses"),
        (2, "entry", "2 entries"),
        (2, "day", "2 days"),
        (3, "post neuron", "3 post neurons"),
    ],
)
def test_a_number_of_things_is_said_in_words(number, noun, said):
    assert counted(number, noun) == said


def counts_said_otherwise():
    """Every f-string in which a whole number stands right before the plural of what it counts."""
    for package in (editor, engine):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*.py")):
            for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(text, ast.JoinedStr):
                    for value, words in zip(text.values, text.values[1:], strict=False):
                        after = words.value if isinstance(words, ast.Constant) else ""
                        if isinstance(value, ast.FormattedValue) and SEVERAL.match(after):
                            yield f"{path.relative_to(root.parent)}: {ast.unparse(value)}{after}"


def test_no_text_counts_in_a_way_of_its_own():
    found = [each for each in counts_said_otherwise() if not each.partition(": ")[2].startswith(OTHERWISE)]
    assert not found, "say these with engine.counting.counted, so that one is said in the singular"
