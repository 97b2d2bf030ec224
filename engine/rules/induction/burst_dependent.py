"""Burst-dependent plasticity: a burst strengthens the synapses that were active, a single spike weakens them.

Payeur, Guerguiev, Zenke, Richards & Naud (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x.
Spikes that follow each other sooner than `burst_isi` are one event; from the second spike on it is a burst.
What counts is whether a neuron bursts more often than it usually does, so whatever moves its apical
dendrite (see `burst_unit`) teaches the synapses at its soma.
"""

from math import exp

from engine.declare import Induction, param, quantity, where

MEMORY = "Payeur et al. 2021, from memory"


class BurstDependent(Induction, slug="burst_dependent", label="Burst-dependent", family="Dendrites"):
    formula = "dw = eta (B - P E) x   at an event E or a burst B of the post neuron,   P = <B> / <E>"

    eta = param(
        1.0,
        "",
        (0, 1e6),
        "Change for one burst and one recent presynaptic event.",
        source="our choice: one, so that the weight's unit sets the size",
    )
    tau_pre = param(50.0, "ms", (0.1, 1e5), "How long a presynaptic event is remembered.", source=MEMORY)
    tau_avg = param(15000.0, "ms", (1.0, 1e7), "Over how long it is counted what is usual.", source=MEMORY)
    burst_isi = param(16.0, "ms", (0.1, 1e3), "Spikes nearer than this are a burst.", source=MEMORY)
    e_first = param(
        5.0,
        "",
        (1e-6, 1e6),
        "Events it seems to remember at the start.",
        source="our choice: with b_first, one event in five is a burst",
    )
    b_first = param(
        1.0,
        "",
        (0, 1e6),
        "Bursts it seems to remember at the start.",
        source="our choice: see e_first",
    )

    x = quantity("pre", 0.0, "", "Recent presynaptic events.")
    pre_since = quantity("pre", 1e6, "ms", "Time since the last presynaptic spike.")
    since = quantity("post", 1e6, "ms", "Time since the last spike.")
    bursting = quantity("post", 0.0, "", "1 from the second spike of a burst to its last.")
    events = quantity("post", "e_first", "", "Events it remembers.")
    bursts = quantity("post", "b_first", "", "Bursts it remembers.")
    teaches = quantity("post", 0.0, "", "What this step's spike says: 1 - P for a burst, -P for an event.")

    @staticmethod
    def on_pre_neuron(pre, p, h):
        pre.x = exp(-h / p.tau_pre) * pre.x
        pre.pre_since = min(pre.pre_since + h, 1e6)
        if pre.spiked > 0.0:
            pre.x = pre.x + where(pre.pre_since < p.burst_isi, 0.0, 1.0)
            pre.pre_since = 0.0

    @staticmethod
    def on_neuron(post, p, h):
        keep = exp(-h / p.tau_avg)
        usual = post.bursts / max(post.events, 1e-9)
        post.events = keep * post.events
        post.bursts = keep * post.bursts
        post.since = min(post.since + h, 1e6)
        post.teaches = 0.0
        if post.spiked > 0.0:
            soon = where(post.since < p.burst_isi, 1.0, 0.0)
            first = soon * (1.0 - post.bursting)
            post.teaches = first - (1.0 - soon) * usual
            post.events = post.events + (1.0 - soon)
            post.bursts = post.bursts + first
            post.bursting = soon
            post.since = 0.0

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.eta * post.teaches * pre.x
