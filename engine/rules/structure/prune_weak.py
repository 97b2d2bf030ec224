"""Prune weak: a synapse that stays weak for long enough is removed.

Activity-dependent elimination of weak contacts: Grutzendler, Kasthuri & Gan (2002) Nature 420:812-816,
doi:10.1038/nature01276.
"""

from engine.declare import INFINITY, Structure, field, param, where


class PruneWeak(Structure, slug="prune_weak", label="Prune weak", family="Pruning"):
    why = "weak for {for_:g} ms"
    formula = "w < below  for longer than  for_  ->  pruned"

    below = param(
        1.0,
        "",
        (0, 1e9),
        "Weight under which a synapse counts as weak, in the weight's own unit.",
        source="our choice: 1 in the weight's own unit; there is no published threshold for it",
    )
    for_ = param(
        2000.0,
        "ms",
        (0, 1e12),
        "How long it may stay weak.",
        source="our choice: two seconds, so that one weak moment is forgiven",
    )
    update = param(
        100.0,
        "ms",
        (0.1, 1e6),
        "How often it is looked at.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    weak_for = field(0.0, "ms", "How long it has been weak.", slow=True, limits=(0, INFINITY))

    @staticmethod
    def on_slow(syn, p, dt):
        syn.weak_for = where(syn.w < p.below, syn.weak_for + dt, 0.0)
        syn.doomed = where(syn.weak_for >= p.for_, 1.0, 0.0)
