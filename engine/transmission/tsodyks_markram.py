"""Tsodyks-Markram synapse: transmitter runs out and release is facilitated, spike by spike.

Two-variable form: Tsodyks & Markram (1997) PNAS 94:719-723, doi:10.1073/pnas.94.2.719, and Maass & Markram
(2002), as NEST `tsodyks2_synapse`.  Three-pool form: Tsodyks, Uziel & Markram (2000) J. Neurosci. 20:RC50,
as NEST `tsodyks_synapse`.
"""

from math import exp, expm1

from engine.declare import InNest, Transmission, choice, field, param, where


class TsodyksMarkram(
    Transmission, slug="tsodyks_markram", label="Tsodyks-Markram", family="Short-term plasticity"
):
    gives = "any"
    probability = "u"
    chance = "ux"
    shares = ("x", "y")
    formula = "x -> 1 + (x - u x - 1) E(dt, tau_rec),   u -> U + u (1 - U) E(dt, tau_fac),   out = w u x"
    presets = {
        "depressing": {"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0},
        "facilitating": {"u": 0.05, "tau_rec": 130.0, "tau_fac": 530.0},
    }

    in_nest = (
        InNest(
            "tsodyks2_synapse", {"u": ("U", "u"), "tau_rec": "tau_rec", "tau_fac": "tau_fac"},
            only={"form": "two_variable"}, idle=("tau_psc",),
        ),
        InNest(
            "tsodyks_synapse",
            {"u": "U", "tau_rec": "tau_rec", "tau_fac": "tau_fac", "tau_psc": "tau_psc"},
            only={"form": "three_pool"},
        ),
    )  # fmt: skip

    u = param(0.5, "", (0, 1), "Share of the transmitter a spike releases.", source="NEST 3.10")
    tau_rec = param(800.0, "ms", (1e-3, 1e6), "Recovery of the transmitter.", source="NEST 3.10")
    tau_fac = param(0.0, "ms", (0, 1e6), "Decay of facilitation.", source="NEST 3.10")
    tau_psc = param(3.0, "ms", (1e-3, 1e5), "Decay of the active pool (three-pool form).", source="NEST 3.10")
    form = choice(
        "two_variable",
        ("two_variable", "three_pool"),
        "Which published form.",
        source="our choice: the two-variable form, which NEST (tsodyks2_synapse) and most papers use",
    )

    ux = field(0.0, "", "Utilisation before this spike.", limits=(0, 1))
    x = field(1.0, "", "Share of the transmitter that is available.", limits=(0, 1))
    y = field(0.0, "", "Share that is active (three-pool form).", limits=(0, 1))

    @staticmethod
    def release(syn, glia, p, dt):
        baseline = (1.0 - glia.gamma) * p.u + glia.alpha * glia.gamma
        fac = where(p.tau_fac > 0.0, exp(-dt / where(p.tau_fac > 0.0, p.tau_fac, 1.0)), 0.0)
        if p.form == 0:
            syn.x = 1.0 + (syn.x - syn.x * syn.ux - 1.0) * exp(-dt / p.tau_rec)
            syn.ux = baseline + syn.ux * (1.0 - baseline) * fac
            syn.amount = syn.w * syn.ux * syn.x
            syn.released = syn.ux * syn.x
        else:
            z = 1.0 - syn.x - syn.y
            syn.ux = syn.ux * fac
            p_zz = expm1(-dt / p.tau_rec)
            p_yy = exp(-dt / p.tau_psc)
            # What y gave to x: a ratio of differences, and its limit where the two time constants meet.
            apart = dt * (p.tau_rec - p.tau_psc) / (p.tau_rec * p.tau_psc)
            if abs(apart) < 1e-3:
                bent = 1.0 + apart * (0.5 + apart * (1.0 / 6.0 + apart / 24.0))
                p_xy = -p_zz - dt / p.tau_rec * p_yy * bent
            else:
                p_xy = (p_zz * p.tau_rec - (p_yy - 1.0) * p.tau_psc) / (p.tau_psc - p.tau_rec)
            syn.x = syn.x + p_xy * syn.y - p_zz * z
            syn.y = syn.y * p_yy
            syn.ux = syn.ux + baseline * (1.0 - syn.ux)
            moved = syn.ux * syn.x
            syn.x = syn.x - moved
            syn.y = syn.y + moved
            syn.amount = syn.w * moved
            syn.released = moved
