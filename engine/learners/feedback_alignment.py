"""Feedback alignment: errors return over synapses of their own, drawn at random and never changed.

Lillicrap, Cownden, Tweed & Akerman (2016) Nat. Commun. 7:13276, doi:10.1038/ncomms13276.  The forward weights
turn until what the fixed feedback says is useful: the angle to the gradient falls as it learns.  Nokland
(2016) arXiv:1609.01596 sends the output's error straight to every population.
"""

from engine.declare import Learner, phase, slope, state, transfer


class FeedbackAlignment(Learner, slug="feedback_alignment", label="Feedback alignment", family="Gradient"):
    formula = "delta_i = f'(u_i) sum_j B_ij delta_j,   dw_ji = eta delta_j x_i"
    layers = "errors go back depth by depth"
    feedback_from = "step"
    assumption = "a second set of synapses that carries errors only, in a phase of its own"
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
    def teach(n, p, m):
        n.delta = n.target - n.x

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.delta

    @staticmethod
    def blame(n, p, m):
        n.delta = n.back * slope(n.x, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.delta * pre.x)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * n.delta


class DirectFeedbackAlignment(
    FeedbackAlignment, slug="direct_feedback_alignment", label="Direct feedback alignment", family="Gradient"
):
    formula = "delta_i = f'(u_i) sum_k B_ik (d_k - y_k)"
    feedback_from = "direct"
