"""The workloads of `neuropil bench` in NEST 3.10, written as its documentation would: one thread.

Runs under a Python that has NEST; see `peers.py` for how it is asked.
"""

import math
import time

import numpy as np
import peers
from peers import numbers

EMPTY = peers.resident()
import nest  # noqa: E402  (memory before and after is compared)

NEURON = {
    "c_m": "C_m", "tau_m": "tau_m", "e_l": "E_L", "v_th": "V_th", "v_reset": "V_reset", "t_ref": "t_ref",
    "tau_syn_ex": "tau_syn_ex", "tau_syn_in": "tau_syn_in", "i_e": "I_e",
}  # fmt: skip


def start():
    """A fresh kernel with our step."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.resolution = 0.1
    nest.rng_seed = 7
    nest.local_num_threads = 1


def named(params):
    """Our parameters under NEST's names."""
    return {NEURON[name]: value for name, value in params.items()}


def neurons(n, params, low, high, **more):
    """Neurons that begin at potentials of their own."""
    made = nest.Create("iaf_psc_exp", n, params={**named(params), **more})
    made.V_m = nest.random.uniform(low, high)
    return made


def cuba(n):
    """The current-based benchmark."""
    exc = neurons(n * 4 // 5, numbers.CUBA, -60.0, -50.0)
    inh = neurons(n - n * 4 // 5, numbers.CUBA, -60.0, -50.0)
    rule = {"rule": "pairwise_bernoulli", "p": numbers.CUBA_FAN_IN / n, "allow_autapses": False}
    for pre, weight in zip((exc, inh), numbers.CUBA_WEIGHTS, strict=True):
        nest.Connect(pre, exc + inh, rule, {"weight": weight, "delay": 0.1})
    return exc + inh


def plastic(name, size, dopamine):
    """The synapse of a stack of ours, or its nearest equivalent."""
    stdp, w_max = numbers.STDP, numbers.W_MAX * size
    if name in ("stdp", "everything"):
        return "stdp_synapse", {
            "tau_plus": stdp["tau_pre"], "lambda": stdp["lambda_"], "alpha": stdp["alpha"],
            "mu_plus": stdp["mu_plus"], "mu_minus": stdp["mu_minus"], "Wmax": w_max,
        }  # fmt: skip
    if name == "triplet":
        t = numbers.TRIPLET
        return "stdp_triplet_synapse", {
            "Aplus": t["a2_plus"], "Aplus_triplet": t["a3_plus"], "Aminus": t["a2_minus"],
            "Aminus_triplet": t["a3_minus"], "Wmax": w_max,
        }  # fmt: skip
    if name == "dopamine":
        d = numbers.DOPAMINE
        return "stdp_dopamine_synapse", {
            "A_plus": stdp["lambda_"] * w_max, "A_minus": stdp["lambda_"] * stdp["alpha"] * w_max,
            "tau_plus": stdp["tau_pre"], "tau_c": d["tau_c"], "tau_n": d["tau_n"], "b": d["b"],
            "Wmax": w_max, "volume_transmitter": dopamine,
        }  # fmt: skip
    return None


def balanced(n, name):
    """The balanced circuit, static or plastic between excitatory neurons."""
    k = min(1000, n // 10)
    many, size = k * 4 // 5, numbers.WEIGHT * 1000.0 / k
    tau = {"tau_minus": numbers.STDP["tau_post"]}
    exc = neurons(n * 4 // 5, numbers.BALANCED, 0.0, 20.0, **tau)
    inh = neurons(n - n * 4 // 5, numbers.BALANCED, 0.0, 20.0)
    releaser = nest.Create("volume_transmitter") if name == "dopamine" else None
    learned = plastic(name, size, releaser)
    for pre, weight, fan_in in ((exc, size, many), (inh, size * numbers.RATIO, k - many)):
        for post in (exc, inh):
            model = "static_synapse"
            if learned and pre is exc and post is exc:
                nest.CopyModel(learned[0], "learned", learned[1])
                model = "learned"
            nest.Connect(
                pre, post,
                {"rule": "fixed_indegree", "indegree": fan_in, "allow_autapses": False,
                 "allow_multapses": False},
                {"synapse_model": model, "weight": weight, "delay": numbers.DELAY},
            )  # fmt: skip
    if releaser is not None:
        nest.Connect(exc[: numbers.DOPAMINE_NEURONS], releaser, syn_spec={"delay": numbers.DELAY})
    return exc + inh


def poisson(n):
    """A train of its own to every neuron."""
    made = nest.Create("iaf_psc_exp", n, params=named({**numbers.BALANCED, "i_e": 0.0}))
    source = nest.Create("poisson_generator", params={"rate": numbers.POISSON_RATE})
    nest.Connect(source, made, syn_spec={"weight": numbers.POISSON_WEIGHT, "delay": 0.1})
    return made


def astrocytes(n):
    """Neurons and astrocytes side by side, with the neuron that NEST gives slow inward currents."""
    many = n * 4 // 5
    neurons = nest.Create("aeif_cond_alpha_astro", n, params=numbers.ADAPTIVE)
    glia = nest.Create("astrocyte_lr_1994", n, params={"delta_IP3": numbers.ASTROCYTES_IP3})
    chance = {"rule": "pairwise_bernoulli", "p": numbers.ASTROCYTES_P}
    for pre, weight in zip((neurons[:many], neurons[many:]), numbers.ASTROCYTES_WEIGHTS, strict=True):
        nest.Connect(pre, neurons, chance, {"weight": weight / math.e, "delay": 1.0})
    heard = nest.GetConnections(neurons[:many], neurons).get(("source", "target"))
    nest.Connect(
        heard["source"], np.array(heard["target"]) + n, "one_to_one",
        {"weight": np.ones(len(heard["source"])), "delay": np.ones(len(heard["source"]))},
    )  # fmt: skip
    slow = {"synapse_model": "sic_connection", "weight": numbers.ASTROCYTES_SLOW, "delay": 1.0}
    nest.Connect(glia, neurons, "one_to_one", slow)
    source = nest.Create("poisson_generator", params={"rate": numbers.ASTROCYTES_RATE})
    nest.Connect(source, neurons, syn_spec={"weight": numbers.ASTROCYTES_DRIVE / math.e, "delay": 1.0})
    return neurons


def circuit(name, n):
    """The neurons of a workload's circuit."""
    if name == "cuba":
        return cuba(n)
    if name == "poisson":
        return poisson(n)
    if name == "astrocytes":
        return astrocytes(n)
    return balanced(n, name)


def running(want):
    """A circuit that runs a little further each time."""
    start()
    begin = time.process_time()
    made = circuit(want["name"], want["n"])
    recorder = nest.Create("spike_recorder")
    nest.Connect(made, recorder)
    nest.Prepare()
    built = time.process_time() - begin
    nest.Run(want["settle"])
    synapses = nest.num_connections - len(made)
    facts = {
        "version": nest.__version__, "synapses": synapses, "build": built,
        "bytes": (peers.resident() - EMPTY) / max(1, synapses),
    }  # fmt: skip
    span = 0.0

    def go():
        nonlocal span
        begin = time.process_time()
        nest.Run(want["span"])
        took = time.process_time() - begin
        span += want["span"]
        return took / (want["span"] / 1000.0)

    def end():
        events = recorder.events
        late = events["times"] > want["settle"]
        return peers.described(events["times"][late], events["senders"][late], span, len(made))

    peers.serve(facts, go, end)


def memory(want):
    """Bytes of one plastic synapse."""
    start()
    balanced(100, "stdp")
    nest.Simulate(10.0)
    start()
    empty = peers.resident()
    balanced(want["n"], "stdp")
    nest.Simulate(50.0)
    synapses = nest.num_connections
    peers.serve(
        {"version": nest.__version__, "synapses": synapses}, lambda: (peers.resident() - empty) / synapses
    )


def building(want):
    """From nothing to the first step."""

    def go():
        start()
        begin = time.process_time()
        balanced(want["n"], "balanced")
        nest.Simulate(0.1)
        return time.process_time() - begin

    peers.serve({"version": nest.__version__}, go)


def turnover(want):
    """Growth and loss of one synapse in a hundred, by the synaptic elements of the structural plasticity."""
    start()
    n, deletes = want["n"], want["name"] == "delete"
    size, share = max(100, n // 100), max(1, n // 100)
    nest.structural_plasticity_update_interval = 1.0
    nest.CopyModel("static_synapse", "growing", {"weight": 20.0, "delay": 1.5})
    nest.structural_plasticity_synapses = {
        "growing": {
            "synapse_model": "growing", "post_synaptic_element": "Den", "pre_synaptic_element": "Axon"
        }
    }  # fmt: skip
    still = {"growth_curve": "linear", "growth_rate": 0.0, "tau_vacant": 1e-9, "z": 0.0}
    pre = nest.Create("iaf_psc_exp", size, params={"synaptic_elements": {"Axon": still}})
    post = nest.Create("iaf_psc_exp", size, params={"synaptic_elements": {"Den": still}})
    random = np.random.default_rng(3)

    def elements(population, element):
        return np.array([e[element]["z"] for e in population.get("synaptic_elements")]), np.array(
            [e[element]["z_connected"] for e in population.get("synaptic_elements")]
        )

    def put(population, element, z):
        population.set([{"synaptic_elements_param": {element: {"z": float(v)}}} for v in z])

    def update():
        before = nest.num_connections
        begin = time.process_time()
        nest.Simulate(2.0)
        took = time.process_time() - begin
        changed = abs(nest.num_connections - before)
        begin = time.process_time()
        nest.Simulate(2.0)  # nothing is vacant any more: the cost of running and of looking alone
        took -= time.process_time() - begin
        return 1e6 * max(took, 0.0) / max(1, changed)

    def settle():
        for population, element in ((pre, "Axon"), (post, "Den")):
            put(population, element, elements(population, element)[1])

    nest.EnableStructuralPlasticity()
    for population, element in ((pre, "Axon"), (post, "Den")):  # the first synapses grow all at once
        put(population, element, np.full(size, n // size))
    nest.Simulate(2.0)

    def go():
        settle()
        for population, element in ((pre, "Axon"), (post, "Den")):
            z = elements(population, element)[1]
            put(population, element, z + np.bincount(random.integers(0, size, share), minlength=size))
        grown = update()
        settle()
        z = elements(post, "Den")[1]
        put(post, "Den", np.maximum(z - np.bincount(random.integers(0, size, share), minlength=size), 0))
        return (grown, update())[deletes]

    peers.serve({"version": nest.__version__, "synapses": n, "changed": share}, go)


def main():
    """Be what was asked for."""
    want = peers.asked()
    other = {"memory": memory, "building": building, "create": turnover, "delete": turnover}
    other.get(want["name"], running)(want)


if __name__ == "__main__":
    main()
