"""`check`: everything wrong with a file, each with its place and its cure."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import Answer, add_command


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
    """Load the file and check the network in it; exit code 1 when anything is wrong."""
    from engine import load
    from engine.network.checks import check

    net, state = load(args.file)
    problems = check(net)
    facts = {
        "file": args.file,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "mid_run": state is not None,
        "problems": [{"place": each.place, "what": each.what, "cure": each.cure} for each in problems],
    }
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"{args.file}: {count}"]
        for each in problems:
            lines += [f"  {each.place}: {each.what}", f"    {each.cure}"]
        return Answer("\n".join(lines), facts, code=1)
    saved = ", saved mid-run" if state is not None else ""
    return Answer(
        f"{args.file}: sound ({net.neuron_count:,} neurons, {net.synapse_count:,} synapses{saved})", facts
    )
