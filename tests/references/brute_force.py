"""A slow, plain rewriting of the plasticity rules from their definitions, one synapse at a time.

It shares no code with the engine: lists of events, dictionaries of traces, `math.exp`.  It is checked
against NEST's numbers first and then stands in where NEST has no such rule or delay.  Conventions:
MODELS 1.4 (delays), 1.5 (ties), 1.6 (which weight a spike carries), 1.7 (sign).
"""

import math


def carried(rule, params, w_max, w_start, pre, post, delay, dendritic=1.0, modulator=(), w_min=0.0):
    """Weights that the spikes `pre` carry, times in ms; `modulator` are arrival times of its spikes."""
    sign = math.copysign(1.0, w_max)
    w_max, weight, w_min = abs(w_max), abs(w_start), abs(w_min)
    forward, back = delay * (1.0 - dendritic), delay * dendritic
    merged = {}
    for times, shift, kind in ((pre, forward, "pre"), (post, back, "post"), (modulator, 0.0, "mod")):
        for t in times:
            merged.setdefault(round(t + shift, 6), []).append(kind)
    taus = TAUS[rule](params)
    traces = dict.fromkeys(taus, 0.0)
    tag = dopamine = last = 0.0
    found = []
    for t in sorted(merged):
        kinds = merged[t]
        gap = t - last
        last = t
        if rule == "dopamine":
            both = 1.0 / params["tau_c"] + 1.0 / params["tau_n"]
            weight += tag * (
                dopamine * (1.0 - math.exp(-both * gap)) / both
                - params["b"] * params["tau_c"] * (1.0 - math.exp(-gap / params["tau_c"]))
            )
            weight = min(max(weight, w_min), w_max)
            tag *= math.exp(-gap / params["tau_c"])
            dopamine *= math.exp(-gap / params["tau_n"])
        for name, (tau, _) in taus.items():
            traces[name] *= math.exp(-gap / tau)
        if "post" in kinds:
            change = ON_POST[rule](params, traces, weight, w_max)
            if rule == "dopamine":
                tag += change
            else:
                weight = min(max(weight + change, w_min), w_max)
        if "pre" in kinds:
            change = ON_PRE[rule](params, traces, weight, w_max)
            if rule == "dopamine":
                tag += change
            else:
                weight = min(max(weight + change, w_min), w_max)
            found.append(sign * weight)
        nearest = rule == "stdp_triplet" and params.get("nearest") == "yes"
        for name, (_, owner) in taus.items():
            if owner in kinds:
                traces[name] = 1.0 if nearest else traces[name] + 1.0
        if "mod" in kinds:
            dopamine += kinds.count("mod") / params["tau_n"]
    return found


def _pair_taus(p):
    return {"x": (p["tau_pre"], "pre"), "y": (p["tau_post"], "post")}


TAUS = {
    "stdp_pair": _pair_taus,
    "stdp_power": _pair_taus,
    "dopamine": _pair_taus,
    "stdp_triplet": lambda p: {
        "r1": (p["tau_plus"], "pre"), "r2": (p["tau_x"], "pre"),
        "o1": (p["tau_minus"], "post"), "o2": (p["tau_y"], "post"),
    },
}  # fmt: skip
ON_POST = {
    "stdp_pair": lambda p, s, w, m: p["lambda_"] * m * (1 - w / m) ** p["mu_plus"] * s["x"],
    "stdp_power": lambda p, s, w, m: p["lambda_"] * w ** p["mu"] * s["x"],
    "dopamine": lambda p, s, w, m: p["a_plus"] * s["x"],
    "stdp_triplet": lambda p, s, w, m: s["r1"] * (p["a2_plus"] + p["a3_plus"] * s["o2"]),
}
ON_PRE = {
    "stdp_pair": lambda p, s, w, m: -p["alpha"] * p["lambda_"] * m * (w / m) ** p["mu_minus"] * s["y"],
    "stdp_power": lambda p, s, w, m: -p["alpha"] * p["lambda_"] * w * s["y"],
    "dopamine": lambda p, s, w, m: -p["a_minus"] * s["y"],
    "stdp_triplet": lambda p, s, w, m: -s["o1"] * (p["a2_minus"] + p["a3_minus"] * s["r2"]),
}
