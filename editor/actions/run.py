"""Actions on the run: play, step, how fast, back."""

from __future__ import annotations

from typing import Any

from editor.actions import action


def at_start(window: Any) -> str:
    """Why there is nothing to go back to."""
    return "" if window.document.t > 0 or window.document.is_running else "The run has not begun."


def is_running(window: Any) -> bool:
    """Whether the circuit runs."""
    return bool(window.document.is_running)


@action("Play or pause", "Run", "Space", icon="fa6s.play", words="start stop run")
def play(window: Any) -> None:
    """Let the circuit run, or stop the clock; a circuit that only learns a task is trained."""
    window.toggle()


@action("Step one dt", "Run", ".", icon="fa6s.forward-step", repeats=True, words="forward")
def step_dt(window: Any) -> None:
    """Run for one step of the clock."""
    window.document.step("dt")


@action("Step to the next spike", "Run", ("Shift+.", ":", ">"), repeats=True, words="forward")
def step_spike(window: Any) -> None:
    """Run until a neuron fires."""
    window.document.step("spike")


@action(
    "Step to the next synapse change", "Run", "Ctrl+.", repeats=True, words="forward grow prune birth death"
)
def step_change(window: Any) -> None:
    """Run until a synapse grows or is pruned."""
    window.document.step("change")


@action("Back to the last checkpoint", "Run", ",", icon="fa6s.backward-step", repeats=True, why_not=at_start,
        words="rewind earlier undo time")  # fmt: skip
def step_back(window: Any) -> None:
    """Go back to the last moment that was kept, about a second of watching ago."""
    window.document.step_back()


@action(
    "Back to t = 0", "Run", "Ctrl+Home", icon="fa6s.backward-fast", why_not=at_start, words="reset restart"
)
def reset_run(window: Any) -> None:
    """Restore the circuit as it was when the run began."""
    window.document.reset()


def _speed(ratio: float | None) -> Any:
    def ask(window: Any) -> bool:
        return bool(window.transport.speed.ratio == ratio)

    return ask


@action("1/1000 of real time", "Run/Speed", "Ctrl+Alt+1", group=1, is_on=_speed(0.001), words="slow motion")
def speed_thousandth(window: Any) -> None:
    """One millisecond of the circuit takes a second of yours."""
    window.set_speed(0.001)


@action("1/100 of real time", "Run/Speed", "Ctrl+Alt+2", group=1, is_on=_speed(0.01), words="slow motion")
def speed_hundredth(window: Any) -> None:
    """Slow enough to see in which order neurons fire."""
    window.set_speed(0.01)


@action("1/10 of real time", "Run/Speed", "Ctrl+Alt+3", group=1, is_on=_speed(0.1), words="slow motion")
def speed_tenth(window: Any) -> None:
    """A tenth of real time."""
    window.set_speed(0.1)


@action("Real time", "Run/Speed", "Ctrl+Alt+4", group=1, is_on=_speed(1.0))
def speed_real(window: Any) -> None:
    """One second of the circuit takes one second."""
    window.set_speed(1.0)


@action("As fast as possible", "Run/Speed", "Ctrl+Alt+5", group=1, is_on=_speed(None), words="max turbo")
def speed_max(window: Any) -> None:
    """As fast as this machine can."""
    window.set_speed(None)


@action("Slower", "Run/Speed", "Ctrl+[", group=2, words="speed down")
def slower(window: Any) -> None:
    """The next slower speed."""
    window.transport.speed.choose(window.transport.speed.at - 1)


@action("Faster", "Run/Speed", "Ctrl+]", group=2, words="speed up")
def faster(window: Any) -> None:
    """The next faster speed."""
    window.transport.speed.choose(window.transport.speed.at + 1)
