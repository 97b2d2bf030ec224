"""Mirror symmetry: on when the four input bits read the same from both ends.

After Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0 (theirs had six bits).
"""

from engine.declare import Task


class Symmetry(Task, slug="sym4", label="Mirror symmetry of 4 bits", family="Boolean"):
    @staticmethod
    def sizes(p):
        return 4, 1

    @staticmethod
    def patterns(p, luck, stored):
        rows = [[k >> b & 1 for b in range(4)] for k in range(16)]
        return {"train": [(rows, [[int(row == row[::-1])] for row in rows])]}
