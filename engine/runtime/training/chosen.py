"""Which task and which learner of a network are meant: by id, label, slug, or because there is only one."""

from __future__ import annotations

from typing import Any, cast

from engine import registry
from engine.errors import UnknownName, UsageError
from engine.network.given import whole
from engine.network.network import Network
from engine.network.parts import Learner
from engine.network.views import View


def one_of(shelf: dict[int, Any], wanted: Any, what: str) -> Any:
    """The one record meant, by id, label or view; or the only one."""
    if wanted is None:
        enabled = [record for record in shelf.values() if getattr(record, "enabled", True)]
        if len(enabled) != 1:
            if enabled:
                told = ", ".join(f"{record.label!r}" for record in enabled[:8])
                raise UsageError(f"there are {len(enabled)} {what}s; say which, by {what}=...: {told}")
            if shelf:  # a learner can be switched off, a task cannot
                label = next(iter(shelf.values())).label
                raise UsageError(
                    f"every {what} is switched off; switch one on, or name it, as by {what}={label!r}"
                )
            gives = "add_task" if what == "task" else "set_learner"
            raise UsageError(f"there is no {what}; net.{gives}(...) gives it one")
        return enabled[0]
    id = None if isinstance(wanted, str) else wanted.id if isinstance(wanted, View) else whole(wanted, what)
    for record in shelf.values():
        if record.id == id or (id is None and record.label == wanted):
            return record
    raise UnknownName(f"there is no {what} {wanted!r} in this network")


def learner_of(net: Network, wanted: Any) -> Learner:
    """The learner meant; a slug that the network does not hold makes one with its defaults."""
    if isinstance(wanted, str) and wanted not in [record.label for record in net.learners.values()]:
        slug = registry.find(wanted, "learner").slug
        of_slug = [record for record in net.learners.values() if record.model == slug]
        return of_slug[0] if of_slug else Learner(0, registry.find(slug).label, slug)
    return cast(Learner, one_of(net.learners, wanted, "learner"))
