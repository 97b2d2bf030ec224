"""Handwritten digits of 8 x 8 pixels, 1437 to learn from and 360 to be asked; at once or in five lessons.

Alpaydin & Kaynak (1998) Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
doi:10.24432/C50P49, licence CC BY 4.0: the 1797 images of its test part, pixels from 0 to 16.
The lessons follow split MNIST (Zenke, Poole & Ganguli 2017, arXiv:1703.04200): two classes each.
"""

from engine.declare import Task, choice, param

PIXELS, CLASSES, ASKED = 64, 10, 360


def divided(stored):
    """The images of each class to learn from, and those kept for the test, 360 in all, in one fixed mix."""
    labels = [int(label) for label in stored["labels"]]
    mixed = sorted(range(len(labels)), key=lambda k: k * 7919 % 10007)
    places = [[k for k in mixed if labels[k] == digit] for digit in range(CLASSES)]
    share = [len(rows) * ASKED / len(labels) for rows in places]
    kept = [int(s) for s in share]
    for digit in sorted(range(CLASSES), key=lambda d: kept[d] - share[d])[: ASKED - sum(kept)]:
        kept[digit] += 1
    return [(rows[: len(rows) - n], rows[len(rows) - n :]) for rows, n in zip(places, kept, strict=True)]


def taken(stored, places, classes, target):
    """The images at some places as rates from 0 to 1, and what is to be said to each."""
    images, labels = stored["inputs"], stored["labels"]
    rows = [[float(pixel) / 16.0 for pixel in images[k]] for k in places]
    return rows, [[float(target(int(labels[k])) == c) for c in range(classes)] for k in places]


class Digits(Task, slug="digits", label="Handwritten digits, 8 x 8", family="Pictures"):
    file = "digits.npz"
    judged = "class"
    criterion = 0.9

    @staticmethod
    def sizes(p):
        return PIXELS, CLASSES

    @staticmethod
    def patterns(p, luck, stored):
        parts = divided(stored)
        sides = ([k for part in parts for k in part[side]] for side in (0, 1))
        train, test = (taken(stored, places, CLASSES, lambda label: label) for places in sides)
        return {"train": [train], "test": [test]}


class SplitDigits(Task, slug="split_digits", label="Digits in five lessons", family="Continual"):
    file = "digits.npz"
    judged = "class"
    criterion = 0.9

    heads = choice(
        "class",
        ("class", "domain"),
        "Ten outputs, or two that say whether the digit is odd.",
        source="our choice: the harder of the two usual ways to ask",
    )
    epochs = param(
        10.0,
        "",
        (1.0, 1e6),
        "Epochs for each lesson.",
        whole=True,
        source="our choice: enough to learn a lesson, few enough to watch",
    )
    replay = param(
        0.0,
        "",
        (0.0, 1e4),
        "How many earlier images are kept, to be half of each lesson.",
        whole=True,
        source="our choice: none: forgetting is the question",
    )

    @staticmethod
    def sizes(p):
        return PIXELS, 2 if p.heads == 1 else 10

    @staticmethod
    def patterns(p, luck, stored):
        parts, classes = divided(stored), 2 if p.heads == 1 else 10
        train, test, earlier = [], [], []
        for lesson in range(5):
            for asked, made in ((0, train), (1, test)):
                places = [k for digit in (2 * lesson, 2 * lesson + 1) for k in parts[digit][asked]]
                again = []
                if not asked and p.replay and earlier:
                    kept = luck.shuffled(earlier)[: int(p.replay)]
                    again = [kept[k % len(kept)] for k in range(len(places))]
                made.append(taken(stored, places + again, classes, lambda label: label % classes))
                if not asked:
                    earlier = earlier + places
        return {"train": train, "test": test}
