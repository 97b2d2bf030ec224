"""Contrastive Hebbian learning with weak feedback: clamping the output moves every rate by its own error.

Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988: with linear outputs and feedback
gamma times weaker, the change of a rate is the error of back-propagation times gamma for each depth, so the
update is that of back-propagation up to terms of first order in gamma.
"""

from engine.declare import Settling, field, normal, param, phase, transfer


class WeakFeedback(Settling, slug="chl", label="Contrastive Hebbian, weak feedback", family="Two phases"):
    formula = "dw_k = eta gamma^(k-L) (c_k c_(k-1) - f_k f_(k-1))"
    layers = "feedback is weaker by gamma for each depth"
    feedback_from = "symmetric"
    trains_feedback = True
    luck = "noise"
    assumption = "the factor gamma^(k-L): a synapse must know how deep it lies"
    phases = (
        phase("free", "settle", start="rest", keep={"free": "x"}, answer=True, colour="#7890a8"),
        phase("clamped", "settle", clamp=True, colour="#d4a017"),
        phase("update", "update", colour="#7f7f7f"),
    )

    gamma = param(0.05, "", (1e-6, 1.0), "Feedback gain.", source="from memory of the paper")
    noise = param(
        0.0,
        "",
        (0.0, 1.0),
        "Standard deviation of noise on every settled rate.",
        source="our choice: none, unless what it does to the contrast is the question",
    )
    dt = param(
        1.0,
        "",
        (1e-3, 1.0),
        "The share of the way to its new rate a neuron goes in one step.",
        source="our choice: the whole way: weakly fed back layers settle in about as many steps",
    )
    tol = param(
        1e-6,
        "",
        (0.0, 1.0),
        "It has settled when no rate changes by as much in a step.",
        source="our choice: small, for weak feedback multiplies what is left by 1/gamma at every layer",
    )
    n_max = param(
        50.0,
        "",
        (1.0, 1e6),
        "The most steps a phase may take.",
        whole=True,
        source="our choice: more than any layered network here takes",
    )

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def settle(n, p, m, h):
        n.x = n.x + h * (transfer(n.net + p.gamma * n.back, n.curve) - n.x)

    @staticmethod
    def observe(n, p, m):
        n.x = n.x + p.noise * normal()

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.x * pre.x - post.free * pre.free) / p.gamma**syn.height

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * (n.x - n.free) / p.gamma**n.height


class MetaplasticContrast(WeakFeedback, slug="metaplastic_contrast", label="Contrastive, metaplastic rate",
                          family="Continual"):  # fmt: skip
    formula = "dw_k = eta gamma^(k-L) (c_k c_(k-1) - f_k f_(k-1)) / (1 + c sum |dw|)"

    slowing = param(
        20.0,
        "",
        (0.0, 1e6),
        "c: how much past change slows a synapse.",
        source="our choice: c = 20, the value of our table of forgetting",
    )
    spent = field(0.0, "", "The sum of all changes so far.", slow=True)

    @staticmethod
    def store(syn, p):
        change = syn.dw / (1.0 + p.slowing * syn.spent)
        syn.w += change
        syn.spent += abs(change)
