"""Encoder: one of eight inputs is on; it must pass through three neurons and come out again.

Ackley, Hinton & Sejnowski (1985) Cogn. Sci. 9:147-169, doi:10.1207/s15516709cog0901_7.
"""

from engine.declare import Task, level
from engine.declare.beginnings.tasks import one_of


class Encoder838(Task, slug="enc838", label="8-3-8 encoder", family="Boolean"):
    levels = (level(3), level())

    @staticmethod
    def sizes(p):
        return 8, 8

    @staticmethod
    def patterns(p, luck, stored):
        return {"train": [(one_of(8), one_of(8))]}
