"""Back-propagation in which an output is left alone where its class does not occur in the batch.

Ours, for the question what forgetting costs: outputs of earlier lessons are not taught to be silent.
"""

from engine.declare import SentBack, param, state, where


class SilentOutputs(
    SentBack, slug="silent_outputs", label="Back-propagation, silent outputs", family="Continual"
):
    formula = "delta_k = d_k - y_k only where class k occurs in the batch"
    assumption = "as back-propagation, and a teacher that marks which classes are there"
    caveat = (
        "With batches of one pattern only the right output learns, and only upwards: nothing is told apart."
    )

    batch = param(
        10.0,
        "",
        (1.0, 1e6),
        "How many patterns are seen before the weights change.",
        whole=True,
        source="our choice: ten, as in our table of forgetting, so that several classes occur in most",
    )
    seen = state(0.0, "", "Whether the class of this output occurs in the batch.")

    @staticmethod
    def teach(n, p, m):
        n.delta = where(n.seen > 0.5, n.target - n.x, 0.0)
