"""Name the colour, or read the word: what is asked decides which of two sources reaches the mouth.

Stroop (1935) J. Exp. Psychol. 18:643-662; as conditional routing after Stocco, Lebiere & Anderson (2010)
Psychol. Rev. 117:541-574.  Eight colours, eight words and two cues in, eight answers out, every combination.
"""

from engine.declare import Task


class StroopRouting(Task, slug="stroop_routing", label="Stroop: colour or word", family="Cortex"):
    judged = "class"

    @staticmethod
    def sizes(p):
        return 18, 8

    @staticmethod
    def patterns(p, luck, stored):
        def one(which):
            return [float(k == which) for k in range(8)]

        rows = [(colour, word, cue) for colour in range(8) for word in range(8) for cue in (0, 1)]
        shown = [one(colour) + one(word) + [float(cue == 0), float(cue == 1)] for colour, word, cue in rows]
        return {"train": [(shown, [one(word if cue else colour) for colour, word, cue in rows])]}
