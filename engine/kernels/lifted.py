"""What a hook works out from the time gone by alone, taken from a table: all synapses have it in common.

`expm1(-dt / p.tau)` is the same for every synapse that the same time has gone by for, and times are whole
steps.  So each such part of a hook is worked out once for every number of steps, by the same lines, and the
bits stay what they are.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from engine.kernels.fuse import indent

COSTLY = frozenset(("exp", "expm1", "log", "log1p", "pow", "sqrt", "tanh"))
"""Functions that cost more than reading a number."""
CALLED = COSTLY | {"abs", "floor", "max", "min", "clip", "where"}
TIME = "dt"


@dataclass(frozen=True)
class Lifted:
    """A hook whose parts that depend on the time gone by alone have names of their own.

    `known` are the lines before them, `parts` their texts by name, `lines` is the hook with the names.
    """

    known: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]

    def looked_up(self) -> list[str]:
        """The hook, for `lag` steps of time."""
        if not self.parts:
            return list(self.lines)
        return [
            f"if lag < {table_of(self.parts[0][0])}.size:",
            *[f"    {name} = {table_of(name)}[uint64(lag)]" for name, _ in self.parts],
            "else:",
            *indent([*self.known, *[f"{name} = {text}" for name, text in self.parts]]),
            *self.lines,
        ]

    def written_down(self) -> list[str]:
        """The lines that fill the tables at the place `lag`."""
        return [*self.known, *[f"{table_of(name)}[lag] = {text}" for name, text in self.parts]]


def table_of(part: str) -> str:
    """The name of the table of a part."""
    return f"E_{part}"


def lift(lines: list[str], key: str) -> Lifted:
    """Find what a hook (as kernel lines) works out from `dt` and the parameters of card `key` alone."""
    return _lift(lines, key, {TIME}, (f"p{key}_",))


def lift_from(lines: list[str], key: str, known: tuple[str, ...]) -> Lifted:
    """Find the costly parts of a hook that depend on `dt` and on variables so beginning alone.

    Lines that nothing needs any more, as all they name is within such a part, are left out.
    """
    found = _lift(lines, key, {TIME}, known, any_costly=True)
    left = ast.parse("\n".join(found.lines)).body
    names = {ast.parse(line).body[0].targets[0].id for line in found.known}  # type: ignore[attr-defined]
    while True:
        needed = used([ast.unparse(s) for s in left])
        kept = [
            s
            for s in left
            if not (
                isinstance(s, ast.Assign)
                and isinstance(s.targets[0], ast.Name)
                and s.targets[0].id in names - needed
            )
        ]
        if len(kept) == len(left):
            break
        left = kept
    lines = [line for s in left for line in ast.unparse(s).splitlines()]
    return Lifted(found.known, found.parts, tuple(lines))


def used(lines: list[str]) -> set[str]:
    """Every name that some lines read."""
    tree = ast.parse("\n".join(lines))
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _lift(
    lines: list[str], key: str, free: set[str], given: tuple[str, ...], any_costly: bool = False
) -> Lifted:
    tree = ast.parse("\n".join(lines))
    written = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    known: list[ast.stmt] = []

    def is_known(node: ast.AST) -> bool:
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                if not (isinstance(part.func, ast.Name) and part.func.id in CALLED):
                    return False
            elif (
                isinstance(part, ast.Name) and part.id not in free | CALLED and not part.id.startswith(given)
            ):
                return False
        return True

    for statement in tree.body:  # what is worked out once, at the top, before anything else
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            break
        name = statement.targets[0].id
        if len(statement.targets) == 1 and written.count(name) == 1 and is_known(statement.value):
            known.append(statement)
            free.add(name)

    found: dict[str, str] = {}

    def depends(node: ast.AST) -> bool:
        """Whether it takes a costly function of the time, itself or through what it names."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        return not isinstance(node, ast.Name) and bool(names & COSTLY) and (any_costly or bool(names & free))

    class Replacer(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if isinstance(node, ast.expr) and is_known(node) and depends(node):
                text = ast.unparse(node)
                return ast.Name(found.setdefault(text, f"part{key}_{len(found)}"), ast.Load())
            return self.generic_visit(node)

    changed = ast.fix_missing_locations(Replacer().visit(ast.parse("\n".join(lines))))
    return Lifted(
        tuple(ast.unparse(statement) for statement in known),
        tuple((name, text) for text, name in found.items()),
        tuple(ast.unparse(changed).splitlines()),
    )
