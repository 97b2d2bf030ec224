"""Over many releases at once: what they do together to a synapse whose tag only fades between its own events.

Between two spikes of a synapse come many releases of a modulator, and what a gate such as `dopamine` lets go
is proportional to the tag it holds.  So all synapses of a segment share how much of a tag of 1 would be left
at each release, and how much weight it would have gained and lost by then: that is worked out once, by the
gate's own lines, and each synapse takes the whole stretch in one leap.  Where a bound might have been met
within it, it goes from release to release as any other stack does.
"""

from __future__ import annotations

import ast
from functools import cached_property

from engine.arithmetic import CHANCE
from engine.declare import Declaration
from engine.kernels.events import Events
from engine.kernels.fuse import Kernel, indent

BATCH = 256
"""What is noted of a segment at a time, for every tile: synapses, or points in time."""
LEAST_LEFT = 1e-4
"""What must be left of a tag at the end of a leap, lest rounding be felt."""
POINT_ARRAYS = [
    ("batch_step", "int64"), ("batch_left", "float64"), ("batch_inverse", "float64"),
    ("batch_gain", "float64"), ("batch_loss", "float64"),
]  # fmt: skip


class Leaps(Events):
    """A stack that may be able to leap."""

    @cached_property
    def leaping(self) -> tuple[str, str]:
        """(key, field) of the one card that acts between events, if it is proportional to what it holds."""
        gates = self.with_hook("advance")
        hooks = [(card, hook) for _, card in self.cards for hook in card.hooks]
        other = [*self.with_hook("between"), *self.with_hook("on_release"), *self.with_hook("apply")]
        if len(gates) != 1 or other or self.hears or self.has_loci or self.glia or self.is_eager:
            return "", ""
        (key, card) = gates[0]
        heard = [self.listens("", card, hook) for card, hook in hooks if hook not in ("advance", "transmit")]
        if any(heard) or not self.listens(key, card, "advance") or self.to_the_right(key):
            return "", ""
        return key, proportional(card)

    @property
    def leaps(self) -> bool:
        """Whether it takes many releases at once."""
        return bool(self.leaping[1])

    def _points(self) -> list[str]:
        """What all synapses of a segment share: a tag of 1 at `seen`, at each release since, and now."""
        if not self.leaps:
            return []
        key, field = self.leaping
        tag = f"f{key}_{field}"
        card = dict(self.with_hook("advance"))[key]
        step = [
            "lag = point_step[points] - then",
            "dt = lag * h",
            "if dt > 0.0:",
            *indent(
                [
                    *self._levels([(key, "advance")], "then"),
                    *self._begin(),
                    f"{tag} = 1.0",
                    *self.advancing(key, card).looked_up(),
                    "gained += max(left * dw, 0.0)",
                    "lost += min(left * dw, 0.0)",
                    f"left *= {tag}",
                ]
            ),
            "then = point_step[points]",
            "point_left[points], point_inverse[points] = left, 1.0 / left",
            "point_gain[points], point_loss[points] = gained, lost",
        ]
        return [
            *[f"point_{n[6:]} = part({n}, tile * {BATCH}, {BATCH})" for n, _ in POINT_ARRAYS],
            "mods = mod_count[0]",
            "k = mods",
            "while k > 0 and k > mods - mod_mask and mod_step[(k - 1) & mod_mask] > seen:",
            "    k -= 1",
            "met, points = k, 0",
            "left, gained, lost = 1.0, 0.0, 0.0",
            "point_step[0], point_left[0], point_inverse[0] = seen, 1.0, 1.0",
            "point_gain[0], point_loss[0] = 0.0, 0.0",
            f"if frozen == 0 and start < stop and mod_bound[{len(self.roles) + 2}] != 0:",
            *indent(
                [
                    "q = int64(post[start])",
                    "then = seen",
                    f"while points < {BATCH - 1} and then < now:",
                    *indent(
                        [
                            "points += 1",
                            "point_step[points] = now",
                            "if k < mods and mod_step[k & mod_mask] <= now:",
                            "    point_step[points] = mod_step[k & mod_mask]",
                            *step,
                            "k += 1",
                        ]
                    ),
                    f"if then < now or not left > {LEAST_LEFT}:",
                    "    points = 0",
                ]
            ),
        ]

    def _leap(self) -> list[str]:
        """Go as far as the last release before `coming`, from one; or as far as `now`."""
        if not self.leaps:
            return []
        key, field = self.leaping
        tag, bounds = f"f{key}_{field}", len(self.rules)
        go = [
            "before = w",
            "dw = more + less",
            "w = clip(w + dw, w_min, w_max)",
            f"up{key} += more",
            f"down{key} += less",
            *self._tell("point_step[far]", key, "dw"),
            "cut = w - before - dw",
            f"up{bounds} += max(cut, 0.0)",
            f"down{bounds} += min(cut, 0.0)",
            *self._tell("point_step[far]", str(bounds), "cut", "1e-9 * abs(dw)"),
            f"{tag} *= point_left[far] * point_inverse[at]",
            "then = point_step[far]",
            "k = min(met + far, mods)",
        ]
        return [
            "at = k - met",
            "if leaps and at < points and then == point_step[at]:",
            *indent(
                [
                    "far = points if kind == 0 else at",
                    "while far < points and point_step[far + 1] <= coming:",
                    "    far += 1",
                    f"held = {tag} * point_inverse[at]",
                    "more = held * (point_gain[far] - point_gain[at])",
                    "less = held * (point_loss[far] - point_loss[at])",
                    "if held < 0.0:",
                    "    more, less = less, more",
                    "leaps = w_min <= w and w <= w_max and (",
                    "    more == 0.0 or less == 0.0 or (w + more <= w_max and w + less >= w_min)",
                    ")",
                    "if leaps:",
                    *indent(go),
                ]
            ),
        ]

    def timetable(self) -> Kernel | None:
        """Fills the tables of what hooks work out from the time gone by alone."""
        if not self.timed:
            return None
        hooks = [self.advancing(key, card) for key, card in self.with_hook("advance")]
        body = [
            "h = ff[0]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            f"for lag in range({self.timed[0]}.size):",
            "    dt = lag * h",
            *indent([line for hook in hooks for line in hook.written_down()]),
        ]
        return Kernel("timetable", tuple(self.timed_arrays), tuple(body))


def proportional(card: type[Declaration]) -> str:
    """The one field that `advance` multiplies, if what it adds to `syn.dw` is in proportion to it; or ""."""
    tree = card.source_of("advance")
    fields = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and _is_row(n, "syn")} - {"dw"}
    if len(fields) != 1:
        return ""
    field: str = fields.pop()
    powers: dict[str, int] = {"dt": 0}

    def power(node: ast.expr) -> int:
        """With which power of the field an expression grows: 0, 1, or 2 for anything else."""
        match node:
            case ast.Constant():
                return 0
            case ast.Name():
                return powers.get(node.id, 2)
            case ast.Attribute() if _is_row(node, "syn"):
                return 1 if node.attr == field else 2
            case ast.Attribute():
                return 0 if _is_row(node, "p") or _is_row(node, "mod") else 2
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return power(node.operand)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                left, right = power(node.left), power(node.right)
                return left if left == right else 2
            case ast.BinOp(op=ast.Mult()):
                return min(power(node.left) + power(node.right), 2)
            case ast.BinOp(op=ast.Div()):
                return power(node.left) if power(node.right) == 0 else 2
            case ast.Call(func=ast.Name(id=name)) if name in CHANCE:
                return 2
            case ast.Call():
                return 2 if any(power(argument) for argument in node.args) else 0
        return 2

    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Assign(targets=[ast.Name(id=name)]):
                powers[name] = power(statement.value)
            case ast.AugAssign(op=ast.Add() | ast.Sub()) if _is_row(statement.target, "syn"):
                if power(statement.value) != 1:
                    return ""
            case ast.AugAssign(target=ast.Attribute(attr=name), op=ast.Mult() | ast.Div()) if name == field:
                if power(statement.value) != 0:
                    return ""
            case ast.Assign(targets=[ast.Attribute(attr=name)]) if name == field:
                if power(statement.value) != 1:
                    return ""
            case _:
                return ""
    return field


def _is_row(node: ast.AST, row: str) -> bool:
    """Whether it is something of a row: `syn.w` is of `syn`."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == row
