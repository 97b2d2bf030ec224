"""Direct feedback alignment: the error of the output goes straight to every population, over random synapses.

Nokland (2016) arXiv:1609.01596, after the feedback alignment of Lillicrap, Cownden, Tweed & Akerman (2016)
Nat. Commun. 7:13276, doi:10.1038/ncomms13276, in which it comes down depth by depth.
"""

from engine.declare import SentOverFeedback


class DirectFeedbackAlignment(
    SentOverFeedback, slug="direct_feedback_alignment", label="Direct feedback alignment", family="Gradient"
):
    formula = "delta_i = f'(u_i) sum_k B_ik (d_k - y_k)"
    layers = "each depth is taught by the target itself"
    feedback_from = "direct"
    assumption = "a second set of synapses that carries errors only, in a phase of its own"
