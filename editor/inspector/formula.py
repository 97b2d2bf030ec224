"""A formula as the model file writes it, in plain characters, read into parts that can be set like print.

Qt-free.  A declaration says `formula = "dw/dt = (w/tau_sc) (1 - (r/target)^exponent)"`; `read` makes
rows of parts of it: words, scripts and fractions, with Greek letters for their names.  What it does not
understand it shows as written, so a formula can never fail to appear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

GREEK = {
    **dict(
        alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", eps="ε", zeta="ζ", eta="η", theta="θ",
        kappa="κ", lambda_="λ", mu="μ", nu="ν", xi="ξ", pi="π", rho="ρ", sigma="σ", tau="τ", phi="φ",
        chi="χ", psi="ψ", omega="ω", Delta="Δ", Theta="Θ", Sigma="Σ", Omega="Ω",
    ),
    "lambda": "λ",
}  # fmt: skip
SIGNS = {"->": "→", "-": "−", "*": "·", "<=": "≤", ">=": "≥", "!=": "≠", "~": "∼", "...": "…"}

_PIECE = re.compile(
    r"(?P<space>\s+)|(?P<arrow>->|<=|>=|!=|\.\.\.)|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9]*)|(?P<other>.)"
)


@dataclass(frozen=True)
class Text:
    """Characters in one style: `italic` for quantities, upright for words, numbers and signs."""

    text: str
    italic: bool = False


@dataclass(frozen=True)
class Space:
    """A gap; `wide` between clauses."""

    wide: bool = False


@dataclass(frozen=True)
class Script:
    """A part with something small below it, above it, or both."""

    base: Part
    below: tuple[Part, ...] = ()
    above: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Bracket:
    """A row in round brackets."""

    row: tuple[Part, ...]


@dataclass(frozen=True)
class Fraction:
    """One row over another."""

    top: tuple[Part, ...]
    bottom: tuple[Part, ...]


Part = Text | Space | Script | Bracket | Fraction
Row = tuple[Part, ...]


def read(formula: str) -> list[Row]:
    """The rows of a formula: clauses parted by a comma and several spaces stand on rows of their own."""
    clauses = [clause.strip() for clause in re.split(r",\s{2,}", formula.strip())]
    return [_Reader(clause).row() for clause in clauses if clause]


class _Reader:
    """Reads one clause from left to right."""

    def __init__(self, text: str) -> None:
        self.pieces = [(m.lastgroup or "other", m.group()) for m in _PIECE.finditer(text)]
        self.at = 0

    def row(self, inside: bool = False) -> Row:
        parts: list[Part] = []
        while self.at < len(self.pieces):
            kind, text = self.pieces[self.at]
            if inside and text == ")":
                break
            self.at += 1
            if kind == "space":
                parts.append(Space(wide=len(text) > 1))
            elif text == "/" and parts and not isinstance(parts[-1], Space) and self._next_is_tight():
                parts.append(Fraction(_bare(parts.pop()), _bare(self.atom())))
            elif kind in ("word", "number") or text == "(":
                self.at -= 1
                parts.append(self.atom())
            elif text == "'" and parts:
                parts.append(Script(parts.pop(), above=(Text("′"),)))
            else:
                parts.append(Text(SIGNS.get(text, text)))
        return tuple(parts)

    def atom(self) -> Part:
        """One quantity, number or bracket, with its scripts."""
        kind, text = self.pieces[self.at]
        self.at += 1
        part: Part
        below: Row = ()
        above: Row = ()
        if text == "(":
            part = Bracket(self.row(inside=True))
            self.at += 1  # the closing bracket, or the end
        elif kind == "word":
            part, below = _quantity(text)
            below, above = self._suffixes(below)
        else:
            part = Text(text)
        if self._peek() == "^" and self.at + 1 < len(self.pieces):
            self.at += 1
            above = (*above, *_bare(self.atom()))
        return Script(part, below, above) if below or above else part

    def _suffixes(self, below: Row) -> tuple[Row, Row]:
        """`_max` after a name goes below; a sign written tight after it (`A2+`) goes above."""
        while self._peek() == "_":
            self.at += 1
            if self.at < len(self.pieces) and self.pieces[self.at][0] in ("word", "number"):
                small = self.pieces[self.at][1]
                below = (*below, *((Text(","),) if below else ()), Text(GREEK.get(small, small)))
                self.at += 1
        sign = self._peek()
        after = self.pieces[self.at + 1] if self.at + 1 < len(self.pieces) else ("space", " ")
        if sign in ("+", "-") and (after[0] == "space" or after[1] in "),^"):
            self.at += 1
            return below, (Text(SIGNS.get(sign, sign)),)
        return below, ()

    def _peek(self) -> str:
        return self.pieces[self.at][1] if self.at < len(self.pieces) else ""

    def _next_is_tight(self) -> bool:
        if self.at >= len(self.pieces):
            return False
        kind, text = self.pieces[self.at]
        return kind in ("word", "number") or text == "("


def _quantity(word: str) -> tuple[Part, Row]:
    """A name as print shows it: Greek, italic when it is a quantity, its digits below."""
    if word in GREEK:
        return Text(GREEK[word], italic=True), ()
    if match := re.fullmatch(r"([A-Za-z])(\d+)", word):
        return Text(match[1], italic=True), (Text(match[2]),)
    is_quantity = len(word) == 1 or re.fullmatch(r"d[A-Za-z]", word) or word in ("ux",)
    return Text(word, italic=bool(is_quantity)), ()


def _bare(part: Part) -> Row:
    """What stands in a fraction or above a base needs no brackets of its own."""
    return part.row if isinstance(part, Bracket) else (part,)


def symbol_in(formula: str, name: str) -> str:
    """A parameter's name with the capitals of a formula: `e_l` beside `V - E_L` is `E_L`.

    A quantity the formula does not have takes the capital of its letter, if the formula knows only that:
    beside `V`, `v_reset` is `V_reset`.
    """
    written: set[str] = set(re.findall(r"[A-Za-z]\w*", formula))
    same = {one for one in written if one.lower() == name.lower()}
    if name in written or len(same) > 1:
        return name
    if same:
        return same.pop()
    letter, below, rest = name.partition("_")
    bases = {one.partition("_")[0] for one in written}
    if len(letter) == 1 and below and letter.upper() in bases and letter not in bases:
        return f"{letter.upper()}_{rest}"
    return name
