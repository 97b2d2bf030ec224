"""A picture of the canvas is saved from the menu, as PNG or SVG, as it is seen."""

import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from tests.editor.a_window import circuit, pairs, show


def choose(monkeypatch, path, kind="PNG (*.png)"):
    """As if a person chose this file."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (str(path), kind))


def test_a_png_is_twice_as_fine_as_the_canvas_and_shows_its_view(window, monkeypatch, tmp_path):
    show(window, pairs())
    canvas = window.canvas
    pictures = []
    for zoom in (1.0, 3.0):
        canvas.go_to(type(canvas.camera)(0.0, 0.0, zoom), animated=False)
        choose(monkeypatch, tmp_path / f"{zoom}.png")
        window.perform("export_picture")
        pictures.append(QImage(str(tmp_path / f"{zoom}.png")))
        assert window.status.message.whole() == f"Saved {zoom}.png."
    assert [(one.width(), one.height()) for one in pictures] == 2 * [
        (2 * canvas.width(), 2 * canvas.height())
    ]
    assert pictures[0] != pictures[1]


def test_what_floats_over_the_canvas_is_not_in_the_picture(window, monkeypatch, tmp_path):
    show(window, pairs())
    pictures = []
    for hint, left in (("", 0.0), ("Nothing has spiked.", 300.0)):
        window.canvas.chrome.hint, window.canvas.chrome.left = hint, left
        choose(monkeypatch, tmp_path / "a.png")
        window.perform("export_picture")
        pictures.append(QImage(str(tmp_path / "a.png")))
    assert pictures[0] == pictures[1]


def test_an_svg_has_a_name_of_its_kind_and_every_synapse(window, monkeypatch, tmp_path):
    show(window, circuit())
    choose(monkeypatch, tmp_path / "a", "SVG (*.svg)")
    window.perform("export_picture")
    root = ElementTree.fromstring((tmp_path / "a.svg").read_text())
    assert root.tag.endswith("svg")
    assert len(list(root.iter())) > window.document.network.synapse_count


@pytest.mark.parametrize(("name", "said"), [("a.gif", "no picture"), ("none/a.png", "cannot save")])
def test_a_picture_that_cannot_be_written_is_said(window, monkeypatch, tmp_path, name, said):
    show(window, pairs())
    choose(monkeypatch, tmp_path / name)
    window.perform("export_picture")
    assert said in window.status.message.whole()
    assert not list(tmp_path.iterdir())


def test_giving_up_the_dialog_writes_nothing_and_an_empty_canvas_offers_none(window, monkeypatch, tmp_path):
    window.perform("export_picture")
    assert "no neurons" in window.status.message.whole()
    show(window, pairs())
    choose(monkeypatch, "")
    window.perform("export_picture")
    assert not list(tmp_path.iterdir())
