"""Encoder: one of four inputs is on; it must pass through two neurons and come out again.

Ackley, Hinton & Sejnowski (1985) Cogn. Sci. 9:147-169, doi:10.1207/s15516709cog0901_7.
"""

from engine.declare import Task, level
from engine.declare.beginnings.tasks import one_of


class Encoder424(Task, slug="enc424", label="4-2-4 encoder", family="Boolean"):
    levels = (level(2), level())

    @staticmethod
    def sizes(p):
        return 4, 4

    @staticmethod
    def patterns(p, luck, stored):
        return {"train": [(one_of(4), one_of(4))]}
