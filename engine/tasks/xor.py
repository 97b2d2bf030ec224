"""Exclusive or: on when exactly one of two inputs is on; no single layer of synapses can do it.

Minsky & Papert (1969) Perceptrons, MIT Press.
"""

from engine.declare import Task


class Xor(Task, slug="xor", label="Exclusive or", family="Boolean"):
    usual = True

    @staticmethod
    def sizes(p):
        return 2, 1

    @staticmethod
    def patterns(p, luck, stored):
        rows = [[a, b] for a in (0, 1) for b in (0, 1)]
        return {"train": [(rows, [[int(a != b)] for a, b in rows])]}
