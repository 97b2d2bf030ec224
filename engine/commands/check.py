"""`check`: everything wrong with a file, each with its place and its cure."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import Answer, add_command
from engine.errors import FileError

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
    """Read the file as far as it can be read and check the network in it; exit code 1 for any problem."""
    from engine.files.load import load_all
    from engine.network.checks import check

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
    facts = {
        "file": args.file,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "mid_run": loaded.state is not None,
        "problems": [{"place": place, "what": what, "cure": cure} for place, what, cure in problems],
    }
    size = f"{net.neuron_count:,} neurons, {net.synapse_count:,} synapses"
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"{args.file}: {count} ({size} can be read)"]
        for place, what, cure in problems:
            lines += [f"  {place}: {what}", f"    {cure}"]
        return Answer("\n".join(lines), facts, code=1)
    saved = ", saved mid-run" if loaded.state is not None else ""
    return Answer(f"{args.file}: sound ({size}{saved})", facts)
