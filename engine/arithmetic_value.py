"""What a hook comes to, worked out node by node in plain Python: for curves and test pairs, never for a run.

Only checked trees are walked, and nothing in them is ever executed as Python, so a rule out of a stranger's
file can be drawn as safely as it can be run.
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from engine.arithmetic import check
from engine.declare import clip, where

Number = float | bool


def _safe(function: Callable[..., float]) -> Callable[..., float]:
    """The function, with the infinity or the NaN a kernel would give in place of an error."""

    def call(*arguments: float) -> float:
        try:
            return function(*arguments)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan

    return call


def _divide(a: float, b: float) -> float:
    if b == 0.0:
        return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b


FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs, "exp": _safe(math.exp), "expm1": _safe(math.expm1), "log": _safe(math.log),
    "log1p": _safe(math.log1p), "pow": _safe(math.pow), "sqrt": _safe(math.sqrt), "tanh": math.tanh,
    "floor": math.floor, "max": max, "min": min, "clip": clip, "where": where,
    "uniform": lambda: 0.5, "normal": lambda: 0.0, "poisson": round,
    "binomial": lambda n, p: round(n * p),
}  # fmt: skip
"""The calls a hook may make; a chance takes its most ordinary value."""
_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _divide,
    ast.Pow: FUNCTIONS["pow"],
}
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


class _Returned(Exception):
    """A `return`, carrying its value."""


class Hook:
    """A checked hook that can be called with rows: `hook(syn, pre, post, p)` changes `syn` in place.

    Raises:
        ModelError: the tree is more than arithmetic on rows.
    """

    def __init__(self, where_: str, tree: ast.FunctionDef) -> None:
        check(where_, tree)
        self.tree = tree
        self.functions = FUNCTIONS
        self.arguments = [argument.arg for argument in tree.args.args]
        self.__name__ = tree.name
        self.__signature__ = inspect.Signature(
            [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in self.arguments]
        )

    def __call__(self, *rows: Any, **named: Any) -> Any:
        """Run it on rows, by place or by name; returns what it returns."""
        scope: dict[str, Any] = {**dict(zip(self.arguments, rows, strict=False)), **named}
        try:
            self._body(self.tree.body, scope)
        except _Returned as found:
            return found.args[0]
        return None

    def calling(self, **instead: Callable[..., Any]) -> Hook:
        """The same hook, which calls these functions in place of the usual ones of their name."""
        other = copy.copy(self)
        other.functions = {**self.functions, **instead}
        return other

    def _body(self, statements: list[ast.stmt], scope: dict[str, Any]) -> None:
        for statement in statements:
            if isinstance(statement, ast.Assign):
                self._store(statement.targets[0], self._value(statement.value, scope), scope)
            elif isinstance(statement, ast.AugAssign):
                before = self._value(statement.target, scope)
                change = self._value(statement.value, scope)
                self._store(statement.target, _BINARY[type(statement.op)](before, change), scope)
            elif isinstance(statement, ast.If):
                test = self._value(statement.test, scope)
                self._body(statement.body if test else statement.orelse, scope)
            elif isinstance(statement, ast.Return):
                assert statement.value is not None
                raise _Returned(self._value(statement.value, scope))

    @staticmethod
    def _store(target: ast.expr, value: Number, scope: dict[str, Any]) -> None:
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            setattr(scope[target.value.id], target.attr, value)
        elif isinstance(target, ast.Name):
            scope[target.id] = value

    def _value(self, node: ast.expr, scope: dict[str, Any]) -> Any:
        match node:
            case ast.Constant(value=bool(truth)):
                return truth
            case ast.Constant(value=int(number) | float(number)):
                return float(number)
            case ast.Name():
                return scope[node.id]
            case ast.Attribute(value=ast.Name(id=row), attr=name):
                return getattr(scope[row], name)
            case ast.BinOp():
                return _BINARY[type(node.op)](self._value(node.left, scope), self._value(node.right, scope))
            case ast.UnaryOp():
                value = self._value(node.operand, scope)
                return (
                    not value
                    if isinstance(node.op, ast.Not)
                    else -value
                    if isinstance(node.op, ast.USub)
                    else value
                )
            case ast.BoolOp():
                is_and = isinstance(node.op, ast.And)
                values = (self._value(one, scope) for one in node.values)
                return all(values) if is_and else any(values)
            case ast.Compare():
                left = self._value(node.left, scope)
                for op, right_node in zip(node.ops, node.comparators, strict=True):
                    right = self._value(right_node, scope)
                    if not _COMPARE[type(op)](left, right):
                        return False
                    left = right
                return True
            case ast.IfExp():
                return self._value(node.body if self._value(node.test, scope) else node.orelse, scope)
            case ast.Call(func=ast.Name(id=name), args=given):
                return self.functions[name](*(self._value(one, scope) for one in given))
        raise TypeError(f"{type(node).__name__} is no arithmetic")


Hooks = Mapping[str, Callable[..., Any]]
Taus = Mapping[str, tuple[str, float]]
"""Of every trace: whose it is, "pre" or "post", and how long it lasts (ms)."""


def pair_change(
    hooks: Hooks,
    taus: Taus,
    lag: float,
    p: SimpleNamespace,
    fields: Mapping[str, float],
    levels: Mapping[str, float] | None = None,
) -> float:
    """How one pair of spikes changes a half-maximal synapse: pre at 0, post at `lag` ms.

    `levels` is what hooks read of `mod`; nothing changes it.
    """
    _, weight = train_change(hooks, taus, [0.0], [lag], p, fields, levels)
    return weight[-1] - weight[0]


def train_change(
    hooks: Hooks,
    taus: Taus,
    pre_times: Sequence[float],
    post_times: Sequence[float],
    p: SimpleNamespace,
    fields: Mapping[str, float],
    levels: Mapping[str, float] | None = None,
) -> tuple[list[float], list[float]]:
    """The weight of one synapse under two spike trains (ms): its times and values, from half of `p.w_max` on.

    Each event sees only what came strictly before it; at a tie the post spike is first, and neither of the
    two counts for the other (MODELS 1.5).
    """
    syn = SimpleNamespace(w=0.5 * p.w_max, dw=0.0, **fields)
    rows: dict[str, Any] = {"syn": syn, "p": p, "mod": SimpleNamespace(**(levels or {}))}
    for side in ("pre", "post"):
        rows[side] = SimpleNamespace(**{name: 0.0 for name, (owner, _) in taus.items() if owner == side})
    events = sorted([(t, 1, "pre") for t in pre_times] + [(t, 0, "post") for t in post_times])
    when, weight = [events[0][0] if events else 0.0], [syn.w]
    at = when[0]
    fired: list[str] = []
    for t, _, side in events:
        if t > at:
            _pass(rows, taus, fired, t - at)
            at, fired = t, []
        hook = hooks.get(f"on_{side}")
        if hook is not None:
            wanted = inspect.signature(hook).parameters
            hook(**{name: row for name, row in rows.items() if name in wanted})
            syn.w, syn.dw = clip(syn.w + syn.dw, p.w_min, p.w_max), 0.0
        fired.append(side)
        when.append(t)
        weight.append(syn.w)
    return when, weight


def _pass(rows: Mapping[str, Any], taus: Taus, fired: Sequence[str], dt: float) -> None:
    """Count the spikes of a moment in the traces, then let `dt` ms pass."""
    for name, (owner, tau) in taus.items():
        held = getattr(rows[owner], name) + fired.count(owner)
        setattr(rows[owner], name, held * FUNCTIONS["exp"](-dt / tau))
