"""`bench`: what a second of biology costs on this machine, for circuits that are always the same."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from engine.commands.console import Answer, Progress, add_command, duration, table
from engine.errors import UnknownName, UsageError, did_you_mean

if TYPE_CHECKING:
    from engine.network.network import Network

SIZE = 1000
"""Neurons; four in five are excitatory, each wired to one in ten: 100,000 synapses."""


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `bench`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "bench",
        "measure what a second of biology costs on this machine",
        ["bench", "bench pair_stdp --for 5s", "bench --threads 2 --json"],
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=f"one of {', '.join(CIRCUITS)}; all by default"
    )
    parser.add_argument(
        "--for", dest="span", type=duration, default=1000.0, metavar="TIME", help="default 1s"
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads of the engine")
    parser.add_argument("--against", metavar="nest,brian2", help="other simulators beside ours")
    parser.set_defaults(answer=answer)


def balanced(rules: Sequence[Any] = ()) -> Network:
    """A random network of excitatory and inhibitory neurons that fires a few times a second (Brunel 2000)."""
    from engine import Network

    net = Network(dt=0.1, seed=12, title="Balanced random network")
    exc = net.add_population("Excitatory", "iaf_psc_exp", size=SIZE * 4 // 5, sign=+1)
    inh = net.add_population("Inhibitory", "iaf_psc_exp", size=SIZE // 5, sign=-1)
    for pre, weight in ((exc, 40.0), (inh, -200.0)):
        for post in (exc, inh):
            plastic = rules if pre is exc and post is exc else ()
            projection = net.add_projection(
                f"{pre.label} to {post.label}", pre, post, transmission="current_exp", rules=list(plastic)
            )
            net.wire(projection, "fixed_probability", p=0.1, weight=weight, delay=1.5)
    net.add_input("poisson", exc, rate=6000.0, weight=40.0)
    net.add_input("poisson", inh, rate=6000.0, weight=40.0)
    return net


CIRCUITS: dict[str, tuple[str, Callable[[], Network]]] = {
    "fixed": ("no synapse changes", balanced),
    "pair_stdp": (
        "64,000 synapses under spike timing",
        lambda: balanced([("stdp_pair", {"lambda_": 0.001})]),
    ),
    "scaled": (
        "the same, held by scaling",
        lambda: balanced([("stdp_pair", {"lambda_": 0.001}), ("scaling", {"target": 5.0})]),
    ),
}


def answer(args: argparse.Namespace) -> Answer:
    """Build, run once to compile, run again to measure; every circuit by itself."""
    if args.against:
        raise UsageError(
            f"--against {args.against}: other simulators come with a later version; today bench measures ours"
        )
    if args.name and args.name not in CIRCUITS:
        raise UnknownName(
            f"there is no benchmark called {args.name!r}{did_you_mean(args.name, CIRCUITS)}; "
            f"there are {', '.join(CIRCUITS)}"
        )
    chosen = [args.name] if args.name else list(CIRCUITS)
    measured = [measure(name, args.span, args.threads) for name in chosen]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    rows = [
        (m["name"], m["what"], m["synapses"], m["build"], m["first"], m["cost"], m["rate"], m["events"])
        for m in measured
    ]
    heads = ("circuit", "what", "synapses", "build, s", "first ms, s", "1 s costs, s", "rate, Hz", "ns/event")
    said = f"{table(rows, heads)}\n\n{SIZE:,} neurons, {args.threads} thread(s); {machine}"
    return Answer(said, {"machine": machine, "threads": args.threads, "circuits": measured})


def measure(name: str, span: float, threads: int) -> dict[str, Any]:
    """One circuit: seconds to build it, to the end of its first ms (which compiles), and per second after."""
    from engine import Simulation
    from engine.commands import compiling

    what, build = CIRCUITS[name]
    progress = Progress(1.0, name)
    at = time.perf_counter()
    net = build()
    built = time.perf_counter() - at
    at = time.perf_counter()
    compiling.prepare_for(net)
    sim = Simulation(net, threads=threads)
    sim.run(1.0)
    first = time.perf_counter() - at
    sim.run(99.0)  # past the first volley
    before = len(sim.spikes())
    cpu, took = time.process_time(), 0.0
    pieces = 10
    for piece in range(pieces):
        at = time.perf_counter()
        sim.run(round(round(span / pieces / net.dt) * net.dt, 9))
        took += time.perf_counter() - at
        progress.show((piece + 1) / pieces)
    progress.end()
    cpu = time.process_time() - cpu
    spikes = len(sim.spikes()) - before
    fan_out = net.synapse_count / net.neuron_count
    return {
        "name": name,
        "what": what,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "build": built,
        "first": first,
        "cost": took / (span / 1000),
        "cpu": cpu / (span / 1000),
        "rate": spikes / net.neuron_count / (span / 1000),
        "events": took * 1e9 / max(1.0, spikes * fan_out),
    }
