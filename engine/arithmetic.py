"""The arithmetic a hook may be made of, checked node by node on its syntax tree; anything else is refused.

A hook is text that becomes a kernel, whoever wrote it: what is not on the lists here never runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.errors import ModelError, did_you_mean

FUNCTIONS = frozenset(
    ("abs", "exp", "expm1", "log", "log1p", "pow", "sqrt", "tanh", "floor", "max", "min", "clip", "where")
)
CURVES = frozenset(("transfer", "slope"))
"""What only the hooks of a learner may call: how a rate follows from a net input."""
CHANCE = frozenset(("uniform", "normal", "poisson", "binomial"))
TAKES = {
    **dict.fromkeys(("abs", "exp", "expm1", "log", "log1p", "sqrt", "tanh", "floor", "poisson"), 1),
    **dict.fromkeys(("pow", "max", "min", "binomial", "transfer", "slope"), 2),
    **{"clip": 3, "where": 3, "uniform": 0, "normal": 0},
}
"""How many numbers a function takes; max and min take more as well."""
ROWS = frozenset(("syn", "pre", "post", "glia", "mod", "p", "n", "k", "inp", "el", "m", "dn", "was"))
PLAIN = frozenset(("h", "dt", "d"))
READ_ONLY = frozenset(("p", "pre", "post", "mod", "glia", "m", "was"))
MOVES = {"on_neuron": "post", "on_pre_neuron": "pre"}
"""The hooks that move the quantities of a neuron, and whose."""

_STATEMENTS = (ast.Assign, ast.AugAssign, ast.If, ast.Return, ast.Expr, ast.Pass)
_EXPRESSIONS = (
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Call,
    ast.IfExp,
    ast.Constant,
    ast.Name,
    ast.Attribute,
)
_OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip


@dataclass
class Reads:
    """What a hook reads and writes: its locality, computed from its syntax tree."""

    reads: set[tuple[str, str]] = field(default_factory=set)
    writes: set[tuple[str, str]] = field(default_factory=set)
    draws: int = 0


class _Checker(ast.NodeVisitor):
    """Walks one hook; anything that is not arithmetic on rows is refused with its line."""

    def __init__(self, where: str, tree: ast.FunctionDef) -> None:
        self.where = where
        self.is_learner = where.startswith("learner ")
        self.arguments = [a.arg for a in tree.args.args]
        self.locals: set[str] = set()
        self.found = Reads()
        self.moves = MOVES.get(tree.name, "")
        unknown = [a for a in self.arguments if a not in ROWS | PLAIN]
        if unknown:
            known = sorted(ROWS | PLAIN)
            raise ModelError(
                f"{where}: a hook's arguments are rows ({', '.join(known)}); "
                f"{unknown[0]!r} is not one{did_you_mean(unknown[0], known)}"
            )

    def refuse(self, node: ast.AST, why: str) -> ModelError:
        return ModelError(f"{self.where}, line {getattr(node, 'lineno', 0)}: {why}")

    def body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        if not isinstance(node, _STATEMENTS):
            raise self.refuse(
                node, f"{type(node).__name__.lower()} is not allowed; a hook is arithmetic on rows"
            )
        if isinstance(node, ast.Expr):
            if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
                raise self.refuse(node, "an expression that is not stored does nothing")
        elif isinstance(node, ast.Assign):
            if len(node.targets) != 1:
                raise self.refuse(node, "assign one thing at a time")
            self.expression(node.value)
            self.target(node.targets[0])
        elif isinstance(node, ast.AugAssign):
            self.operator(node.op)
            self.expression(node.value)
            self.target(node.target, also_read=True)
        elif isinstance(node, ast.If):
            self.expression(node.test)
            self.body(node.body)
            self.body(node.orelse)
        elif isinstance(node, ast.Return):
            if node.value is None:
                raise self.refuse(node, "return what?")
            self.expression(node.value)

    def target(self, node: ast.expr, also_read: bool = False) -> None:
        if isinstance(node, ast.Name):
            if node.id in self.arguments or node.id in FUNCTIONS | CHANCE | CURVES or node.id.startswith("_"):
                raise self.refuse(node, f"{node.id!r} cannot be assigned")
            if also_read and node.id not in self.locals:
                raise self.refuse(node, f"{node.id!r} has no value yet")
            self.locals.add(node.id)
            return
        row, name = self.row(node)
        if row in READ_ONLY and row != self.moves:
            raise self.refuse(node, f"{row}.{name} is read only")
        self.found.writes.add((row, name))
        if also_read:
            self.found.reads.add((row, name))

    def row(self, node: ast.expr) -> tuple[str, str]:
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            raise self.refuse(node, "only row.name may be read or written")
        row = node.value.id
        if row not in self.arguments or row not in ROWS:
            raise self.refuse(
                node, f"{row!r} is not an argument of this hook{did_you_mean(row, self.arguments)}"
            )
        if node.attr.startswith("_"):
            raise self.refuse(node, f"{row}.{node.attr}: names do not begin with an underscore")
        return row, node.attr

    def operator(self, node: ast.AST) -> None:
        if not isinstance(node, _OPERATORS):
            raise self.refuse(
                node, f"{type(node).__name__} is not among the operators + - * / ** and comparisons"
            )

    def expression(self, node: ast.expr) -> None:
        if not isinstance(node, _EXPRESSIONS):
            raise self.refuse(
                node, f"{type(node).__name__.lower()} is not allowed; a hook is arithmetic on rows"
            )
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, (int, float, bool)) or abs(node.value) > 1e300:
                raise self.refuse(node, f"{node.value!r} is not a number")
        elif isinstance(node, ast.Name):
            if node.id not in self.locals and not (node.id in self.arguments and node.id in PLAIN):
                raise self.refuse(
                    node, f"{node.id!r} is not known here{did_you_mean(node.id, sorted(self.locals))}"
                )
        elif isinstance(node, ast.Attribute):
            self.found.reads.add(self.row(node))
        elif isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.BinOp):
            self.operator(node.op)
            self.expression(node.left)
            self.expression(node.right)
        elif isinstance(node, ast.UnaryOp):
            self.operator(node.op)
            self.expression(node.operand)
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self.expression(value)
        elif isinstance(node, ast.Compare):
            for op in node.ops:
                self.operator(op)
            for value in (node.left, *node.comparators):
                self.expression(value)
        elif isinstance(node, ast.IfExp):
            for value in (node.test, node.body, node.orelse):
                self.expression(value)

    def call(self, node: ast.Call) -> None:
        known = FUNCTIONS | CHANCE | (CURVES if self.is_learner else frozenset())
        if not isinstance(node.func, ast.Name) or node.func.id not in known:
            name = node.func.id if isinstance(node.func, ast.Name) else "that"
            raise self.refuse(
                node, f"{name} is not among the functions a hook may call{did_you_mean(name, sorted(known))}"
            )
        if node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, f"{node.func.id}: plain arguments only")
        if node.func.id in CHANCE:
            self.found.draws += 1
        for argument in node.args:
            self.expression(argument)


def check(where: str, tree: ast.FunctionDef) -> Reads:
    """Refuse a hook that is more than arithmetic on rows; return what it reads and writes.

    Raises:
        ModelError: with the hook, the line, what is wrong and what would be right.
    """
    checker = _Checker(where, tree)
    checker.body(tree.body)
    return checker.found
