"""A melody of sines, to be drawn in time while the inputs play one frozen noise.

The pattern generation task of Nicola & Clopath (2017) and Bellec et al. (2020), with sizes of ours.
"""

from math import pi, sin

from engine.declare import Task, level, param


class Sines(Task, slug="sines", label="A sum of sines, in time", family="In time"):
    judged = "error"
    criterion = 0.1
    streams = True
    in_spikes = True
    levels = (level(100, within=True), level())

    steps = param(
        500.0, "", (10.0, 1e5), "Length, in steps of 1 ms.", whole=True,
        source="our choice: half a second, a few periods",
    )  # fmt: skip
    size = param(
        20.0, "", (1.0, 1e4), "Input neurons of frozen noise.", whole=True,
        source="our choice: small enough to be drawn",
    )  # fmt: skip
    rate = param(
        0.05,
        "",
        (0.0, 1.0),
        "Chance of a spike of an input at a step.",
        source="our choice: 50 Hz at steps of 1 ms",
    )
    voices = param(
        1.0,
        "",
        (1.0, 1e3),
        "Melodies at a time, one for each readout.",
        whole=True,
        source="our choice: the simplest",
    )

    @staticmethod
    def sizes(p):
        return int(p.size), int(p.voices)

    @staticmethod
    def patterns(p, luck, stored):
        steps = range(int(p.steps))
        noise = [[float(luck.uniform() < p.rate) for _ in range(int(p.size))] for _ in steps]
        voices = [
            [(hertz, luck.uniform(0.5, 1.0), luck.uniform(0.0, 2.0 * pi)) for hertz in (1, 2, 3, 5)]
            for _ in range(int(p.voices))
        ]
        target = [
            [0.5 * sum(a * sin(2.0 * pi * f * t / p.steps + z) for f, a, z in waves) for waves in voices]
            for t in steps
        ]
        return {"train": [([noise], [target])]}
