"""What every NEST script says in the same words, and how numbers and names are written in it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from engine.legible import legible

HEAD = '''"""{title}: a circuit of {neurons:,} neurons and {synapses:,} synapses for NEST 3.10.

    python {name} --for 1000 --threads 2
    mpirun -n 4 python {name} --for 1000

It reads {data} beside it, and writes spikes, probes and learned weights to the archive that --out names:
`spikes_t` and `spikes_id`, `probe_<id>_t`, `_id` and `_value`, `rows_<id>` and `weights_<id>` of projections;
under MPI one of each process.  A weight is that of the last spike its synapse carried.
"""

import argparse
from pathlib import Path

import nest
import numpy as np

asked = argparse.ArgumentParser(description="Run the circuit in NEST.")
asked.add_argument("--for", dest="span", type=float, default=1000.0, metavar="MS", help="how long, in ms")
asked.add_argument("--threads", type=int, default=1, help="threads of each process")
asked.add_argument("--seed", type=int, default={seed}, help="seed of what chance decides")
asked.add_argument("--out", default="", help="archive (.npz) to write; none if not given")
asked.add_argument("--progress", action="store_true", help="say now and then how far it is")
args = asked.parse_args()

data = np.load(Path(__file__).with_suffix(".npz"))
nest.verbosity = nest.VerbosityLevel.ERROR
nest.ResetKernel()
nest.resolution = {dt!r}
nest.local_num_threads = args.threads
nest.rng_seed = args.seed


carried = {{}}


def wire(model, name, params, port=0, watched=False):
    """The synapses of a projection, row by row; NEST numbers nodes from 1, in the order they are made."""
    if watched:
        carried[name] = nest.Create("weight_recorder")
        params = {{**params, "weight_recorder": carried[name]}}
    nest.CopyModel(model, name, params)
    syn = {{"synapse_model": name, "weight": data[name + "_weight"], "delay": data[name + "_delay"]}}
    if model.endswith("_lbl"):
        syn["synapse_label"] = np.arange(len(syn["weight"]))
    if port:
        syn["receptor_type"] = np.full(len(syn["weight"]), port)
    nest.Connect(1 + data[name + "_pre"], 1 + data[name + "_post"], "one_to_one", syn)


def drive(model, name, params, count=1):
    """A device, or one for each target, whose effect begins one step after what its times say."""
    device = nest.Create(model, count, params=params)
    targets = 1 + data[name + "_targets"]
    sources = np.resize(np.array(device.tolist()), len(targets))
    weight = np.resize(data[name + "_weight"], len(targets))
    delay = np.full(len(targets), nest.resolution)
    nest.Connect(sources, targets, "one_to_one", {{"weight": weight, "delay": delay}})

'''

TAIL = """
neurons = nest.NodeCollection(np.arange(1, {neurons} + 1))
spikes = nest.Create("spike_recorder")
nest.Connect(neurons, spikes)

# -- run
done, steps = 0, round(args.span / nest.resolution)
chunk = max(1, min(steps, round(100.0 / nest.resolution))) if args.progress else max(1, steps)
with nest.RunManager():
    while done < steps:
        here = min(chunk, steps - done)
        nest.Run(here * nest.resolution)
        done += here
        if args.progress and nest.Rank() == 0:
            print(f"at {{done}}", flush=True)

# -- results, under the ids of the circuit
ids = data["neuron_ids"]
events = spikes.events
found = {{
    "spikes_t": np.asarray(events["times"]),
    "spikes_id": ids[np.asarray(events["senders"], int) - 1],
}}
for probe, (meter, what) in meters.items():
    events = meter.events
    found[f"probe_{{probe}}_t"] = np.asarray(events["times"])
    found[f"probe_{{probe}}_id"] = ids[np.asarray(events["senders"], int) - 1]
    found[f"probe_{{probe}}_value"] = np.asarray(events[what])
for probe, name in watched.items():
    events, rows = carried[name].events, data[f"probe_{{probe}}_rows"]
    pair = (1 + data[name + "_pre"][rows]) * (1 + len(ids)) + 1 + data[name + "_post"][rows]
    order = np.argsort(pair)
    seen = np.asarray(events["senders"], int) * (1 + len(ids)) + np.asarray(events["targets"], int)
    at = order[np.minimum(np.searchsorted(pair[order], seen), len(rows) - 1)]
    mine = pair[at] == seen
    found[f"probe_{{probe}}_t"] = np.asarray(events["times"])[mine]
    found[f"probe_{{probe}}_id"] = data[f"probe_{{probe}}_ids"][at[mine]]
    found[f"probe_{{probe}}_value"] = np.asarray(events["weights"])[mine]
for projection, name in learned.items():
    rows = nest.GetConnections(synapse_model=name)
    said = rows.get(["synapse_label", "weight"]) if len(rows) else {{"synapse_label": [], "weight": []}}
    found[f"rows_{{projection}}"] = np.atleast_1d(np.asarray(said["synapse_label"], int))
    found[f"weights_{{projection}}"] = np.atleast_1d(np.asarray(said["weight"], float))
if args.out:
    out = Path(args.out)
    if nest.NumProcesses() > 1:
        out = out.with_stem(f"{{out.stem}}-{{nest.Rank()}}")
    np.savez(out, **found)
if nest.NumProcesses() == 1:
    rate = len(found["spikes_t"]) / max(1, len(ids)) / max(args.span, 1e-9) * 1000.0
    print(f"{{len(found['spikes_t']):,}} spikes in {{args.span:g}} ms, {{rate:.3g}} Hz a neuron")
"""


class Raw(str):
    """Python to be written as it is, not as a text."""

    __slots__ = ()


def literal(params: Mapping[Any, Any]) -> str:
    """A mapping as Python writes it, over several lines where it is long."""
    items = [f"{key!r}: {each if isinstance(each, Raw) else repr(each)}" for key, each in params.items()]
    short = "{" + ", ".join(items) + "}"
    if len(short) < 70:
        return short
    lines = textwrap.wrap(", ".join(item.replace(": ", ":\0") for item in items), 92, break_long_words=False)
    return "{\n" + "".join(f"    {line}\n" for line in lines).replace("\0", " ") + "}"


def quiet(text: str) -> str:
    """A name as it may stand in a comment or a docstring of one line."""
    return re.sub(r'[\\"\s]+', " ", legible(text)).strip()[:80] or "unnamed"
