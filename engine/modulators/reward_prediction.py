"""Reward prediction error: what is released is the reward less the reward that was expected.

Schultz, Dayan & Montague (1997) Science 275:1593-1599, doi:10.1126/science.275.5306.1593; that learning
without bias needs a modulator of mean zero: Fremaux, Sprekeler & Gerstner (2010) J. Neurosci. 30:13326-13337,
doi:10.1523/JNEUROSCI.6249-09.2010.  Every spike of a source ends a trial: one of an excitatory neuron, or the
user's hand, is a reward, one of an inhibitory neuron an outcome without (a reward that was left out).  The
expectation is a running mean over trials; better than expected releases more, worse less than nothing.
"""

from engine.declare import SUBSTANCES, Modulator, choice, param, state


class RewardPrediction(
    Modulator, slug="reward_prediction", label="Reward prediction error", family="Volume transmission"
):
    formula = "delta = r - V,   V += delta / trials,   release amount delta"
    presets = {"Quick to expect": {"trials": 10.0}, "Slow to expect": {"trials": 100.0}}

    substance = choice(
        "dopamine",
        SUBSTANCES,
        "What it is; any: whatever a rule waits for.",
        source="Schultz, Dayan & Montague (1997): errors of prediction in dopamine neurons",
    )
    amount = param(
        1.0,
        "",
        (0, 1e6),
        "How much an error of 1 releases.",
        source="our choice: an error of one is one release",
    )
    trials = param(
        20.0, "", (1, 1e6), "Trials over which rewards are averaged.", source="Fremaux 2010: 10-100"
    )
    reward = param(
        1.0,
        "",
        (-1e6, 1e6),
        "What a spike of an excitatory source is worth.",
        source="our choice: one spike of the source is one reward",
    )
    omitted = param(
        0.0,
        "",
        (-1e6, 1e6),
        "What a spike of an inhibitory source is worth.",
        source="our choice: no reward is worth nothing",
    )
    expected = param(
        0.0,
        "",
        (-1e6, 1e6),
        "The reward expected at the start.",
        source="our choice: a naive animal expects nothing",
    )
    sigma = param(
        0.0,
        "um",
        (0, 1e5),
        "How far a source is felt; 0: everywhere alike.",
        source="our choice: everywhere alike; 10 to 100 um in tissue",
    )
    tonic = param(0.0, "", (0, 1e6), "The level at rest, in releases.", source="our choice: nothing at rest")

    v = state("expected", "", "The reward that is expected.")

    @staticmethod
    def release(n, inp, p):
        error = p.reward * inp.up + p.omitted * inp.down - n.v
        n.v += error / p.trials
        inp.dose = p.amount * error
