"""Actions on files: new, open, save."""

from __future__ import annotations

from typing import Any

from editor.actions import action


@action("New circuit", "File", "Ctrl+N", icon="fa6s.file", words="empty canvas")
def new_circuit(window: Any) -> None:
    """Begin with an empty canvas."""
    window.files.new()


@action("Open…", "File", "Ctrl+O", icon="fa6s.folder-open", words="load file")
def open_file(window: Any) -> None:
    """Open a circuit from a file."""
    window.files.ask_open()


@action("Start page", "File", "Alt+Home", icon="fa6s.house", words="gallery examples recent recovered worm")
def start_page(window: Any) -> None:
    """Show the gallery, the first steps and the files you worked on."""
    window.show_start()


@action("Recovered circuits…", "File", icon="fa6s.life-ring", words="crash unsaved lost journal backup")
def show_recovered(window: Any) -> None:
    """Show every circuit that was not saved, those asked about before included."""
    window.recovery.show_all()


@action("Save", "File", "Ctrl+S", icon="fa6s.floppy-disk", group=1, words="write store")
def save_file(window: Any) -> None:
    """Save the circuit, and the run it is in the middle of, to its file."""
    window.files.save()


@action("Save as…", "File", "Ctrl+Shift+S", group=1, words="write store copy")
def save_file_as(window: Any) -> None:
    """Save the circuit to another file."""
    window.files.save_as()


@action("Developmental series…", "File/Import", group=2, icon="fa6s.seedling",
        words="ages cect wheel witvliet worm development open timeline")  # fmt: skip
def open_series(window: Any) -> None:
    """Open the eight ages of one brain from a cect wheel you fetched, as a timeline."""
    window.ages.ask()


@action("Table to learn…", "File/Import", group=2, icon="fa6s.table",
        words="csv npy patterns data set task own train open targets")  # fmt: skip
def open_table(window: Any) -> None:
    """Read rows of numbers as a task: some columns are inputs, the others what is to be answered."""
    window.exchange.ask_table()


def empty(window: Any) -> str:
    """Why there is nothing to export."""
    return "" if window.document.network.neuron_count else "There are no neurons yet."


@action("Edge list, GraphML or SONATA…", "File/Import", group=2, icon="fa6s.file-import",
        words="csv tsv table read open networkx gephi cytoscape connectome bmtk json hdf5")  # fmt: skip
def import_graph(window: Any) -> None:
    """Read neurons and synapses from a table with a synapse a row, from GraphML, or from a SONATA circuit."""
    window.exchange.ask_import()


@action("Picture of the canvas…", "File/Export", group=2, icon="fa6s.image", why_not=empty,
        words="png svg image screenshot figure poster save view export")  # fmt: skip
def export_picture(window: Any) -> None:
    """Save what the canvas shows as PNG or SVG; films are made by `neuropil render`."""
    from editor.recorder import snapshot

    snapshot.ask(window)


@action("GraphML…", "File/Export", group=2, why_not=empty, words="write networkx gephi cytoscape")
def export_graphml(window: Any) -> None:
    """Write neurons and synapses as GraphML; the log says what it cannot hold."""
    window.exchange.ask_export(".graphml")


@action("SONATA circuit…", "File/Export", group=2, why_not=empty, words="bmtk neuron hdf5 json write")
def export_sonata(window: Any) -> None:
    """Write neurons and synapses as a SONATA circuit; the log says what it has no place for."""
    window.exchange.ask_export(".json")


@action(
    "Script for NEST…", "File/Export", group=2, why_not=empty, words="pynest python cluster mpi write run"
)
def export_nest(window: Any) -> None:
    """Write the circuit as a script that runs it in NEST, with an archive of its numbers beside it."""
    window.exchange.ask_export(".py")


@action("Edge list…", "File/Export", group=2, why_not=empty, words="csv tsv table write spreadsheet")
def export_edges(window: Any) -> None:
    """Write a row per synapse as CSV or TSV; the log says what it cannot hold."""
    window.exchange.ask_export(".csv")


@action("Close the window", "File", "Ctrl+Q", icon="fa6s.power-off", group=9, words="quit exit")
def close_window(window: Any) -> None:
    """Close the window; what is not saved is asked about first."""
    window.close()
