"""GeneRec: the network settles twice, without and with the answer, and learns from the difference.

O'Reilly (1996) Neural Comput. 8:895-938, doi:10.1162/neco.1996.8.5.895.  Four forms of one rule, which differ
in the halves they sample: plain, symmetric, midpoint, and both, which is contrastive Hebbian learning.
Feedback synapses obey the same rule from their own sender.
"""

from engine.declare import Settling, choice, phase, transfer, where


class GeneRec(Settling, slug="generec", label="GeneRec", family="Two phases"):
    formula = "dw_ij = eta (a_i+ a_j+ - a_i- a_j-)   (midpoint and symmetric)"
    recurrent = True
    trains_feedback = True
    feedback_from = "step"
    assumption = "each neuron remembers its minus activity; one flag tells all which phase it is"
    phases = (
        phase("minus", "settle", start="rest", keep={"minus": "x"}, answer=True, colour="#7890a8"),
        phase("plus", "settle", clamp=True, colour="#d4a017"),
        phase("update", "update", colour="#7f7f7f"),
    )

    variant = choice(
        "chl",
        ("plain", "symmetric", "midpoint", "chl"),
        "Which halves of the two phases the rule samples.",
        source="our choice: the symmetric midpoint form, which is contrastive Hebbian learning",
    )

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def settle(n, p, m, h):
        n.x = n.x + h * (transfer(n.net, n.curve) - n.x)

    @staticmethod
    def update(syn, pre, post, p, m):
        plain = pre.minus * (post.x - post.minus)
        back = post.minus * (pre.x - pre.minus)
        midpoint = 0.5 * (pre.minus + pre.x) * (post.x - post.minus)
        other = 0.5 * (post.minus + post.x) * (pre.x - pre.minus)
        first = where(p.variant < 2, plain, midpoint)
        second = where(p.variant == 1, back, where(p.variant == 3, other, 0.0))
        syn.dw += p.eta * (first + second)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * (n.x - n.minus)
