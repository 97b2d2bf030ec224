"""What every maker of references asks of NEST: a fresh kernel, forced trains, recorders, and a JSON.

Makers run under a Python that has NEST (`pip install nest-simulator`, 3.10.0 was used):

    python tests/references/make_neurons.py            writes tests/references/neurons.json
    python tests/references/make_neurons.py 7 out.json writes other random cases, for the live comparison
"""

import json
import sys
from pathlib import Path

import numpy as np


def start(dt):
    """Give NEST a fresh kernel with the step `dt` (ms), and return the module."""
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.resolution = dt
    nest.rng_seed = 12345
    return nest


def on_grid(times, dt):
    """The times as NEST likes them: rounded to the grid without floating-point dust."""
    return [round(round(t / dt) * dt, 9) for t in times]


def generator(nest, times, dt):
    """A spike generator whose spikes *arrive* at `times` when it is connected with a delay of one step."""
    return nest.Create("spike_generator", params={"spike_times": on_grid(np.asarray(times) - dt, dt)})


def parrots(nest, trains, dt):
    """Parrots that emit the given trains: the relays of these tests."""
    made = nest.Create("parrot_neuron", len(trains))
    for parrot, train in zip(made, trains, strict=True):
        if len(train):
            nest.Connect(generator(nest, train, dt), parrot, syn_spec={"delay": dt})
    return made


def current(nest, target, times, amplitudes, dt):
    """A step current that acts from `times` on (NEST's devices act one delay later)."""
    device = nest.Create(
        "step_current_generator",
        params={
            "amplitude_times": on_grid(np.asarray(times) - dt, dt),
            "amplitude_values": list(amplitudes),
        },
    )
    nest.Connect(device, target, syn_spec={"delay": dt})


def recorder(nest, sources):
    """A spike recorder on `sources`."""
    made = nest.Create("spike_recorder")
    nest.Connect(sources, made)
    return made


def events(device, *names):
    """Events of a recorder as arrays, sorted by time."""
    got = device.events
    order = np.argsort(got["times"], kind="stable")
    return tuple(np.asarray(got[name])[order] for name in names)


def write(maker, cases, default):
    """Write `cases` (JSON-ready) where the command line says, or beside the maker."""
    import nest

    path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(maker).with_name(default)
    text = json.dumps(
        {"made with": f"NEST {nest.__version__}", "by": Path(maker).name, "cases": cases}, indent=None
    )
    path.write_text(text.replace('{"name"', '\n{"name"') + "\n")


def seed(default):
    """The seed of the random cases: the first word of the command line, or the default."""
    return int(sys.argv[1]) if len(sys.argv) > 1 else default


def random_train(rng, rate, until, dt, first=2):
    """Times (ms) of a Poisson train on the grid, at least `first` steps from the start, without doubles."""
    steps = np.flatnonzero(rng.random(round(until / dt)) < rate * dt / 1000)
    return on_grid(steps[steps >= first] * dt, dt)
