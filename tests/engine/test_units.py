"""Quantities at the edge: what people write becomes a number, and back."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import registry, units
from engine.errors import NeuropilError, UsageError


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("0.3 nS", "nS", 0.3),
        ("0.3nS", "nS", 0.3),
        ("1e-2", "mV", 0.01),
        (" -65 ", "mV", -65.0),
        ("20 us", "ms", 0.02),
        ("1 s", "ms", 1000.0),
        ("2 min", "ms", 120_000.0),
        ("4.6 h", "ms", 16_560_000.0),
        ("1 d", "ms", 86_400_000.0),
        ("2 nA", "pA", 2000.0),
        ("0.25 nF", "pF", 250.0),
        ("3 kHz", "Hz", 3000.0),
        ("500 nM", "uM", 0.5),
        ("2 mM", "uM", 2000.0),
        ("1 mm", "um", 1000.0),
        ("20 \u00b5s", "ms", 0.02),
        ("5 \u03bcm", "um", 5.0),
        ("\u22123 mV", "mV", -3.0),
        (".5", "", 0.5),
        ("50 %", "", 0.5),
        ("0.1 1/ms", "1/ms", 0.1),
        (7, "ms", 7.0),
        (7.5, "ms", 7.5),
    ],
)
def test_what_a_person_writes_is_read_exactly(text, unit, number):
    assert units.read(text, unit) == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3 mV", "ms"),
        ("3 S", "s"),
        ("3 ms", ""),
        ("ms", "ms"),
        ("", "ms"),
        ("3 furlongs", "um"),
        ("0,3 nS", "nS"),
        ("nan", "ms"),
        ("inf", "ms"),
        (math.nan, "ms"),
        (math.inf, "ms"),
        ("1e999", "ms"),
        ("3 1/s", "1/ms"),
        ("__import__('os')", "ms"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_an_example(text, unit):
    with pytest.raises(UsageError, match=r"0\.3|finite"):
        units.read(text, unit, what="tau_m")


def test_a_refusal_names_the_quantity_and_is_one_of_ours():
    with pytest.raises(NeuropilError) as refusal:
        units.read("3 mV", "ms", what="tau_m")
    assert str(refusal.value) == "tau_m: 'mV' is not a unit this can have; write it in ms, such as '0.3 ms'"
    assert isinstance(refusal.value, ValueError)


def test_a_number_out_of_range_is_refused_with_the_range_in_its_unit():
    assert units.read("1 ms", "ms", low=1.0, high=500.0) == 1.0
    with pytest.raises(UsageError, match="tau_pre: 600 ms is out of range; it must be between 1 and 500 ms"):
        units.read("0.6 s", "ms", low=1.0, high=500.0, what="tau_pre")
    with pytest.raises(UsageError, match="at least 0 pA"):
        units.read("-1", "pA", low=0.0)
    with pytest.raises(UsageError, match="at most -3 mV"):
        units.read("0", "mV", high=-3.0)


def test_numbers_are_written_with_their_unit():
    assert units.write(0.3, "nS") == "0.3 nS"
    assert units.write(1 / 3, "mV") == "0.333333 mV"
    assert units.write(-0.0, "mV") == "0 mV"
    assert units.write(12.0) == "12"
    assert units.write(1 / 3, "mV", digits=2) == "0.33 mV"


DECLARED = sorted({param.unit for model in registry.all() for param in model.params.values()})


@pytest.mark.parametrize("unit", DECLARED)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_in_full_reads_back_the_same(unit, number):
    assert units.read(units.write(number, unit, digits=17), unit) == number


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_refusal(text):
    with contextlib.suppress(UsageError):
        assert math.isfinite(units.read(text, "ms"))
