"""Child processes that compile kernels, the most wanted first; nothing is compiled twice at once.

Compiling in the window's process would hold up every thread, and starting a child costs a second of its own:
so a child takes one recipe after another, as many children go on at once as there are processors, and all
who want a kernel wait for the same one.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from threading import Event
from typing import IO

from engine.errors import ModelError
from engine.kernels.recipes import Recipe

GLANCE = 0.1
"""Seconds between two looks at whether a compilation is still wanted."""
NOW, SOON, NEXT, SOME_DAY = 0, 1, 2, 3
"""How much a kernel is wanted: somebody waits; it follows; what comes after it in any case; nobody asked yet
(while nothing else goes on)."""
LENGTHY = ("loops", "neuron", "stack")
"""Kinds that take longest: begun first, so that the others fill what time is left beside them."""


class Job:
    """One recipe on its way; `done` is set when it ended, with `error` "" when it went well."""

    def __init__(self, recipe: Recipe, number: int) -> None:
        self.recipe, self.number = recipe, number
        self.urgency = SOME_DAY
        self.wanted = 0
        self.error = ""
        self.done = Event()

    @property
    def place(self) -> tuple[int, int, int]:
        """Its place in the queue: the lowest is taken first."""
        kind = self.recipe.kind
        return self.urgency, LENGTHY.index(kind) if kind in LENGTHY else len(LENGTHY), self.number


class Crew:
    """Threads that each look after one child; there are none while there is nothing to do.

    Args:
        most: how many children may be at work at once; as many as there are processors if not given.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most or max(1, os.cpu_count() or 1)
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._jobs: dict[Recipe, Job] = {}
        self._begun: dict[Job, Child] = {}
        self._hands: set[threading.Thread] = set()
        self._ending: set[threading.Thread] = set()
        self._stands_by = False

    def ask(self, recipes: Iterable[Recipe], urgency: int = NOW) -> list[Job]:
        """Have recipes compiled; whoever asks must `leave` when it has waited for them, or given up."""
        with self._change:
            asked = []
            for recipe in dict.fromkeys(recipes):
                job = self._jobs.get(recipe)
                if job is None or not job.wanted:  # none, or one that is just being given up
                    job = self._jobs[recipe] = Job(recipe, next(self._numbers))
                job.urgency = min(job.urgency, urgency)
                job.wanted += 1
                asked.append(job)
            self._man(len(self._jobs))
            self._change.notify_all()
        return asked

    def leave(self, jobs: Iterable[Job]) -> None:
        """Want them no longer; what nobody else wants is given up, also in the middle."""
        with self._change:
            for job in jobs:
                job.wanted -= 1
                if job.wanted > 0 or job.done.is_set():
                    continue
                if job in self._begun:
                    self._begun[job].kill()
                else:
                    self._end(job, "it is no longer wanted")
            self._change.notify_all()

    def is_at(self, recipe: Recipe) -> bool:
        """Whether a child is compiling it now: what is on disk of it may be half of it."""
        with self._change:
            return any(job.recipe == recipe for job in self._begun)

    def expects(self, recipe: Recipe) -> bool:
        """Whether somebody wants it and it is not there yet."""
        with self._change:
            job = self._jobs.get(recipe)
            return job is not None and job.wanted > 0

    def stand_by(self) -> None:
        """Keep the children when they have nothing to do: each takes a second until it can begin."""
        with self._change:
            self._stands_by = True
            self._man(self.most)

    def stand_down(self) -> None:
        """Let children that have nothing to do end again."""
        with self._change:
            self._stands_by = False
            self._change.notify_all()

    def join(self, timeout: float = 10.0) -> None:
        """Where nothing is wanted any more, wait until the children have ended."""
        with self._change:
            is_wanted = self._stands_by or any(job.wanted > 0 for job in self._jobs.values())
            hands = [] if is_wanted else [*self._hands, *self._ending]
        for hand in hands:
            hand.join(timeout)

    # -- the threads -----------------------------------------------------------------------------------

    def _man(self, many: int) -> None:
        while len(self._hands) < min(self.most, many):
            hand = threading.Thread(target=self._work, name="neuropil-compile", daemon=True)
            self._hands.add(hand)
            hand.start()

    def _work(self) -> None:
        child: Child | None = None
        try:
            while True:
                with self._change:
                    job = self._next()
                    if job is None:
                        return
                    if child is None or child.is_over:
                        try:
                            child = Child()
                        except OSError as full:  # too many processes, or no memory for one more
                            self._end(job, str(full))
                            continue
                    self._begun[job] = child
                error = child.compile(job.recipe)
                with self._change:
                    del self._begun[job]
                    self._end(job, error)
                    self._change.notify_all()
        finally:
            if child is not None:
                child.close()
            with self._change:
                self._ending.discard(threading.current_thread())

    def _next(self) -> Job | None:
        """The most wanted job that waits; waits for one while standing by, else None."""
        while True:
            waiting = [job for job in self._jobs.values() if job not in self._begun]
            if self._begun:  # a child is kept free for what somebody asks for
                waiting = [job for job in waiting if job.urgency < SOME_DAY]
            if waiting:
                return min(waiting, key=lambda job: job.place)
            if not self._stands_by:
                self._hands.discard(threading.current_thread())
                self._ending.add(threading.current_thread())
                return None
            self._change.wait()

    def _end(self, job: Job, error: str) -> None:
        job.error = error
        if self._jobs.get(job.recipe) is job:
            del self._jobs[job.recipe]
        job.done.set()


class Child:
    """A process that compiles what it is told, line by line; used by one thread, killed by any."""

    def __init__(self) -> None:
        self._said: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.kernels.warm_up", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True, encoding="utf-8",
            env={**os.environ, "NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING": "1"},  # colours nobody sees
        )  # fmt: skip
        self.is_over = False

    def compile(self, recipe: Recipe) -> str:
        """Compile it; returns "" or what went wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(recipe.to_json()) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            return str(json.loads(answer))
        except (OSError, ValueError):  # it is no longer there
            self.is_over = True
            self._process.wait()
            self._said.seek(0)
            return (self._said.read().strip().splitlines() or ["the process that compiles has ended"])[-1]

    def kill(self) -> None:
        """End it in the middle of what it does."""
        self.is_over = True
        self._process.kill()

    def close(self) -> None:
        """Let it end, and clear up after it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what it was still to be told is of no interest to it any more
        self._process.kill()
        self._process.wait()
        self._said.close()


CREW = Crew()
"""The crew of this process."""


def wait_for(jobs: list[Job], timeout: float, given_up: Event | None, crew: Crew = CREW) -> None:
    """Wait until all have ended, then leave them.

    Raises:
        ModelError: one failed, the time is over, or `given_up` was set; the message says which.
    """
    deadline = time.monotonic() + timeout
    try:
        for job in jobs:
            while not job.done.wait(0.0 if timeout <= 0.0 else GLANCE):
                if given_up is not None and given_up.is_set():
                    raise ModelError("the kernels are no longer wanted")
                if time.monotonic() > deadline:
                    raise ModelError(f"the kernels were not compiled within {timeout:.0f} s")
    finally:
        crew.leave(jobs)
        crew.join()
    for job in jobs:
        if job.error:
            raise ModelError(f"the kernels could not be compiled: {job.error}")
