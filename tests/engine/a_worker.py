"""A worker of a live session on a bench: its clock is the test's, and what it says is kept."""

from engine.live import messages as say
from engine.live.checkpoints import Checkpoints
from engine.live.frame import FramePool
from engine.live.worker import Worker
from tests.live_toy import Toy, small_network


class Clock:
    """A clock that stands still unless told, or while a toy runs."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def of(self, make, per_step):
        """Builds toys whose steps take time on this clock."""

        def build(network, state=None):
            toy = make(network, state=state)
            advance = toy.advance

            def slowly(steps):
                self.now += per_step * steps
                advance(steps)

            toy.advance = slowly
            return toy

        if hasattr(make, "bare"):
            build.bare = make.bare
        return build


class Bench:
    """A worker with what it said."""

    def __init__(self, make=Toy, network=None, speed=None, per_step=0.0005):
        self.said = []
        self.records = []
        self.clock = Clock()
        self.frames = FramePool()
        self.worker = Worker(
            network or small_network(),
            self.said.append,
            make=self.clock.of(make, per_step),
            frames=self.frames,
            checkpoints=Checkpoints(),
            post=self.post,
            on_record=lambda step, message: self.records.append((step, message)),
            speed=speed,
            clock=self.clock,
        )

    def post(self, message):
        self.worker.receive(message)

    @property
    def toy(self):
        return self.worker.simulation

    def tell(self, *messages):
        for message in messages:
            self.worker.receive(message)
        return self

    def run_to(self, step):
        self.worker.receive(say.Play())
        for _ in range(10_000):
            if self.toy.step >= step or not self.worker.is_running:
                break
            self.clock.now += self.worker.turn() or 0.0
        self.worker.receive(say.Pause())
        return self

    def run_until_paused(self, turns=10_000):
        for _ in range(turns):
            if not self.worker.is_running:
                return self
            self.worker.turn()
        raise AssertionError("it never paused")

    def of(self, kind):
        return [message for message in self.said if isinstance(message, kind)]

    def last(self, kind):
        return self.of(kind)[-1]


class Slow:
    """A heavy edit whose stages note themselves."""

    what = "pair STDP"

    def __init__(self, toy, edit, log):
        self.toy, self.edit, self.log = toy, edit, log

    def work(self):
        self.log.append("prepare")

    def swap(self):
        self.log.append("swap")
        return self.edit.apply(self.toy.base)

    def retire(self):
        self.log.append("retire")
