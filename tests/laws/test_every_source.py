"""Every parameter says where its default comes from: a paper, a program, or plainly us, with the reason."""

import re

import pytest

from engine import registry, written

KINDS = ("rule", "neuron", "transmission", "astrocyte", "modulator", "input", "learner", "task", "router")
SHIPPED = [model for kind in KINDS for model in registry.all(kind) if not getattr(model, "definition", "")]
each_model = pytest.mark.parametrize("model", SHIPPED, ids=lambda model: model.slug)
BARE = re.compile(r"(ours?|our choice|default|none|unknown|\?)[\s:.;]*", re.IGNORECASE)


def is_bare(source):
    """Whether nothing is said, or only whose choice it is."""
    return not source.strip() or bool(BARE.fullmatch(source))


def test_every_kind_of_model_that_is_shipped_is_looked_at():
    assert {model.kind for model in SHIPPED if model.params} == set(KINDS)
    assert sum(len(model.params) for model in SHIPPED) > 500


@each_model
def test_every_parameter_says_where_its_default_comes_from(model):
    bare = [name for name, one in model.params.items() if is_bare(one.source)]
    assert not bare, f"{model.slug}: name a paper, a program, or 'our choice: <reason>'"


@pytest.mark.parametrize("text", ["", "ours", "our choice", "Our choice:", "default"])
def test_a_source_without_a_reason_is_none(text):
    assert is_bare(text)


@pytest.mark.parametrize("text", ["Dayan & Abbott 2001", "our choice: as fast as the membrane", "NEST 3.8"])
def test_a_paper_a_program_and_a_reason_are_sources(text):
    assert not is_bare(text)


def test_a_rule_written_in_the_program_says_that_it_was():
    made = written.declare({
        "label": "Of an unknown hand", "stage": "gate", "params": {"a": {"default": 1.0}},
        "roles": {"da": {"substance": "dopamine"}}, "hooks": {"on_release": "syn.dw += p.a * mod.da_dose"},
    })  # fmt: skip
    assert made.params["a"].source == "written here"
    assert made.params["da_from"].source.startswith("our choice:")
