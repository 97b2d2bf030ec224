"""Carries the state of a running circuit over into one of another shape: by id, whatever is still there."""

from __future__ import annotations

import numpy as np

from engine.declare import EXCITABILITY
from engine.runtime.cells import Cells
from engine.runtime.circuit import Circuit
from engine.runtime.pathway import Pathway


def transplant(old: Circuit, new: Circuit) -> None:
    """Move states, spikes in flight, histories and elements; `old` must have been swept to its last step."""
    rows = new.rows(old.ids)
    here = np.flatnonzero(rows >= 0)
    _rings(old, new, rows, here)
    for id, cells in new.cells.items():
        before = old.cells.get(id)
        if before is not None and before.model is cells.model:
            _cells(before, cells, old, new)
        cells.keep_all()
    for id, tissue in new.tissues.items():
        former = old.tissues.get(id)
        if former is not None:
            tissue.hand[:] = former.hand
            for name in set(tissue.states) & set(former.states):
                tissue.states[name][:] = former.states[name]
    for id, way in new.pathways.items():
        was = old.pathways.get(id)
        way.following.begin()  # of the neurons as they now are
        if was is not None:
            _pathway(was, way)
            way.following.carry_over(was.following, old.now)
            _elements(old, new, id)
    new.bind()


def _rings(old: Circuit, new: Circuit, rows: np.ndarray, here: np.ndarray) -> None:
    """What is due in the steps to come."""
    both = [name for name in new.rings if name in old.rings]
    for name in both:
        if name.startswith("late_"):
            new.rings[name][rows[here]] = old.rings[name][here]
    for name in (name for name in both if not name.startswith("late_")):
        ring = new.rings[name]
        source = old.rings[name].reshape(-1, old.width)
        target = ring.reshape(-1, new.width)
        for step in range(old.now + 1, old.now + min(old.slots, new.slots)):
            target[step & (new.slots - 1), rows[here]] = source[step & (old.slots - 1), here]


def _cells(old: Cells, new: Cells, before: Circuit, after: Circuit) -> None:
    """States and switches of the neurons that are still there, and the spikes that are still on an axon."""
    at = new.population.rows(old.neuron_ids)
    here = np.flatnonzero(at >= 0)
    for name, column in new.states.items():
        column[at[here]] = old.states[name][here]
    for name in ("forced", "silenced", "waiting", "tally", *EXCITABILITY):
        getattr(new, name)[at[here]] = getattr(old, name)[here]
    if old.is_astrocyte:
        new.flux[at[here]] = old.flux[here]
    new.recall(old.recent, range(before.now - min(after.axon, before.axon), before.now + 1), at)


def _pathway(old: Pathway, new: Pathway) -> None:
    """Memories of the presynaptic neurons, histories of the postsynaptic ones, fast fields, accounts."""
    keys_old = {(slug, n): k for k, card in old.stack.cards for slug in [card.slug] for n in card.traces}
    _segments(old, new, keys_old)
    slugs_old, slugs_new = ({k: card.slug for k, card in way.stack.cards} for way in (old, new))
    fields_old = {(slugs_old.get(k, ""), n): f"F{k}_{n}" for k, n in old.stack.fields}
    places = new.synapses.expanded()[0]
    sources = old.synapses.places(new.synapses.ids_at(places))
    kept = sources >= 0
    for key, n in new.stack.fields:
        if key == "g":
            continue  # laid out from the network, by id
        source = fields_old.get((slugs_new.get(key, ""), n))
        if source is not None:
            new.synapses.columns[f"F{key}_{n}"][places[kept]] = old.synapses.columns[source][sources[kept]]
    _history(old, new, keys_old)
    if new.hearing is not None and old.hearing is not None:
        new.hearing.take_over(old.hearing)
    for i, name in enumerate(new.stack.credit_names):
        if name in old.stack.credit_names:
            j = old.stack.credit_names.index(name)
            totals = old.credit.reshape(-1, len(old.stack.credit_names), 2)[:, j].sum(axis=0)
            new.credit.reshape(-1, len(new.stack.credit_names), 2)[0, i] = totals


def _segments(old: Pathway, new: Pathway, keys_old: dict[tuple[str, str], str]) -> None:
    """The last spike and the traces of each presynaptic neuron, by its id and the axonal delay."""
    a, b = old.synapses, new.synapses
    neuron = {}
    for seg in range(a.used_segments):
        row = int(a.segments["row"][seg]) // a.tiles
        if row < old.pre.n:
            neuron[int(old.pre.neuron_ids[row]), int(a.segments["axon"][seg])] = seg
    for seg in range(b.used_segments):
        row = int(b.segments["row"][seg]) // b.tiles
        source = (
            neuron.get((int(new.pre.neuron_ids[row]), int(b.segments["axon"][seg])))
            if row < new.pre.n
            else None
        )
        if source is None:
            continue
        b.segments["last"][seg] = a.segments["last"][source]
        for key, name, _ in new.stack.traces("pre"):
            slug = dict(new.stack.cards)[key].slug
            if (slug, name) in keys_old:
                b.traces[f"X{key}_{name}"][seg] = a.traces[f"X{keys_old[slug, name]}_{name}"][source]


def _history(old: Pathway, new: Pathway, keys_old: dict[tuple[str, str], str]) -> None:
    """The latest spikes (and events) of every postsynaptic neuron, as far as both histories reach."""
    at = new.post.population.rows(old.post.neuron_ids)
    if old.stack.hears == new.stack.hears != []:
        _heard(old, new, at)
    if not (old.stack.needs_history and new.stack.needs_history):
        return
    for i in np.flatnonzero(at >= 0).tolist():
        count = int(old.history["hist_count"][i])
        keep = min(count, old.hist, new.hist)
        from_ = i * old.hist + (np.arange(count - keep, count) & (old.hist - 1))
        into = int(at[i]) * new.hist + (np.arange(keep) & (new.hist - 1))
        new.history["hist_count"][at[i]] = keep
        new.history["hist_step"][into] = old.history["hist_step"][from_]
        if new.event:
            new.history["hist_size"][into] = old.history["hist_size"][from_] if old.event else 1.0
        if new.stack.counts_soma:
            spikes = 0.0 if old.event else 1.0
            soma = old.history["hist_soma"][from_] if old.stack.counts_soma else spikes
            new.history["hist_soma"][into] = soma
        for key, name, _ in new.stack.traces("post"):
            slug = dict(new.stack.cards)[key].slug
            if (slug, name) in keys_old:
                new.history[f"Y{key}_{name}"][into] = old.history[f"Y{keys_old[slug, name]}_{name}"][from_]


def _heard(old: Pathway, new: Pathway, at: np.ndarray) -> None:
    """The latest events that the synapses of every postsynaptic neuron could hear."""
    for i in np.flatnonzero(at >= 0).tolist():
        count = int(old.history["heard_count"][i])
        keep = min(count, old.hist, new.hist)
        from_ = i * old.hist + (np.arange(count - keep, count) & (old.hist - 1))
        into = int(at[i]) * new.hist + (np.arange(keep) & (new.hist - 1))
        new.history["heard_count"][at[i]] = keep
        for name in ("heard_step", "heard_kind"):
            new.history[name][into] = old.history[name][from_]


def _elements(old: Circuit, new: Circuit, id: int) -> None:
    """Boutons, spines and calcium of the neurons that are still there."""
    for fresh in new.elements[id]:
        for was in old.elements[id]:
            if was.card is not fresh.card:
                continue
            fresh.step = was.step
            sides = ((was.pathway.pre, fresh.pathway.pre), (was.pathway.post, fresh.pathway.post))
            for side, (before, after) in enumerate(sides):
                at = after.population.rows(before.neuron_ids)
                here = np.flatnonzero(at >= 0)
                fresh.z[side][at[here]] = was.z[side][here]
                fresh.calcium[side][at[here]] = was.calcium[side][here]
