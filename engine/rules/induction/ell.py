"""Electric lobe rule: each presynaptic spike strengthens a little; a broad spike soon after weakens more.

Bell, Han, Sugawara & Grant (1997) Nature 387:278-281, doi:10.1038/387278a0; Han, Grant & Bell (2000) Neuron
27:611-622, doi:10.1016/S0896-6273(00)00070-2; Roberts & Bell (2000) J. Comput. Neurosci. 9:67-83,
doi:10.1023/A:1008976814257.  The cell learns the negative image of whatever its input predicts.
"""

from math import exp

from engine.declare import Induction, choice, param, trace, where


class Ell(Induction, slug="ell", label="Electric lobe (ELL) rule", family="Anti-Hebbian"):
    hears = "broad"
    formula = "+alpha_p  at pre,   -beta_d x  at a broad spike,   x' = -x/tau"
    presets = {
        "a dendrite that fires broad spikes": {"spikes": "every"},
        "broad spikes from elsewhere": {"spikes": "broad"},
    }

    tau = param(
        20.0,
        "ms",
        (0.1, 1e4),
        "How long a presynaptic spike is remembered.",
        source="from memory of the paper",
    )
    alpha_p = param(
        0.01,
        "",
        (0, 1e6),
        "What a presynaptic spike adds, in the weight's unit.",
        source="our choice: for weights of order 1; beta_d is five times as large so that a timed spike wins",
    )
    beta_d = param(
        0.05,
        "",
        (0, 1e6),
        "What a broad spike right after it takes away, in the weight's unit.",
        source="our choice: for weights of order 1; depression by a timed spike outweighs one pulse alone",
    )
    spikes = choice(
        "broad",
        ("broad", "every"),
        "Broad: spikes that reach the neuron over a broad-spike projection, not its own narrow "
        "ones. Every: its own spikes, where the neuron stands for the dendrite that fires broad ones.",
        source="Bell 1997: only the broad dendritic spike depresses",
    )

    x = trace("pre", tau="tau", doc="Recent presynaptic spikes.")

    @staticmethod
    def on_pre(syn, p):
        syn.dw += p.alpha_p

    @staticmethod
    def on_post(syn, pre, p):
        syn.dw -= where(p.spikes == 1, p.beta_d * pre.x, 0.0)

    @staticmethod
    def on_event(syn, pre, p):
        syn.dw -= where(p.spikes == 0, p.beta_d * pre.x, 0.0)

    @staticmethod
    def window(dt, p):
        """What a broad spike takes away, `dt` = t_broad - t_pre (ms); each pre spike adds alpha_p besides."""
        return -p.beta_d * exp(-dt / p.tau) if dt > 0 else 0.0
