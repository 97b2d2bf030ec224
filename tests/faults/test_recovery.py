"""P5: a crash costs nothing, a live run comes back to the same bits, and nothing leaves too early."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import FileError
from engine.files import recovery as keeping
from engine.files.load import load
from engine.files.recovered import offers, recover
from engine.files.recovery import Recovery
from engine.files.save import save
from engine.network.edits import SetParams, from_json
from engine.runtime.simulation import Simulation
from tests.faults.a_recovery import Document, only
from tests.faults.circuit import Pretended, lively, rich, same, same_state


def test_a_crash_before_the_first_save_loses_no_edit(folder: Path) -> None:
    document = Document(folder)
    for title in "abc":
        document.edit(title)
    lost = document.crash()
    offer = only(folder)
    assert (offer.title, offer.document, offer.number) == ("Worm", "", 3)
    back = recover(offer)
    assert same(back.network, lost)
    assert (back.number, back.problems, back.state) == (3, [], None)


def test_a_crash_after_a_save_loses_no_edit_and_needs_no_copy(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    document = Document(folder / "r", path)
    document.edit("after")
    lost = document.crash()
    assert list((folder / "r").glob("*/*.neuropil")) == []
    offer = only(folder / "r")
    assert offer.document == str(path)
    assert same(recover(offer).network, lost)


def test_edits_after_an_autosave_come_after_it(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.recovery.autosave(document.net)
    document.edit("b")
    document.edit("c")
    lost = document.crash()
    assert same(recover(only(folder)).network, lost)


def test_an_edit_made_while_a_copy_is_written_is_not_lost(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    snapshot, number = document.net.copy(), document.recovery.number
    document.edit("b")
    document.recovery.autosave(snapshot, number)
    document.edit("c")
    lost = document.crash()
    back = recover(only(folder))
    assert back.number == 3
    assert same(back.network, lost)


def test_a_document_with_nothing_done_to_it_is_not_offered(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    Document(folder / "r", path).crash()
    Document(folder / "r").crash()
    assert offers([folder / "r"]) == []
    assert os.listdir(folder / "r") == []


def test_nothing_done_is_not_kept_although_another_window_saved_the_file(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    Document(folder / "r", path).crash()
    save(rich(2), path)
    assert offers([folder / "r"]) == []
    assert os.listdir(folder / "r") == []


def test_a_saved_document_leaves_nothing_behind(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    document.recovery.saved(path)
    assert not document.recovery.unsaved
    document.recovery.close()
    assert os.listdir(folder / "r") == []


def test_a_crash_right_after_a_save_offers_nothing(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    document.recovery.saved(path)
    document.crash()
    assert offers([folder / "r"]) == []


def test_edits_made_while_a_save_was_written_are_still_kept(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    number = document.recovery.number
    document.edit("b")
    document.recovery.saved(path, number)
    document.edit("c")
    lost = document.crash()
    back = recover(only(folder / "r"))
    assert same(back.network, lost)
    assert back.number == 3


def test_a_copy_that_is_newer_than_the_save_outlives_it(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    number = document.recovery.number
    document.edit("b")
    document.recovery.autosave(document.net)
    document.recovery.saved(path, number)
    lost = document.crash()
    path.unlink()
    assert same(recover(only(folder / "r")).network, lost)


def test_a_file_that_changed_meanwhile_is_not_built_on(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    document = Document(folder / "r", path)
    document.edit("after")
    document.crash()
    save(rich(99), path)
    (offer,) = offers([folder / "r"])
    assert not offer.is_offered
    assert any("no longer the file" in problem for problem in offer.problems)
    with pytest.raises(FileError, match="no longer the file"):
        recover(offer)
    assert offer.place.exists()


def test_a_killed_live_run_comes_back_to_the_same_bits(folder: Path) -> None:
    simulation = Pretended(rich())
    recovery = Recovery(folders=[folder], every=0.0)
    recovery.autosave(simulation)
    poked: list[Any] = []
    for step in (3, 3, 17, 40):
        simulation.run((step - simulation.step) * 0.1)
        edit = from_json({"edit": "SetNetwork", "values": {"title": f"at {step}"}})
        recovery.append("edit", edit, step=simulation.step)
        simulation.apply(edit)
        if step == 17:
            recovery.autosave(simulation)
            recovery.append("poke", "now", step=17)
    recovery.abandon()
    offer = only(folder)
    back = recover(
        offer, simulate=Pretended, replay=lambda sim, record: poked.append((sim.step, record.body))
    )
    assert same(back.network, simulation.network)
    assert same_state(back.state, simulation.capture())
    assert (back.step, poked, back.problems) == (40, [(17, "now")], [])
    without = recover(offer)
    assert same(without.network, simulation.network)
    assert without.state is None
    assert "the run begins again" in without.problems[0]


@pytest.mark.slow
def test_a_killed_run_of_the_real_engine_comes_back_to_the_same_bits(folder: Path) -> None:
    simulation = Simulation(lively())
    recovery = Recovery(folders=[folder], every=0.0)
    simulation.run(5.0)
    recovery.autosave(simulation)
    exc = simulation.network.population("Pyramidal").ids
    for ms, kind in ((7.3, "edit"), (0.0, "poke"), (12.0, "edit"), (4.4, "poke")):
        simulation.run(ms)
        if kind == "edit":
            edit = SetParams(exc[:2], {"tau_m": 8.0 + ms})
            recovery.append("edit", edit, step=simulation.step)
            simulation.apply(edit)
        else:
            recovery.append("poke", {"kind": "fire", "ids": [int(exc[3])]}, step=simulation.step)
            simulation.poke("fire", exc[3:4])
    recovery.abandon()
    assert len(simulation.spikes()) > 3
    back = recover(
        only(folder),
        simulate=Simulation,
        replay=lambda again, record: again.poke(record.body["kind"], np.array(record.body["ids"])),
    )
    assert back.problems == []
    assert back.step == simulation.step
    assert same_state(back.state, simulation.capture())
    assert same(back.network, simulation.network)


def test_a_run_without_edits_after_its_copy_goes_on_from_it(folder: Path) -> None:
    simulation = Pretended(rich())
    recovery = Recovery(folders=[folder], every=0.0)
    simulation.run(1.0)
    recovery.append("run", {"from": 0, "to": 10}, step=10)
    recovery.autosave(simulation)
    recovery.abandon()
    assert same_state(recover(only(folder)).state, simulation.capture())


PROGRAM = """
import os, signal, sys
from pathlib import Path
from engine.files.recovery import Recovery
from engine.network.edits import SetNetwork
from tests.faults.circuit import rich
recovery = Recovery(folders=[Path(sys.argv[1])])
net = rich()
recovery.autosave(net)
for number in range(1, 40):
    edit = SetNetwork({"title": str(number)})
    recovery.append("edit", edit)
    edit.apply(net)
    if number % 15 == 0:
        recovery.autosave(net)
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_program_gives_its_lock_back_and_loses_nothing(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == -9, result.stderr
    assert recover(only(folder)).network.title == result.stdout.split()[-1] == "39"


def test_a_long_session_keeps_two_copies_and_few_journals(folder: Path) -> None:
    document = Document(folder)
    for number in range(30):
        document.edit(str(number))
        if number % 2:
            document.recovery.autosave(document.net)
    place = folder / document.recovery.key
    assert len(list(place.glob("*.neuropil"))) == 2
    assert len(list(place.glob("*.journal"))) <= 4
    lost = document.crash()
    assert same(recover(only(folder)).network, lost)


def test_the_default_place_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, spare = keeping.default_folders()
    assert "neuropil" in str(usual)
    assert usual.is_absolute()
    assert spare.is_absolute()


def test_numbers_of_state_survive(folder: Path) -> None:
    simulation = Pretended(rich())
    simulation.v[:] = [np.inf, -0.0, 5e-324, 1e308, -1.0, 0.1]
    save(simulation, folder / "x")
    assert same_state(load(folder / "x")[1], simulation.capture())
