"""Rules as a person writes them in the program: a pair, a gate, a pruner, a budget, a grower."""

PAIR = {
    "label": "My pair rule",
    "stage": "induction",
    "about": "Pre before post strengthens, post before pre weakens.",
    "formula": "+lambda x, -alpha lambda y",
    "params": {
        "tau_pre": {"default": 20.0, "unit": "ms", "low": 0.1, "high": 1e4, "doc": "Memory of pre."},
        "tau_post": {"default": 20.0, "unit": "ms", "low": 0.1, "high": 1e4, "doc": "Memory of post."},
        "lambda_": {"default": 0.01, "low": 0, "high": 10, "doc": "Step."},
        "alpha": {"default": 1.0, "low": 0, "high": 100, "doc": "Depression over potentiation."},
    },
    "traces": {"x": {"owner": "pre", "tau": "tau_pre"}, "y": {"owner": "post", "tau": "tau_post"}},
    "hooks": {
        "on_pre": "syn.dw -= p.alpha * p.lambda_ * p.w_max * post.y",
        "on_post": "syn.dw += p.lambda_ * p.w_max * pre.x",
    },
}
DOPAMINE = {
    "label": "Dopamine, written",
    "stage": "gate",
    "about": "Timing leaves a tag, and dopamine turns it into weight.",
    "params": {
        "tau_c": {"default": 1000.0, "unit": "ms", "low": 1.0, "high": 1e6},
        "tau_n": {"default": 200.0, "unit": "ms", "low": 1.0, "high": 1e6, "source": "NEST 3.10"},
        "b": {"default": 0.0, "low": -10.0, "high": 10.0},
        "a_plus": {"default": 1.0, "low": 0.0, "high": 1e3},
        "a_minus": {"default": 1.0, "low": 0.0, "high": 1e3},
    },
    "fields": {"c": {"init": 0.0, "slow": True}},
    "roles": {"n": {"substance": "dopamine", "tau": "tau_n", "area": True}},
    "hooks": {
        "on_change": "syn.c += where(syn.dw > 0.0, p.a_plus, p.a_minus) * syn.dw\nsyn.dw = 0.0",
        "advance": "kappa = 1.0 / p.tau_c + 1.0 / p.tau_n\n"
        "gain = -mod.n * expm1(-kappa * dt) / kappa"
        " + (p.b - mod.n_rest) * p.tau_c * expm1(-dt / p.tau_c)\n"
        "syn.dw += syn.c * gain\nsyn.c += syn.c * expm1(-dt / p.tau_c)",
    },
}
PRUNE = {
    "label": "Prune the forgotten",
    "stage": "structure",
    "about": "A synapse that stays weak for long enough is removed.",
    "params": {
        "below": {"default": 20.0, "unit": "pA", "low": 0, "high": 1e9},
        "patience": {"default": 50.0, "unit": "ms", "low": 0, "high": 1e12},
        "update": {"default": 10.0, "unit": "ms", "low": 0.1, "high": 1e6},
    },
    "fields": {"weak_for": {"init": 0.0, "unit": "ms", "slow": True, "low": 0.0}},
    "settings": {"why": "weak for {patience:g} ms"},
    "hooks": {
        "on_slow": "syn.weak_for = where(syn.w < p.below, syn.weak_for + dt, 0.0)\n"
        "syn.doomed = where(syn.weak_for >= p.patience, 1.0, 0.0)"
    },
}
BUDGET = {
    "label": "A budget of weight",
    "stage": "homeostasis",
    "about": "The inputs of a neuron share a fixed sum of weight.",
    "params": {
        "sum": {"default": 100.0, "unit": "pA", "low": 1e-6, "high": 1e9},
        "tau": {"default": 1000.0, "unit": "ms", "low": 1.0, "high": 1e9},
    },
    "totals": {"whole": {"share": "syn.w", "unit": "pA", "doc": "All weight of the neuron."}},
    "hooks": {"on_slow": "syn.w *= exp(dt / p.tau * (1.0 - post.whole / p.sum))"},
}
GROW = {
    "label": "Contacts",
    "stage": "structure",
    "params": {
        "rate": {"default": 1e-3, "unit": "1/ms", "low": 0, "high": 1},
        "sites": {"default": 2, "low": 0, "high": 10, "takes": "whole"},
        "weight": {"default": 7.0, "low": 0, "high": 1e9},
        "delay": {"default": 1.0, "unit": "ms", "low": 1e-3, "high": 1e4},
    },
    "settings": {"because": "a chance at {rate:g}"},
    "hooks": {"form": "return p.rate"},
}
