"""Back-propagating action potentials: a spike runs back into the dendrite and tells each synapse "I fired".

Magee & Johnston (1997) Science 275:209-213, doi:10.1126/science.275.5297.209; review: Waters, Schaefer &
Sakmann (2005) Prog. Biophys. Mol. Biol. 87:145-170.  One bit for one neuron's own inputs: with
Oja's rule (1982) it finds what its inputs have in common, and stays at chance where an error must be known.
On the same anatomy a spike that becomes a burst under apical input can carry one: see `burst`, and in spikes
the rule `burst_dependent`.
The review describes such spikes; it does not propose them as an equivalent of back-propagation.
"""

from engine.declare import Learner, phase, transfer


class ReturningSpike(Learner, slug="returning_spike", label="Back-propagating spike", family="Dendrites"):
    formula = "dw_ij = eta y_i (x_j - y_i w_ij)"
    layers = "activity runs depth by depth"
    assumption = "nothing: it carries no error, so it cannot assign credit"
    phases = (
        phase("forward", "forward", answer=True, colour="#4c78a8"),
        phase("update", "update", colour="#7f7f7f"),
    )

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * post.x * (pre.x - post.x * syn.w)
