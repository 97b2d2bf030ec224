"""Spike list: spikes at the times written down; a time written twice is two spikes."""

from engine.declare import InNest, Input, series


class SpikeList(Input, slug="spike_list", label="Spike list", family="Spikes"):
    formula = "spikes at t1, t2, ..."

    in_nest = (InNest("spike_generator", {}, lists={"times": "spike_times"}, at=("times",)),)

    times = series("ms", "When the spikes arrive.")

    @staticmethod
    def draw(inp, p, h):
        inp.count = inp.listed
