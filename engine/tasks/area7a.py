"""Where is the target relative to the head?  Retinal place and eye position in, head-centred place out.

The task of Zipser & Andersen (1988) Nature 331:679-684, doi:10.1038/331679a0, and of Mazzoni, Andersen &
Jordan (1991) PNAS 88:4433-4437, doi:10.1073/pnas.88.10.4433.  Sizes and tuning are ours.
"""

from math import exp

from engine.declare import Task, level, param


class Area7a(Task, slug="area7a", label="Head-centred place (area 7a)", family="Cortex"):
    judged = "error"
    criterion = 0.05
    levels = (level(8), level())

    pairs = param(40.0, "", (1.0, 1e5), "Training pairs.", whole=True, source="from memory of the paper")
    tests = param(
        400.0,
        "",
        (1.0, 1e5),
        "Fresh pairs for the test.",
        whole=True,
        source="our choice: enough for an error of a twentieth",
    )
    width = param(
        15.0,
        "",
        (1.0, 100.0),
        "Width of a retinal receptive field, degrees.",
        source="our choice: wide enough that neighbouring fields overlap",
    )

    # "probe": nine retinal places, each with the eye at nine positions, to look at gain fields

    @staticmethod
    def sizes(p):
        return 96, 8

    @staticmethod
    def patterns(p, luck, stored):
        centres = [-40.0 + 80.0 * k / 7.0 for k in range(8)]
        marks = [-80.0 + 160.0 * (k + 1) / 5.0 for k in range(4)]
        gauges = [(axis, sign, luck.uniform(0.3, 0.7), luck.uniform(0.3, 0.5))
                  for axis in (0, 1) for sign in (1.0, -1.0) for _ in range(8)]  # fmt: skip

        def shown(retina, eye):
            seen = [
                exp(-((retina[0] - cx) ** 2 + (retina[1] - cy) ** 2) / p.width**2)
                for cx in centres
                for cy in centres
            ]
            felt = [min(1.0, max(0.0, a + b * sign * eye[axis] / 40.0)) for axis, sign, a, b in gauges]
            head = [retina[axis] + eye[axis] for axis in (0, 1)]
            return seen + felt, [float(head[axis] > mark) for axis in (0, 1) for mark in marks]

        def some(count):
            rows = []
            for _ in range(int(count)):
                retina = [luck.uniform(-40.0, 40.0) for _ in (0, 1)]
                rows.append(shown(retina, [luck.uniform(-40.0, 40.0) for _ in (0, 1)]))
            return [row[0] for row in rows], [row[1] for row in rows]

        grid = (-30.0, 0.0, 30.0)
        eyes = [(x, y) for x in grid for y in grid]
        probed = [shown((x, y), eye)[0] for x in grid for y in grid for eye in eyes]
        return {"train": [some(p.pairs)], "test": [some(p.tests)], "probe": probed}
