"""e-prop: spiking neurons keep a trace of what each synapse has done, and a learning signal picks among them.

Bellec et al. (2020) Nat. Commun. 11:3625, doi:10.1038/s41467-020-17236-y.  Online, in time, with recurrent
integrate-and-fire neurons, adaptive or not, which run by their own model.  The learning signal of the
readout comes over drawn feedback synapses: random ones that stay, or ones that learn as the readout does,
which turn towards its weights (or keep them, where they began with them).  Adam (Kingma & Ba 2015) scales
the steps.
"""

from math import exp, sqrt

from engine.declare import Learner, choice, field, param, phase, state, where


class Eprop(Learner, slug="eprop", label="e-prop", family="Spiking"):
    formula = (
        "dw_ji = -eta sum_t L_j(t) F(e_ji)(t),   e_ji = psi_j (F(z_i) - beta eps_ji),   "
        "L_j = sum_k B_jk (y_k - d_k)"
    )
    streams = True
    recurrent = True
    trains_feedback = True
    feedback_from = "step"
    runs = {"ex": "net"}
    reads_neurons = ("psi", "keep", "keep_a", "beta")
    assumption = "a trace in every synapse, and a learning signal at every moment"
    phases = (
        phase("spike", "forward", answer=True, colour="#4c78a8"),
        phase("signal", "backward", colour="#d62728"),
        phase("remember", "trace", colour="#9467bd"),
        phase("update", "update", colour="#7f7f7f"),
    )

    eta = param(0.003, "", (0.0, 1e3), "Learning rate of Adam.", source="our choice: a usual rate of Adam")
    tau = param(
        20.0,
        "ms",
        (1e-3, 1e4),
        "Filter of the eligibility: how slowly the readout forgets.",
        source="our choice: that of the readout's membrane",
    )
    broadcast = choice(
        "fixed",
        ("fixed", "adaptive"),
        "Whether feedback synapses stay as drawn, or learn as those of the readout do.",
        source="Bellec et al. 2020",
    )
    eligibility = choice(
        "kept",
        ("kept", "cut"),
        "With a trace that is cut a synapse knows of the present step only.",
        source="our choice: kept: cutting it is what the switch is for",
    )
    decay = param(
        0.0,
        "",
        (0.0, 1.0),
        "Share of readout and adaptive feedback weights that fades at an update.",
        source="our choice: none, so that fixed and adaptive differ in one thing",
    )
    rate_cost = param(
        0.0,
        "",
        (0.0, 1e6),
        "How much it counts that a neuron is off its rate.",
        source="our choice: not at all, unless asked",
    )
    rate = param(
        10.0,
        "Hz",
        (0.0, 1e3),
        "The rate a neuron is drawn to, where that counts.",
        source="Bellec et al. 2020",
    )
    signal = state(0.0, "", "Learning signal.")
    age = state(0.0, "ms", "Time since the trial began.")
    low = field(0.0, "", "Low-pass of the presynaptic spikes.")
    slow = field(0.0, "", "Slow part of the eligibility, by the adaptive threshold.")
    trace_ = field(0.0, "", "Low-pass of the eligibility.")
    sum_ = field(0.0, "", "What the trial adds up to.")
    driven = field(0.0, "", "What the trial adds up to of how this synapse drives its neuron.")
    first = field(0.0, "", "Adam's first moment.", slow=True)
    second = field(0.0, "", "Adam's second moment.", slow=True)
    steps = field(0.0, "", "Updates so far.", slow=True)

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.age = n.age + 1.0

    @staticmethod
    def teach(n, p, m):
        n.signal = m.asked * (n.x - n.target)

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.signal

    @staticmethod
    def blame(n, p, m):
        n.signal = n.back

    @staticmethod
    def trace(syn, pre, post, p):
        kept = where(p.eligibility == 1, 0.0, 1.0)
        keep = kept * exp(-1.0 / p.tau)
        before = syn.low
        if syn.back > 0.5:
            syn.low = keep * syn.low + post.x
            syn.sum_ += where(p.broadcast == 1, pre.signal * syn.low, 0.0)
        else:
            syn.low = kept * post.keep * syn.low + pre.x
            seen = where(syn.side, before, syn.low)
            e = post.psi * (seen - post.beta * syn.slow)
            syn.slow = kept * (post.psi * seen + (post.keep_a - post.psi * post.beta) * syn.slow)
            syn.trace_ = where(syn.height == 0, e, keep * syn.trace_ + e)
            syn.sum_ += post.signal * syn.trace_
            syn.driven += where(syn.height == 0, 0.0, e)

    @staticmethod
    def update(syn, pre, post, p, m):
        off = post.fired / max(post.age, 1.0) - 0.001 * p.rate
        syn.dw += syn.sum_ + p.rate_cost * off * syn.driven

    @staticmethod
    def store(syn, p):
        syn.steps += 1.0
        syn.first = 0.9 * syn.first + 0.1 * syn.dw
        syn.second = 0.999 * syn.second + 0.001 * syn.dw * syn.dw
        mean = syn.first / (1.0 - 0.9**syn.steps)
        size = sqrt(syn.second / (1.0 - 0.999**syn.steps))
        learns = syn.back < 0.5 or p.broadcast == 1
        fading = where(syn.height == 0 and learns, p.decay, 0.0)
        syn.w -= fading * syn.w + p.eta * mean / (size + 1e-8)
