"""Have I seen this before?  Random patterns to become familiar, and as many new ones to be told from them.

Familiarity discrimination as in perirhinal cortex, after Bogacz, Brown & Giraud-Carrier (2000) IJCNN
2:211-216.
The target of a pattern that has been seen is 0; the answer of a familiar one should be small.  One decision
neuron reads the mean of a sheet of novelty neurons; only the synapses onto the sheet learn.
"""

from engine.declare import Task, level, param


class Familiarity(Task, slug="familiarity", label="Familiarity", family="Cortex"):
    judged = "error"
    criterion = 0.05
    levels = (
        level(20, "relu", biased=False),
        level(curve="linear", weight=0.05, frozen=True, biased=False),
    )

    shown = param(
        100.0,
        "",
        (1.0, 1e5),
        "Patterns to become familiar.",
        whole=True,
        source="our choice: about as many as there are inputs",
    )
    fresh = param(
        1000.0,
        "",
        (1.0, 1e5),
        "New patterns to compare with.",
        whole=True,
        source="our choice: enough for an error of one per cent",
    )
    size = param(
        100.0, "", (1.0, 1e5), "Input neurons.", whole=True, source="our choice: small enough to be drawn"
    )  # fmt: skip

    @staticmethod
    def sizes(p):
        return int(p.size), 1

    @staticmethod
    def patterns(p, luck, stored):
        def some(count):
            return [
                [1.0 if luck.uniform() < 0.5 else -1.0 for _ in range(int(p.size))] for _ in range(int(count))
            ]

        seen, new = some(p.shown), some(p.fresh)
        return {"train": [(seen, [[0.0]] * len(seen))], "test": [(new, [[1.0]] * len(new))]}
