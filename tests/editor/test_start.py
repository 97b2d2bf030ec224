"""How the program starts: what is a command, what is a file, and what is said when neither can be."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from editor import __main__ as start
from editor import preflight
from editor.gallery import catalogue
from engine import load


def run(capsys, *words):
    try:
        code = start.main([str(word) for word in words])
    except SystemExit as left:
        code = left.code
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def opened(monkeypatch):
    """What the window was asked to open, instead of a window."""
    asked = []
    monkeypatch.setattr(start.caches, "begin", lambda: asked.append("caches checked"))
    monkeypatch.setattr(start.caches, "ready", lambda: asked.append("caches trusted"))
    monkeypatch.setattr(preflight, "lacks", lambda **more: [])
    monkeypatch.setitem(
        sys.modules, "editor.app", SimpleNamespace(run=lambda *given: asked.append(given) or 0)
    )
    return asked


def test_no_words_open_the_start_page(capsys, opened):
    assert run(capsys)[0] == 0
    assert opened == ["caches checked", (None, None), "caches trusted"]


def test_a_file_is_opened(capsys, opened, tmp_path):
    path = tmp_path / "run.neuropil"
    path.write_bytes(b"")
    assert run(capsys, path)[0] == 0
    assert (path, None) in opened


def test_an_example_is_opened_by_its_name(capsys, opened):
    name = catalogue.names()[0]
    assert run(capsys, "--example", name)[0] == 0
    assert (None, name) in opened


def test_a_mistyped_command_or_example_gets_the_nearest_name(capsys, opened):
    code, _, err = run(capsys, "chekc")
    assert (code, "did you mean 'check'" in err) == (1, True)
    name = catalogue.names()[0]
    code, _, err = run(capsys, "--example", name[:-1])
    assert (code, f"did you mean {name!r}" in err) == (1, True)
    assert opened == []


def test_a_file_and_an_example_together_are_a_usage_error(capsys, opened):
    assert run(capsys, "x.neuropil", "--example", "worm")[0] == 2


def test_what_is_missing_is_said_and_nothing_opens(capsys, opened, monkeypatch):
    monkeypatch.setattr(preflight, "lacks", lambda **more: [preflight.Lack("no screen", "buy one")])
    code, _, err = run(capsys)
    assert code == 1
    assert "No screen" in err
    assert "buy one" in err
    assert opened == []


def test_the_help_names_every_command(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert [name for name in start.COMMANDS if f"\n    {name} " not in out] == []


@pytest.mark.parametrize("name", start.COMMANDS)
def test_every_command_has_help_with_examples_of_neuropil(capsys, name):
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert f"neuropil {name}" in out
    assert "--json" in out


def test_the_gallery_is_listed_a_name_a_line_first(capsys):
    _, out, _ = run(capsys, "examples")
    assert [line.split()[0] for line in out.splitlines()] == catalogue.names()
    said = json.loads(run(capsys, "examples", "--json")[1])
    assert [each["name"] for each in said["examples"]] == catalogue.names()


def test_an_example_is_written_as_a_file_that_loads(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = catalogue.examples()[0]
    code, _, _ = run(capsys, "examples", example.name)
    assert code == 0
    net, state = load(tmp_path / f"{example.name}.neuropil")
    assert net.canonical()[0] == example.build().canonical()[0]
    assert state is None
    assert run(capsys, "examples", example.name)[0] == 2, "an older file must not be written over unasked"
    assert run(capsys, "examples", example.name, "mine.neuropil")[0] == 0


def test_an_unknown_example_is_a_problem_with_the_nearest_name(capsys):
    code, _, err = run(capsys, "examples", catalogue.names()[0] + "s")
    assert code == 1
    assert "did you mean" in err
