"""Associative reward-penalty: stochastic neurons try, and one reward tells all of them how good it was.

Barto & Anandan (1985) IEEE Trans. Syst. Man Cybern. 15:360-375, doi:10.1109/TSMC.1985.6313371; for area 7a
Mazzoni, Andersen & Jordan (1991) PNAS 88:4433-4437, doi:10.1073/pnas.88.10.4433.  With lambda 0 it is
REINFORCE (Williams 1992).  The title "A more biologically plausible learning rule than backpropagation
applied to a network model of cortical area 7a", often printed for the PNAS paper, is that of another one by
the same authors, in Cerebral Cortex 1991.
"""

from engine.declare import Learner, choice, param, phase, state, transfer, uniform, where


class RewardPenalty(Learner, slug="reward_penalty", label="Associative reward-penalty", family="Reward"):
    formula = "dw_ij = rho (r (y_i - p_i) + e_i) x_j,   e_i = lambda (1 - r) (1 - y_i - p_i)"
    layers = "rates are drawn depth by depth"
    luck = "sampled"
    by_chances = True
    assumption = "noise that explores; one reward for all synapses"
    phases = (
        phase("try", "forward", answer=True, colour="#4c78a8"),
        phase("reward", "judge", colour="#2ca02c"),
        phase("show", "backward", colour="#d62728", waits=False),
        phase("update", "update", colour="#7f7f7f"),
    )

    penalty = param(
        0.01,
        "",
        (0.0, 1.0),
        "lambda: how much a failure teaches the opposite.",
        source="our choice: small beside the reward, as the rule asks for",
    )
    output = choice(
        "reward",
        ("reward", "delta"),
        "How the target population learns: reward, or error.",
        source="our choice: reward alone, which is what the rule is about",
    )
    sampled = param(
        1.0,
        "",
        (0.0, 1.0),
        "1: neurons fire by chance; 0: they show their probability.",
        source="our choice: neurons fire by chance: that is how it explores",
    )
    exponent = param(
        0.5,
        "",
        (0.1, 4.0),
        "The reward is 1 minus the mean error to this power.",
        source="our choice: the square root, which keeps small errors worth mending",
    )
    chance = state(0.0, "", "Probability of being active.")
    led = state(0.0, "", "1 where the neuron is told its own error.")
    lead = state(0.0, "", "That error.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.chance = transfer(n.net, n.curve)
        drawn = where(uniform() < n.chance, 1.0, 0.0)
        n.x = where(p.sampled > 0.5, drawn, n.chance)

    @staticmethod
    def judge(n, p, m):
        return abs(n.target - n.x)

    @staticmethod
    def reward(m, p):
        return 1.0 - m.score**p.exponent

    @staticmethod
    def teach(n, p, m):
        n.led = where(p.output == 1, 1.0, 0.0)
        n.lead = n.target - n.chance

    @staticmethod
    def update(syn, pre, post, p, m):
        tried = post.x - post.chance
        missed = 1.0 - post.x - post.chance
        blind = m.reward * tried + p.penalty * (1.0 - m.reward) * missed
        syn.dw += p.eta * where(post.led > 0.5, post.lead, blind) * pre.x

    @staticmethod
    def tune(n, p, m):
        blind = m.reward * (n.x - n.chance) + p.penalty * (1.0 - m.reward) * (1.0 - n.x - n.chance)
        n.db = p.eta * where(n.led > 0.5, n.lead, blind)
