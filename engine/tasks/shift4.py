"""Shifter: by how much is the second half of the input a shifted copy of the first?

After Hinton & Sejnowski (1986) in Parallel Distributed Processing 1, chapter 7 (theirs had eight bits); the
copy is rotated by -1, 0 or +1, and pairs that more than one rotation explains are left out.
"""

from engine.declare import Task


class Shifter(Task, slug="shift4", label="Shifter of 4 bits", family="Boolean"):
    @staticmethod
    def sizes(p):
        return 8, 3

    @staticmethod
    def patterns(p, luck, stored):
        found = {}
        for k in range(16):
            bits = [k >> b & 1 for b in range(4)]
            for which, by in enumerate((-1, 0, 1)):
                row = (*bits, *(bits[(b - by) % 4] for b in range(4)))
                found.setdefault(row, []).append(which)
        sure = {row: which[0] for row, which in found.items() if len(which) == 1}
        return {
            "train": [([list(row) for row in sure], [[int(a == w) for a in range(3)] for w in sure.values()])]
        }
