"""`neuropil run FILE --epochs N`: trains the network of a file on its task, without a window."""

from __future__ import annotations

import argparse
from typing import Any

from engine.commands.console import DONE, UNSTABLE, Answer, Progress, table
from engine.counting import counted
from engine.errors import RunError, Unstable, UsageError


def answer(args: argparse.Namespace) -> Answer:
    """Load, train by every learner (or the one named), save, and say how each did.

    Where several train, one that becomes unstable is told beside what the others came to.

    Raises:
        RunError: a learner cannot begin to train what the file holds.
        Unstable: the only one that trains became unstable.
    """
    from engine import load, save

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
    began = [  # all of them first: who cannot train says so before the others have spent their time
        begun(net, r, seed=args.seed, state=state if going_on else None) for r in runners
    ]
    for training in began:
        progress = Progress(args.epochs, training.learner.label)
        try:
            training.judge()
            for done in range(args.epochs):
                training.run(1)
                progress.show(done + 1, f"epoch {training.epoch}")
        except Unstable as error:
            if len(began) == 1:
                raise
            rows.append(_of_unstable(training, error))
            continue
        finally:
            progress.end()
        rows.append(_facts(training))
        if args.save:
            save(training, args.save)
    return Answer(
        _text(rows, args.file),
        {"file": args.file, "learners": rows},
        UNSTABLE if any(row["trouble"] for row in rows) else DONE,
    )


def begun(net: Any, learner: Any, **how: Any) -> Any:
    """The training of a learner (a record or a slug) before its first epoch.

    Raises:
        RunError: it cannot train what is drawn; nothing is wrong with the command.
    """
    from engine import Training

    try:
        return Training(net, learner=learner if isinstance(learner, str) else learner.id, **how)
    except UsageError as error:
        raise RunError(str(error)) from error


def repeated(args: argparse.Namespace, net: Any, runners: list[Any]) -> Answer:
    """Train every learner with several seeds, and say mean, spread and how many learned.

    Raises:
        RunError: a learner cannot begin to train what the file holds.
    """
    from engine.analysis.ledger import repeats
    from engine.network.edits import SetNetwork

    if args.save:
        raise UsageError("--save keeps one training, and --seeds makes many; leave one of them out")
    if args.seed is not None:
        net.apply(SetNetwork({"seed": args.seed}))
    chosen = [net.add_learner(r).id if isinstance(r, str) else r.id for r in runners]
    for id in chosen:
        begun(net, net.learners[id])
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
    return Answer(
        "\n".join([head, table(cells, heads, "  "), *troubles]), facts, UNSTABLE if troubles else DONE
    )


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
        "notes": training.notes, "trouble": "",
    }  # fmt: skip


def _of_unstable(training: Any, error: Unstable) -> dict[str, Any]:
    """What is left to say of a training that became unstable: until when it went, and what happened."""
    return {
        "learner": training.learner.label, "slug": training.model.slug, "epochs": training.epoch,
        "error": None, "right": None, "learned_at": training.learned_at,
        "patterns_to_criterion": training.learned_after, "cpu_seconds": training.seconds, **training.counted,
        "notes": training.notes, "trouble": str(error),
    }  # fmt: skip


def _text(rows: list[dict[str, Any]], file: str) -> str:
    heads = ("learner", "epochs", "learned at", "right", "error", "MAC/sample", "CPU s")
    cells = [
        (
            r["learner"],
            r["epochs"],
            *("-" if r[name] is None else r[name] for name in ("learned_at", "right", "error")),
            r["macs"] / max(1, r["samples"]),
            r["cpu_seconds"],
        )
        for r in rows
    ]
    notes = [f"{row['learner']}: {note}" for row in rows for note in row["notes"]]
    notes += [f"{row['learner']}: {row['trouble']}" for row in rows if row["trouble"]]
    return "\n".join([f"{file}: trained", table(cells, heads, "  "), *notes])
