"""A document and its file: saved in the middle of a run, refused, unsaved."""

from editor.document.document import Document
from engine.network.edits import (
    RemoveNeurons,
)
from tests.editor.a_document import playing
from tests.live_toy import Toy, by_hand, digest, everything, settle, small_network, structure


def wait(document, job):
    job.thread.join(20)
    document.poll()
    assert job.is_done


def test_saving_in_the_middle_of_a_run_and_opening_continues_bit_for_bit(tmp_path):
    document = playing(Toy, 40)
    document.layout = {"camera": [1.0, 2.0, 3.0]}
    saved = []
    job = document.save(tmp_path / "a.neuropil", finish=saved.append)
    settle(document)
    wait(document, job)
    assert saved == [job]
    assert job.error is None
    assert document.path == tmp_path / "a.neuropil"
    assert document.is_saved
    document.live.session.work(25)
    settle(document)
    assert not document.is_saved

    other = by_hand()
    job = other.open(tmp_path / "a.neuropil")
    wait(other, job)
    assert other.steps_done == 40
    assert other.layout == document.layout
    assert other.is_saved
    other.play()
    settle(other).live.session.work(25)
    settle(other)
    assert digest(other.live.session.toy) == digest(document.live.session.toy)


def test_a_file_that_cannot_be_opened_changes_nothing_and_is_told(tmp_path):
    document = Document(small_network())
    (tmp_path / "bad.neuropil").write_bytes(b"nothing")
    told = []
    job = document.open(tmp_path / "bad.neuropil", finish=told.append)
    wait(document, job)
    assert told[0].error is not None
    assert everything(document.network) == everything(small_network())
    assert "could not open bad.neuropil" in document.lines[-1].text


def test_a_file_that_cannot_be_written_leaves_the_document_unsaved(tmp_path):
    document = Document(small_network())
    document.do(RemoveNeurons([2]))
    job = document.save(tmp_path / "no such folder" / "a.neuropil")
    wait(document, job)
    assert job.error is not None
    assert not document.is_saved
    assert document.path is None


def test_a_snapshot_taken_with_an_edit_in_flight_is_what_the_engine_had():
    document = playing(Toy, 20)
    session = document.live.session
    sides = []
    document.snapshot(sides.append)
    session.work(10)
    document.do(RemoveNeurons([4]))
    session.take(1)  # the capture, not the edit
    there = structure(session.toy.network)
    document.poll()
    assert structure(sides[0].network) == there
    assert 4 not in document.network.neuron_ids
