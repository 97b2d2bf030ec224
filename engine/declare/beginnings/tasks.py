"""What tasks make their patterns of: rows with one on, spikes by chance, pictures divided for a test."""

from math import log


def one_of(n):
    """The patterns in which one of n is on."""
    return [[int(a == b) for b in range(n)] for a in range(n)]


def spikes(rates, size, steps, luck):
    """Rows of 0 and 1, one a step of 1 ms: groups of `size` neurons spike by chance at their rate (Hz)."""
    rows = [[0.0] * (len(rates) * size) for _ in range(steps)]
    for k in range(len(rates) * size):
        chance = min(0.001 * rates[k // size], 1.0 - 1e-12)
        t = -1
        while chance > 0.0 and t < steps:
            t += 1 + min(steps, int(log(1.0 - luck.uniform()) / log(1.0 - chance)))
            if t < steps:
                rows[t][k] = 1.0
    return rows


def divided(stored, classes, asked):
    """The places of the pictures of each class to learn from, and those kept for the test, in one fixed mix.

    So many are `asked` in all, of each class by its share.
    """
    labels = [int(label) for label in stored["labels"]]
    mixed = sorted(range(len(labels)), key=lambda k: k * 7919 % 10007)
    places = [[k for k in mixed if labels[k] == one] for one in range(classes)]
    share = [len(rows) * asked / len(labels) for rows in places]
    kept = [int(s) for s in share]
    for one in sorted(range(classes), key=lambda c: kept[c] - share[c])[: asked - sum(kept)]:
        kept[one] += 1
    return [(rows[: len(rows) - n], rows[len(rows) - n :]) for rows, n in zip(places, kept, strict=True)]


def taken(stored, places, classes, target, white=16.0):
    """The pictures at some places as rates from 0 to 1, and what is to be said to each."""
    pictures, labels = stored["inputs"], stored["labels"]
    rows = [[float(pixel) / white for pixel in pictures[k]] for k in places]
    return rows, [[float(target(int(labels[k])) == c) for c in range(classes)] for k in places]
