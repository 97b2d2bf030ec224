"""Questions in spikes, answered at the end: which of two sides had more cues, and exclusive or.

Gathering evidence is the task of Morcos & Harvey (2016) that Bellec et al. (2020) Nat. Commun. 11:3625,
doi:10.1038/s41467-020-17236-y, teach by e-prop, shorter here; exclusive or in time is that of Payeur et al.
(2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x, with sizes of ours.  The teacher speaks
while the answer is asked for, and what was said until then counts for nothing.
"""

from math import log

from engine.declare import Task, level, param

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


def spikes(rates, size, steps, luck):
    """Rows of 0 and 1, one a step of 1 ms: groups of `size` neurons spike by chance at their rate (Hz)."""
    rows = [[0.0] * (len(rates) * size) for _ in range(steps)]
    for k in range(len(rates) * size):
        chance = min(0.001 * rates[k // size], 1.0 - 1e-12)
        t = -1
        while chance > 0.0 and t < steps:
            t += 1 + min(steps, int(log(1.0 - luck.uniform()) / log(1.0 - chance)))
            if t < steps:
                rows[t][k] = 1.0
    return rows
