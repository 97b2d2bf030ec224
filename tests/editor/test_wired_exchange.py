"""Edge lists and GraphML come in and go out by the File menu, and the log says what was lost."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from engine.exchange.tables import read_edges
from tests.editor.a_window import circuit, show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def choose(monkeypatch):
    """Answers the next file dialogs with a path."""

    def answer(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    return answer


def log(window):
    return [line.text for line in window.document.lines]


def test_a_table_is_imported_with_the_columns_the_user_says(window, qtbot, choose, tmp_path):
    table = tmp_path / "worm.csv"
    table.write_text("who,whom,times,source\nAVAL,VA1,3,x\nAVAR,VA1,5,y\nVA1,AVAL,2,z\n")
    choose(table)
    window.perform("import_graph")
    panel = window.exchange.panel
    assert panel.isVisible()
    assert not panel.isModal()
    panel.boxes["pre"].setCurrentText("who")
    assert not panel.ok.isEnabled()  # where they go is still unsaid
    panel.boxes["post"].setCurrentText("whom")
    panel.boxes["weight"].setCurrentText("times")
    panel.unit.setText("2 furlongs")
    assert not panel.ok.isEnabled()
    panel.unit.setText("0.02 nA")
    qtbot.mouseClick(panel.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.exchange.panel is None)
    net = window.document.network
    (population,) = net.populations.values()
    assert sorted(population.names) == ["AVAL", "AVAR", "VA1"]
    assert sorted(w for p in net.projections.values() for w in p.synapses.weight) == [40.0, 60.0, 100.0]
    assert any("no delays" in text for text in log(window))
    assert not window.document.is_saved
    assert len(window.canvas.scene.neurons) == 3


def test_a_column_the_user_denies_is_not_guessed(tmp_path):
    table = tmp_path / "counts.csv"
    table.write_text("pre,post,weight\na,b,7\n")
    net, notes = read_edges(table, {"pre": 0, "post": 1, "weight": None})
    assert [p.synapses.weight.tolist() for p in net.projections.values()] == [[20.0]]
    assert any("no weights" in note for note in notes)


def test_a_broken_table_leaves_the_circuit_and_says_where(window, qtbot, choose, tmp_path):
    show(window, circuit())
    table = tmp_path / "broken.csv"
    table.write_text("pre,post,weight\na,b,1\nb,c,many\n")
    choose(table)
    window.perform("import_graph")
    qtbot.mouseClick(window.exchange.panel.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "row 3" in window.exchange.panel.complaint.text())
    assert window.document.network.neuron_count == 25
    window.exchange.panel.close()


OUT = [("export_graphml", ".graphml"), ("export_edges", ".tsv"), ("export_sonata", ".json")]


@pytest.mark.parametrize(("slug", "suffix"), OUT)
def test_what_goes_out_comes_in_again(window, qtbot, choose, tmp_path, slug, suffix):
    if suffix == ".json":
        pytest.importorskip("h5py")
    show(window, circuit())
    weights = np.concatenate([p.synapses.weight for p in window.document.network.projections.values()])
    choose(tmp_path / f"out{suffix}")
    window.perform(slug)
    qtbot.waitUntil(lambda: any("Exported" in text and "no plasticity rules" in text for text in log(window)))
    window.files.new()
    window.perform("import_graph")
    if suffix == ".tsv":
        qtbot.mouseClick(window.exchange.panel.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.document.network.synapse_count > 0)
    back = np.concatenate([p.synapses.weight for p in window.document.network.projections.values()])
    np.testing.assert_allclose(np.sort(back), np.sort(weights))


def test_weights_learned_in_a_run_are_exported(window, qtbot, tmp_path):
    show(window, circuit())
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > 100.0)
    window.document.pause()
    qtbot.waitUntil(lambda: not window.document.is_answering and not window.document.is_running)
    window.exchange.write(tmp_path / "learned.csv")
    qtbot.waitUntil(lambda: any("Exported" in text for text in log(window)))
    before = {round(w, 9) for p in circuit().projections.values() for w in p.synapses.weight.tolist()}
    net, _ = read_edges(tmp_path / "learned.csv")
    after = {round(w, 9) for p in net.projections.values() for w in p.synapses.weight.tolist()}
    assert after - before


def test_a_circuit_goes_to_nest_by_the_menu(window, qtbot, choose, tmp_path):
    show(window, circuit())
    choose(tmp_path / "out.v2.py")
    window.perform("export_nest")
    qtbot.waitUntil(lambda: any("Exported" in text for text in log(window)))
    assert (tmp_path / "out.v2.py").is_file()
    assert (tmp_path / "out.v2.npz").is_file()


def test_a_title_with_a_dot_does_not_name_a_format(window, qtbot, choose, tmp_path):
    show(window, circuit())
    choose(tmp_path / "version 1.2")
    window.perform("export_graphml")
    qtbot.waitUntil(lambda: any("Exported" in text for text in log(window)))
    assert (tmp_path / "version 1.2.graphml").is_file()
