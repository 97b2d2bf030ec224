"""Burst-dependent rule in spikes: bursts that come back to dendrites teach the synapses at the soma.

Payeur, Guerguiev, Zenke, Richards & Naud (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x.
Events, a burst being one, run up; bursts alone run down over drawn feedback synapses into dendrites, where
they make more bursts.  A teacher drives the dendrites of the target population, and while it speaks synapses
learn from bursts that are more than usual.  Its reduction to steady rates is the card `burst`; the rule on
any synapse of a running circuit is the card `burst_dependent`.
"""

from math import exp

from engine.declare import Learner, field, param, phase, state

MEMORY = "Payeur et al. 2021, from memory"


class BurstSpikes(Learner, slug="burst_spikes", label="Burst-dependent rule, in spikes", family="Spiking"):
    formula = "dw = eta sum_t (B - P E)(t) F(E_pre)(t) while taught,   P = <B> / <E>"
    streams = True
    feedback_from = "step"
    runs = {"ex": "net", "dendrite": "back", "dendrite_current": "apical"}
    reads_neurons = ("burst", "bursting")
    assumption = "synapses that pass events up and bursts down, and a word to all when it is time to learn"
    caveat = (
        "Not reliable on exclusive or: three seeds of 896 trials end with 84, 81 and 64 % of the test right "
        "(half is chance), the last with 69 to 78 % after twice as many, one side between far ahead of the "
        "other. A unit of the paper is a whole ensemble of neurons. Here each neuron learns by itself, and "
        "it is nearly a switch: with less than 100 pA into its dendrite no event of the taught half is a "
        "burst, so that it cannot burst less, and from 250 pA all are. What is usual is counted over whole "
        "trials, and untaught 68 % of events are bursts in their first 50 ms, 15 % in the taught half: at "
        "first all inputs lose weight, also those that were right."
    )
    phases = (
        phase("spike", "forward", answer=True, colour="#4c78a8"),
        phase("burst", "backward", colour="#d62728"),
        phase("remember", "trace", colour="#9467bd"),
        phase("update", "update", colour="#7f7f7f"),
    )

    eta = param(
        4.0,
        "pA",
        (0.0, 1e6),
        "Change for one burst and one recent presynaptic event.",
        source="our choice: a hundredth or two of the weights that drive such neurons",
    )
    tau_pre = param(50.0, "ms", (0.1, 1e5), "How long a presynaptic event is remembered.", source=MEMORY)
    tau_avg = param(
        3000.0,
        "ms",
        (1.0, 1e7),
        "Over how long it is counted what is usual.",
        source="our choice: several trials of each kind, and still fast enough to follow what was learned",
    )
    zeta = param(
        600.0,
        "pA",
        (0.0, 1e6),
        "Current of the teacher into a dendrite, for an answer that is wrong by all of it.",
        source="our choice: half a plateau",
    )
    full = param(
        20.0,
        "Hz",
        (1e-3, 1e6),
        "Events a second that are a target of 1.",
        source="our choice: what such neurons reach under a steady drive",
    )
    tau_said = param(
        100.0,
        "ms",
        (0.1, 1e5),
        "Over how long the teacher counts events.",
        source="our choice: a few of them",
    )
    event = state(0.0, "", "1 in the step of a spike that is alone, or the first of a burst.")
    teaches = state(0.0, "", "What this step's spike says: 1 - P for a burst, -P for an event.")
    said = state(0.0, "Hz", "Events a second of late.")
    apical = state(0.0, "pA", "What the teacher sends into the dendrite.")
    events = state(5.0, "", "Events it remembers.", slow=True)
    bursts = state(1.0, "", "Bursts it remembers.", slow=True)
    low = field(0.0, "", "Low-pass of the presynaptic events.")
    sum_ = field(0.0, "", "What the stream adds up to.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x * (1.0 - pre.bursting)

    @staticmethod
    def fire(n, p, m):
        keep = exp(-1.0 / p.tau_avg)
        n.event = n.x * (1.0 - n.bursting)
        n.teaches = n.burst - n.bursts / max(n.events, 1e-9) * n.event
        n.events = keep * n.events + n.event
        n.bursts = keep * n.bursts + n.burst
        n.said = exp(-1.0 / p.tau_said) * n.said + 1000.0 / p.tau_said * n.event

    @staticmethod
    def teach(n, p, m):
        n.apical = m.asked * p.zeta * (n.target - min(n.said / p.full, 1.0))

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.burst

    @staticmethod
    def trace(syn, pre, post, p, m):
        syn.low = exp(-1.0 / p.tau_pre) * syn.low + pre.x * (1.0 - pre.bursting)
        syn.sum_ += m.asked * post.teaches * syn.low

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * syn.sum_
