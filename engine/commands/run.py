"""`run`: a file runs without a window, from where it was saved, and what happened is summed up."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.commands.console import Answer, Progress, add_command, duration, table, time_text
from engine.counting import counted
from engine.errors import UsageError

SLICE = 0.05
"""Seconds of wall time between two looks at the clock, so that the bar moves and Ctrl+C is heard."""
ROWS = 12
"""Populations or projections in the summary; `--json` has them all."""


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `run`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "run",
        "run a file without a window and print a summary",
        [
            "run worm.neuropil --for 10s",
            "run circuit.neuropil --for 2s --save later.neuropil    # continue it later, bit for bit",
            "run digits.neuropil --epochs 20                          # trains it on its task",
            "run digits.neuropil --epochs 20 --seeds 5                # mean, spread and how many learned",
            "run circuit.neuropil --for 500ms --from-start --seed 7 --record out.npz --json",
            "run circuit.neuropil --for 2s --on nest --threads 2       # the same circuit in NEST",
        ],
    )
    parser.add_argument("file", metavar="FILE", help="a .neuropil file")
    parser.add_argument(
        "--for",
        dest="span",
        type=duration,
        metavar="TIME",
        help="how long, such as 10s or 250ms",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="train the network on its task for N epochs instead"
    )
    parser.add_argument("--learner", metavar="NAME", help="with --epochs: which learner (default: all)")
    parser.add_argument(
        "--seeds",
        type=int,
        metavar="K",
        help="with --epochs: train with K seeds; say mean, spread and how many",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="another seed; a saved run needs --from-start too"
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads; the bits do not depend on it"
    )
    parser.add_argument(
        "--on",
        choices=("native", "nest"),
        default="native",
        help="which simulator runs it (default: our own); what NEST has no words for is listed",
    )
    parser.add_argument(
        "--drop-unsupported",
        dest="drop",
        action="store_true",
        help="with --on nest: leave out what NEST has no words for",
    )
    parser.add_argument(
        "--from-start", action="store_true", help="leave a saved state aside and start at t = 0"
    )
    parser.add_argument("--save", metavar="OUT", help="keep network and state as they are afterwards")
    parser.add_argument(
        "--record",
        metavar="OUT",
        help="spikes and probes as .npz (spikes_t, spikes_id, probe_ID_{t,id,value}) or .nwb",
    )
    parser.set_defaults(answer=answer)


def answer(args: argparse.Namespace) -> Answer:
    """Load, run, record, save, and say what happened."""
    check_usage(args)
    if args.epochs is not None:
        from engine.commands import train

        return train.answer(args)
    from engine import Simulation, load
    from engine.commands import compiling

    net, state = load(args.file)
    if args.from_start:
        state = None
    if args.seed is not None:
        if state is not None:
            raise UsageError(
                f"{args.file} was saved mid-run, which a new seed would not continue; "
                "add --from-start to run it from t = 0"
            )
        from engine.network.edits import SetNetwork

        net.apply(SetNetwork({"seed": args.seed}))
    steps = steps_of(args.span, net.dt)
    if args.on == "nest":
        return on_nest(args, net, state)
    compiling.prepare_for(net)
    sim = Simulation(net, threads=args.threads, state=state)
    before = {id: len(projection.synapses) for id, projection in sim.network.projections.items()}
    began, wall = sim.t, run_for(sim, steps)
    return told(args, sim, sim, summary(sim, began, wall, before))


def on_nest(args: argparse.Namespace, net: Any, state: Any) -> Answer:
    """Run the circuit in NEST, and sum up what came back."""
    from engine.exchange.nest.running import run_on_nest

    if state is not None:
        raise UsageError(
            f"{args.file} was saved mid-run, which NEST cannot continue; "
            "add --from-start to run it from t = 0 with the weights it has"
        )
    progress = Progress(args.span, "run on NEST")
    began = time.perf_counter()
    try:
        ran = run_on_nest(
            net, args.span, threads=args.threads, drop=args.drop,
            tell=lambda t: progress.show(t, f"t = {time_text(t)}"),
        )  # fmt: skip
    finally:
        progress.end()
    before = {id: len(projection.synapses) for id, projection in net.projections.items()}
    facts = summary(ran, 0.0, time.perf_counter() - began, before)
    return told(args, ran, ran.network, facts | {"on": "nest", "notes": ran.notes})


def told(args: argparse.Namespace, sim: Any, kept: Any, facts: dict[str, Any]) -> Answer:
    """Write down what was asked for of a run, and say what happened."""
    from engine import save

    if args.record:
        recorder_of(args.record)(sim, Path(args.record))
        facts["recorded"] = args.record
    if args.save:
        save(kept, args.save)
        facts["saved"] = args.save
    return Answer(as_text(facts, args.file), facts)


def check_usage(args: argparse.Namespace) -> None:
    """Refuse what cannot be meant before anything is read or run."""
    if (args.span is None) == (args.epochs is None):
        raise UsageError("say how long: --for TIME runs the circuit, --epochs N trains it on its task")
    if args.seeds is not None and args.epochs is None:
        raise UsageError("--seeds repeats a training: say of how many epochs with --epochs N")
    if args.on == "nest" and args.epochs is not None:
        raise UsageError("--on nest runs a circuit with --for TIME; trainings run here")
    if args.drop and args.on != "nest":
        raise UsageError("--drop-unsupported goes with --on nest: here nothing is unsupported")
    if args.threads < 1:
        raise UsageError(f"--threads is {args.threads}; it must be at least 1")
    if args.seed is not None and args.seed < 0:
        raise UsageError(f"--seed is {args.seed}; it must be 0 or more")
    if args.record:
        recorder_of(args.record)
    for out in (args.save, args.record):
        if out and not Path(out).absolute().parent.is_dir():
            raise UsageError(f"{out}: there is no folder {str(Path(out).parent)!r}; make it first")


def steps_of(span: float, dt: float) -> int:
    """How many steps of `dt` ms a span of ms is; refuses what is no whole number of them."""
    steps = round(span / dt)
    if abs(steps * dt - span) > 1e-6 * dt:
        raise UsageError(f"--for {span:g} ms is not a whole number of steps of {dt:g} ms")
    return steps


def run_for(sim: Any, steps: int) -> float:
    """Run for so many steps with a bar on stderr; returns the seconds it took."""
    dt = sim.network.dt
    progress = Progress(steps, "run")
    began = time.perf_counter()
    done, chunk = 0, min(steps, max(1, round(1.0 / dt)))
    try:
        while done < steps:
            at = time.perf_counter()
            sim.run(round(chunk * dt, 9))
            done += chunk
            took = max(time.perf_counter() - at, 1e-9)
            real = done * dt / 1000 / (time.perf_counter() - began)
            progress.show(done, f"t = {time_text(sim.t)}, {real:.3g}x real time")
            chunk = min(steps - done, max(1, round(chunk * min(4.0, SLICE / took))))
    finally:
        progress.end()
    return time.perf_counter() - began


def summary(sim: Any, began: float, wall: float, before: dict[int, int]) -> dict[str, Any]:
    """What happened between `began` and now: rates by population, weights and counts by projection."""
    net = sim.network
    span = (sim.t - began) / 1000
    spikes = sim.spikes()
    recent = spikes[spikes["t"] > began]
    owners = net.population_of(recent["neuron"])
    populations = []
    for id, population in net.populations.items():
        count = int(np.count_nonzero(owners == id))
        size = len(population)
        populations.append(
            {
                "id": id,
                "label": population.label,
                "model": population.model,
                "size": size,
                "spikes": count,
                "rate": count / size / span if size and span else 0.0,
            }
        )
    projections = []
    for id, projection in net.projections.items():
        weights = projection.synapses.weight
        projections.append(
            {
                "id": id,
                "label": projection.label,
                "synapses": len(projection.synapses),
                "was": before.get(id, 0),
                "weight_mean": float(weights.mean()) if weights.size else None,
                "weight_std": float(weights.std()) if weights.size else None,
            }
        )
    return {
        "t_from": began,
        "t": sim.t,
        "wall_seconds": wall,
        "times_real_time": span / wall if wall else 0.0,
        "seed": net.seed,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "spikes": len(recent),
        "populations": populations,
        "projections": projections,
    }


def as_text(facts: dict[str, Any], name: str) -> str:
    """The summary for people."""
    span = time_text(facts["t"] - facts["t_from"])
    lines = [
        f"{name}: {counted(facts['neurons'], 'neuron')}, {counted(facts['synapses'], 'synapse')}",
        f"ran {span}, from {time_text(facts['t_from'])} to {time_text(facts['t'])}, "
        f"in {facts['wall_seconds']:.2f} s ({facts['times_real_time']:.3g}x real time), seed {facts['seed']}",
        counted(facts["spikes"], "spike"),
    ]
    if facts["populations"]:
        shown = most(facts["populations"], lambda p: p["spikes"])
        rows = [(p["label"], p["model"], p["size"], p["spikes"], p["rate"]) for p in shown]
        lines += ["", table(rows, ("population", "model", "neurons", "spikes", "rate, Hz"), "  ")]
        lines += left_out(facts["populations"], "populations")
    if facts["projections"]:
        shown = most(facts["projections"], lambda p: (abs(p["synapses"] - p["was"]), p["synapses"]))
        projected = [
            (
                p["label"],
                p["synapses"],
                f"{p['synapses'] - p['was']:+d}",
                "-" if p["weight_mean"] is None else f"{p['weight_mean']:.4g} +- {p['weight_std']:.3g}",
            )
            for p in shown
        ]
        lines += ["", table(projected, ("projection", "synapses", "change", "weight"), "  ")]
        lines += left_out(facts["projections"], "projections")
    lines += [f"  {note}" for note in facts.get("notes", ())]
    for what in ("recorded", "saved"):
        if what in facts:
            lines.append(f"{what} {facts[what]}")
    return "\n".join(lines)


def most(rows: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
    """The rows with the most to tell, in the order of the network."""
    if len(rows) <= ROWS:
        return rows
    told = sorted(range(len(rows)), key=lambda row: key(rows[row]), reverse=True)[:ROWS]
    return [rows[row] for row in sorted(told)]


def left_out(rows: list[dict[str, Any]], what: str) -> list[str]:
    """The line that says how many rows are not shown."""
    return [f"  and {len(rows) - ROWS} more {what}; --json has them all"] if len(rows) > ROWS else []


def recorder_of(name: str) -> Any:
    """The writer for a recording of this suffix."""
    writers = {".npz": write_npz, ".nwb": write_nwb}
    suffix = Path(name).suffix.lower()
    if suffix not in writers:
        raise UsageError(f"--record {name}: the name must end in .npz or .nwb")
    if suffix == ".nwb":
        try:
            import pynwb  # noqa: F401
        except ImportError:
            raise UsageError(
                "recording as .nwb takes the package pynwb: pip install 'neuropil[nwb]'; .npz needs nothing"
            ) from None
    return writers[suffix]


def recorded(sim: Any) -> dict[str, NDArray[Any]]:
    """Every spike and every probed value since t = 0 by the names the npz has."""
    spikes = sim.spikes()
    columns = {"spikes_t": spikes["t"], "spikes_id": spikes["neuron"]}
    for id in sim.network.probes:
        values = sim.record(id)
        columns |= {f"probe_{id}_{name}": values[name] for name in ("t", "id", "value")}
    return columns


def write_npz(sim: Any, path: Path) -> None:
    """Write the recording as numpy's own archive, whole or not at all."""
    import io

    from engine.files.atomic import replace_file

    buffer = io.BytesIO()
    kept: dict[str, Any] = recorded(sim)
    np.savez(buffer, **kept)
    replace_file(path, [buffer.getvalue()])


def write_nwb(sim: Any, path: Path) -> None:
    """Write spikes as units and probes as time series of an NWB file (seconds, volts where it is mV)."""
    import datetime

    import pynwb

    net = sim.network
    nwb = pynwb.NWBFile(
        session_description=net.title or "a Neuropil run",
        identifier=f"neuropil-seed-{net.seed}",
        session_start_time=datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC),
    )
    nwb.add_unit_column("neuron", "id of the neuron in the .neuropil file")
    nwb.add_unit_column("population", "label of its population")
    spikes = sim.spikes()
    for population in net.populations.values():
        for neuron in population.neuron_ids:
            times = spikes["t"][spikes["neuron"] == neuron] / 1000
            nwb.add_unit(spike_times=times, neuron=int(neuron), population=population.label)
    for id, probe in net.probes.items():
        values = sim.record(id)
        for target in np.unique(values["id"]):
            rows = values[values["id"] == target]
            nwb.add_acquisition(
                pynwb.TimeSeries(
                    name=f"probe_{id}_{probe.what}_{target}",
                    data=rows["value"],
                    timestamps=rows["t"] / 1000,
                    unit="mV" if probe.what == "v" else "n/a",
                )
            )
    with pynwb.NWBHDF5IO(str(path), "w") as stream:
        stream.write(nwb)
