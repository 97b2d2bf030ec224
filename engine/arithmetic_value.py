"""What a hook comes to, worked out node by node in plain Python: for curves and test pairs, never for a run.

Only checked trees are walked, and nothing in them is ever executed as Python, so a rule out of a stranger's
file can be drawn as safely as it can be run.
"""

from __future__ import annotations

import ast
import copy
import inspect
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from engine.arithmetic import check
from engine.declare import clip, where


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
    "floor": _safe(math.floor), "max": max, "min": min, "clip": clip, "where": where,
    "uniform": lambda: 0.5, "normal": lambda: 0.0, "poisson": _safe(round),
    "binomial": _safe(lambda n, p: round(n * p)),
}  # fmt: skip
"""The calls a hook may make; a chance takes its most ordinary value."""
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.Pow: FUNCTIONS["pow"],
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: lambda a: a,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
Scope = dict[str, Any]
Step = Callable[[Scope], Any]
"""A node of a tree as a function of the rows and the names at hand."""


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
        scope: Scope = {**dict(zip(self.arguments, rows, strict=False)), **named}
        try:
            self._run(scope)
        except _Returned as found:
            return found.args[0]
        return None

    def calling(self, **instead: Callable[..., Any]) -> Hook:
        """The same hook, which calls these functions in place of the usual ones of their name."""
        other = copy.copy(self)
        other.functions = {**self.functions, **instead}
        other.__dict__.pop("_run", None)
        return other

    @cached_property
    def _run(self) -> Step:
        """The body as functions of functions: walking the tree anew for every call is six times slower."""
        return _block(self.tree.body, self.functions)


Functions = Mapping[str, Callable[..., Any]]


def _block(statements: list[ast.stmt], functions: Functions) -> Step:
    steps = [_step(one, functions) for one in statements if not isinstance(one, ast.Expr | ast.Pass)]

    def run(scope: Scope) -> None:
        for step in steps:
            step(scope)

    return run


def _step(node: ast.stmt, functions: Functions) -> Step:
    match node:
        case ast.Assign(targets=[target], value=given):
            return _store(target, _value(given, functions))
        case ast.AugAssign():
            change, before = _BINARY[type(node.op)], _value(node.target, functions)
            by = _value(node.value, functions)
            return _store(node.target, lambda scope: change(before(scope), by(scope)))
        case ast.If():
            test = _value(node.test, functions)
            then, otherwise = _block(node.body, functions), _block(node.orelse, functions)
            return lambda scope: then(scope) if test(scope) else otherwise(scope)
        case ast.Return(value=ast.expr() as given):
            found = _value(given, functions)

            def leave(scope: Scope) -> None:
                raise _Returned(found(scope))

            return leave
    raise TypeError(f"{type(node).__name__} is no arithmetic")


def _store(target: ast.expr, value: Step) -> Step:
    match target:
        case ast.Attribute(value=ast.Name(id=row), attr=name):
            return lambda scope: setattr(scope[row], name, value(scope))
        case ast.Name(id=name):

            def keep(scope: Scope) -> None:
                scope[name] = value(scope)

            return keep
    raise TypeError(f"{type(target).__name__} is no arithmetic")


def _value(node: ast.expr, functions: Functions) -> Step:
    match node:
        case ast.Constant(value=bool(truth)):
            return lambda scope: truth
        case ast.Constant(value=int(amount) | float(amount)):
            number = float(amount)
            return lambda scope: number
        case ast.Name(id=name):
            return operator.itemgetter(name)
        case ast.Attribute(value=ast.Name(id=row), attr=name):
            return lambda scope: getattr(scope[row], name)
        case ast.BinOp():
            combine, left = _BINARY[type(node.op)], _value(node.left, functions)
            right = _value(node.right, functions)
            return lambda scope: combine(left(scope), right(scope))
        case ast.UnaryOp():
            turn, operand = _UNARY[type(node.op)], _value(node.operand, functions)
            return lambda scope: turn(operand(scope))
        case ast.BoolOp():
            every = all if isinstance(node.op, ast.And) else any
            parts = [_value(one, functions) for one in node.values]
            return lambda scope: every(one(scope) for one in parts)
        case ast.Compare():
            return _comparison(node, functions)
        case ast.IfExp():
            test, yes, no = (_value(one, functions) for one in (node.test, node.body, node.orelse))
            return lambda scope: yes(scope) if test(scope) else no(scope)
        case ast.Call(func=ast.Name(id=name), args=given):
            function, asked = functions[name], [_value(one, functions) for one in given]
            return lambda scope: function(*[one(scope) for one in asked])
    raise TypeError(f"{type(node).__name__} is no arithmetic")


def _comparison(node: ast.Compare, functions: Functions) -> Step:
    """`a < b < c`: each is worked out once, and no more than are needed."""
    first, *others = (_value(one, functions) for one in (node.left, *node.comparators))
    compares = [_COMPARE[type(op)] for op in node.ops]
    if len(others) == 1:
        (second,), (compare,) = others, compares
        return lambda scope: compare(first(scope), second(scope))

    def holds(scope: Scope) -> bool:
        left = first(scope)
        for compare, one in zip(compares, others, strict=True):
            right = one(scope)
            if not compare(left, right):
                return False
            left = right
        return True

    return holds


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
