"""Conditional routing: the basal ganglia open one gate between cortical areas and keep the others shut.

After Stocco, Lebiere & Anderson (2010) Psychol. Rev. 117:541-574, doi:10.1037/a0019077, whose equations could
not be read: this reduction to two sources (colour, word), one destination (motor) and eight contents is
ours.  A gate is a pair of direct and indirect striatal rates, GPe, STN, GPi and thalamus; dopamine drives the
direct way and calms the indirect one.  The habit to read words is a gate that opens by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PURPOSE = 67
HABIT = (0.0, 1.2)
"""What opens the gate of colour and of word without a cue."""
CONTENTS, LIMIT, THRESHOLD = 8, 1000, 0.6


@dataclass(frozen=True)
class Outcome:
    """Many trials of one condition: shares of right, missing and intruding answers, mean time (ms) if any."""

    accuracy: float
    omission: float
    intrusion: float
    time: float


@dataclass(frozen=True)
class Gates:
    """The course of both gates in a trial (steps of 1 ms, gates): what a canvas lights up."""

    direct: Floats
    indirect: Floats
    gpi: Floats
    thalamus: Floats


class Routing:
    """Trials of the Stroop task: name the colour, or read the word, of a word printed in a colour.

    Args:
        dopamine: 1 is healthy, less is Parkinson's disease.
        loss: the share of indirect-pathway neurons that are gone, as in Huntington's disease.
        seed: what all noise follows from.
        noise: standard deviation of the drive of each gate.
    """

    def __init__(self, dopamine: float = 1.0, loss: float = 0.0, seed: int = 1, noise: float = 0.6) -> None:
        if not 0.0 <= dopamine <= 2.0:
            raise ValueError(f"dopamine is {dopamine:g}; it must be between 0 and 2, 1 is healthy")
        if not 0.0 <= loss <= 1.0:
            raise ValueError(f"loss is {loss:g}; it is a share, between 0 and 1")
        self.dopamine, self.loss, self.seed, self.noise = (
            float(dopamine),
            float(loss),
            int(seed),
            float(noise),
        )

    def trials(self, task: str, congruent: bool, count: int = 400) -> Outcome:
        """Run trials; `task` is "colour" or "word", `congruent` whether both say the same."""
        answers, times, _ = self._run(task, congruent, count)
        right, wrong = answers == 0, answers > 0
        done = times[right]
        return Outcome(
            float(right.mean()), float((answers < 0).mean()), float(wrong.mean()),
            float(done.mean()) if done.size else float("nan"),
        )  # fmt: skip

    def course(self, task: str, congruent: bool) -> Gates:
        """How the gates of colour and word open and close in one trial."""
        return self._run(task, congruent, 1)[2]

    def _run(self, task: str, congruent: bool, count: int) -> tuple[NDArray[np.int64], Floats, Gates]:
        cue = np.array([float(task == "colour"), float(task == "word")])
        # the asked content is 0; the other dimension says 0 too, or 1
        shown = np.zeros((2, CONTENTS))
        asked = 0 if task == "colour" else 1
        shown[asked, 0] = shown[1 - asked, 0 if congruent else 1] = 1.0
        luck = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, PURPOSE, count, asked]))
        )
        habit, da = np.array(HABIT), self.dopamine
        s1, s2, gpe, stn, gpi, thalamus = (np.zeros((count, 2)) for _ in range(6))
        gpe += 1.0
        stn += 0.1
        gpi += 0.73
        motor = np.zeros((count, CONTENTS))
        answers, times = np.full(count, -1, np.int64), np.full(count, float(LIMIT))
        kept: list[list[Floats]] = [[], [], [], []]
        for step in range(LIMIT):
            noise = self.noise * luck.standard_normal((count, 2))
            u1 = (0.45 + 0.55 * da) * (1.1 * cue + habit) + noise - 0.35
            u2 = ((1.5 - 0.7 * da) * (0.35 * (1.0 - cue) + 0.30) + 0.5 * noise) * (1.0 - self.loss)
            s1 = s1 + (np.clip(u1, 0.0, 1.5) - s1) / 20.0
            s2 = s2 + (np.clip(u2, 0.0, 1.5) - s2) / 20.0
            gpe = gpe + (np.maximum(1.0 - 1.2 * s2, 0.0) - gpe) / 15.0
            stn = stn + (np.maximum(0.7 - 0.6 * gpe, 0.0) - stn) / 15.0
            gpi = gpi + (np.maximum(1.15 - 1.1 * s1 + 0.8 * stn - 0.5 * gpe, 0.0) - gpi) / 15.0
            thalamus = thalamus + (np.clip(1.0 - 1.6 * gpi, 0.0, 1.0) - thalamus) / 20.0
            total = motor.sum(axis=1, keepdims=True)
            sent = thalamus @ shown + 0.35 * np.clip(motor, 0.0, 1.0) - 0.25 * (total - motor)
            motor = motor + (sent - motor) / 60.0
            new = (answers < 0) & (motor.max(axis=1) > THRESHOLD)
            answers[new], times[new] = motor[new].argmax(axis=1), step + 1.0
            if count == 1:
                for column, value in zip(kept, (s1, s2, gpi, thalamus), strict=True):
                    column.append(value[0].copy())
            elif (answers >= 0).all():
                break
        return answers, times, Gates(*(np.array(column) for column in kept))

    def internalised(self, count: int = 200, stimuli: int = CONTENTS, rate: float = 0.12) -> Floats:
        """Transfers that each of so many trials takes: two at first, one once the pair is learned."""
        weight = np.zeros(stimuli)
        luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, PURPOSE, 7])))
        found = np.zeros(count)
        for trial in range(count):
            which = int(luck.integers(stimuli))
            found[trial] = 1.0 if weight[which] > 0.5 else 2.0
            weight[which] += rate * self.dopamine * (1.0 - weight[which])
        return found
