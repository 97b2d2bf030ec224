"""Noradrenaline and serotonin: two tags at one synapse, each turned into a change by a substance of its own.

He, Huertas, Hong, Tie, Hell, Shouval & Kirkwood (2015) Neuron 88:528-538, doi:10.1016/j.neuron.2015.09.037;
in the living animal Hong et al. (2022) PNAS 119:e2110980119, doi:10.1073/pnas.2110980119.  Pre before post
loads a tag for potentiation, post before pre one for depression; noradrenaline (beta-2 receptors) turns the
first into potentiation, serotonin (5-HT2C) the second into depression.  Each waits for seconds, and each
release uses its tag up.  With both released at a reward, weights come to rest where the two tags are equal.
"""

from math import exp

from engine.declare import INFINITY, Gate, clip, field, param, role


class NeSerotonin(Gate, slug="ne_serotonin", label="Noradrenaline and serotonin", family="Third factor"):
    formula = (
        "e_p' = -e_p/tau_p + max(dw, 0),   e_d' = -e_d/tau_d + max(-dw, 0),   "
        "dw = k e_p at noradrenaline,   -k e_d at serotonin"
    )
    presets = {
        "He 2015": {"tau_p": 5000.0, "tau_d": 2500.0},
        "Equal tags": {"tau_p": 3000.0, "tau_d": 3000.0},
    }

    tau_p = param(
        5000.0, "ms", (1, 1e6), "How long the tag for potentiation waits.", source="from memory of the paper"
    )
    tau_d = param(
        2500.0, "ms", (1, 1e6), "How long the tag for depression waits.", source="from memory of the paper"
    )
    k = param(
        1.0,
        "",
        (0, 1e3),
        "How much of a tag becomes weight.",
        source="our choice: a whole tag becomes weight",
    )
    cap = param(
        1.0,
        "",
        (1e-9, 1e9),
        "The fullest a tag can be, as a proposed change.",
        source="our choice: one full proposed change, so that pairs do not pile up",
    )

    ne = role("noradrenaline", doc="Turns the tag of pre before post into potentiation.")
    ht = role("serotonin", doc="Turns the tag of post before pre into depression.")
    e_p = field(0.0, "", "Tag for potentiation.", slow=True, limits=(0, INFINITY))
    e_d = field(0.0, "", "Tag for depression.", slow=True, limits=(0, INFINITY))

    @staticmethod
    def on_change(syn, p):
        syn.e_p = min(syn.e_p + max(syn.dw, 0.0), p.cap)
        syn.e_d = min(syn.e_d + max(-syn.dw, 0.0), p.cap)
        syn.dw = 0.0

    @staticmethod
    def advance(syn, p, dt):
        syn.e_p *= exp(-dt / p.tau_p)
        syn.e_d *= exp(-dt / p.tau_d)

    @staticmethod
    def on_release(syn, mod, p):
        up = clip(mod.ne_dose, 0.0, 1.0) * syn.e_p
        down = clip(mod.ht_dose, 0.0, 1.0) * syn.e_d
        syn.dw += p.k * (up - down)
        syn.e_p -= up
        syn.e_d -= down
