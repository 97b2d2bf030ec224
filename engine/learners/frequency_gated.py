"""Frequency-gated learning: how wrong the first answer was sets how fast neurons fire while they memorise.

After Bogacz, Brown & Giraud-Carrier (2000) IJCNN 2:211-216, doi:10.1109/IJCNN.2000.857898: familiarity in
perirhinal cortex.  An inhibitory circuit, drawn as feedback synapses from the decision neuron, gates the rate
of a memorising period, in which active synapses onto active neurons are depressed.  Sizes and constants are
ours; the paper's could not be read.  It is often cited as a substitute for back-propagation; it is a network
that tells familiar patterns from new ones, and claims no more.
"""

from engine.declare import Learner, param, phase, state


class FrequencyGated(Learner, slug="frequency_gated", label="Frequency-gated error", family="Reward"):
    formula = "g = min(1, y / e0),   f_j = g h_j,   dw_ji = -eta f_j x_i"
    layers = "a decision is read from a sheet of neurons"
    feedback_from = "step"
    feedback_weight = 1.0
    assumption = "the decision weighs all neurons alike, so one inhibition fits all"
    phases = (
        phase("classification", "forward", answer=True, colour="#4c78a8"),
        phase("memorising", "backward", colour="#9467bd"),
        phase("update", "update", colour="#7f7f7f"),
    )

    eta = param(
        0.006,
        "",
        (0.0, 1e3),
        "Learning rate; less for more inputs.",
        source="our choice: 0.6 for a hundred inputs, divided by their number",
    )
    e0 = param(
        0.4,
        "",
        (1e-6, 1e6),
        "The error at which inhibition is gone.",
        source="our choice: the error of a pattern never seen is about 0.4",
    )
    gated = param(
        1.0,
        "",
        (0.0, 1.0),
        "1: inhibition follows the error; 0: it is always off.",
        source="our choice: on: turning it off is the control",
    )
    f = state(0.0, "", "Rate in the memorising period.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def teach(n, p, m):
        n.f = 1.0 - min(1.0, max(0.0, n.x - n.target) / p.e0)

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.f

    @staticmethod
    def blame(n, p, m):
        n.f = n.x * (1.0 - p.gated * clip(n.back, 0.0, 1.0))

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw -= p.eta * (post.f * pre.x)
