"""Basal ganglia: they open one gate between two cortical areas and keep the others shut.

After Stocco, Lebiere & Anderson (2010) Psychol. Rev. 117:541-574, doi:10.1037/a0019077, whose equations
could not be read: this reduction to two sources, one destination and eight contents is ours.  A gate is a
pair of direct and indirect striatal rates, GPe, STN, GPi and thalamus; dopamine drives the direct way and
calms the indirect one (Albin, Young & Penney 1989, doi:10.1016/0166-2236(89)90074-X).  The habit to read
words is a gate that opens by itself.  It is about who talks to whom, not about contrastive Hebbian learning,
beside which it is often cited.
"""

from engine.declare import Router, clip, param, state

ALBIN = "Albin, Young & Penney 1989; the size is ours"


class BasalGanglia(Router, slug="basal_ganglia", label="Basal ganglia", family="Subcortical"):
    formula = "tau dT/dt = -T + f(1 - 1.6 GPi)"
    sources = ("colour", "word")
    destination = "mouth"
    contents = ("blue", "yellow", "green", "red", "violet", "pink", "lime", "grey")
    halo = "dopamine"
    presets = {
        "Healthy": {},
        "Parkinson, early": {"dopamine": 0.8},
        "Parkinson": {"dopamine": 0.7},
        "Parkinson, late": {"dopamine": 0.6},
        "Huntington": {"loss": 0.5},
        "Huntington, late": {"loss": 0.8},
    }
    ways = (
        ("indirect", "gpe", -1), ("gpe", "stn", -1), ("stn", "gpi", 1), ("gpe", "gpi", -1),
        ("direct", "gpi", -1), ("gpi", "thalamus", -1),
    )  # fmt: skip
    places = {
        "direct": (0.0, 0.1), "indirect": (0.0, 1.0), "gpe": (0.3, 1.0), "stn": (0.62, 1.0),
        "gpi": (0.62, 0.1), "thalamus": (1.0, 0.1),
    }  # fmt: skip

    dopamine = param(
        1.0, "", (0, 2), "Dopamine in the striatum: 1 is healthy, less is Parkinson's disease.", source=ALBIN
    )
    loss = param(
        0.0, "", (0, 1), "Share of the indirect pathway that is gone, as in Huntington's disease.",
        source="Reiner et al. 1988, doi:10.1073/pnas.85.15.5733: these cells go first; the size is ours",
    )  # fmt: skip
    habit = param(
        1.2, "", (0, 3), "How far the gate of words opens without being asked.",
        source="Stroop 1935: reading is the habit; the size is ours",
    )  # fmt: skip
    noise = param(
        0.6,
        "",
        (0, 3),
        "Standard deviation of the drive of each striatal cell, anew each ms.",
        source="our choice: makes answers differ from trial to trial",
    )
    threshold = param(
        0.6,
        "",
        (0.05, 2),
        "Activity of a content at which it is said.",
        source="our choice: well above rest, well below full activity",
    )
    limit = param(
        1000.0,
        "ms",
        (50, 5000),
        "Time after which no answer counts as none.",
        source="our choice: far beyond a usual answer",
    )

    direct = state(0.0, "", "Direct way (D1)")
    indirect = state(0.0, "", "Indirect way (D2)")
    gpe = state(0.6, "", "External pallidum (GPe)")
    stn = state(0.34, "", "Subthalamic nucleus (STN)")
    gpi = state(1.122, "", "Internal pallidum (GPi)")
    thalamus = state(0.0, "", "Thalamus")

    @staticmethod
    def gate(g, p, h):
        """One step: `g.cue` and `g.habit` open it, `g.luck` and `g.luck_too` are independent noise."""
        u1 = (0.45 + 0.55 * p.dopamine) * (1.1 * g.cue + p.habit * g.habit) - 0.35 + p.noise * g.luck
        u2 = (1.5 - 0.7 * p.dopamine) * (0.35 * (1.0 - g.cue) + 0.30) + 0.5 * p.noise * g.luck_too
        g.direct += h * (clip(u1, 0.0, 1.5) - g.direct) / 20.0
        g.indirect += h * (clip((1.0 - p.loss) * u2, 0.0, 1.5) - g.indirect) / 20.0
        g.gpe += h * (max(1.0 - 1.2 * g.indirect, 0.0) - g.gpe) / 15.0
        g.stn += h * (max(0.7 - 0.6 * g.gpe, 0.0) - g.stn) / 15.0
        g.gpi += h * (max(1.15 - 1.1 * g.direct + 0.8 * g.stn - 0.5 * g.gpe, 0.0) - g.gpi) / 15.0
        g.thalamus += h * (clip(1.0 - 1.6 * g.gpi, 0.0, 1.0) - g.thalamus) / 20.0

    @staticmethod
    def arrive(m, p, h):
        """One step of a content at the destination: `m.sent` arrives, `m.others` are its rivals."""
        drive = m.sent + 0.35 * min(m.active, 1.0) - 0.25 * m.others
        m.active = max(m.active + h * (drive - m.active) / 60.0, 0.0)

    @staticmethod
    def learn(weight, p):
        """What a stimulus and its answer are worth to each other after a success: dopamine teaches."""
        return weight + 0.12 * p.dopamine * (1.0 - weight)
