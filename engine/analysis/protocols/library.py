"""The protocols there are, each with its paper, what was found, and how the run here differs from it."""

from __future__ import annotations

from engine.analysis.protocols import published, trains
from engine.analysis.protocols.kinds import Protocol
from engine.analysis.protocols.published import MEMORY

PROTOCOLS: tuple[Protocol, ...] = (
    Protocol(
        "pair", "Pairs at 1 Hz", "Sixty pairs, one a second, for lags from -100 to 100 ms.",
        "Bi & Poo (1998) J. Neurosci. 18:10464, doi:10.1523/JNEUROSCI.18-24-10464.1998",
        "Squares lie on the curve fitted to their cells, not on the cells: time constants as the triplet"
        f" rule of NEST has them, amplitudes {MEMORY} (Bi & Wang 2002).",
        "There the presynaptic neuron fired its partner; here both are made to fire at the lag.",
        "t post - t pre (ms)", trains.pairs, published.BI_POO,
    ),
    Protocol(
        "ramp", "Pairs at rising rates", "Sixty pairs, 10 ms apart, at 0.1 to 50 Hz, in both orders.",
        "Sjostrom, Turrigiano & Nelson (2001) Neuron 32:1149, doi:10.1016/S0896-6273(01)00542-6",
        "Means and standard errors as in the public code of Graupner & Brunel (2012); the paper was not"
        " read.",
        "There five pairs at a time, fifteen times, 10 s apart; here sixty in a row, as models are fitted"
        " to them.",
        "pairs per second", trains.ramp, published.SJOSTROM, shows=(published.BEFORE, published.AFTER),
    ),
    Protocol(
        "triplet", "Triplets", "Sixty triplets, one a second, with one or two spikes on either side.",
        "Wang, Gerkin, Nauen & Bi (2005) Nat. Neurosci. 8:187, doi:10.1038/nn1387",
        "Numbers as models since Pfister & Gerstner (2006) were fitted to; the paper was not read.",
        "There lags of 5 and 10 ms in equal pairs, and unequal ones that are not run here.",
        "half width of the triplet (ms)", trains.triplets, published.WANG,
        shows=(published.OUTSIDE, published.INSIDE),
    ),
    Protocol(
        "burst", "Bursts after one spike",
        "One presynaptic spike with one to three postsynaptic ones at 50 Hz, sixty times, 10 s apart.",
        "Nevian & Sakmann (2006) J. Neurosci. 26:11001, doi:10.1523/JNEUROSCI.1749-06.2006",
        "Means and standard errors of the text of their results, read in a transcript of the paper (its"
        " figure 2 gives slightly other ones).",
        "There an extracellular pulse of many fibres gave the EPSP, in cortical slices; here one synapse"
        " is reached by one spike. The lag is that of the first spike of the burst.",
        "first post - pre (ms)", trains.bursts_of_spikes, published.NEVIAN,
        shows=tuple(published.SPIKES.values()),
    ),
    Protocol(
        "pair_burst", "Bursts of pairs", "Five pairs at 10 Hz, fifteen times, four seconds apart.",
        "Markram, Lubke, Frotscher & Sakmann (1997) Science 275:213, doi:10.1126/science.275.5297.213",
        "In words, as its abstract says: the order of the two spikes, 10 ms apart, decides between up and"
        f" down. That nothing happens at 100 ms is {MEMORY}; no percentages were found that could be"
        " checked.",
        f"Counts and pauses are {MEMORY}, which has ten to fifteen bursts.",
        "t post - t pre (ms)", trains.bursts_of_pairs,
    ),
    Protocol(
        "tetanus", "Tetanus and low frequency", "900 pulses at 1 to 50 Hz, or 3 x 1 s at 100 Hz.",
        "Dudek & Bear (1992) PNAS 89:4363, doi:10.1073/pnas.89.10.4363; 100 Hz after Bliss & Lomo (1973)"
        " J. Physiol. 232:331, doi:10.1113/jphysiol.1973.sp010273",
        "Slow trains weakened and fast ones strengthened, with none at a rate between (read in Rodrigues"
        " et al. 2023, eLife 80152); their percentages were not found. Squares: visual cortex of rats"
        " reared in light, from the table under Dark rearing. Bliss & Lomo give how often potentiation"
        " came, not how much (their summary).",
        "Nobody saw when the cell fired, so it is tried three ways. How many pulses the squares had at 10"
        " and 100 Hz was not found; Bliss & Lomo gave 100 Hz for 3 to 4 s.",
        "pulses per second", trains.tetanus, published.REARED_IN_LIGHT, logarithmic=True,
        shows=(trains.FOLLOWS, trains.ASTRAY, trains.ALONE),
    ),
    Protocol(
        "theta_burst", "Theta bursts", "Ten bursts of four pulses at 100 Hz, 0.1 to 2 s apart.",
        "Larson, Wong & Lynch (1986) Brain Res. 368:347, doi:10.1016/0006-8993(86)90579-2",
        "In words, as its abstract says: bursts 2 s apart did very little, shorter intervals"
        " strengthened, 0.2 s the most. It gives no percentages.",
        f"That there were ten bursts is {MEMORY}. Here post fires 5 ms after each pulse. What makes 0.2 s"
        " the best, inhibition that tires, is not in one synapse: a pair rule finds no optimum.",
        "seconds between bursts", trains.theta, logarithmic=True,
    ),
    Protocol(
        "dark_rearing", "Dark rearing",
        "Post fires at 10 Hz (light) or 1 Hz (dark) for five minutes; then pulses: 900 at 1 and 2 Hz, 120"
        " above.",
        "Kirkwood, Rioult & Bear (1996) Nature 381:526, doi:10.1038/381526a0",
        "Means and errors as in a public script that draws the curves for light and dark; it names no"
        f" paper, and that they are those of this one is {MEMORY}. Numbers of pulses as in a later study of"
        " dark exposure (PMC3496177, legend of figure 3).",
        "There rats lived in the dark for weeks; here five minutes of firing at rates of our choice stand"
        " for it. The curves part only where a rule remembers its neuron's rate for longer than the test"
        " lasts (tau_bar of the sliding triplet rule). Post fires as often as pre, at every lag.",
        "pulses per second", trains.dark, published.KIRKWOOD, logarithmic=True,
        shows=(published.LIGHT, published.DARK),
    ),
    Protocol(
        "ttx", "Silence (TTX)",
        "No spike at all for up to 48 hours, of which slow rules pass one in a second.",
        "Turrigiano et al. (1998) Nature 391:892, doi:10.1038/36103",
        f"190 % after 48 h is {MEMORY}. Wierenga, Ibata & Turrigiano (2005, PMC6725152) say in their"
        " abstract that synapses more than doubled in one to two days.",
        "There all synapses of a culture; here one. At rest a rule with tau_sc grows by exp(t / tau_sc):"
        " 190 % after 48 h is a tau_sc of 75 h (2.7e8 ms); the default of 100 s, made for short runs,"
        " meets its bound.",
        "hours of silence", trains.ttx, published.TURRIGIANO,
    ),
)  # fmt: skip
BY_SLUG = {protocol.slug: protocol for protocol in PROTOCOLS}
