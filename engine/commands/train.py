"""`neuropil run FILE --epochs N`: trains the network of a file on its task, without a window."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import Answer, Progress, table
from engine.errors import UsageError


def answer(args: argparse.Namespace) -> Answer:
    """Load, train by every learner (or the one named), save, and say how each did."""
    from engine import Training, load, save

    if args.epochs < 0:
        raise UsageError(f"--epochs is {args.epochs}; it must be 0 or more")
    net, state = load(args.file)
    runners = [record for record in net.learners.values() if record.enabled]
    if args.learner is not None:
        runners = [record for record in runners if args.learner in (record.label, record.model)] or [
            args.learner
        ]
    if not runners:
        raise UsageError(f"{args.file}: it has no learner; --learner NAME gives it one for this run")
    if args.save and len(runners) != 1:
        raise UsageError(
            f"--save keeps one network, and {len(runners)} learners run; say which with --learner"
        )
    going_on = state is not None and "training/where" in state and len(runners) == 1 and not args.from_start
    rows: list[dict[str, Any]] = []
    for runner in runners:
        chosen = runner if isinstance(runner, str) else runner.id
        training = Training(net, learner=chosen, seed=args.seed, state=state if going_on else None)
        progress = Progress(args.epochs, training.learner.label)
        try:
            training.judge()
            for done in range(args.epochs):
                training.run(1)
                progress.show(done + 1, f"epoch {training.epoch}")
        finally:
            progress.end()
        rows.append(_facts(training))
        if args.save:
            save(training, args.save)  # type: ignore[arg-type]
    return Answer(_text(rows, args.file), {"file": args.file, "learners": rows})


def _facts(training: Any) -> dict[str, Any]:
    from engine.runtime.training.criterion import judged

    found = judged(training, test=True)
    return {
        "learner": training.learner.label, "slug": training.model.slug, "epochs": training.epoch,
        "error": found.error, "right": found.right, "learned_at": training.learned_at,
        "patterns_to_criterion": training.learned_after, "cpu_seconds": training.seconds, **training.counted,
        "notes": training.notes,
    }  # fmt: skip


def _text(rows: list[dict[str, Any]], file: str) -> str:
    heads = ("learner", "epochs", "learned at", "right", "error", "MAC/sample", "CPU s")
    cells = [
        (
            r["learner"],
            r["epochs"],
            "-" if r["learned_at"] is None else r["learned_at"],
            r["right"],
            r["error"],
            r["macs"] / max(1, r["samples"]),
            r["cpu_seconds"],
        )
        for r in rows
    ]
    notes = [f"{row['learner']}: {note}" for row in rows for note in row["notes"]]
    return "\n".join([f"{file}: trained", table(cells, heads, "  "), *notes])
