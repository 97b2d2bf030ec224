"""STDP whose window dopamine widens: with dopamine, a presynaptic spike longer ago still counts as a cause.

After Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756, doi:10.7554/eLife.27756, for the
effect; the form tau_pre (1 + k DA) is ours.  Every postsynaptic spike looks back at the last presynaptic one
through a window as wide as dopamine is at that moment; depression pairs nearest neighbours too.
"""

from math import exp

from engine.declare import Induction, clip, param, role, trace


class StdpDopamine(Induction, slug="stdp_dopamine", label="STDP widened by dopamine", family="Spike timing"):
    formula = (
        "+lambda w_max (1 - w/w_max)^mu+ exp(-dt / (tau_pre (1 + k DA))),   "
        "-alpha lambda w_max (w/w_max)^mu- exp(dt / tau_post)"
    )
    presets = {"additive": {"mu_plus": 0.0, "mu_minus": 0.0}, "Never widened": {"k": 0.0}}

    tau_pre = param(20.0, "ms", (0.1, 1e4), "Width of the window for potentiation.", source="NEST 3.10")
    tau_post = param(20.0, "ms", (0.1, 1e4), "Width of the window for depression.", source="NEST 3.10")
    lambda_ = param(0.01, "", (0, 10), "Size of one step, as a share of w_max.", source="NEST 3.10")
    alpha = param(1.0, "", (0, 100), "Depression relative to potentiation.", source="NEST 3.10")
    mu_plus = param(1.0, "", (0, 1), "How potentiation depends on weight.", source="NEST 3.10")
    mu_minus = param(1.0, "", (0, 1), "How depression depends on weight.", source="NEST 3.10")
    k = param(
        2.0,
        "",
        (0, 100),
        "How much wider the window is at a level of 1.",
        source="our choice: the effect is of Brzosko 2017, its size is not published in this form",
    )
    tau_da = param(
        500.0,
        "ms",
        (1, 1e6),
        "How long dopamine lasts.",
        source="our choice: between NEST's 200 ms and the seconds seen in tissue",
    )

    da = role("dopamine", tau="tau_da", doc="Widens the window for potentiation.")
    x = trace("pre", tau="tau_pre", doc="The last presynaptic spike.", nearest=True)
    y = trace("post", tau="tau_post", doc="The last postsynaptic spike.", nearest=True)

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw -= p.alpha * p.lambda_ * p.w_max * pow(clip(syn.w / p.w_max, 0.0, 1.0), p.mu_minus) * post.y

    @staticmethod
    def on_post(syn, pre, post, mod, p):
        room = pow(clip(1.0 - syn.w / p.w_max, 0.0, 1.0), p.mu_plus)
        syn.dw += p.lambda_ * p.w_max * room * pow(pre.x, 1.0 / (1.0 + p.k * max(mod.da + mod.da_rest, 0.0)))

    @staticmethod
    def window(dt, p):
        """Change of a half-maximal synapse by one pair at a level of 1, `dt` = t_post - t_pre (ms)."""
        if dt > 0:
            return p.lambda_ * p.w_max * 0.5**p.mu_plus * exp(-dt / (p.tau_pre * (1.0 + p.k)))
        if dt < 0:
            return -p.alpha * p.lambda_ * p.w_max * 0.5**p.mu_minus * exp(dt / p.tau_post)
        return 0.0
