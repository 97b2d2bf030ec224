"""One leaky integrate-and-fire neuron and a current that rises in steps."""

from engine import Network

TEXT = {
    "title": "One neuron",
    "what": "A leaky integrate-and-fire neuron with an electrode in it. The current rises in steps.",
    "do": "Press play and watch the membrane; then change the current, or the time constant tau_m.",
    "watch": "At 300 pA it charges and never fires. Above 375 pA it fires, and faster with every step.",
    "why": (
        "When the current is small, charge leaks out as fast as it comes in: the leak makes the threshold "
        "of firing. The rate follows 1 / (t_ref + tau_m ln(RI / (RI - 15 mV)))."
    ),
    "source": (
        "Lapicque (1907) J. Physiol. Pathol. Gen. 9:620-635; exact on a grid: Rotter & Diesmann (1999) "
        "Biol. Cybern. 81:381-402, doi:10.1007/s004220050570."
    ),
    "off": "Without the leak",
}
SECONDS = 2.5
SPEED = 0.1
ORDER = 101
LAYOUT = {"plot": "Membrane"}
STEPS = {100.0: 300.0, 500.0: 400.0, 1000.0: 500.0, 1500.0: 800.0}
"""When the current changes (ms), and what it changes to (pA)."""


def build() -> Network:
    """One neuron, one electrode for its membrane, one current in steps."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    neuron = net.add_population("Neuron", "iaf_psc_exp", size=1, sign=+1, positions=[[0.0, 0.0, 0.0]])
    net.add_input(
        "step_current",
        neuron,
        label="300, 400, 500, 800 pA",
        times=list(STEPS),
        amplitudes=list(STEPS.values()),
    )
    net.add_probe(neuron, "v", every=0.5)
    return net


def point(sim):
    """Its rate at 500 pA is the closed form of the leaky integrator, 63.0 Hz."""
    t = sim.spikes()["t"]
    during = t[(t > 1050.0) & (t <= 1500.0)]
    measured = 1000.0 * (len(during) - 1) / (during[-1] - during[0])
    return measured, 63.04, 0.5


def control(net: Network) -> Network:
    """No leak: the membrane forgets nothing, and every charge adds up to a spike in the end."""
    net.set(net.population("Neuron"), tau_m=1e5)
    return net
