"""Cerebellar learning: a climbing fibre depresses the parallel fibres that were active some time before it.

Piochon, Kruskal, MacLean & Hansel (2012) Front. Neural Circuits 6:124, doi:10.3389/fncir.2012.00124.  The
error comes over one private wire for each Purkinje neuron, so nothing is transported.  A cascade of
six stages looks back about 100 ms.  The paper is about spike timing that is not Hebbian; it proposes no
equivalent of back-propagation.
"""

from engine.declare import Learner, field, param, phase, transfer


class Cerebellar(Learner, slug="cerebellar", label="Cerebellar, climbing fibre", family="Reward"):
    formula = "dw = eta (a x - b CF (k * x)),   k peaks `lag` before CF"
    streams = True
    layers = "parallel fibres onto Purkinje neurons"
    teaches_hidden = False
    assumption = "one climbing fibre for each Purkinje neuron, a vector teacher with a private wire"
    phases = (
        phase("run", "forward", answer=True, colour="#4c78a8"),
        phase("remember", "trace", colour="#9467bd"),
        phase("update", "update", colour="#7f7f7f"),
    )

    lag = param(
        100.0,
        "",
        (5.0, 1e3),
        "How far back depression looks, steps of 1 ms.",
        source="our choice: 100 ms, the middle of the intervals found (80 to 150 ms)",
    )
    potentiation = param(
        0.0005,
        "",
        (0.0, 1.0),
        "Growth of an active synapse without a climbing fibre.",
        source="our choice: slow beside depression: forgetting takes many trials",
    )
    a = field(0.0, "", "First stage of the memory.")
    b = field(0.0, "", "Second stage.")
    c = field(0.0, "", "Third stage.")
    d = field(0.0, "", "Fourth stage.")
    e = field(0.0, "", "Fifth stage.")
    f = field(0.0, "", "Sixth stage: what a climbing fibre depresses.")
    sum_ = field(0.0, "", "What the trial adds up to.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def trace(syn, pre, post, p):
        rate = 5.0 / p.lag
        syn.f += rate * (syn.e - syn.f)
        syn.e += rate * (syn.d - syn.e)
        syn.d += rate * (syn.c - syn.d)
        syn.c += rate * (syn.b - syn.c)
        syn.b += rate * (syn.a - syn.b)
        syn.a += rate * (pre.x - syn.a)
        syn.sum_ += p.potentiation * pre.x * (1.0 - post.target) - post.target * syn.f

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * syn.sum_
