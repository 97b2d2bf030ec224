"""Feedback alignment: errors return over synapses of their own, drawn at random and never changed.

Lillicrap, Cownden, Tweed & Akerman (2016) Nat. Commun. 7:13276, doi:10.1038/ncomms13276.  The forward weights
turn until what the fixed feedback says is useful: the angle to the gradient falls as it learns.
"""

from engine.declare import SentOverFeedback


class FeedbackAlignment(
    SentOverFeedback, slug="feedback_alignment", label="Feedback alignment", family="Gradient"
):
    formula = "delta_i = f'(u_i) sum_j B_ij delta_j,   dw_ji = eta delta_j x_i"
    layers = "errors go back depth by depth"
    feedback_from = "step"
    assumption = "a second set of synapses that carries errors only, in a phase of its own"
