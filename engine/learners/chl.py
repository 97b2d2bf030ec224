"""Contrastive Hebbian learning with weak feedback: clamping the output moves every rate by its own error.

Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988: with linear outputs and feedback
gamma times weaker, the change of a rate is the error of back-propagation times gamma for each depth, so the
update is that of back-propagation up to terms of first order in gamma.
"""

from engine.declare import WeaklyFedBack


class WeakFeedback(
    WeaklyFedBack, slug="chl", label="Contrastive Hebbian, weak feedback", family="Two phases"
):
    formula = "dw_k = eta gamma^(k-L) (c_k c_(k-1) - f_k f_(k-1))"
