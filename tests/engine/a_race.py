"""A network for learners to race on, and the patience to wait for what a race is asked."""

import time
from itertools import pairwise

import numpy as np

from engine import Network


def layered(task="xor", sizes=(2, 4, 1), learners=("backprop",), seed=3) -> Network:
    net = Network(seed=seed)
    draw = np.random.default_rng(seed)
    layers = [
        net.add_population(name, "rate_unit", size=n, sign=0, params={"bias": draw.uniform(-1, 1, n)})
        for name, n in zip(("Input", "Hidden", "Target"), sizes, strict=True)
    ]
    for one, two in pairwise(layers):
        way = net.add_projection(f"{one.label} to {two.label}", one, two, transmission="current_exp")
        net.wire(way, "all_to_all", weight=("uniform", -1.0, 1.0), delay=1.0)
    net.add_task(task, task, inputs=layers[0], targets=layers[-1])
    for slug in learners:
        net.add_learner(slug, {"eta": 0.5})
    return net


def wait(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)
