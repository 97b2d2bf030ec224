"""Handwritten digits of 8 x 8 pixels in five lessons of two digits: what is left of the first at the end?

Alpaydin & Kaynak (1998) Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
doi:10.24432/C50P49, licence CC BY 4.0: the 1797 images of its test part, pixels from 0 to 16.
The lessons follow split MNIST (Zenke, Poole & Ganguli 2017, arXiv:1703.04200).
"""

from engine.declare import Task, choice, param
from engine.declare.beginnings.tasks import divided, taken


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
        return 64, 2 if p.heads == 1 else 10

    @staticmethod
    def patterns(p, luck, stored):
        parts, classes = divided(stored, 10, 360), 2 if p.heads == 1 else 10
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
