"""A table of one's own: every row gives the rates of the input neurons and the targets to be learned."""

from engine.declare import Task, series


class Table(Task, slug="table", label="Your own table", family="Own"):
    inputs = series("", "The patterns, one row of input rates after the other.")
    targets = series("", "The targets, one row after the other.")

    @staticmethod
    def patterns(p, luck, stored):
        inputs = stored.get("inputs", [])
        return {"train": [(inputs, stored.get("targets", [[]] * len(inputs)))]}
