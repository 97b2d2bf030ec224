"""`neuropil run FILE --epochs N`: trains the network of a file on its task, without a window."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import Answer, Progress, table
from engine.counting import counted
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
    if args.seeds is not None:
        return repeated(args, net, runners)
    if args.save and len(runners) != 1:
        raise UsageError(
            f"--save keeps one network, and {len(runners)} learners run; say which with --learner"
        )
    going_on = state is not None and "training/where" in state and len(runners) == 1 and not args.from_start
    rows: list[dict[str, Any]] = []
    trainings = [  # all of them first: who cannot train says so before the others have spent their time
        Training(
            net, learner=r if isinstance(r, str) else r.id, seed=args.seed, state=state if going_on else None
        )
        for r in runners
    ]
    for training in trainings:
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


def repeated(args: argparse.Namespace, net: Any, runners: list[Any]) -> Answer:
    """Train every learner with several seeds, and say mean, spread and how many learned."""
    from engine.analysis.ledger import repeats
    from engine.network.edits import SetNetwork

    if args.save:
        raise UsageError("--save keeps one training, and --seeds makes many; leave one of them out")
    if args.seed is not None:
        net.apply(SetNetwork({"seed": args.seed}))
    chosen = [net.add_learner(r).id if isinstance(r, str) else r.id for r in runners]
    bar = Progress(max(1, args.seeds * len(chosen) * args.epochs), counted(args.seeds, "seed"))

    def told(progress: repeats.Progress) -> bool:
        bar.show(progress.done, f"epoch {progress.done} of {progress.total}")
        return True

    try:
        found = repeats.repeat(net, args.epochs, args.seeds, chosen, told=told)
    finally:
        bar.end()
    heads = ("learner", "learned", "patterns until learned", "right", "J, ideal digital", "J, this computer")
    cells = [
        (
            one.label,
            f"{len(one.learned)} of {len(one.runs)}",
            said(one.samples),
            said(one.right) + (" (test)" if one.is_tested else ""),
            *(said(one.joules().get(way, repeats.spread([]))) for way in ("Ideal digital", "This computer")),
        )
        for one in found
    ]
    troubles = [
        f"{one.label}, seed {run.seed}: {run.trouble}" for one in found for run in one.runs if run.trouble
    ]
    size = f"{counted(args.seeds, 'seed')} of {counted(args.epochs, 'epoch')}"
    head = f"{args.file}: {size}; mean \u00b1 standard deviation (n)"
    facts = {"file": args.file, "epochs": args.epochs, "learners": [_repeat_facts(one) for one in found]}
    return Answer("\n".join([head, table(cells, heads, "  "), *troubles]), facts)


def said(spread: Any) -> str:
    """Mean, spread and n as people read them."""
    if not spread.n:
        return "-"
    return f"{spread.mean:.4g}" + (f" \u00b1 {spread.sd:.2g}" if spread.n > 1 else "") + f" ({spread.n})"


def _repeat_facts(one: Any) -> dict[str, Any]:
    return {
        "learner": one.label, "slug": one.model, "learned": len(one.learned), "is_tested": one.is_tested,
        "patterns_to_criterion": vars(one.samples), "right": vars(one.right),
        "forgotten": vars(one.forgotten), "joules": {way: vars(paid) for way, paid in one.joules().items()},
        "runs": [vars(run) for run in one.runs],
    }  # fmt: skip


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
