"""`convert`, `pack`, `unpack`: a network in another format, or as a folder that `diff` can read."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from engine.commands.console import Answer, add_command
from engine.counting import counted
from engine.errors import FileError, UsageError

T = TypeVar("T")
LATER = {
    ".nwb": "NWB recordings come from `run --record`",
    ".h5": "a SONATA circuit is read and written by its .json",
    ".nml": "NeuroML comes with a later version",
    ".gexf": "GEXF comes with a later version",
}


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `convert`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "convert",
        "write a network in another format and say what was lost",
        [
            "convert worm.neuropil worm.graphml",
            "convert synapses.csv circuit.neuropil",
            "convert circuit.neuropil circuit.py       # a script for NEST, with circuit.npz beside it",
        ],
    )
    both = ".neuropil, .graphml, .csv, .tsv, .json (SONATA)"
    parser.add_argument("file", metavar="IN", help=both)
    parser.add_argument("out", metavar="OUT", help=f"{both}, .py (a script for NEST)")
    parser.add_argument(
        "--drop-unsupported",
        dest="drop",
        action="store_true",
        help="to .py: leave out what NEST has no words for",
    )
    parser.set_defaults(answer=answer)


def add_pack(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `pack`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "pack",
        "make a .neuropil file of a folder that `unpack` wrote",
        ["pack circuit/ circuit.neuropil"],
    )
    parser.add_argument("folder", metavar="FOLDER", help="a folder that `unpack` wrote")
    parser.add_argument("out", metavar="OUT", help="the .neuropil file to write")
    parser.set_defaults(answer=pack)


def add_unpack(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `unpack`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "unpack",
        "write a file as a folder of plain files, for reading and diffs",
        ["unpack circuit.neuropil circuit/", "unpack later.neuropil later/    # then: diff -r circuit later"],
    )
    parser.add_argument("file", metavar="FILE", help="a .neuropil file")
    parser.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet")
    parser.set_defaults(answer=unpack)


def answer(args: argparse.Namespace) -> Answer:
    """Read by the one suffix, write by the other."""
    read, write = reader_of(args.file), writer_of(args.out, args.drop)
    net, notes = read(args.file)
    notes = notes + write(net, args.out)
    facts = {
        "file": args.file,
        "out": args.out,
        "neurons": net.neuron_count,
        "synapses": net.synapse_count,
        "notes": notes,
    }
    said = f"{args.out}: {counted(net.neuron_count, 'neuron')}, {counted(net.synapse_count, 'synapse')}"
    return Answer("\n".join([said, *(f"  {note}" for note in notes)]), facts)


def reader_of(name: str) -> Callable[[str], tuple[Any, list[str]]]:
    """What reads files of this suffix: a network and what was assumed."""
    from engine.exchange.graphml import read_graphml
    from engine.exchange.sonata.reading import read_sonata
    from engine.exchange.tables import read_edges

    readers: dict[str, Callable[[str], tuple[Any, list[str]]]] = {
        ".neuropil": _read_own,
        ".graphml": read_graphml,
        ".json": read_sonata,
        ".csv": read_edges,
        ".tsv": read_edges,
    }
    return by_suffix(name, readers, "read")


def writer_of(name: str, drop: bool = False) -> Callable[[Any, str], list[str]]:
    """What writes files of this suffix: takes a network and a path, gives what was lost."""
    from engine.exchange.graphml import write_graphml
    from engine.exchange.nest.script import write_nest
    from engine.exchange.sonata.writing import write_sonata
    from engine.exchange.tables import write_edges

    writers: dict[str, Callable[[Any, str], list[str]]] = {
        ".neuropil": _write_own,
        ".graphml": write_graphml,
        ".csv": write_edges,
        ".tsv": write_edges,
        ".json": write_sonata,
        ".py": partial(write_nest, drop=drop),
    }
    return by_suffix(name, writers, "written")


def by_suffix(name: str, choices: dict[str, T], verb: str) -> T:
    """What goes with the suffix of a file name; a refusal lists the suffixes that would do."""
    suffix = Path(name).suffix.lower()
    if suffix in choices:
        return choices[suffix]
    later = f"; {LATER[suffix]}" if suffix in LATER else ""
    raise UsageError(f"{name}: {suffix or 'no suffix'} cannot be {verb}, only {', '.join(choices)}{later}")


def _read_own(path: str) -> tuple[Any, list[str]]:
    from engine import load

    net, state = load(path)
    return net, ["the state of the run it was saved in is left out"] if state is not None else []


def _write_own(net: Any, path: str) -> list[str]:
    from engine import save

    save(net, path)
    return []


def unpack(args: argparse.Namespace) -> Answer:
    """Every entry as a file of its own; JSON is written with a line a value."""
    from engine.files import words
    from engine.files.container import ABOUT, read_bundle

    folder = Path(args.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already; name a folder that is not, or an empty one")
    bundle = read_bundle(args.file)
    about = {name: value for name, value in bundle.about.items() if name != "entries"}
    for name, value in {ABOUT: about, **bundle.entries}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".npy"):
            import numpy as np

            np.save(path, value, allow_pickle=False)
        elif isinstance(value, bytes):
            path.write_bytes(value)
        else:
            path.write_bytes(words.to_bytes(value, name))
    count = len(bundle.entries)
    said = f"{folder}: {counted(count, 'file')}"
    return Answer(said, {"folder": str(folder), "entries": sorted(bundle.entries)})


def pack(args: argparse.Namespace) -> Answer:
    """Read the files of a folder as entries and write them as one file, checksums anew."""
    from engine import load
    from engine.files import words
    from engine.files.container import ABOUT, write_bundle

    folder = Path(args.folder)
    if not (folder / ABOUT).is_file():
        raise FileError(f"{folder} has no {ABOUT}: it is not a folder that `unpack` wrote", entry=ABOUT)
    entries: dict[str, Any] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.endswith(".npy"):
            import numpy as np

            try:
                entries[name] = np.load(path, allow_pickle=False)
            except (ValueError, EOFError) as error:
                raise FileError(f"{path}: {error}", entry=name) from error
        elif name.endswith(".json"):
            entries[name] = words.from_bytes(path.read_bytes(), name)
        else:
            entries[name] = path.read_bytes()
    about = entries.pop(ABOUT)
    with tempfile.TemporaryDirectory() as aside:  # whoever edited the folder by hand hears what is wrong
        trial = Path(aside) / "trial.neuropil"
        write_bundle(trial, about, entries)
        net, _ = load(trial)
    write_bundle(args.out, about, entries)
    return Answer(
        f"{args.out}: {counted(net.neuron_count, 'neuron')}, {counted(net.synapse_count, 'synapse')}",
        {"out": args.out, "entries": sorted(entries)},
    )
