"""Activity-dependent pruning: an input that stays silent while its neuron is active is at risk of being lost.

Focal silence eliminates a synapse, silence of all inputs does not: Balice-Gordon & Lichtman (1994) Nature
372:519-524, doi:10.1038/372519a0; whisker trimming in the cortex: Trachtenberg et al. (2002) Nature
420:788-794, doi:10.1038/nature01273.
"""

from math import exp

from engine.declare import INFINITY, Structure, field, param, trace, uniform, where


class PruneActivity(Structure, slug="prune_activity", label="Prune the unused", family="Pruning"):
    why = "silent while its neuron was active"
    formula = "loss = (1/tau_loss) [1 - r_pre/quiet]+  r_post / (r_post + half)"

    quiet = param(
        1.0,
        "Hz",
        (1e-9, 1e4),
        "Rate of arriving spikes above which an input is safe.",
        source="our choice: a spike a second",
    )
    half = param(
        1.0,
        "Hz",
        (0, 1e4),
        "Rate of the post neuron at which the risk is half of what it can be.",
        source="our choice: a spike a second",
    )
    tau_loss = param(
        10000.0,
        "ms",
        (1e-3, 1e13),
        "Life of a silent input of an active neuron.",
        source="our choice: seconds here, days in life: watched within half a minute",
    )
    tau_pre = param(
        10000.0,
        "ms",
        (1, 1e9),
        "Over how long the input's rate is averaged.",
        source="our choice: ten intervals at the rate that counts as quiet",
    )
    tau_post = param(
        10000.0,
        "ms",
        (1, 1e9),
        "Over how long the neuron's rate is averaged.",
        source="our choice: ten intervals at the rate that counts as quiet",
    )
    update = param(
        100.0,
        "ms",
        (0.1, 1e9),
        "How often inputs are looked at.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    a = trace("pre", tau="tau_pre", doc="Running count of arriving spikes; the rate is a/tau_pre.")
    b = trace("post", tau="tau_post", doc="Running count of the neuron's spikes; the rate is b/tau_post.")
    followed = field(
        0.0,
        "ms",
        "How long the input has been looked at; a new one is given time.",
        slow=True,
        limits=(0, INFINITY),
    )

    @staticmethod
    def on_slow(syn, pre, post, p, dt):
        syn.followed += dt
        known = 1.0 - exp(-syn.followed / p.tau_pre)
        unused = max(known - 1000.0 * pre.a / (p.tau_pre * p.quiet), 0.0)
        active = 1000.0 * post.b / p.tau_post
        risk = where(active > 0.0, active / (active + p.half), 0.0)
        syn.doomed = where(uniform() < 1.0 - exp(-unused * risk * dt / p.tau_loss), 1.0, 0.0)
