"""Handwritten digits of 8 x 8 pixels, 1437 to learn from and 360 to be asked.

Alpaydin & Kaynak (1998) Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
doi:10.24432/C50P49, licence CC BY 4.0: the 1797 images of its test part, pixels from 0 to 16.
"""

from engine.declare import Task
from engine.declare.beginnings.tasks import divided, taken


class Digits(Task, slug="digits", label="Handwritten digits, 8 x 8", family="Pictures"):
    file = "digits.npz"
    judged = "class"
    criterion = 0.9

    @staticmethod
    def sizes(p):
        return 64, 10

    @staticmethod
    def patterns(p, luck, stored):
        parts = divided(stored, 10, 360)
        sides = ([k for part in parts for k in part[side]] for side in (0, 1))
        train, test = (taken(stored, places, 10, lambda label: label) for places in sides)
        return {"train": [train], "test": [test]}
