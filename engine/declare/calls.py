"""The functions a hook may call besides those of `math`; they have a value only inside a kernel."""

from __future__ import annotations


def where(condition: bool, yes: float, no: float) -> float:
    """`yes` if the condition holds, else `no`; in a kernel both are computed."""
    return yes if condition else no


def clip(x: float, low: float, high: float) -> float:
    """`x`, but no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def uniform() -> float:
    """A random number in [0, 1); only inside a hook."""
    raise TypeError("uniform() has a value only inside a kernel")


def normal() -> float:
    """A standard normal random number; only inside a hook."""
    raise TypeError("normal() has a value only inside a kernel")


def poisson(mean: float) -> float:
    """A Poisson random number; only inside a hook."""
    raise TypeError("poisson() has a value only inside a kernel")


def binomial(n: float, p: float) -> float:
    """A binomial random number; only inside a hook."""
    raise TypeError("binomial() has a value only inside a kernel")


def transfer(net: float, curve: float) -> float:
    """The rate that a net input gives; only inside a hook of a learner."""
    raise TypeError("transfer() has a value only inside a kernel")


def slope(x: float, curve: float) -> float:
    """How steeply the rate rises where it is `x`; only inside a hook of a learner."""
    raise TypeError("slope() has a value only inside a kernel")
