"""Sparse expansion: few of many neurons answer to each input, and each class remembers which ones did.

The fixed random expansion with winners of the insect mushroom body and of cerebellar granule cells (Dasgupta,
Stevens & Navlakha 2017 Science 358:793-796, doi:10.1126/science.aam9868); the readout is a Hebbian mean of
each class.  Codes that hardly overlap are hardly overwritten.  Freeze the projection that expands.
"""

from engine.declare import Learner, field, param, phase, where


class SparseReadout(
    Learner, slug="sparse_readout", label="Sparse expansion, Hebbian readout", family="Continual"
):
    formula = "x_i = [u_i among the k largest],   dw_ci = (x_i - w_ci) / n_c   at the class that is taught"
    layers = "an expansion, then a readout"
    winners = "active"
    assumption = "a fixed expansion by inhibition that lets few neurons fire"
    phases = (
        phase("expand", "forward", answer=True, colour="#4c78a8"),
        phase("update", "update", colour="#7f7f7f"),
    )

    active = param(
        50.0,
        "",
        (1.0, 1e6),
        "How many neurons of the expansion fire.",
        whole=True,
        source="our choice: a few per cent of the expansion, as in a mushroom body",
    )
    n = field(0.0, "", "How often the class was taught.", slow=True)

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = where(n.top, n.net, where(n.net >= n.kth, 1.0, 0.0))

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.n += where(syn.height == 0, post.target, 0.0)
        syn.dw += where(syn.height == 0, post.target, 0.0) * (pre.x - syn.w) / max(syn.n, 1.0)
