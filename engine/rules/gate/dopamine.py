"""Dopamine: timing leaves a tag on the synapse, and dopamine that comes later turns the tag into weight.

Izhikevich (2007) Cereb. Cortex 17:2443-2452, doi:10.1093/cercor/bhl152, in the exact form of Potjans,
Morrison & Diesmann (2010) Front. Comput. Neurosci. 4:141, doi:10.3389/fncom.2010.00141 (in NEST:
`stdp_dopamine_synapse`).  With b = 0 there are no dips below baseline, so this is not a reward prediction
error.
"""

from math import expm1

from engine.declare import Gate, field, param, role, where


class Dopamine(Gate, slug="dopamine", label="Dopamine", family="Third factor"):
    usual = True
    caveat = "With b = 0 dopamine has no dips: it is no reward prediction error."
    formula = "c' = -c/tau_c + STDP,   n' = -n/tau_n + DA,   w' = c (n - b)"

    modulator = param(
        0.0,
        "",
        (0, 1e15),
        "Which modulator it waits for (its id); 0: the only one there is.",
        source="our choice: 0 lets the program find the one that fits",
    )
    tau_c = param(1000.0, "ms", (1, 1e6), "How long the tag lasts.", source="NEST 3.10")
    tau_n = param(200.0, "ms", (1, 1e6), "How long dopamine lasts.", source="NEST 3.10")
    b = param(0.0, "", (-10, 10), "Baseline dopamine; below it the sign turns.", source="NEST 3.10")
    a_plus = param(1.0, "", (0, 1e3), "Weight of potentiating changes in the tag.", source="NEST 3.10")
    a_minus = param(
        1.0,
        "",
        (0, 1e3),
        "Weight of depressing changes in the tag (NEST: 1.5 on its own STDP).",
        source="our choice: 1 leaves the asymmetry to the induction; NEST has 1.5 on its own STDP",
    )

    n = role("dopamine", tau="tau_n", doc="Dopamine.", chosen_by="modulator", has_area=True)
    c = field(0.0, "", "Eligibility: the tag left by timing.", slow=True)

    @staticmethod
    def on_change(syn, p):
        syn.c += where(syn.dw > 0.0, p.a_plus, p.a_minus) * syn.dw
        syn.dw = 0.0

    @staticmethod
    def advance(syn, mod, p, dt):
        kappa = 1.0 / p.tau_c + 1.0 / p.tau_n
        gain = -mod.n * expm1(-kappa * dt) / kappa + (p.b - mod.n_rest) * p.tau_c * expm1(-dt / p.tau_c)
        syn.dw += syn.c * gain
        syn.c += syn.c * expm1(-dt / p.tau_c)
