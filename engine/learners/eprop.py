"""e-prop: spiking neurons keep a trace of what each synapse has done, and a learning signal picks among them.

Bellec et al. (2020) Nat. Commun. 11:3625, doi:10.1038/s41467-020-17236-y.  Online, in time, with recurrent
integrate-and-fire neurons; the learning signal of the outputs comes over drawn feedback synapses, symmetric
or random.  The target population reads out leakily; Adam (Kingma & Ba 2015) scales the steps.
"""

from math import exp, sqrt

from engine.declare import Learner, field, param, phase, state, where


class Eprop(Learner, slug="eprop", label="e-prop", family="Spiking"):
    formula = "dw_ji = -eta sum_t L_j(t) e_ji(t),   L_j = sum_k B_jk (y_k - d_k)"
    streams = True
    recurrent = True
    feedback_from = "step"
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
        "",
        (1.0, 1e4),
        "Membrane and readout time constant, steps of 1 ms.",
        source="our choice: a usual membrane",
    )
    threshold = param(
        0.6,
        "",
        (1e-3, 1e3),
        "Spike threshold.",
        source="our choice: below 1, so that neurons fire with their first weights",
    )
    refractory = param(
        2.0,
        "",
        (0.0, 100.0),
        "Steps without a spike after one.",
        source="our choice: two steps, as a usual refractory time",
    )
    v = state(0.0, "", "Membrane potential.")
    rests = state(0.0, "", "Steps of silence still to come.")
    psi = state(0.0, "", "Pseudo-derivative of the spike.")
    signal = state(0.0, "", "Learning signal.")
    low = field(0.0, "", "Low-pass of the presynaptic spikes.")
    trace_ = field(0.0, "", "Low-pass of the eligibility.")
    sum_ = field(0.0, "", "What the trial adds up to.")
    first = field(0.0, "", "Adam's first moment.", slow=True)
    second = field(0.0, "", "Adam's second moment.", slow=True)
    steps = field(0.0, "", "Updates so far.", slow=True)

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        keep = exp(-1.0 / p.tau)
        v = keep * n.v + n.net - where(n.top, 0.0, p.threshold * n.x)
        free = where(n.rests > 0.5, 0.0, 1.0)
        spike = where(v >= p.threshold, free, 0.0)
        near = max(0.0, 1.0 - abs(v - p.threshold) / p.threshold)
        n.psi = where(n.top, 1.0, free * 0.3 / p.threshold * near)
        n.rests = where(spike > 0.5, p.refractory, max(0.0, n.rests - 1.0))
        n.v = v
        n.x = where(n.top, v, spike)

    @staticmethod
    def teach(n, p, m):
        n.signal = n.x - n.target

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.signal

    @staticmethod
    def blame(n, p, m):
        n.signal = n.back

    @staticmethod
    def trace(syn, pre, post, p):
        keep = exp(-1.0 / p.tau)
        before = syn.low
        syn.low = keep * syn.low + pre.x
        e = post.psi * where(syn.side, before, syn.low)
        syn.trace_ = where(syn.height == 0, e, keep * syn.trace_ + e)
        syn.sum_ += post.signal * syn.trace_

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += syn.sum_

    @staticmethod
    def store(syn, p):
        syn.steps += 1.0
        syn.first = 0.9 * syn.first + 0.1 * syn.dw
        syn.second = 0.999 * syn.second + 0.001 * syn.dw * syn.dw
        mean = syn.first / (1.0 - 0.9**syn.steps)
        size = sqrt(syn.second / (1.0 - 0.999**syn.steps))
        syn.w -= p.eta * mean / (size + 1e-8)
