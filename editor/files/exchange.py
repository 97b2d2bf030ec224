"""Other programs' files in the window: edge lists, GraphML and SONATA in and out, NEST out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from engine.errors import NeuropilError

if TYPE_CHECKING:
    from editor.document.filing import Job
    from editor.document.history import Side
    from editor.main_window import MainWindow
    from engine.network.network import Network

READ = "Tables, graphs and SONATA circuits (*.csv *.tsv *.tab *.txt *.graphml *.xml *.json)"
LEARN = "Tables of numbers (*.csv *.tsv *.txt *.npy)"
WRITE = {
    ".graphml": "GraphML (*.graphml)",
    ".csv": "Edge lists (*.csv *.tsv)",
    ".json": "SONATA circuits (*.json)",
    ".py": "Scripts for NEST (*.py)",
}
GRAPHS = (".graphml", ".xml", ".json")
"""Files that say themselves what is what; of a table the user is asked."""
Found = tuple["Network", list[str]]


class Exchange(QObject):
    """Imports and exports of the window; reading and writing happen beside it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.panel: Any = None
        """The question which column holds what (`ColumnPanel`, `TablePanel`), while it is open."""

    # -- in ------------------------------------------------------------------------------------------

    def ask_import(self) -> None:
        """Let the user choose a file."""
        settings = self.window.settings
        path, _ = QFileDialog.getOpenFileName(self.window, "Import a network", settings.last_folder, READ)
        if path:
            self.begin(Path(path))

    def begin(self, path: Path) -> None:
        """Read a graph at once; for a table, ask which column holds what."""
        if path.suffix.lower() in GRAPHS:
            self.read_graph(path)
            return
        from editor.files.column_panel import ColumnPanel
        from engine.exchange.tables import preview

        try:
            header, rows, guess = preview(path)
        except NeuropilError as error:
            self.window.say(str(error), True)
            return
        self._close_panel()
        self.panel = ColumnPanel(path, header, rows, guess, self.window)
        self.panel.chosen.connect(self._read_table)
        self.panel.show()

    def read_graph(self, path: Path) -> None:
        """Become what a GraphML file or a SONATA circuit holds."""

        def work() -> Found:
            from engine.exchange.graphml import read_graphml
            from engine.exchange.sonata.reading import read_sonata

            return (read_sonata if path.suffix.lower() == ".json" else read_graphml)(path)

        self._read(path, work)

    def read_table(self, path: Path, columns: dict[str, int | None], scale: float) -> None:
        """Become what an edge list holds."""

        def work() -> Found:
            from engine.exchange.tables import read_edges

            return read_edges(path, columns, scale=scale)

        self._read(path, work)

    def _read_table(self) -> None:
        panel = self.panel
        if panel is not None:
            self.read_table(panel.path, panel.columns(), panel.scale())

    def _read(self, path: Path, work: Any) -> None:
        if not self.window.files.may_leave():
            return
        self.window.say(f"Importing {path.name}…", False)

        def become(found: Found) -> None:
            network, notes = found
            self.window.files.example = None
            self.window.document.replace(network)
            self.window.document.mark_saved((object(), None))  # it is in no file of ours yet
            self._tell(f"Imported {path.name}", notes)

        self.window.document.work("import", path, work, become, self._imported)

    def _imported(self, job: Job) -> None:
        if job.error is None:
            self._close_panel()
            self.window.show_document()
        elif self.panel is not None:
            self.panel.complain(str(job.error))

    def _close_panel(self) -> None:
        panel, self.panel = self.panel, None
        if panel is not None:
            panel.close()
            panel.deleteLater()

    # -- to learn ------------------------------------------------------------------------------------

    def ask_table(self) -> None:
        """Let the user choose a table that the circuit is to learn."""
        settings = self.window.settings
        path, _ = QFileDialog.getOpenFileName(self.window, "Learn a table", settings.last_folder, LEARN)
        if path:
            self.begin_table(Path(path))

    def begin_table(self, path: Path) -> None:
        """Show a table and ask which of its columns are inputs."""
        from editor.files.table_panel import TablePanel
        from engine.runtime.training.patterns import rows_of

        try:
            rows = rows_of(path)
        except NeuropilError as error:
            self.window.say(str(error), True)
            return
        self._close_panel()
        panel = TablePanel(path, rows, self.window.document.network, self.window)
        panel.chosen.connect(self._learn_table)
        self.panel = panel
        panel.show()

    def _learn_table(self) -> None:
        from editor.files import own_table

        panel = self.panel
        answer = own_table.task(self.window.document.network, panel.path.stem, panel.rows, panel.inputs())
        if self.window.bench.do(answer):
            self._close_panel()
            self.window.bring_canvas()

    # -- out -----------------------------------------------------------------------------------------

    def ask_export(self, suffix: str) -> None:
        """Let the user choose where to."""
        start = Path(self.window.settings.last_folder) / f"{self.window.files.title()}{suffix}"
        path, _ = QFileDialog.getSaveFileName(self.window, "Export the network", str(start), WRITE[suffix])
        if path:
            known = {*WRITE, ".tsv"}
            self.write(Path(path if Path(path).suffix.lower() in known else path + suffix))

    def write(self, path: Path) -> None:
        """Write the network as it now is, with the weights it has learned, also in the middle of a run."""
        self.window.say(f"Exporting {path.name}…", False)

        def write(side: Side) -> None:
            def work() -> list[str]:
                from engine.commands.convert import writer_of

                network = side.network
                if side.state is not None:
                    from engine.runtime.simulation import Simulation

                    network = Simulation(network, state=side.state).network
                return writer_of(str(path), drop=True)(network, str(path))

            def done(notes: list[str]) -> None:
                self._tell(f"Exported {path.name}", notes)

            self.window.document.work("export", path, work, done)

        self.window.document.snapshot(write)

    def _tell(self, what: str, notes: list[str]) -> None:
        """Say it on the line at the bottom, and every note in the log."""
        for note in notes:
            self.window.document.note(f"{what}: {note}")
        rest = f" {len(notes)} notes are in the log; the first: {notes[0]}." if len(notes) > 1 else ""
        if len(notes) == 1:
            rest = f" {notes[0][:1].upper()}{notes[0][1:]}."
        self.window.say(f"{what}.{rest}", False)
