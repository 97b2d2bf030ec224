"""Encoders: patterns of one active input must pass through a bottleneck of few neurons and come out again.

Ackley, Hinton & Sejnowski (1985) Cogn. Sci. 9:147-169, doi:10.1207/s15516709cog0901_7.
"""

from engine.declare import Task, level


def one_of(n):
    """The patterns in which one of n is on."""
    return [[int(a == b) for b in range(n)] for a in range(n)]


class Encoder424(Task, slug="enc424", label="4-2-4 encoder", family="Boolean"):
    levels = (level(2), level())

    @staticmethod
    def sizes(p):
        return 4, 4

    @staticmethod
    def patterns(p, luck, stored):
        return {"train": [(one_of(4), one_of(4))]}


class Encoder838(Task, slug="enc838", label="8-3-8 encoder", family="Boolean"):
    levels = (level(3), level())

    @staticmethod
    def sizes(p):
        return 8, 8

    @staticmethod
    def patterns(p, luck, stored):
        return {"train": [(one_of(8), one_of(8))]}
