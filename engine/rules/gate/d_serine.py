"""D-serine: without the co-agonist that a nearby astrocyte releases, timing leaves hardly a trace.

Panatier et al. (2006) Cell 125:775-784, doi:10.1016/j.cell.2006.02.051; Henneberger, Papouin, Oliet &
Rusakov (2010) Nature 463:232-236, doi:10.1038/nature08673.  NMDA receptors open only when their co-agonist
site is occupied too: of a potentiating change a share s passes, of a depressing one s^nu, so that a low
occupancy moves the threshold between the two.  Where no astrocyte owns the synapse the site counts as full.
"""

from engine.declare import Gate, param, where


class DSerine(Gate, slug="d_serine", label="D-serine", family="Glia"):
    formula = "s = D/(D + k_d),   dw -> s dw (dw > 0),   s^nu dw (dw < 0)"

    k_d = param(
        0.37, "uM", (1e-6, 1e3), "D-serine that occupies half of the sites.",
        source="chosen so that s is 0.7 under waves of 11.5 s",
    )  # fmt: skip
    nu = param(0.5, "", (0, 1), "How little depression depends on it; 1 as much.", source="a choice below 1")

    @staticmethod
    def on_change(syn, glia, p):
        s = where(glia.present > 0.0, glia.d_serine / (glia.d_serine + p.k_d), 1.0)
        syn.dw = syn.dw * where(syn.dw > 0.0, s, pow(s, p.nu))
