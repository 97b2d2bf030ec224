"""`check`: everything wrong with a file, each with its place and its cure, and what may surprise in it."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import Answer, add_command
from engine.counting import counted
from engine.errors import FileError

Told = tuple[str, str, str]
DAMAGED = "open it in the window to keep what can still be read, or take an older copy"


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `check`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "check",
        "validate a file and name every problem with its place and its cure",
        ["check circuit.neuropil", "check circuit.neuropil --json"],
    )
    parser.add_argument("file", metavar="FILE", help="a .neuropil file")
    parser.set_defaults(answer=answer)


def answer(args: argparse.Namespace) -> Answer:
    """Read the file as far as it can be read and check the network in it.

    The exit code is 1 for any problem, also where only a training could not start; a remark is none.
    """
    from engine.files.load import load_all
    from engine.network.checks import check, remarks
    from engine.network.teaching import untrainable

    try:
        loaded = load_all(args.file)
    except FileError as first:
        try:  # what is damaged, entry by entry, where the rest can still be read
            loaded = load_all(args.file, salvage=True)
        except FileError:
            raise first from None
    net = loaded.network
    problems = [(each.entry or "the file", each.why, DAMAGED) for each in loaded.problems]
    problems += [(str(each.place), each.what, each.cure) for each in check(net)]
    for task in net.tasks.values():
        for learner in net.learners.values():
            found = untrainable(net, learner, task) if learner.enabled else ()
            problems += [(f"{each.place} on {task.label}", each.what, each.cure) for each in found]
    said = [(str(each.place), each.what, each.cure) for each in remarks(net)]
    facts = {
        "file": args.file,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "mid_run": loaded.state is not None,
        "problems": [{"place": place, "what": what, "cure": cure} for place, what, cure in problems],
        "remarks": [{"place": place, "what": what, "cure": cure} for place, what, cure in said],
    }
    size = f"{counted(net.neuron_count, 'neuron')}, {counted(net.synapse_count, 'synapse')}"
    saved = ", saved mid-run" if loaded.state is not None else ""
    summed = (
        f"{counted(len(problems), 'problem')} ({size} can be read)" if problems else f"sound ({size}{saved})"
    )
    lines = [f"{args.file}: {summed}", *_listed(problems)]
    if said:
        lines += [f"{counted(len(said), 'remark')}: no fault, and it may surprise", *_listed(said)]
    return Answer("\n".join(lines), facts, code=1 if problems else 0)


def _listed(told: list[Told]) -> list[str]:
    return [line for place, what, cure in told for line in (f"  {place}: {what}", f"    {cure}")]
