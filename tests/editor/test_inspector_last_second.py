"""What a card did over the last second follows from the running sums, whatever the pace of the frames."""

import pytest

from editor.inspector.last_second import LastSecond


@pytest.mark.parametrize("apart", [10.0, 40.0, 333.0])
def test_a_steady_card_contributes_a_seconds_worth(apart):
    seen = LastSecond()
    found = {}
    for k in range(int(5000 / apart)):
        t = k * apart
        found = seen.add(1, t, {"a": (2.0 * t / 1000.0, 0.5 * t / 1000.0)})
    assert found["a"][0] == pytest.approx(2.0, rel=apart / 1000.0 + 1e-9)
    assert found["a"][1] == pytest.approx(0.5, rel=apart / 1000.0 + 1e-9)


def test_when_it_stops_the_last_second_empties():
    seen = LastSecond()
    for t in range(0, 1000, 100):
        seen.add(1, float(t), {"a": (t / 100.0, 0.0)})
    for t in range(1000, 2300, 100):
        found = seen.add(1, float(t), {"a": (9.0, 0.0)})
    assert found["a"] == (0.0, 0.0)


def test_another_projection_or_an_earlier_time_begins_anew():
    seen = LastSecond()
    seen.add(1, 0.0, {"a": (5.0, 0.0)})
    assert seen.add(1, 100.0, {"a": (7.0, 0.0)})["a"][0] == 2.0
    assert seen.add(2, 200.0, {"a": (100.0, 0.0)})["a"][0] == 0.0
    assert seen.add(2, 150.0, {"a": (90.0, 0.0)})["a"][0] == 0.0
    assert seen.add(2, 150.0, {"a": (90.0, 0.0)})["a"][0] == 0.0


def test_a_card_that_was_just_added_begins_at_nothing():
    seen = LastSecond()
    seen.add(1, 0.0, {})
    assert seen.add(1, 10.0, {"new": (1.0, 2.0)})["new"] == (1.0, 2.0)
