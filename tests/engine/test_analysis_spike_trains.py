"""Numbers about spike trains agree with trains whose numbers are known."""

import numpy as np
import pytest

from engine.analysis import spike_trains


def test_a_rate_is_spikes_per_second_of_each_neuron():
    t, who = np.array([10.0, 20.0, 30.0, 30.0]), np.array([4, 4, 4, 9])
    assert spike_trains.rates(t, who, [9, 4, 7], 0.0, 500.0).tolist() == [2.0, 6.0, 0.0]


def test_a_spike_at_the_start_of_the_window_belongs_to_the_window_before():
    assert spike_trains.rates([10.0, 20.0], [1, 1], [1], 10.0, 20.0)[0] == 100.0


def test_a_window_without_length_is_refused():
    with pytest.raises(ValueError, match="is not after"):
        spike_trains.rates([], [], [1], 5.0, 5.0)


def test_a_clock_has_cv_zero_and_a_poisson_train_one():
    luck = np.random.default_rng(0)
    clock, poisson = np.arange(1.0, 5000.0, 10.0), np.cumsum(luck.exponential(10.0, 5000))
    t = np.r_[clock, poisson]
    who = np.r_[np.full(len(clock), 1), np.full(len(poisson), 2)]
    measured = spike_trains.cv(t, who, [1, 2, 3])
    assert measured[0] == pytest.approx(0.0, abs=1e-9)
    assert measured[1] == pytest.approx(1.0, abs=0.05)
    assert np.isnan(measured[2])


def test_every_spike_lands_on_one_pixel_of_the_raster():
    t, row = np.array([0.1, 5.0, 5.1, 10.0, 10.1, 3.0]), np.array([0, 0, 0, 1, 1, 7])
    image = spike_trains.raster_image(t, row, 2, 0.0, 10.0, 2)
    assert image.tolist() == [[2, 1], [0, 1]]


def test_a_population_rate_counts_every_neuron_of_it():
    t, who = np.array([1.0, 2.0, 12.0]), np.array([1, 2, 3])
    centres, hz = spike_trains.population_rate(t, who, [1, 2], 0.0, 20.0, 10.0)
    assert centres.tolist() == [5.0, 15.0]
    assert hz.tolist() == [100.0, 0.0]


def test_neurons_that_fire_as_one_are_more_synchronous_than_strangers():
    luck = np.random.default_rng(5)
    together = np.tile(np.sort(luck.uniform(0, 10000, 200)), 5)
    apart = np.concatenate([np.sort(luck.uniform(0, 10000, 200)) for _ in range(5)])
    who = np.repeat(np.arange(5), 200)
    assert spike_trains.synchrony(together, who, range(5), 0, 10000) == pytest.approx(5.0, rel=0.05)
    assert spike_trains.synchrony(apart, who, range(5), 0, 10000) == pytest.approx(1.0, abs=0.3)
