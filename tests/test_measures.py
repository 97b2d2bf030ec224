"""The table of measures calls its rows by names a reader understands."""

import pytest

from tests.measures import counted, readable, table


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "iaf_psc_exp, psc: random 0: spikes against NEST",
            "iaf_psc_exp, random case 1: spikes against NEST",
        ),
        ("izhikevich, izhikevich: defaults, 10 pA: spikes", "izhikevich, defaults, 10 pA: spikes"),
        ("iaf_cond_exp, cond circuit: spikes", "iaf_cond_exp, circuit: spikes"),
        ("three_pool: random 5: amplitudes", "three_pool, random case 6: amplitudes"),
        ("1 spikes", "1 spike"),
        ("11 spikes", "11 spikes"),
        ("0.1 spikes", "0.1 spikes"),
        ("pairing curve, -100 to 100 ms: exponent", "pairing curve, -100 to 100 ms: exponent"),
    ],
)
def test_a_row_is_called_as_a_reader_would(text, said):
    assert counted(readable(text)) == said


def test_the_table_is_written_with_those_names():
    row = {"measure": "A01", "what": "iaf_psc_exp, psc: random 0: spikes", "source": "1 spikes"}
    row |= {"ours": "1 spikes", "tolerance": "either | or", "kind": "X", "provisional": False, "long": False}
    last = table([row]).splitlines()[-1]
    assert (
        last
        == "| iaf_psc_exp, random case 1: spikes | 1 spike | 1 spike | either \\| or | exact | every run |"
    )
