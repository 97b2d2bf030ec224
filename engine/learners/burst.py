"""Burst-dependent rule: feedback on the apical dendrite decides which spikes are bursts, and bursts teach.

Payeur, Guerguiev, Zenke, Richards & Naud (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x.
Activity runs up as event rates, errors run down as the fraction of events that are bursts; the reduction to
steady rates is ours.  In spikes, on neurons with an apical dendrite, the rule is the card `burst_dependent`.
"""

from math import exp, log

from engine.declare import Learner, param, phase, state, transfer


class Burst(Learner, slug="burst", label="Burst-dependent rule", family="Dendrites"):
    formula = "p = s(beta (1 - e) Y (p e)_up + logit p0),   dW = eta (p - p_bar) e x"
    layers = "events run up and bursts run down"
    feedback_from = "step"
    by_chances = True
    assumption = "ensembles of neurons, so that a burst fraction is a number"
    phases = (
        phase("events", "forward", answer=True, colour="#4c78a8"),
        phase("expected", "backward", sets={"teach": 0.0}, keep={"usual": "b"}, waits=False,
              colour="#9467bd"),
        phase("taught", "backward", sets={"teach": 1.0}, colour="#d62728"),
        phase("update", "update", colour="#7f7f7f"),
    )  # fmt: skip

    eta = param(
        5.0,
        "",
        (0.0, 1e3),
        "Learning rate.",
        source="our choice: the best of 0.1, 1 and 5 on exclusive or and on digits, by seeds no test reports",
    )
    p0 = param(
        0.2,
        "",
        (0.001, 0.999),
        "Fraction of bursts at rest.",
        source="our choice: a fifth of spikes are bursts at rest, so that it can rise and fall",
    )
    zeta = param(
        0.8,
        "",
        (0.0, 1.0),
        "How strongly the teacher changes the bursts of the output.",
        source="our choice: 1 - p0, the most with which a probability stays one",
    )
    beta = param(
        1.0,
        "",
        (0.0, 100.0),
        "Gain of the apical dendrite.",
        source="our choice: one: errors keep their size on the way down",
    )
    b = state(0.2, "", "Fraction of events that are bursts.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def teach(n, p, m):
        n.b = p.p0 + m.teach * p.zeta * (n.target - n.x) * (1.0 - n.x)

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.b * pre.x

    @staticmethod
    def blame(n, p, m):
        apical = p.beta * (1.0 - n.x) * n.back + log(p.p0 / (1.0 - p.p0))
        n.b = 1.0 / (1.0 + exp(-apical))

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.b - post.usual) * post.x * pre.x

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * (n.b - n.usual) * n.x
