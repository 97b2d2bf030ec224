"""Reward prediction error: rewards that are expected teach nothing, so weights stop to drift."""

import numpy as np

from engine import Network

TEXT = {
    "title": "An expected reward",
    "what": (
        "Thirty neurons drive one that fires by chance. Rewards come at random, paired with nothing, and "
        "every third time there is none. The dopamine they release is the reward less what was expected."
    ),
    "do": "Press play. Select the modulator and set its trials to a million: it then never learns to expect.",
    "watch": (
        "The first rewards push all weights up a little; then the expectation has caught up, dopamine dips "
        "as often as it rises, and the weights stay. Without it they drift to the bound."
    ),
    "why": (
        "Tags are on average positive, so a reward that is only ever more than nothing strengthens whatever "
        "happened to be active. What surprises has mean zero, and only what causes it is learned."
    ),
    "source": "Schultz, Dayan & Montague (1997) Science 275:1593-1599, doi:10.1126/science.275.5306.1593.",
    "off": "Without an expectation",
}
SECONDS = 60.0
SPEED = None
ORDER = 860
LAYOUT = {"plot": "Weights"}
REWARDS = np.arange(300.0, SECONDS * 1000.0, 400.0)


def build() -> Network:
    """Poisson trains onto one post train; dopamine that is told of rewards and of their absence."""
    net = Network(dt=1.0, seed=4)
    net.title = TEXT["title"]
    rows = np.arange(30)
    pre = net.add_population(
        "Pre", "relay", positions=np.column_stack([(rows % 10 - 4.5) * 45.0, rows // 10 * 45.0, 0.0 * rows])
    )
    post = net.add_population("Post", "relay", positions=[[0.0, -170.0, 0.0]])
    net.add_input("poisson", pre, label="activity", rate=10.0)
    net.add_input("poisson", post, label="activity", rate=10.0)
    reward = net.add_population("Reward", "relay", sign=+1, positions=[[330.0, 60.0, 0.0]])
    absent = net.add_population("No reward", "relay", sign=-1, positions=[[330.0, -60.0, 0.0]])
    none = np.arange(len(REWARDS)) % 3 == 2
    net.add_input("spike_list", reward, label="rewards", times=REWARDS[~none])
    net.add_input("spike_list", absent, label="left out", times=REWARDS[none])
    net.add_modulator("Dopamine", "reward_prediction", [*reward.ids, *absent.ids], {"trials": 6.0})
    rules = [("stdp_pair", {"lambda_": 0.003, "alpha": 0.8, "mu_plus": 0.0, "mu_minus": 0.0}), "dopamine"]
    way = net.add_projection("Pre to Post", pre, post, rules=rules, w_max=100.0)
    net.wire(way, "all_to_all", weight=40.0, delay=1.0)
    net.add_probe(way.ids, "weight", every=500.0)
    return net


def point(sim):
    """How far the mean weight moved in the second half."""
    held = sim.record(next(iter(sim.network.probes)))
    late = held["value"][held["t"] > SECONDS * 500.0]
    return float(np.mean(late[-30:]) - np.mean(late[:30])), 0.0, 1.5


def control(net: Network) -> Network:
    """It would take a million trials to expect anything: every reward counts in full."""
    net.set(next(iter(net.modulators)), trials=1e6)
    return net
