"""Opening and saving a document: a helper thread does the work, `poll` takes in the result."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from editor.document.dialogue import Start
from editor.document.history import Side
from editor.document.holding import Branch, Holding
from engine.errors import FileError
from engine.files.load import Loaded, load_all
from engine.files.save import save
from engine.live import messages as say
from engine.live.session import LiveSession
from engine.network.network import Network

T = TypeVar("T")


class Keeper(Protocol):
    """What keeps a document safe from a crash."""

    @property
    def number(self) -> int:
        """The number of the last change."""

    def saved(self, path: Path, number: int) -> None:
        """The document is on the disk with everything up to this change."""

    def another(self) -> None:
        """The document has become another one."""


class Job:
    """Something done on a helper thread; `poll` of the document calls `finish` with it on the window's.

    `share` goes from 0 to 1, `result` is what came out, `error` what went wrong instead.
    """

    def __init__(self, what: str, path: Path, finish: Callable[[Job], object] | None) -> None:
        self.what = what
        self.path = path
        self.finish = finish
        self.share = 0.0
        self.result: Any = None
        self.error: Exception | None = None
        self.is_done = False
        self.has_remains = False
        """Whether a file that cannot be opened is damaged, with neurons that can still be read."""
        self.thread: threading.Thread | None = None


class Filing(Holding):
    """Files of a document; a part of `Document`."""

    def __init__(
        self, network: Network | None = None, state: say.State | None = None, *, start: Start = LiveSession
    ) -> None:
        super().__init__(network, state, start=start)
        self.path: Path | None = None
        """Where the document was opened from or saved to last."""
        self.layout: dict[str, Any] = {}
        """Where the window looked: camera, folding; saved with the document, no part of the network."""
        self.problems: tuple[str, ...] = ()
        """What was wrong with the file, when it was opened although damaged."""
        self.keeper: Keeper | None = None
        self._jobs: set[Job] = set()
        self._finished: SimpleQueue[tuple[Job, Callable[[], None]]] = SimpleQueue()

    @property
    def is_saved(self) -> bool:
        """Whether the circuit is as it was when it was last saved."""
        return self.history.is_saved

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return bool(self._jobs)

    def mark_saved(self, mark: tuple[object, object] | None = None) -> None:
        """It is on the disk as it was at `mark` (`history.mark()` of then; now if not given)."""
        self.history.saved(mark)
        self._news.history = True
        self._tell()

    def snapshot(self, callback: Callable[[Side], object]) -> None:
        """Have `callback` called with a copy of the whole circuit as it is, network and run together.

        At once when there is no engine, else when `poll` has read its answer.  The state is None at t = 0.
        """

        def without_rest(side: Side) -> None:
            callback(side if side.step else Side(side.network, None, side.edition))

        if self.live.is_alive:
            self.live.ask(without_rest)
        else:
            without_rest(Side(self.network.copy(), self._state, step=self._step, t=self._t))

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        preview: bytes | None = None,
        overwrite_read_only: bool = False,
        finish: Callable[[Job], object] | None = None,
    ) -> Job:
        """Write the document as it now is, also in the middle of a run; returns at once.

        Args:
            path: where to.
            preview: a picture of it (PNG).
            overwrite_read_only: replace even a file that is marked read-only.
            finish: called on this thread when it is done; look at `job.error`.
        """
        job = Job("save", Path(path), finish)
        self._jobs.add(job)
        layout = dict(self.layout) or None

        def write(side: Side) -> None:
            mark = self.history.mark()
            number = self.keeper.number if self.keeper is not None else 0
            job.share = 0.3

            def work() -> None:
                job.result = save(
                    side.network,
                    job.path,
                    layout,
                    preview,
                    state=side.state,
                    overwrite_read_only=overwrite_read_only,
                )

            def saved() -> None:
                self.path = job.path
                self.history.saved(mark)
                self._news.history = True
                if self.keeper is not None:
                    self.keeper.saved(job.path, number)

            self._start_job(job, work, saved)

        self.snapshot(write)
        return job

    def open(
        self,
        path: str | os.PathLike[str],
        *,
        salvage: bool = False,
        finish: Callable[[Job], object] | None = None,
    ) -> Job:
        """Read a file and become what is in it; returns at once, and until then nothing changes.

        Args:
            path: the file.
            salvage: open as much of a damaged file as is left; `problems` then says what was lost.
            finish: called on this thread when it is done; look at `job.error`.
        """
        job = Job("open", Path(path), finish)
        self._jobs.add(job)

        def work() -> None:
            try:
                job.result = load_all(job.path, salvage=salvage)
            except FileError:
                job.has_remains = not salvage and _has_remains(job.path)
                raise

        def opened() -> None:
            loaded: Loaded = job.result
            self.replace(loaded.network, loaded.state, layout=loaded.layout, path=job.path)
            self.problems = tuple(str(each) for each in loaded.problems)

        self._start_job(job, work, opened)
        return job

    def replace(
        self,
        network: Network,
        state: say.State | None = None,
        *,
        layout: Mapping[str, Any] | None = None,
        path: str | os.PathLike[str] | None = None,
    ) -> None:
        """Become another document: a new one, an example, what was recovered.  The engine is ended."""
        self.live.abandon(self.network)
        self.live.end(timeout=0.0)
        self._waiting.clear()
        self.frame = None
        self.looking = None
        self.is_running = False
        self.failure = self.behind = None
        self.network = network
        self.history.clear()
        self.lines.clear()
        self.layout = dict(layout or {})
        self.path = None if path is None else Path(path)
        self.problems = ()
        self._begin_at(state)
        self.branches = [Branch(self.live.timeline, self.t)]
        if self.keeper is not None:
            self.keeper.another()
        self._news.everything = self._news.history = self._news.run = self._news.settings = True
        self._tell()

    def work(
        self,
        what: str,
        path: Path,
        work: Callable[[], T],
        succeed: Callable[[T], object],
        finish: Callable[[Job], object] | None = None,
    ) -> Job:
        """Do something slow on a helper thread; `succeed` is called on this one with what came out.

        Args:
            what: a verb for the log, "could not `what` `path`".
            path: what it is about.
            work: touches nothing of the document.
            succeed: called only when it went well, `finish` always.
            finish: called last; look at `job.error`.
        """
        job = Job(what, path, finish)
        self._jobs.add(job)

        def run() -> None:
            job.result = work()

        def done() -> None:
            succeed(job.result)

        self._start_job(job, run, done)
        return job

    # -- how -------------------------------------------------------------------------------------------

    def _start_job(self, job: Job, work: Callable[[], None], succeed: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception as error:
                job.error = error  # whoever asked is told; see _finish_jobs
            self._finished.put((job, succeed))

        job.thread = threading.Thread(target=run, name=f"neuropil-{job.what}", daemon=False)
        job.thread.start()

    def _finish_jobs(self) -> None:
        """Take in what helper threads have done."""
        while True:
            try:
                job, succeed = self._finished.get_nowait()
            except Empty:
                return
            if job.thread is not None:
                job.thread.join()
            self._jobs.discard(job)
            job.is_done, job.share = True, 1.0
            if job.error is None:
                succeed()
            else:
                why = str(job.error).removeprefix(f"cannot {job.what} {os.fspath(job.path)!r}: ")
                self._line(f"could not {job.what} {job.path.name}: {why}", kind="trouble")
            if job.finish is not None:
                job.finish(job)

    def _end_jobs(self, timeout: float) -> bool:
        """Wait for files being written; False when that takes too long."""
        for job in list(self._jobs):
            if job.thread is not None:
                job.thread.join(timeout)
        return not any(job.thread is not None and job.thread.is_alive() for job in self._jobs)


def _has_remains(path: Path) -> bool:
    """Whether a damaged file still holds neurons; another kind of file, or none, holds nothing."""
    try:
        return load_all(path, salvage=True).network.neuron_count > 0
    except FileError:
        return False
