"""What the README and the other pages at the top promise is true of the program."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from editor import __main__ as start

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("command", start.COMMANDS)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"`(neuropil )?{command}[` ]", README)


def test_the_program_in_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["sim"].t == 1000.0
    assert len(names["sim"].spikes()) > 0, "nothing fires in the README"
    assert (tmp_path / "circuit.neuropil").stat().st_size > 10_000


def test_both_set_ups_install_the_same_system_packages():
    packages = [set(re.findall(r"\b(?:lib|fonts-|python3-)[\w.+-]+", block)) for block in blocks("sh")]
    assert len(packages) == 2
    assert packages[0] == packages[1]
    assert "libxcb-cursor0" in packages[0]


def test_the_test_command_is_marked_for_ci():
    marked = README.split("<!-- test-command -->")[1].lstrip()
    assert marked.startswith("```sh\n")
    assert "pytest" in marked.split("```")[1]
    assert "<!-- test-command -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_tree_in_the_readme_is_the_tree():
    tree = README.split("## The tree")[1].split("```")[1]
    folders = set(re.findall(r"([a-z_]+)/(?= )", tree)) | set(re.findall(r"[a-z_]+\.py", tree))
    known = {
        path.name for path in ROOT.rglob("*") if "__pycache__" not in path.parts and ".venv" not in path.parts
    }
    assert len(folders) > 15
    assert folders - known == set()


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)[1].splitlines()
    bare = [
        line
        for above, line in zip(["", *listed], listed, strict=False)
        if line.strip().startswith('"') and "#" not in line and not above.strip().startswith("#")
    ]
    assert bare == []


def test_the_pages_agree_on_the_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {PROJECT['version']}" in citation
    assert f"license: {PROJECT['license']}" in citation
