"""Nearest-neighbour STDP: a spike pairs with the nearest spike of the other neuron, not with all of them.

Morrison, Diesmann & Gerstner (2008) Biol. Cybern. 98:459-478, doi:10.1007/s00422-008-0233-1, figure 7, as
NEST `stdp_nn_symm_synapse`, `stdp_nn_restr_synapse` and `stdp_nn_pre_centered_synapse`; a spike that meets
its partner in the same step pairs with the one before, as there.
"""

from math import exp

from engine.declare import INFINITY, Induction, InNest, choice, clip, field, param, same, trace, where


class StdpNearest(Induction, slug="stdp_nearest", label="Nearest-neighbour STDP", family="Spike timing"):
    formula = (
        "+lambda w_max (1 - w/w_max)^mu+ exp(-dt/tau+)  at post,   "
        "-alpha lambda w_max (w/w_max)^mu- exp(-dt/tau-)  at pre;   nearest pairs only"
    )
    presets = {
        "symmetric": {"scheme": "symmetric"},
        "restricted": {"scheme": "restricted"},
        "pre-centred": {"scheme": "pre_centered"},
    }

    in_nest = tuple(
        InNest(
            model,
            same("tau_plus lambda_ alpha mu_plus mu_minus w_max"),
            post={"tau_minus": "tau_minus"},
            only={"scheme": scheme},
            otherwise=otherwise,
        )
        for scheme, model, otherwise in (
            ("symmetric", "stdp_nn_symm_synapse", "NEST takes t = 0 for a presynaptic spike"),
            ("restricted", "stdp_nn_restr_synapse", "NEST takes t = 0 for a presynaptic spike"),
            ("pre_centered", "stdp_nn_pre_centered_synapse", ""),
        )
    )  # fmt: skip

    scheme = choice(
        "symmetric",
        ("symmetric", "restricted", "pre_centered"),
        "Symmetric: each spike with the last of the other side. Restricted: neighbours only, each used once. "
        "Pre-centred: the first post spike takes all pre spikes since the last, each pre spike one post.",
        source="Morrison 2008, figure 7",
    )
    tau_plus = param(20.0, "ms", (0.1, 1e4), "How long a pre spike is remembered.", source="NEST 3.10")
    tau_minus = param(20.0, "ms", (0.1, 1e4), "How long a post spike is remembered.", source="NEST 3.10")
    lambda_ = param(0.01, "", (0, 10), "Size of one step, as a share of w_max.", source="NEST 3.10")
    alpha = param(1.0, "", (0, 100), "Depression relative to potentiation.", source="NEST 3.10")
    mu_plus = param(1.0, "", (0, 1), "How potentiation depends on weight.", source="NEST 3.10")
    mu_minus = param(1.0, "", (0, 1), "How depression depends on weight.", source="NEST 3.10")

    x = trace("pre", tau="tau_plus", doc="The last presynaptic spike.", nearest=True)
    y = trace("post", tau="tau_minus", doc="The last postsynaptic spike.", nearest=True)
    sum = field(
        0.0,
        "",
        "Presynaptic spikes since the last post spike, at the last of them.",
        slow=True,
        limits=(0, INFINITY),
    )
    answered = field(0.0, "", "Whether a post spike came since the last pre spike.", slow=True, limits=(0, 1))

    @staticmethod
    def on_pre(syn, pre, post, p):
        if p.scheme != 1 or syn.answered > 0.0:
            share = pow(clip(syn.w / p.w_max, 0.0, 1.0), p.mu_minus)
            syn.dw -= p.alpha * p.lambda_ * p.w_max * share * post.y
        syn.answered = 0.0
        syn.sum = syn.sum * pre.x + 1.0

    @staticmethod
    def on_post(syn, pre, post, p):
        last = where(p.scheme == 2, syn.sum, 1.0)
        if p.scheme == 0 or syn.answered == 0.0:
            share = pow(clip(1.0 - syn.w / p.w_max, 0.0, 1.0), p.mu_plus)
            syn.dw += p.lambda_ * p.w_max * share * last * pre.x
        syn.answered = 1.0
        syn.sum = 0.0

    @staticmethod
    def window(dt, p):
        """Change of a half-maximal synapse by one pair, `dt` = t_post - t_pre (ms)."""
        if dt > 0:
            return p.lambda_ * p.w_max * 0.5**p.mu_plus * exp(-dt / p.tau_plus)
        if dt < 0:
            return -p.alpha * p.lambda_ * p.w_max * 0.5**p.mu_minus * exp(dt / p.tau_minus)
        return 0.0
