"""Song, Miller & Abbott (2000) as a plain loop over steps, without the engine: what a step does to the rate.

One leaky neuron, a thousand excitatory inputs under additive STDP, two hundred inhibitory ones; parameters as
in MODELS 4.2.  Conductances are in units of the leak, weights in shares of the maximum.
"""

import math

import numba
import numpy as np

A_PLUS, RATIO, TAU = 0.005, 1.05, 20.0
TAU_M, TAU_SYN, REST, THRESHOLD, RESET = 20.0, 5.0, -70.0, -54.0, -60.0
G_MAX, G_INHIBITORY = 0.015, 0.05


@numba.njit
def settled(rate, seconds, step, seed, within):
    """Final weights of 1000 inputs of `rate` Hz, and the output rate (Hz) over the last half of the time.

    `step` in ms.  `within`: an input that arrives in the very step in which the neuron fires counts as one
    that came just before (potentiation at full height); if not, such a pair changes nothing, as MODELS 1.5
    has it.
    """
    np.random.seed(seed)
    weights = np.random.random(1000)
    traces, last = np.zeros(1000), np.zeros(1000, np.int64)
    post = excitatory = inhibitory = 0.0
    v = REST
    steps, fired = int(seconds * 1000.0 / step), 0
    fade, close = math.exp(-step / TAU), math.exp(-step / TAU_SYN)
    for k in range(steps):
        post *= fade
        excitatory *= close
        inhibitory *= close
        for _ in range(np.random.poisson(rate * step)):  # of a thousand inputs
            i = np.random.randint(1000)
            weights[i] = max(0.0, weights[i] - A_PLUS * RATIO * post)
            excitatory += G_MAX * weights[i]
            traces[i] = traces[i] * math.exp(-(k - last[i]) * step / TAU) + 1.0
            last[i] = k
        inhibitory += G_INHIBITORY * np.random.poisson(2.0 * step)  # 200 inputs of 10 Hz
        total = 1.0 + excitatory + inhibitory
        aim = REST * (1.0 + inhibitory) / total  # excitation reverses at 0 mV, inhibition at rest
        v = aim + (v - aim) * math.exp(-step * total / TAU_M)
        if v < THRESHOLD:
            continue
        v = RESET
        fired += 2 * k >= steps
        for i in range(1000):
            if within or last[i] < k:
                gained = A_PLUS * traces[i] * math.exp(-(k - last[i]) * step / TAU)
                weights[i] = min(1.0, weights[i] + gained)
        post += 1.0
    return weights, fired / (seconds / 2.0)
