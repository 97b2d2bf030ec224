"""The loops over the neurons on either side of a stack: their quantities, and the rings synapses see."""

from __future__ import annotations

from engine.declare import EXCITABILITY, Declaration, Rule
from engine.errors import ModelError
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import Resolve, expression, reads, statements
from engine.kernels.sights import LETTER, SPIKED
from engine.kernels.slow_loops import SlowLoops

HOOK = {"pre": "on_pre_neuron", "post": "on_neuron"}
UNSTABLE = 6
"""What `bad` says when a quantity left all bounds."""


class FollowLoops(SlowLoops):
    """A stack, and the kernels that step the quantities of its neurons."""

    def _neuron_rows(self, owner: str, key: str, card: type[Declaration], slow: bool) -> Resolve:
        """Which variable each name of a hook on a neuron is."""
        row = self.names(owner, key, card) | {"spiked": "spiked"}
        if owner == "post":
            row |= {n: f"y{key}_{n}" for n, t in card.traces.items() if t.owner == "post"}
        if slow:
            row |= {name: f"own_{name}" for name in EXCITABILITY}
            row.pop("spiked")
        rows = {
            owner: row,
            "p": {n: f"p{key}_{n}" for n in card.params} | {"w_min": "w_min", "w_max": "w_max"},
        }

        def resolve(which: str, name: str) -> str:
            known = rows.get(which, {})
            if name not in known:
                raise KeyError(list(known))
            return known[name]

        return resolve

    def _move(self, owner: str, key: str, card: type[Rule], slow: bool) -> list[str]:
        """The lines of the hook that moves the quantities of a neuron."""
        hook = HOOK[owner]
        own = {n for n, q in card.quantities.items() if q.owner == owner and not q.of}
        for row, name in sorted(reads(card)[hook].writes):
            if name not in own | (set(EXCITABILITY) if slow else set()):
                may = ", ".join(sorted(own | (set(EXCITABILITY) if slow else set()))) or "nothing"
                raise ModelError(f"{card.slug}.{hook}: {row}.{name} is read only here; it may change {may}")
        chance = ("seed", f"purpose + {1 + int(key)}", "neuron[i]", "s")
        resolve = self._neuron_rows(owner, key, card, slow)
        return statements(card, hook, resolve, f"n{key}_{hook}", chance)

    def _columns(self, owner: str) -> list[tuple[str, str]]:
        """The arrays of a neuron's states and quantities."""
        letter = LETTER[owner]
        found = [(f"N_{letter}s_{n}", self.real) for n in self.states(owner)]
        return found + [(f"Q_{letter}q{k}_{n}", "float64") for k, n, _ in self.quantities(owner)]

    def _load(self, owner: str, now: str) -> list[str]:
        """States, quantities, what is read late and the traces of neuron `i`."""
        letter = LETTER[owner]
        lines = [f"{letter}s_{n} = float64(N_{letter}s_{n}[i])" for n in self.states(owner)]
        lines += [f"{letter}q{k}_{n} = Q_{letter}q{k}_{n}[i]" for k, n, _ in self.quantities(owner)]
        for k, n, q in self.lags:
            if q.owner == owner:
                ring, lag = self.source(owner, k, n)
                lines.append(f"{letter}q{k}_{n} = R_{ring}[(({now} - {lag}) & m_{ring}) * count + i]")
        post = self.traces("post") if owner == "post" else []
        if post:
            lines += ["r = hist_count[i] - 1", *[f"y{k}_{n} = 0.0" for k, n, _ in post], "if r >= 0:"]
            lines += ["    r = i * hist + (r & (hist - 1))"]
            lines += [
                f"    y{k}_{n} = {self.remembered(k, n, t, 'r')}"
                f" * {self.decay(k, t, f'{now} - hist_step[r]')}"
                for k, n, t in post
            ]
        return lines

    def _store(self, owner: str, now: str) -> list[str]:
        """Keep the quantities, and what the synapses will see."""
        letter = LETTER[owner]
        kept = [f"{letter}q{k}_{n}" for k, n, _ in self.quantities(owner)]
        lines = []
        if kept:
            lines += [
                f"if not ({' + '.join(f'abs({v})' for v in kept)} < 1e12) and bad[0] == 0:",
                f"    bad[0] = {UNSTABLE}",
                "    bad[1] = s",
                "    bad[2] = neuron[i]",
                "    bad[3] = purpose // 16",
            ]
        # A decaying quantity must end at zero: subnormal numbers are many times slower.
        lines += [f"Q_{v}[i] = 0.0 if abs({v}) <= 1e-30 else {v}" for v in kept]
        return lines + [
            f"R_{v}[({now} & m_{v}) * count + i] = {v}"
            for v, (side, _) in self.rings.items()
            if side == owner
        ]

    def _neuron_head(self) -> list[str]:
        return [
            "count, tile, first, cap, tiles, hist = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5]",
            "seed, purpose = ii[6], ii[7]",
            "h, w_min, w_max = ff[0], ff[1], ff[2]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            *self.masks(),
        ]

    def _neuron_arrays(self, owner: str) -> list[tuple[str, str]]:
        found = [("ii", "int64"), ("ff", "float64"), ("pp", "float64"), ("neuron", "int64"), ("bad", "int64")]
        found += self._columns(owner)
        found += self.history_arrays
        found += [(f"D{k}_{n}", "float64") for k, n, _ in self.traces("post")]
        return found + self.sight_arrays

    # -- every step ---------------------------------------------------------------------------------

    def follow_arrays(self, owner: str) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `follow_post` or `follow_pre`."""
        spikes = [("spike_step", "int64"), ("spike_index", "int32"), ("spike_count", "int64")]
        return [*self._neuron_arrays(owner), *spikes, ("fired", "int32")]

    def _wake(self) -> list[str]:
        """Which cards have work at the synapses of this neuron."""
        lines = ["bits = 0"]
        for key, card in self.with_hook("on_step"):
            lines += [f"bits |= {1 << int(key)}"]
            if "awake" in card.hooks:
                rows = self._neuron_rows("post", key, card, False)
                asked = expression(card, "awake", rows, f"n{key}_awake")
                lines[-1:] = [f"if {asked}:", f"    bits |= {1 << int(key)}"]
        if self.meets_spikes:
            lines += ["if spiked > 0.0:", f"    bits |= {SPIKED}"]
        return [*lines, "awake[(s & awake_mask) * count + i] = bits", "if bits != 0:", "    woken[i] = s"]

    def follow(self, owner: str) -> Kernel | None:
        """Steps the quantities of the neurons on one side, after their threshold test of the same step."""
        if not self.follows(owner):
            return None
        work = [*self._load(owner, "s"), "spiked = float64(fired[i])"]
        for key, card in self.with_hook(HOOK[owner], ("induction",)):
            work += self._move(owner, key, card, False)
        if owner == "post" and self.is_eager:
            work += self._wake()
        work += self._store(owner, "s")
        body = [
            *self._neuron_head(),
            "for t in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            "    low, high, begin = t * tile, min(count, (t + 1) * tile), t * cap",
            "    for s in range(s0, s1):",
            "        for i in range(low, high):",
            "            fired[i] = 0",
            "        m = min(spike_count[t], cap)",
            "        while m > 0 and spike_step[begin + m - 1] > s:",
            "            m -= 1",
            "        while m > 0 and spike_step[begin + m - 1] == s:",
            "            m -= 1",
            "            fired[spike_index[begin + m]] += 1",
            "        for i in range(low, high):",
            *indent(work, 3),
        ]
        return Kernel(f"follow_{owner}", tuple(self.follow_arrays(owner)), tuple(body))

    # -- the slow clock -----------------------------------------------------------------------------

    @property
    def settle_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `settle`."""
        more = [(name, "float64") for name in EXCITABILITY]
        return [*self._neuron_arrays("post"), ("due", "float64"), *more]

    def settle(self) -> Kernel | None:
        """The homeostasis cards due at step s0 that act on the post neurons themselves."""
        cards = self.with_hook("on_neuron", ("homeostasis",))
        if not cards:
            return None
        work = [*self._load("post", "s0"), *[f"own_{name} = {name}[i]" for name in EXCITABILITY]]
        for key, card in cards:
            run = [f"dt = due[{key}]", *self._move("post", key, card, True)]
            work += [f"if due[{key}] > 0.0:", *indent(run)]
        work += self._store("post", "s0")
        work += [f"{name}[i] = own_{name}" for name in EXCITABILITY]
        body = [
            *self._neuron_head(),
            "s = s0",
            "for t in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            "    for i in range(t * tile, min(count, (t + 1) * tile)):",
            *indent(work, 2),
        ]
        return Kernel("settle", tuple(self.settle_arrays), tuple(body))

    def kernels(self) -> tuple[Kernel, ...]:
        """Everything this stack needs, as text."""
        more = (self.follow("pre"), self.follow("post"), self.settle())
        return (*super().kernels(), *(k for k in more if k is not None))
