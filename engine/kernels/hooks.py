"""Reads the hooks of a model as arithmetic on rows, refuses anything else, and rewrites them for a kernel.

A hook such as `syn.dw += p.a * pre.x` is checked node by node against a whitelist on its syntax tree; what
leaves this module is written afresh from the checked tree, never pasted text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from engine.arithmetic import CHANCE, PLAIN, TAKES, Reads, check
from engine.declare import Declaration, Neuron
from engine.errors import ModelError, did_you_mean

Resolve = Callable[[str, str], str]
"""(row, attribute) -> the kernel's variable; raises KeyError with the known attributes."""


def resolver(rows: dict[str, dict[str, str]]) -> Resolve:
    """Which variable each row.name of a hook is, from the names a loop knows."""

    def resolve(row: str, name: str) -> str:
        known = rows.get(row, {})
        if name not in known:
            raise KeyError(list(known))
        return known[name]

    return resolve


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
        given, takes = len(node.args), TAKES[node.func.id]
        if given != takes and not (node.func.id in ("max", "min") and given > takes):
            raise ModelError(
                f"{self.where}, line {node.lineno}: {node.func.id} takes {takes or 'no'} "
                f"number{'s' * (takes != 1)}, not {given}"
            )
        arguments = [self.visit(a) for a in node.args]
        if node.func.id in CHANCE:
            key: list[ast.expr] = [ast.Name(k, ast.Load()) for k in self.chance]
            # as a number of any value: numba would compile the functions of chance anew for every constant
            drawn = ast.Call(ast.Name("int64", ast.Load()), [ast.Constant(self.drawn)], [])
            arguments = [*arguments, *key, drawn]
            self.drawn += 1
        return ast.Call(ast.Name(node.func.id, ast.Load()), arguments, [])


def place(model: type[Declaration], hook: str) -> str:
    """What messages call a hook: the model and its hook, with the kind where it may do more than others."""
    return f"learner {model.slug}.{hook}" if model.kind == "learner" else f"{model.slug}.{hook}"


def _without_docstring(tree: ast.FunctionDef) -> list[ast.stmt]:
    return [s for s in tree.body if not isinstance(s, ast.Expr)]


def statements(
    model: type[Declaration], hook: str, resolve: Resolve, prefix: str, chance: tuple[str, ...] = ()
) -> list[str]:
    """The lines of a hook, checked and rewritten for a kernel (no indentation); [] when there is none."""
    if hook not in model.hooks:
        return []
    where = place(model, hook)
    tree = model.source_of(hook)
    check(where, tree)
    writer = _Writer(resolve, prefix, chance, where)
    if model.kind == "rule":
        writer.drawn = 16 * model.hook_names.index(hook)  # two hooks of a card draw apart
    body = [writer.visit(s) for s in _without_docstring(tree)]
    module = ast.fix_missing_locations(ast.Module(body, []))
    return ast.unparse(module).splitlines()


def arguments(model: type[Declaration], hook: str) -> list[str]:
    """The rows a hook asks for."""
    return [argument.arg for argument in model.source_of(hook).args.args]


def expression(
    model: type[Declaration], hook: str, resolve: Resolve, prefix: str, chance: tuple[str, ...] = ()
) -> str:
    """A hook that only returns something, as one expression of kernel variables."""
    where = place(model, hook)
    tree = model.source_of(hook)
    check(where, tree)
    body = _without_docstring(tree)
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        raise ModelError(f"{where}: this hook is one line, `return ...`")
    value = _Writer(resolve, prefix, chance, where).visit(body[0].value)
    return ast.unparse(ast.fix_missing_locations(ast.Expression(value)))


def reads(model: type[Declaration]) -> dict[str, Reads]:
    """What every hook of a model reads and writes."""
    return {hook: check(place(model, hook), model.source_of(hook)) for hook in model.hooks}


def channels(model: type[Neuron]) -> tuple[str, ...]:
    """The receptors and currents of its own that a neuron model reads, besides those every neuron has."""
    rows = {row for found in reads(model).values() for row in found.reads}
    return tuple(
        sorted(name for name in {*model.receives, *model.currents} if ("inp", name) in rows - _USUAL)
    )


_USUAL = frozenset((("inp", "ex"), ("inp", "in_"), ("inp", "current")))
