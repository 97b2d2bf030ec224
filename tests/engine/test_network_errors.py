"""One family of errors: each is also the built-in it resembles and reads as a plain sentence."""

import inspect
import pickle

import pytest

from engine import errors
from engine.errors import FileError, NeuropilError, Unstable, did_you_mean

FAMILY = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_is_one_of_ours_and_a_built_in(kind):
    assert issubclass(kind, NeuropilError)
    if kind is not NeuropilError:
        assert issubclass(kind, ValueError | KeyError | RuntimeError)
        assert kind.__name__ in errors.__doc__
    assert str(kind("the delay is 0 ms; make it 0.1 ms")) == "the delay is 0 ms; make it 0.1 ms"
    assert str(pickle.loads(pickle.dumps(kind("plain")))) == "plain"  # a child process may have raised it


def test_a_file_error_names_the_entry_and_the_byte():
    error = FileError("cut off", entry="tables/a/b.npy", offset=12)
    assert (str(error), error.entry, error.offset) == ("cut off", "tables/a/b.npy", 12)
    assert (FileError("x").entry, FileError("x").offset) == ("", None)


def test_an_instability_names_the_culprit():
    error = Unstable(
        "neuron 3 blew up", neuron=3, variable="v", value=1e300, projection=7, rule="stdp_pair", t=2.5
    )
    assert (error.neuron, error.variable, error.value) == (3, "v", 1e300)
    assert (error.projection, error.rule, error.t) == (7, "stdp_pair", 2.5)


@pytest.mark.parametrize(
    ("word", "end"),
    [("tau_mm", " (did you mean 'tau_m'?)"), ("TAU_M", " (did you mean 'tau_m'?)"), ("zebra", ""), ("", "")],
)
def test_a_near_word_is_suggested_and_a_far_one_is_not(word, end):
    assert did_you_mean(word, ["tau_m", "v_th"]) == end
    assert did_you_mean("tau_m", []) == ""
