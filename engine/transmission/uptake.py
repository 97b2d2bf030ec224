"""Release and uptake: how long transmitter stays, and whether there is any, is up to the astrocyte.

Release, pool and cleft as in De Pitta et al. (2011) PLoS Comput. Biol. 7:e1002293 and Stimberg et al. (2019);
the clearance of a cleft is split into diffusion, which spills on the neighbours, and uptake by transporters
(most of it astrocytic: Zhou & Danbolt 2014, doi:10.1007/s00702-014-1180-8).  Vesicles refill from the
glutamine that the astrocyte gives back.  Spilled transmitter lowers release where it arrives.
"""

from math import exp

from engine.declare import INFINITY, Transmission, field, param, where


class Uptake(Transmission, slug="uptake", label="Release and uptake", family="Glia"):
    gives = "any"
    cleft, around = "y", "spill"
    formula = "x' = g Omega_d (1 - x),   r = u x/(1 + E/K),   Y' = -(Omega_diff + a Omega_up) Y + rho Y_T r"

    u = param(0.6, "", (0, 1), "Share of the transmitter a spike releases.", source="De Pitta 2011")
    omega_d = param(2.0, "1/s", (0, 1e4), "Refilling of the vesicles.", source="De Pitta 2011")
    omega_c = param(40.0, "1/s", (0, 1e5), "Clearance where no astrocyte is.", source="De Pitta 2011")
    rho_c = param(0.005, "", (0, 1), "Volume of the vesicles against the cleft.", source="De Pitta 2011")
    y_t = param(500.0, "mM", (0, 1e4), "Transmitter in the vesicles.", source="De Pitta 2011")
    k_spill = param(
        100.0, "uM", (0, 1e6), "Spilled transmitter that halves release; 0: none does.", source="a choice"
    )

    x = field(1.0, "", "Share of the transmitter that is available.", limits=(0, 1))
    y = field(0.0, "uM", "Transmitter in the cleft just after the last spike.", limits=(0, INFINITY))

    @staticmethod
    def release(syn, glia, p, dt):
        t = 0.001 * dt
        refill = p.omega_d * where(glia.present > 0.0, glia.glutamine, 1.0)
        clear = where(glia.present > 0.0, glia.omega_diff + glia.omega_up * glia.uptake, p.omega_c)
        syn.x = 1.0 - (1.0 - syn.x) * exp(-t * refill)
        share = (1.0 - glia.gamma) * p.u + glia.alpha * glia.gamma
        heard = where(p.k_spill > 0.0, 1.0 + glia.spill / max(p.k_spill, 1e-30), 1.0)
        syn.released = share * syn.x / heard
        syn.x = syn.x - syn.released
        syn.y = syn.y * exp(-t * clear) + 1000.0 * p.rho_c * p.y_t * syn.released
        syn.amount = syn.w * syn.released

    @staticmethod
    def clearance(glia, p):
        """How fast (1/s) transmitter leaves a cleft, by diffusion and by uptake."""
        return where(glia.present > 0.0, glia.omega_diff + glia.omega_up * glia.uptake, p.omega_c)
