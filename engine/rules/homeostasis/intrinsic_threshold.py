"""Intrinsic excitability: a neuron that fires too little becomes easier to excite, too much harder.

Synapses stay as they are; what moves is a current of the neuron's own, which shifts its threshold for every
input alike.  Desai, Rutherford & Turrigiano (1999) Nat. Neurosci. 2:515-520, doi:10.1038/9165.
"""

from engine.declare import Homeostasis, clip, param, trace


class IntrinsicThreshold(
    Homeostasis, slug="intrinsic_threshold", label="Intrinsic excitability", family="Homeostasis"
):
    formula = "dI/dt = step (1 - r/target) / tau_theta"
    seeks = "rate"

    target = param(
        5.0,
        "Hz",
        (1e-6, 1e4),
        "The rate the neuron tries to keep.",
        source="our choice: 5 Hz, as the NEST example of structural plasticity keeps",
    )
    step = param(
        100.0,
        "pA",
        (0, 1e6),
        "Change of the current in one tau_theta of silence.",
        source="our choice: a quarter of the current that brings a default neuron to threshold",
    )
    tau_theta = param(
        100000.0,
        "ms",
        (1, 1e12),
        "How fast the threshold follows.",
        source="our choice: hours in life (Desai 1999), a hundred seconds here",
    )
    tau_h = param(
        10000.0,
        "ms",
        (1, 1e9),
        "Over how long the neuron averages its rate.",
        source="our choice: a tenth of tau_theta, so that it does not swing",
    )
    most = param(
        10000.0,
        "pA",
        (0, 1e9),
        "The current stays within plus and minus this.",
        source="our choice: far beyond what any neuron here needs; it only keeps numbers finite",
    )
    update = param(
        100.0,
        "ms",
        (0.1, 1e6),
        "How often the current is adjusted.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    h = trace("post", tau="tau_h", doc="Running count of the neuron's spikes; its rate is h/tau_h.")

    @staticmethod
    def on_neuron(post, p, dt):
        rate = 1000.0 * post.h / p.tau_h
        post.bias = clip(post.bias + p.step * dt / p.tau_theta * (1.0 - rate / p.target), -p.most, p.most)

    @staticmethod
    def set_point(p):
        """The rate (Hz) it keeps."""
        return p.target

    @staticmethod
    def pace(p):
        """The ms in which an error of one target shows."""
        return p.tau_theta

    @staticmethod
    def looks_back(p):
        """The ms over which it averages the rate."""
        return p.tau_h
