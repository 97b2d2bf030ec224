"""Every example of the gallery shows its point, misses it without its mechanism, and is explained."""

import re

import numpy as np
import pytest

from editor.gallery import catalogue
from engine import Simulation
from engine.network.checks import check

EXAMPLES = catalogue.examples()
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)


def after_its_time(net, example):
    return Simulation(net).run(example.seconds * 1000.0)


@each_example
def test_an_example_shows_its_point(example):
    measured, expected, tolerance = example.point(after_its_time(example.build(), example))
    assert abs(measured - expected) <= tolerance


@each_example
def test_without_its_mechanism_an_example_misses_its_point(example):
    measured, expected, tolerance = example.point(after_its_time(example.control(example.build()), example))
    assert not abs(measured - expected) <= tolerance


@each_example
def test_an_example_is_a_network_without_problems(example):
    for net in (example.build(), example.control(example.build())):
        assert [problem for problem in check(net)] == []


@each_example
def test_an_example_is_the_same_each_time_and_its_control_is_not(example):
    first, again = example.build().canonical(), example.build().canonical()
    assert first[0] == again[0]
    assert all(np.array_equal(first[1][name], again[1][name]) for name in first[1])
    off = example.control(example.build()).canonical()
    assert off[0] != first[0] or any(not np.array_equal(off[1].get(n), first[1][n]) for n in first[1])


@each_example
def test_an_example_says_what_it_is_and_what_to_do(example):
    for sentence in (example.what, example.do, example.watch, example.why):
        assert sentence.endswith(".")
        assert 30 < len(sentence) < 420
    assert re.search(r"\((18|19|20)\d\d\)", example.source), "a source has an author and a year"
    assert example.off.startswith("Without")
    assert example.build().title == example.title
    assert example.speed in (0.001, 0.01, 0.1, 1.0, None)
    assert example.speed is None or example.seconds / example.speed <= 30.0, "its point within half a minute"


def test_there_are_at_least_eight_examples_beside_the_worm():
    names = catalogue.names()
    assert "worm" in names
    assert len(names) >= 9


def test_examples_import_the_engine_and_nothing_of_the_window():
    for file in sorted(catalogue.folder().glob("*.py")):
        text = file.read_text()
        assert "import editor" not in text
        assert "from editor" not in text
        assert "PySide6" not in text
