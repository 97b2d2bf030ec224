"""Reads the hooks of a model as arithmetic on rows, refuses anything else, and rewrites them for a kernel.

A hook such as `syn.dw += p.a * pre.x` is checked node by node against a whitelist on its syntax tree; what
leaves this module is written afresh from the checked tree, never pasted text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.declare import Declaration, Neuron
from engine.errors import ModelError, did_you_mean

FUNCTIONS = frozenset(
    ("abs", "exp", "expm1", "log", "log1p", "pow", "sqrt", "tanh", "floor", "max", "min", "clip", "where")
)
CHANCE = frozenset(("uniform", "normal", "poisson", "binomial"))
ROWS = frozenset(("syn", "pre", "post", "glia", "mod", "p", "n", "k", "inp", "el"))
PLAIN = frozenset(("h", "dt", "d"))
READ_ONLY = frozenset(("p", "pre", "post", "mod", "glia"))

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

Resolve = Callable[[str, str], str]
"""(row, attribute) -> the kernel's variable; raises KeyError with the known attributes."""


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
        self.arguments = [a.arg for a in tree.args.args]
        self.locals: set[str] = set()
        self.found = Reads()
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
            if node.id in self.arguments or node.id in FUNCTIONS | CHANCE or node.id.startswith("_"):
                raise self.refuse(node, f"{node.id!r} cannot be assigned")
            if also_read and node.id not in self.locals:
                raise self.refuse(node, f"{node.id!r} has no value yet")
            self.locals.add(node.id)
            return
        row, name = self.row(node)
        if row in READ_ONLY:
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
        known = FUNCTIONS | CHANCE
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


class _Writer(ast.NodeTransformer):
    """Renames rows to kernel variables and turns numbers into floats."""

    def __init__(self, resolve: Resolve, prefix: str, chance: tuple[str, ...], where: str) -> None:
        self.resolve, self.prefix, self.chance, self.where = resolve, prefix, chance, where
        self.drawn = 0

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        assert isinstance(node.value, ast.Name)
        row = node.value.id
        try:
            name = self.resolve(row, node.attr)
        except KeyError as unknown:
            known = sorted(unknown.args[0])
            raise ModelError(
                f"{self.where}, line {node.lineno}: "
                f"there is no {row}.{node.attr}{did_you_mean(node.attr, known)}; "
                f"{row} has {', '.join(known) or 'nothing here'}"
            ) from None
        return ast.Name(name, node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return node if node.id in PLAIN else ast.Name(f"{self.prefix}_{node.id}", node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(float(node.value)) if type(node.value) in (int, float) else node  # type: ignore[arg-type]

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("pow", ast.Load()), [left, right], [])
        return ast.BinOp(left, node.op, right)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        assert isinstance(node.func, ast.Name)
        arguments = [self.visit(a) for a in node.args]
        if node.func.id in CHANCE:
            key: list[ast.expr] = [ast.Name(k, ast.Load()) for k in self.chance]
            arguments = [*arguments, *key, ast.Constant(self.drawn)]
            self.drawn += 1
        return ast.Call(ast.Name(node.func.id, ast.Load()), arguments, [])


def _without_docstring(tree: ast.FunctionDef) -> list[ast.stmt]:
    return [s for s in tree.body if not isinstance(s, ast.Expr)]


def statements(
    model: type[Declaration], hook: str, resolve: Resolve, prefix: str, chance: tuple[str, ...] = ()
) -> list[str]:
    """The lines of a hook, checked and rewritten for a kernel (no indentation); [] when there is none."""
    if hook not in model.hooks:
        return []
    where = f"{model.slug}.{hook}"
    tree = model.source_of(hook)
    check(where, tree)
    writer = _Writer(resolve, prefix, chance, where)
    body = [writer.visit(s) for s in _without_docstring(tree)]
    module = ast.fix_missing_locations(ast.Module(body, []))
    return ast.unparse(module).splitlines()


def expression(
    model: type[Declaration], hook: str, resolve: Resolve, prefix: str, chance: tuple[str, ...] = ()
) -> str:
    """A hook that only returns something, as one expression of kernel variables."""
    where = f"{model.slug}.{hook}"
    tree = model.source_of(hook)
    check(where, tree)
    body = _without_docstring(tree)
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        raise ModelError(f"{where}: this hook is one line, `return ...`")
    value = _Writer(resolve, prefix, chance, where).visit(body[0].value)
    return ast.unparse(ast.fix_missing_locations(ast.Expression(value)))


def reads(model: type[Declaration]) -> dict[str, Reads]:
    """What every hook of a model reads and writes."""
    return {hook: check(f"{model.slug}.{hook}", model.source_of(hook)) for hook in model.hooks}


def channels(model: type[Neuron]) -> tuple[str, ...]:
    """The receptors and currents of its own that a neuron model reads, besides those every neuron has."""
    rows = {row for found in reads(model).values() for row in found.reads}
    return tuple(
        sorted(name for name in {*model.receives, *model.currents} if ("inp", name) in rows - _USUAL)
    )


_USUAL = frozenset((("inp", "ex"), ("inp", "in_"), ("inp", "current")))
