"""Quantal release: each of n sites releases its vesicle or fails, and an empty site refills by chance.

Fuhrmann, Segev, Markram & Tsodyks (2002) J. Neurophysiol. 87:140-148, doi:10.1152/jn.00258.2001; Loebel et
al. (2009) Front. Comput. Neurosci. 3:27, doi:10.3389/neuro.10.027.2009; as NEST `quantal_stp_synapse`.  The
weight is what one vesicle delivers (where P and q are kept apart, that is q).
"""

from math import exp, expm1, floor

from engine.declare import INFINITY, Transmission, binomial, field, param, where


class Quantal(Transmission, slug="quantal", label="Quantal release", family="Short-term plasticity"):
    gives = "any"
    probability = "u"
    outcome, chance = "released", "ux"
    formula = "r ~ Binomial(a, u),   a -> a - r,   out = w r;   empty sites refill with 1 - E(dt, tau_rec)"
    presets = {
        "depressing": {"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0, "n": 5.0},
        "facilitating": {"u": 0.05, "tau_rec": 130.0, "tau_fac": 530.0, "n": 5.0},
        "one unreliable site": {"u": 0.25, "tau_rec": 200.0, "tau_fac": 0.0, "n": 1.0},
    }

    u = param(0.5, "", (0, 1), "Chance that a ready vesicle is released.", source="NEST 3.10")
    n = param(1.0, "", (1, 1000), "Release sites.", source="NEST 3.10", whole=True)
    tau_rec = param(800.0, "ms", (1e-3, 1e6), "Refilling of an empty site.", source="NEST 3.10")
    tau_fac = param(0.0, "ms", (0, 1e6), "Decay of facilitation.", source="NEST 3.10")

    ux = field(0.0, "", "Chance of release at the last spike.", limits=(0, 1))
    empty = field(0.0, "", "Sites without a vesicle.", limits=(0, INFINITY))
    released = field(0.0, "", "Vesicles released by the last spike; 0 is a failure.", limits=(0, INFINITY))

    @staticmethod
    def release(syn, glia, p, dt):
        baseline = (1.0 - glia.gamma) * p.u + glia.alpha * glia.gamma
        fac = where(p.tau_fac > 0.0, exp(-dt / where(p.tau_fac > 0.0, p.tau_fac, 1.0)), 0.0)
        syn.ux = baseline + syn.ux * (1.0 - baseline) * fac
        syn.empty -= binomial(syn.empty, -expm1(-dt / p.tau_rec))
        syn.released = binomial(max(floor(p.n + 0.5) - syn.empty, 0.0), syn.ux)
        syn.empty += syn.released
        syn.amount = syn.w * syn.released
