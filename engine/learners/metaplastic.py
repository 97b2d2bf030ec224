"""Back-propagation with synapses that remember how much they have changed, and slow down.

Ours, a local form of metaplasticity: the sum of what a synapse has changed, up and down, divides its rate.
"""

from engine.declare import SentBack, SlowedByChange


class Metaplastic(
    SlowedByChange,
    SentBack,
    slug="metaplastic",
    label="Back-propagation, metaplastic rate",
    family="Continual",
):
    formula = "dw_ji = eta delta_j x_i / (1 + c sum |dw_ji|)"
    assumption = "as back-propagation, and synapses that remember how much they have changed"
