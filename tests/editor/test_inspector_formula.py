"""Formulae are read into parts and set like print; what is not understood is shown as written."""

import re

import pytest
from PySide6.QtCore import QSize

from editor.app import application
from editor.inspector.field_name import FieldName
from editor.inspector.formula import Bracket, Fraction, Script, Space, Text, read, symbol_in
from editor.inspector.formula_view import FormulaView, set_row
from engine import registry

EVERY = [model for model in registry.all() if model.formula]


def characters(part):
    if isinstance(part, Text):
        return part.text
    if isinstance(part, Space):
        return " "
    if isinstance(part, Bracket):
        return "(" + "".join(map(characters, part.row)) + ")"
    if isinstance(part, Fraction):
        return "".join(map(characters, part.top)) + "/" + "".join(map(characters, part.bottom))
    return "".join(map(characters, (part.base, *part.below, *part.above)))


@pytest.mark.parametrize("model", EVERY, ids=lambda one: one.slug)
def test_no_letter_of_a_declared_formula_is_lost(model):
    said = "".join(characters(part) for row in read(model.formula) for part in row)
    greek = str.maketrans("αβγδεζηθκλμνξπρστφχψω", "abgdezhqklmnxprstfcyw")
    for word in ("w", "v", "I", "exp", "clip", "post", "pre", "spikes"):
        if f" {word} " in f" {model.formula} ":
            assert word in said.translate(greek)
    assert said.count("(") == said.count(")")


@pytest.mark.parametrize("model", EVERY, ids=lambda one: one.slug)
def test_every_declared_formula_fits_a_card(model):
    application()
    view = FormulaView(model.formula)
    for width in (240, 320, 600):
        boxes = view._boxes_for(float(width))
        assert boxes
        assert max(box.width for box in boxes) <= width + 1
    assert view.sizeHint().height() > QSize(0, 10).height()
    assert model.formula in view.accessibleName()


def test_a_ratio_is_a_fraction_without_its_brackets():
    (row,) = read("(w_max - w)/(w_max - w_min) up")
    assert isinstance(row[0], Fraction)
    assert not any(isinstance(part, Bracket) for part in row[0].top)


def test_a_sign_tight_after_a_name_stands_above_it_and_a_loose_one_beside():
    (row,) = read("A2+ + b")
    assert row[0] == Script(Text("A", italic=True), (Text("2"),), (Text("+"),))
    assert Text("+") in row


def test_powers_greek_and_primes():
    (row,) = read("n' = -n/tau_n x^2")
    assert row[0] == Script(Text("n", italic=True), above=(Text("′"),))
    fraction = next(part for part in row if isinstance(part, Fraction))
    assert fraction.bottom == (Script(Text("τ", italic=True), (Text("n"),)),)
    assert row[-1] == Script(Text("x", italic=True), above=(Text("2"),))


@pytest.mark.parametrize("odd", ["", "(((", "))", "a/", "/b", "^", "x^", "_", "w_", "'", "a'(b", "→ ∞ ?"])
def test_nonsense_is_shown_as_written(odd):
    application()
    for row in read(odd):
        assert set_row(row, 14.0).width >= 0


def test_a_narrow_formula_is_broken_not_cut():
    application()
    view = FormulaView("C dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e")
    assert len(view._boxes_for(180.0)) > 1
    assert view.heightForWidth(180) > view.heightForWidth(900)


@pytest.mark.parametrize(
    ("formula", "name", "symbol"),
    [
        ("C_m dV/dt = -g_L (V - E_L)", "e_l", "E_L"),
        ("C_m dV/dt = -g_L (V - E_L)", "g_l", "g_L"),
        ("C_m dV/dt = -g_L (V - E_L)", "v_reset", "V_reset"),
        ("C_m dV/dt = -g_L (V - E_L)", "tau_m", "tau_m"),
        ("C_m dV/dt = -g_L (V - E_L)", "a", "a"),
        ("V(t+h) = V(t) + w - v_th z(t)", "v_th", "v_th"),
        ("C_d V' = c_d K", "c_d", "c_d"),
        ("", "e_l", "e_l"),
    ],
)
def test_a_field_is_written_as_in_the_formula_above_it(formula, name, symbol):
    assert symbol_in(formula, name) == symbol


@pytest.mark.parametrize("model", EVERY, ids=lambda one: one.slug)
def test_a_parameter_in_a_formula_is_there_letter_by_letter_as_on_its_field(model):
    words = set(re.findall(r"[A-Za-z]\w*", model.formula))
    for name in model.params:
        name = name.rstrip("_")
        symbol = symbol_in(model.formula, name)
        assert symbol.lower() == name
        assert not {one for one in words if one.lower() == name} or symbol in words


def test_the_name_in_files_is_in_the_tooltip_of_a_field():
    application()
    model = registry.find("iaf_psc_exp")
    field = FieldName(model.params["e_l"], formula=model.formula)
    assert field.symbol == "E_L"
    assert field.toolTip().endswith("In files and scripts: e_l")
