"""Eyeblink conditioning: a puff of air follows a tone, and granule neurons each answer some time after it.

The granule neurons are those of Medina & Mauk (2000), drawn as bells side by side; sizes are ours.
"""

from math import exp

from engine.declare import Task, level, param


class Eyeblink(Task, slug="eyeblink", label="Eyeblink conditioning", family="In time"):
    judged = "error"
    criterion = 0.0
    streams = True
    marks = "puff"
    levels = (level(curve="linear", weight=0.05),)

    steps = param(
        800.0,
        "",
        (10.0, 1e5),
        "Length of a trial, in steps of 1 ms.",
        whole=True,
        source="our choice: long enough for tone, puff and what follows",
    )
    size = param(
        200.0,
        "",
        (2.0, 1e4),
        "Granule neurons, whose peaks lie side by side.",
        whole=True,
        source="our choice: peaks four steps apart",
    )
    width = param(
        40.0,
        "",
        (1.0, 1e4),
        "How long a granule neuron is active, ms.",
        source="our choice: ten neighbours overlap, so that time is read smoothly",
    )
    puff = param(
        400.0,
        "",
        (0.0, 1e5),
        "When the climbing fibre fires, ms after the tone.",
        whole=True,
        source="our choice: within the intervals rabbits learn (some hundred ms)",
    )

    @staticmethod
    def sizes(p):
        return int(p.size), 1

    @staticmethod
    def patterns(p, luck, stored):
        peaks = [p.steps * k / (p.size - 1.0) for k in range(int(p.size))]
        rows = [[exp(-0.5 * ((t - c) / p.width) ** 2) for c in peaks] for t in range(int(p.steps))]
        puffs = [[float(t == int(p.puff))] for t in range(int(p.steps))]
        return {"train": [([rows], [puffs])]}
