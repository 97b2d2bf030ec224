"""What several learners share, without a slug: the card that begins from one says what it does otherwise.

A learner of one's own may begin from any of them: `class Mine(SentBack, slug="mine", label="Mine")` is
back-propagation until it has a parameter or a hook of its own, which takes the place of the one here.
"""

from engine.declare.calls import normal, slope, transfer, where
from engine.declare.learning import Learner, Settling, phase
from engine.declare.words import choice, field, param, state


class ByErrors(Learner):
    """Every neuron gets an error in a phase of its own, and synapses learn from it and the rate they carried.

    How an error reaches a neuron (`teach`, `blame`, and `backward` or `feedback`) is left open.
    """

    phases = (
        phase("forward", "forward", answer=True, colour="#4c78a8"),
        phase("backward", "backward", colour="#d62728"),
        phase("update", "update", colour="#7f7f7f"),
    )

    delta = state(0.0, "", "Error, times the slope of the curve.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.delta * pre.x)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * n.delta


class SentBack(ByErrors):
    """Errors go back over the very weights that carried the activity (Rumelhart, Hinton & Williams 1986)."""

    layers = "errors go back depth by depth"

    cost = choice(
        "cross_entropy",
        ("cross_entropy", "squared"),
        "What is descended: with cross entropy (or a linear output) the error of an output is its distance.",
        source="our choice: what classifiers descend; squared error is the other choice",
    )

    @staticmethod
    def teach(n, p, m):
        n.delta = (n.target - n.x) * where(p.cost == 1, slope(n.x, n.curve), 1.0)

    @staticmethod
    def backward(syn, post, p):
        return syn.w * post.delta

    @staticmethod
    def blame(n, p, m):
        n.delta = n.err * slope(n.x, n.curve)


class SentOverFeedback(ByErrors):
    """Errors go back over synapses of their own, drawn at random (Lillicrap et al. 2016)."""

    @staticmethod
    def teach(n, p, m):
        n.delta = n.target - n.x

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.delta

    @staticmethod
    def blame(n, p, m):
        n.delta = n.back * slope(n.x, n.curve)


class WeaklyFedBack(Settling):
    """It settles free, then with the answer held; feedback is weaker by gamma a depth (Xie & Seung 2003)."""

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


class SlowedByChange(Learner):
    """A synapse changes less the more it has changed; named first: `class Mine(SlowedByChange, SentBack)`."""

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
