"""Writes the arithmetic of a neuron in float32, so that the processor takes twice as many abreast.

A number in a hook becomes a float32, or the whole would be computed in float64.  A constant that a state
is multiplied by step after step (what a membrane keeps of its potential) is near one, and rounding it to
24 bits would bend its time constant by up to a part in a thousand.  What it differs from one by loses
nothing that matters: so `k x` becomes `x + (k - 1) x`, whose error is that of writing x down.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from engine import parsing

CHANGE = "change_"
"""What the name begins with that says by how much a constant differs from one."""


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _single(value: float) -> ast.expr:
    return ast.Call(ast.Name("float32", ast.Load()), [ast.Constant(value)], [])


class _Narrowing(ast.NodeTransformer):
    """Numbers become float32; products of the state being set are changes of it."""

    def __init__(self) -> None:
        self.target = ""
        self.mended: set[str] = set()

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        first = node.targets[0]
        self.target = first.id if isinstance(first, ast.Name) else ""
        node.value = self.visit(node.value)
        self.target = ""
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return _single(node.value) if type(node.value) is float else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Mult):
            for constant, other in ((node.left, node.right), (node.right, node.left)):
                if (
                    isinstance(constant, ast.Name)
                    and constant.id.startswith("k_")
                    and self.target.startswith("n_")
                    and self.target in _names(other)
                ):
                    self.mended.add(constant.id)
                    kept = self.visit(other)
                    change = ast.BinOp(ast.Name(CHANGE + constant.id, ast.Load()), ast.Mult(), kept)
                    return ast.BinOp(kept, ast.Add(), change)
        self.generic_visit(node)
        return node


def narrow(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The lines of a hook in float32, and the constants `k_...` whose difference from one is wanted."""
    text = "\n".join(lines)
    narrowing = _Narrowing()
    tree = ast.fix_missing_locations(narrowing.visit(parsing.module(text)))
    return ast.unparse(tree).splitlines(), sorted(narrowing.mended)
