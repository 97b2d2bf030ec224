"""Exclusive or, in spikes: does exactly one of two groups of inputs fire fast?  It is asked at the end.

Payeur et al. (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x, with sizes of ours.
The teacher speaks while the answer is asked for, and what was said until then counts for nothing.
"""

from engine.declare import Task, level, param
from engine.declare.beginnings.tasks import spikes

SMALL = "our choice: small enough to be drawn"


class ExclusiveOr(Task, slug="xor_in_time", label="Exclusive or, in time", family="In time"):
    judged = "class"
    criterion = 0.9
    streams = True
    in_spikes = True
    asked = "answer"
    levels = (level(40), level())

    steps = param(
        400.0, "", (10.0, 1e5), "Length of a trial, in steps of 1 ms.", whole=True,
        source="our choice: as long again as the answer takes, for neurons to find their rates",
    )  # fmt: skip
    answer = param(
        200.0, "", (1.0, 1e5), "How long the answer is asked for, at the end.", whole=True,
        source="our choice: a few spikes of a neuron",
    )  # fmt: skip
    size = param(12.0, "", (1.0, 1e4), "Input neurons for each of the two.", whole=True, source=SMALL)
    rate = param(
        40.0, "Hz", (0.0, 1e3), "How fast they spike where theirs is true.",
        source="our choice: fast enough that a dozen neurons are a steady drive",
    )  # fmt: skip
    quiet = param(
        2.0, "Hz", (0.0, 1e3), "How fast they spike where it is not.", source="our choice: hardly ever"
    )
    voices = param(
        1.0, "", (1.0, 1e3), "Target neurons for each of yes and no.", whole=True,
        source="our choice: one, which is enough for a readout; neurons that spike need more",
    )  # fmt: skip
    repeats = param(
        8.0, "", (1.0, 1e3), "How often each of the four is there, with spikes of its own.", whole=True,
        source="our choice: enough that learning spikes by heart does not help in the test",
    )  # fmt: skip

    @staticmethod
    def sizes(p):
        return 2 * int(p.size), 2 * int(p.voices)

    @staticmethod
    def patterns(p, luck, stored):
        found = {}
        for part in ("train", "test"):
            streams, targets = [], []
            for k in range(4 * int(p.repeats)):
                first, second = k // 2 % 2, k % 2
                rates = [p.rate if on else p.quiet for on in (first, second)]
                streams.append(spikes(rates, int(p.size), int(p.steps), luck))
                yes = float(first != second)
                targets.append([[yes] * int(p.voices) + [1.0 - yes] * int(p.voices)] * int(p.steps))
            found[part] = [(streams, targets)]
        return found
