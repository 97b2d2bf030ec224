"""Gathering evidence, in spikes: which of two sides had more cues?  It is asked when all is quiet again.

The task of Morcos & Harvey (2016) that Bellec et al. (2020) Nat. Commun. 11:3625,
doi:10.1038/s41467-020-17236-y, teach by e-prop, shorter here.  The teacher speaks while the answer is asked
for, and what was said until then counts for nothing.
"""

from engine.declare import Task, level, param
from engine.declare.beginnings.tasks import spikes

SMALL = "our choice: small enough to be drawn"


class Evidence(Task, slug="evidence", label="Gathering evidence", family="In time"):
    judged = "class"
    criterion = 0.9
    streams = True
    in_spikes = True
    asked = "answer"
    levels = (level(40, within=True, preset="adaptive for seconds"), level())

    cues = param(
        5.0, "", (1.0, 100.0), "How many cues come, odd so that one side has more.", whole=True,
        source="our choice: fewer than the seven of the paper, so that a trial is short",
    )  # fmt: skip
    cue = param(50.0, "", (1.0, 1e4), "How long a cue lasts, in steps of 1 ms.", whole=True, source=SMALL)
    gap = param(20.0, "", (0.0, 1e4), "How long it is quiet after one.", whole=True, source=SMALL)
    wait = param(
        150.0, "", (0.0, 1e5), "How long it is quiet after all of them.", whole=True,
        source="our choice: many times as long as a membrane remembers",
    )  # fmt: skip
    answer = param(
        100.0, "", (1.0, 1e5), "How long the answer is asked for, at the end.", whole=True, source=SMALL
    )
    size = param(
        10.0, "", (1.0, 1e4), "Input neurons for each side, for the question, and for noise.", whole=True,
        source="Bellec et al. 2020",
    )  # fmt: skip
    rate = param(
        40.0, "Hz", (0.0, 1e3), "How fast they spike when it is their turn.", source="Bellec et al. 2020"
    )
    noise = param(10.0, "Hz", (0.0, 1e3), "How fast those of noise spike.", source="Bellec et al. 2020")
    clear = param(
        0.7, "", (0.5, 1.0), "Chance of a cue to be on the side of a trial.", source="Bellec et al. 2020"
    )
    trials = param(
        32.0, "", (2.0, 1e4), "Trials to learn from; as many others are the test.", whole=True,
        source="our choice: enough that learning them by heart does not help in the test",
    )  # fmt: skip

    @staticmethod
    def sizes(p):
        return 4 * int(p.size), 2

    @staticmethod
    def patterns(p, luck, stored):
        found = {}
        for part in ("train", "test"):
            sides = [
                [float(luck.uniform() < abs(p.clear - k % 2)) for _ in range(int(p.cues))]
                for k in range(int(p.trials))
            ]
            streams = [trial(p, on, luck) for on in sides]
            right = [float(2.0 * sum(on) > len(on)) for on in sides]
            found[part] = [(streams, [[[yes, 1.0 - yes]] * len(streams[0]) for yes in right])]
        return found


def trial(p, sides, luck):
    """The spikes of a trial: cues on the one side (1) or the other (0), quiet, and the question."""
    parts = [(int(p.gap), ())]
    for side in sides:
        parts += [(int(p.cue), (int(side),)), (int(p.gap), ())]
    parts += [(int(p.wait), ()), (int(p.answer), (2,))]
    rows = []
    for steps, on in parts:
        rates = [p.rate * (group in on) for group in range(3)]
        rows += spikes([*rates, p.noise], int(p.size), steps, luck)
    return rows
