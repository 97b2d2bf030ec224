"""Parallel fibre rule: a climbing-fibre spike weakens the parallel fibres that were active a while before it.

Coesmans, Weber, De Zeeuw & Hansel (2004) Neuron 44:691-700, doi:10.1016/j.neuron.2004.10.031; Safo & Regehr
(2008) J. Neurosci. 28:9151-9161; Suvrathan, Payne & Raymond (2016) Neuron 92:959-967,
doi:10.1016/j.neuron.2016.10.022.  The teaching event belongs to the climbing fibre: the Purkinje cell's own
spikes are not read.
"""

from math import exp

from engine.declare import INFINITY, Induction, field, param


class PfCf(Induction, slug="pf_cf", label="Parallel and climbing fibre", family="Anti-Hebbian"):
    hears = "climbing"
    formula = (
        "+a_ltp  at pre,   -a_ltd e s2  at a climbing-fibre spike;   s1' = -s1/tau_k,  s2' = (s1 - s2)/tau_k"
    )
    presets = {
        "flocculus (120 ms)": {"tau_k": 120.0},
        "vermis (short)": {"tau_k": 50.0},
    }

    tau_k = param(
        100.0, "ms", (1, 1e4), "How long before the climbing fibre a parallel fibre is weakened most.",
        source="from memory of the papers: 80 to 150 ms, 120 in the flocculus",
    )  # fmt: skip
    a_ltd = param(
        0.05,
        "",
        (0, 1e6),
        "Greatest depression by one pair, in the weight's unit.",
        source="our choice: for weights of order 1; ten times a_ltp, so that a timed climbing fibre wins",
    )
    a_ltp = param(
        0.005,
        "",
        (0, 1e6),
        "What a parallel-fibre spike alone adds, in the weight's unit.",
        source="our choice: for weights of order 1; small beside a_ltd",
    )

    s1 = field(0.0, "", "Recent parallel-fibre spikes.", slow=True, limits=(0, INFINITY))
    s2 = field(
        0.0, "", "What is left of them when the climbing fibre may speak.", slow=True, limits=(0, INFINITY)
    )

    @staticmethod
    def between(syn, p, dt):
        left = exp(-dt / p.tau_k)
        syn.s2 = (syn.s2 + syn.s1 * dt / p.tau_k) * left
        syn.s1 = syn.s1 * left

    @staticmethod
    def on_pre(syn, p):
        syn.dw += p.a_ltp
        syn.s1 += 1.0

    @staticmethod
    def on_event(syn, p):
        syn.dw -= p.a_ltd * exp(1.0) * syn.s2

    @staticmethod
    def window(dt, p):
        """What a lesson takes away, `dt` = t_climbing - t_pre (ms); each pre spike adds a_ltp besides."""
        return -p.a_ltd * dt / p.tau_k * exp(1.0 - dt / p.tau_k) if dt > 0 else 0.0
