"""What a crash left behind: found at the next start, offered at most twice, never thrown away.

What is offered is chosen by whether it can be read and by how many changes are in it, never by the
clock.  Before a recovery is tried, the try is written down, so one that kills the program cannot do so
for ever: after two tries it is only listed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import FileError, NeuropilError, RunError
from engine.files import atomic
from engine.files.journal import Record, read_journal
from engine.files.load import Loaded, State, load_all, peek_about
from engine.files.recovery import (
    ATTEMPTS,
    COPY,
    JOURNAL,
    LOCK,
    Lock,
    default_folders,
    identity,
    numbered,
    read_about,
    remove_set,
)

if TYPE_CHECKING:
    from engine.network.network import Network

TRIES = 2
NOTES = "notes"
"""The kind of the records that hold the notes on the canvas, a list: no part of the network."""


@dataclass
class Offer:
    """One document that can be recovered."""

    place: Path
    document: str
    """Its file; empty when it had none."""
    title: str
    number: int
    """The last change that can be recovered."""
    attempts: int
    """How often it has been tried, or declined."""
    closed: bool
    """Whether the user closed it without saving."""
    superseded: bool = False
    """Whether it was recovered before, and that recovery can be recovered in turn."""
    parent: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its name."""
        return self.place.name

    @property
    def is_offered(self) -> bool:
        """Whether to ask about it at the start; else it is only listed."""
        return self.attempts < TRIES and not self.closed and not self.superseded and self.number >= 0


@dataclass
class Recovered:
    """A document brought back, and what could not be."""

    network: Network
    state: State | None
    layout: dict[str, Any] | None
    number: int
    """The last change that is in it."""
    step: int
    """The engine's step of that change."""
    others: list[Record] = field(default_factory=list)
    """Records that are no edits (previews, pokes), in order, as they were kept."""
    problems: list[str] = field(default_factory=list)


def offers(folders: Sequence[Path] | None = None) -> list[Offer]:
    """Every document that a program no longer running left behind; never fails, whatever lies there.

    Documents with more changes come first; those to ask about have `is_offered`.
    """
    found: list[Offer] = []
    in_use: set[str] = set()
    """What documents that are open now were recovered from."""
    for folder in default_folders() if folders is None else folders:
        try:
            places = sorted(path for path in folder.iterdir() if path.is_dir())
        except OSError:
            continue
        for place in places:
            if not numbered(place, COPY) and not numbered(place, JOURNAL):
                continue
            if _is_used(place):
                in_use.add(str(read_about(place).get("parent", "")))
            elif (offer := _offer(place)) is not None:
                found.append(offer)
    by_key = {offer.key: offer for offer in found}
    for offer in found:
        older = by_key.get(offer.parent)
        if older is not None and offer.number >= older.number and (offer.attempts < TRIES or offer.closed):
            older.superseded = True
    for key in in_use & by_key.keys():
        by_key[key].superseded = True
    return sorted(found, key=lambda offer: (-offer.number, offer.key))


def recover(
    offer: Offer,
    *,
    simulate: Callable[..., Any] | None = None,
    replay: Callable[[Any, Record], None] | None = None,
) -> Recovered:
    """Bring a document back: its best copy, and every change after it.  Its files stay.

    Arguments:
        offer: which.
        simulate: the `Simulation` class; with it, a document that was running is run again from its copy,
            each edit applied at the step it was made at, so it comes back to the same bits.
        replay: called with the simulation and each record that is no edit, at its step.

    Raises:
        FileError: when the try cannot be written down (and so is not made), or nothing can be read.
    """
    count_attempt(offer)
    try:
        lock = Lock(offer.place / LOCK)
    except BlockingIOError as error:
        raise FileError(f"another window has {offer.title or offer.document!r} open") from error
    try:
        return _bring_back(offer, simulate, replay)
    finally:
        lock.release()


def _bring_back(
    offer: Offer,
    simulate: Callable[..., Any] | None,
    replay: Callable[[Any, Record], None] | None,
) -> Recovered:
    base, number, problems = _base(offer)
    records = [record for record in _records(offer.place, problems) if record.number > number]
    others = [record for record in records if record.kind != "edit"]
    back = Recovered(base.network, base.state, base.layout, number, 0, others, problems)
    notes = [record for record in records if record.kind == NOTES and isinstance(record.body, list)]
    if base.state is not None and simulate is not None:
        _relive(back, records, simulate, replay)
    else:
        edits = [record for record in records if record.kind == "edit"]
        for record in edits:
            _apply(back, record, back.network.apply)
        if edits and back.state is not None:
            back.state = None
            problems.append("the run begins again, as the network was changed after its last copy")
    if notes:
        back.layout = {
            **(back.layout or {}),
            "notes": [one for one in notes[-1].body if isinstance(one, dict)],
        }
        back.number = max(back.number, notes[-1].number)
    return back


def decline(offer: Offer) -> None:
    """The user does not want it now: counts as a try, so it is asked about at most once more."""
    count_attempt(offer)


def forget(offer: Offer) -> None:
    """The user wants it gone for good: the only way a recovery leaves without its document being saved."""
    remove_set(offer.place)


def count_attempt(offer: Offer) -> None:
    """Write down, before anything is tried, that it is; raises FileError when that is impossible."""
    offer.attempts += 1
    atomic.replace_file(offer.place / ATTEMPTS, [str(offer.attempts).encode()], mode=0o600)


def _is_used(place: Path) -> bool:
    """Whether a living program has the document open."""
    try:
        Lock(place / LOCK).release()
    except BlockingIOError:
        return True
    except OSError:
        return False  # a folder that cannot be written can still be read
    return False


def _offer(place: Path) -> Offer | None:
    """What lies in a folder, or None when nothing is in it that is not safe elsewhere."""
    said = read_about(place)
    unreadable: list[str] = []
    done = [record.number for record in _records(place, unreadable)]
    done += [int(copy.name[:12]) for copy in numbered(place, COPY)]
    offer = Offer(
        place=place,
        document=str(said.get("document", "")),
        title=str(said.get("title", "")),
        number=-1,
        attempts=_attempts(place),
        closed=said.get("closed") is True,
        parent=str(said.get("parent", "")),
        problems=unreadable,
    )
    marks = [mark for mark in (said.get("began"), said.get("saved")) if isinstance(mark, int)]
    is_clear = len(marks) == 2 and not unreadable and not offer.parent
    if is_clear and max(done, default=0) <= max(marks):  # nothing was done, or the user saved it all
        remove_set(place)
        return None
    bases = [number for number, _ in _candidates(offer)]
    if bases:
        offer.number = max([*bases, *done])
    else:
        offer.problems.append("there is no copy to build on")
    return offer


def _attempts(place: Path) -> int:
    """How often it was tried.  A damaged counter counts as too often: the files stay, the start is safe."""
    try:
        raw = (place / ATTEMPTS).read_bytes()[:20]
    except FileNotFoundError:
        return 0
    except OSError:
        return TRIES
    return int(raw) if raw.isdigit() else TRIES


def _candidates(offer: Offer) -> Iterator[tuple[int, Path]]:
    """Files to build on, the one with most changes first: copies, and the document's own file."""
    found = [(int(copy.name[:12]), copy) for copy in numbered(offer.place, COPY)]
    said = read_about(offer.place)
    saved = said.get("saved")
    if isinstance(saved, int) and saved >= 0 and offer.document:
        found.append((saved, Path(offer.document)))
    for number, path in sorted(found, key=lambda pair: pair[0], reverse=True):
        try:
            if path.parent != offer.place and identity(path) != said.get("identity"):
                offer.problems.append(f"{os.fspath(path)!r} is no longer the file that was edited")
                continue
            peek_about(path)
        except NeuropilError as error:
            offer.problems.append(str(error))
            continue
        yield number, path


def _base(offer: Offer) -> tuple[Loaded, int, list[str]]:
    """The best file that can be read, the last change in it, and what was wrong with better ones."""
    problems: list[str] = []
    offer.problems.clear()
    for number, path in _candidates(offer):
        try:
            return load_all(path), number, [*offer.problems, *problems]
        except FileError as error:
            problems.append(str(error))
    raise FileError("; ".join([*offer.problems, *problems]) or "there is no copy to build on")


def _records(place: Path, problems: list[str]) -> list[Record]:
    """Every change in the journals that can be read, in order."""
    records: dict[int, Record] = {}
    for path in numbered(place, JOURNAL):
        try:
            diary = read_journal(path)
        except FileError as error:
            problems.append(str(error))
            continue
        if diary.why and diary.ignored:
            problems.append(f"{path.name}: {diary.why}")
        records.update({record.number: record for record in diary.records})
    return [records[number] for number in sorted(records)]


def _apply(back: Recovered, record: Record, apply: Callable[[Any], Any]) -> None:
    """One edit again; one that no longer fits is told, not fatal."""
    from engine.network.edits import from_json

    try:
        apply(from_json(record.body))
    except (NeuropilError, TypeError, KeyError, AttributeError, ValueError) as error:
        back.problems.append(f"change {record.number} could not be made again: {error}")
    back.number, back.step = record.number, record.step


def _relive(
    back: Recovered,
    records: list[Record],
    simulate: Callable[..., Any],
    replay: Callable[[Any, Record], None] | None,
) -> None:
    """Run again from the copy, making each change at its step."""
    simulation = simulate(back.network, state=back.state)
    for record in records:
        try:
            if record.step > simulation.step:
                simulation.run((record.step - simulation.step) * back.network.dt)
        except RunError as error:
            back.problems.append(f"the run stopped at step {simulation.step}: {error}")
            break
        if record.kind == "edit":
            _apply(back, record, simulation.apply)
        elif replay is not None:
            replay(simulation, record)
        back.number, back.step = record.number, record.step
    back.network, back.state = simulation.network, simulation.capture()
