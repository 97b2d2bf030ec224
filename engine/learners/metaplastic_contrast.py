"""Contrastive Hebbian learning with synapses that remember how much they have changed, and slow down.

The contrast is that of Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988; that a
synapse slows itself is ours, a local form of metaplasticity.
"""

from engine.declare import SlowedByChange, WeaklyFedBack


class MetaplasticContrast(
    SlowedByChange, WeaklyFedBack, slug="metaplastic_contrast", label="Contrastive, metaplastic rate",
    family="Continual",
):  # fmt: skip
    formula = "dw_k = eta gamma^(k-L) (c_k c_(k-1) - f_k f_(k-1)) / (1 + c sum |dw|)"
