"""How a rate follows from a net input: the curves that rate neurons have, by number."""

from __future__ import annotations

from engine.kernels.maths import compiled, exp, inlined, tanh

CURVES = ("logistic", "linear", "tanh", "relu", "clipped")
ALIASES = {"rectified": "relu"}


@compiled
def logistic(net: float) -> float:
    """1 / (1 + exp(-net))."""
    return 1.0 / (1.0 + exp(-net))


@inlined
def transfer(net: float, curve: int) -> float:
    """The rate at a net input."""
    if curve == 0:
        return logistic(net)
    if curve == 1:
        return net
    if curve == 2:
        return tanh(net)
    if curve == 3:
        return max(net, 0.0)
    return min(max(net, 0.0), 1.0)


@inlined
def slope(x: float, curve: int) -> float:
    """How steeply the curve rises where the rate is `x`."""
    if curve == 0:
        return x * (1.0 - x)
    if curve == 1:
        return 1.0
    if curve == 2:
        return 1.0 - x * x
    if curve == 3:
        return 1.0 if x > 0.0 else 0.0
    return 1.0 if 0.0 < x < 1.0 else 0.0
