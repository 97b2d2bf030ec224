"""What happens at one synapse when an event reaches it, as lines of a kernel: the cards run left to right.

Plasticity is lazy: a synapse catches up with what it missed, in time order, when its presynaptic neuron
spikes or at a sweep; at every event the gates advance first, then the stack runs, and bounds come last.
"""

from __future__ import annotations

from functools import cached_property

from engine.declare import Induction, Rule
from engine.kernels.fuse import indent
from engine.kernels.loops import LIMIT
from engine.kernels.sights import Sights

VESICLE = 1e6
"""Vesicles are counted in whole millionths, so that a sum does not depend on its order."""


class Events(Sights):
    """A stack whose events can be written down."""

    def _tell(self, when: str, card: str, change: str, size: str = "0.0") -> list[str]:
        """Write down that a card changed a synapse that is under somebody's eye."""
        if not self.watched:
            return []
        return [
            f"if watch[j] & 2 != 0 and abs({change}) > {size} and told[0] < told[1]:",
            *indent(
                [
                    f"told_step[told[0]] = {when}",
                    "told_id[told[0]] = named(ids, j)",
                    f"told_card[told[0]] = {card}",
                    f"told_value[told[0]] = {change}",
                    "told[0] += 1",
                    "if told[0] * 2 >= told[1] and bad[0] == 0:",
                    "    bad[0] = 2",
                ]
            ),
        ]

    @staticmethod
    def unsound(when: str) -> list[str]:
        """Say so once when the weight of synapse j is no weight any more."""
        return [
            f"if not (abs(w) < {LIMIT}) and bad[0] == 0:",
            "    bad[0] = 4",
            f"    bad[1] = {when}",
            "    bad[2] = named(ids, j)",
        ]

    def field_now(self, key: str, name: str) -> str:
        """The value of a field of synapse j."""
        return f"f{key}_{name}"

    def _begin(self) -> list[str]:
        """Nothing is proposed yet."""
        return [f"d{end} = 0.0" for end in self.loci]

    def _gave(self, key: str, run: list[str]) -> list[str]:
        """Run a card and note what it proposed, as a change of the weight."""
        if not self.has_loci:
            return ["held = dw", *run, f"gave{key} = dw - held"]
        held = [f"held_{end} = d{end}" for end in self.loci]
        return [*held, *run, f"gave{key} = dw - held_w + (dP - held_P) * fs_q + (dq - held_q) * fs_P"]

    def _settle(self) -> list[str]:
        """P and q after a change: what the expression did to w is q's, then dP and dq, within the bounds."""
        return [
            "if w != before and fs_P > 0.0:",
            "    fs_q = w / fs_P",
            "low, top = 0.0, 1.0",
            "if fs_q > 0.0:",
            "    low, top = min(w_min / fs_q, fs_P), max(min(w_max / fs_q, 1.0), fs_P)",
            "fs_P = clip(fs_P + dP, low, top)",
            f"low, top = 0.0, {LIMIT}",
            "if fs_P > 0.0:",
            "    low, top = min(w_min / fs_P, fs_q), max(w_max / fs_P, fs_q)",
            "fs_q = clip(fs_q + dq, low, top)",
            "w = fs_P * fs_q",
        ]

    def _apply(self, givers: list[str], when: str) -> list[str]:
        """The change `dw` meets the bounds; each card is charged what it caused, the bounds what they cut."""
        stored = self.with_hook("apply")
        lines = ["before = w"]
        total = "dw"
        if self.has_loci:
            lines += ["asked = dw + dP * fs_q + dq * fs_P"]
            total = "asked"
        if stored:
            for key, card in stored:
                lines += self.hook(key, card, "apply", when)
        else:
            lines += ["w = clip(w + dw, w_min, w_max)"]
        if self.has_loci:
            lines += self._settle()
        bounds = len(self.rules)
        owner = stored[-1][0] if stored else str(bounds)
        for g in givers:
            lines += [f"up{g} += max(gave{g}, 0.0)", f"down{g} += min(gave{g}, 0.0)"]
            lines += self._tell(when, g, f"gave{g}")
        lines += [
            f"cut = w - before - {total}",
            f"up{owner} += max(cut, 0.0)",
            f"down{owner} += min(cut, 0.0)",
            *self._tell(when, owner, "cut", f"1e-9 * abs({total})"),
            *self._begin(),
        ]
        return [f"if {' or '.join(f'd{end} != 0.0' for end in self.loci)}:", *indent(lines)]

    def _levels(self, cards: list[tuple[str, str]], when: str) -> list[str]:
        """What the given hooks (key, hook) read of their modulators at a time: above rest, and at rest.

        `k` releases have been met by then; every channel is felt at the post neuron by its own share.
        """
        lines: list[str] = []
        wanted = {key for key, hook in cards if self.listens(key, dict(self.cards)[key], hook)}
        for i, (key, name, role) in enumerate(self.roles):
            if key in wanted:
                lines += [
                    f"m{key}_{name} = 0.0",
                    f"m{key}_{name}_rest = mod_rest[{i}]",
                    f"m{key}_{name}_dose = 0.0",
                ]
                if not role.tau:
                    continue
                lines += [
                    "if k > 0:",
                    *indent(
                        [
                            "at = (k - 1) & mod_mask",
                            f"for g in range(mod_bound[{i}], mod_bound[{i + 1}]):",
                            f"    m{key}_{name} += mod_reach[g * n_post + q] * mod_n[at * channels + g]",
                            f"m{key}_{name} *= "
                            f"kept(M{key}_{name}, {when} - mod_step[at], h, p{key}_{role.tau})",
                        ]
                    ),
                ]
        return lines

    def _pass_on(self, gates: list[tuple[str, type[Rule]]], when: str) -> list[str]:
        """A proposed change goes through some gates, from left to right, each locus for itself."""
        lines = self._levels([(key, "on_change") for key, _ in gates], when)
        for key, card in gates:
            run = [line for end in self.loci for line in self.hook(key, card, "on_change", when, end)]
            lines += self._gave(key, run)
        return lines

    def _event(self, hook: str, when: str, only: str = "") -> list[str]:
        """Something has reached the synapse: induction (all cards, or `only` one), gate, expression."""
        cards = [(k, c) for k, c in self.with_hook(hook, ("induction",)) if only in ("", k)]
        if not cards:
            return []
        lines = [*self._levels([(key, hook) for key, _ in cards], when), *self.look(hook, when)]
        lines += [*self._begin(), *self.see_glia(when, self.rules)]
        for key, card in cards:
            lines += self._propose(key, card, hook, when)
        gates = self.with_hook("on_change")
        lines += self._pass_on(gates, when)
        return lines + self._apply([k for k, _ in (*cards, *gates)], when)

    def _propose(self, key: str, card: type[Rule], hook: str, when: str) -> list[str]:
        """One card adds to `dw`; `gave` is what it added."""
        run = self.hook(key, card, hook, when)
        if self.event and hook == "on_post" and "bap" not in card.read_of("post"):
            held = [f"was_{end} = d{end}" for end in self.loci]
            run = [*held, *run, *[f"d{end} = was_{end} + (d{end} - was_{end}) * bap" for end in self.loci]]
        return self._gave(key, run)

    @cached_property
    def has_time(self) -> bool:
        """Whether something goes on at a synapse between two events."""
        return bool(self.with_hook("advance") or self.with_hook("between"))

    def _advance(self, until: str) -> list[str]:
        """What the gates release between the last event and this one, and what goes on by itself."""
        if not self.has_time:
            return []
        lines: list[str] = []
        for key, card in self.with_hook("advance"):
            hooks = [self.advancing(key, card, until, end) for end in self.loci]
            run = [line for hook in hooks for line in hook.looked_up()]
            lines += [
                *self._levels([(key, "advance")], "then"),
                *self._begin(),
                *self.see_glia(until, self.rules),
                *self._let_go(key, run, until),
            ]
        lines += self._event("between", until)
        return [
            f"lag = {until} - then", "dt = lag * h", "if dt > 0.0:", *indent(lines), f"then = {until}"
        ]  # fmt: skip

    @property
    def leaps(self) -> bool:
        """Whether many releases are taken at once; see `leaps`."""
        return False

    def _leap(self) -> list[str]:
        """Take many releases at once, where that can be done."""
        return []

    def _let_go(self, key: str, run: list[str], when: str) -> list[str]:
        """What a gate lets go passes those to its right, and meets the bounds."""
        gates = self.to_the_right(key)
        through = [*self._gave(key, run), *self._pass_on(gates, when)]
        return [*through, *self._apply([key, *(k for k, _ in gates)], when)]

    def _releases(self, when: str) -> list[str]:
        """What a release does at once; it is met before the spikes of its step."""
        lines: list[str] = []
        for key, card in self.with_hook("on_release"):
            run = [line for end in self.loci for line in self.hook(key, card, "on_release", when, end)]
            lines += self._levels([(key, "on_release")], when)
            for i, (owner, name, _) in enumerate(self.roles):
                if owner == key and self.listens(key, card, "on_release"):
                    lines += [
                        f"if mod_bound[{i}] <= drug and drug < mod_bound[{i + 1}]:",
                        f"    m{key}_{name}_dose = mod_reach[drug * n_post + q] * mod_dose[k & mod_mask]",
                    ]
            lines += [
                *self._begin(),
                *self.see_glia(when, self.rules),
                *self._let_go(key, run, when),
            ]
        return ["drug = mod_chan[k & mod_mask]", *lines] if lines else []

    def _catch_up(self) -> list[str]:
        """Replay what this synapse missed, in time order, up to `now`."""
        if not (self.with_hook("on_post") or self.has_time or self.hears or self.roles):
            return ["m = hist_count[q]"] if self.needs_history else []
        lines: list[str] = ["m, c = 0, 0"]
        if self.has_time:
            lines += ["then = seen"]
        if self.needs_history:
            lines += [
                "c = hist_count[q]",
                "m = c",
                "while m > 0 and m > c - hist and hist_step[base + ((m - 1) & hist_mask)] + dendrite > seen:",
                "    m -= 1",
            ]
        if self.hears:
            lines += [
                "heard = heard_count[q]",
                "ear = heard",
                "while ear > 0 and ear > heard - hist"
                " and heard_step[base + ((ear - 1) & hist_mask)] + dendrite > seen:",
                "    ear -= 1",
            ]
        if self.leaps:  # all synapses of a segment were brought up to date together
            lines += ["k, leaps = met, points > 0"]
        elif self.roles:
            lines += [
                "mods = mod_count[0]",
                "k = mods",
                "while k > 0 and k > mods - mod_mask and mod_step[(k - 1) & mod_mask] > seen:",
                "    k -= 1",
            ]
        loop: list[str] = ["coming = now", "kind = 0"]
        if self.with_hook("on_post"):
            loop += [
                "if m < c and hist_step[base + (m & hist_mask)] + dendrite <= now:",
                "    coming = hist_step[base + (m & hist_mask)] + dendrite",
                "    kind = 1",
            ]
        loop += self._leap()
        if self.roles:
            loop += [
                "if k < mods and mod_step[k & mod_mask] <= coming:",
                "    coming = mod_step[k & mod_mask]",
                "    kind = 2",
            ]
        if self.hears:
            loop += [
                "if ear < heard:",
                "    due_step = heard_step[base + (ear & hist_mask)] + dendrite",
                "    if due_step < coming or (kind == 0 and due_step <= now):",
                "        coming = due_step",
                "        kind = 3",
            ]
        loop += ["if kind == 0:", "    break", *self._advance("coming")]
        if self.with_hook("on_post"):
            event = [
                f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
                for k, n, t in self.traces("pre")
            ]
            event += [f"y{k}_{n} = Y{k}_{n}[base + (m & hist_mask)]" for k, n, _ in self.traces("post")]
            event += ["bap = hist_size[base + (m & hist_mask)]"] if self.event else []
            answer = self._event("on_post", "coming")
            if self.counts_soma:  # a spike that nothing here learns from
                answer = ["if bap > 0.0:", *indent(answer)]
            loop += ["if kind == 1:", *indent([*event, *answer, "m += 1"])]
        if self.hears:
            loop += ["if kind == 3:", *indent([*self._on_event(), "ear += 1"])]
        if self.roles:
            loop += ["if kind == 2:", *indent([*self._releases("coming"), "k += 1"])]
        lines += ["while True:", *indent(loop), *self._advance("now")]
        if self.needs_history and not self.with_hook("on_post"):
            lines += ["m = c"]
        return lines

    def _earlier(self, when: str) -> list[str]:
        """The memories of the postsynaptic spikes that reached the synapse strictly before `when`."""
        post = self.traces("post")
        if not post:
            return []
        return [
            "r = m - 1",
            "late = max(hist_count[q] - hist, -1)",
            f"while r > late and hist_step[base + (r & hist_mask)] + dendrite >= {when}:",
            "    r -= 1",
            *[f"y{k}_{n} = 0.0" for k, n, _ in post],
            "if r >= 0:",
            *indent(
                [
                    f"ago = {when} - hist_step[base + (r & hist_mask)] - dendrite",
                    *[
                        f"y{k}_{n} = {self.remembered(k, n, t, 'base + (r & hist_mask)')} * "
                        + self.decay(k, t, "ago")
                        for k, n, t in post
                    ],
                ]
            ),
        ]

    def _at_pre(self, hook: str, only: str = "") -> list[str]:
        """The presynaptic spike, or its late return: strictly earlier spikes count, then the cards run."""
        if not self.with_hook(hook):
            return []
        lines = self._earlier("now")
        lines += [f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")]
        lines += ["bap = 1.0"] if self.event else []
        return lines + self._event(hook, "now", only)

    def _on_event(self) -> list[str]:
        """An event that cards hear has reached the synapse; spikes of the same step count not yet."""
        lines = [
            f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
            for k, n, t in self.traces("pre")
        ]
        lines += self._earlier("coming")
        for key, card in self.with_hook("on_event"):
            assert issubclass(card, Induction)
            kind = self.hears.index(card.hears)
            answer = self._event("on_event", "coming", key)
            lines += [f"if heard_kind[base + (ear & hist_mask)] == {kind}:", *indent(answer)]
        return lines

    def _transmit(self) -> list[str]:
        """Modulators that raise or lower what a synapse delivers."""
        gates = self.with_hook("transmit")
        if not gates:
            return []
        find = [
            "k = mod_count[0]",
            "while k > 0 and k > mod_count[0] - mod_mask and mod_step[(k - 1) & mod_mask] > now:",
            "    k -= 1",
        ]
        levels = self._levels([(key, "transmit") for key, _ in gates], "now")
        hooks = [line for key, card in gates for line in self.hook(key, card, "transmit")]
        return [*(find if levels else []), *levels, *hooks]

    def _release(self) -> list[str]:
        """Turn the spike into an amplitude and put it on its way."""
        hook = self.hook("t", self.transmission, "release")
        lines = ["amount = w"]
        if self.glia or hook:
            lines += ["released = 1.0"]
        if hook:
            lines += [*self.see_glia("now", [self.transmission]), "dt = since", *hook]
        if self.tells_release and "released" in self.transmission.fields:
            lines += ["ft_released = released"]
        if self.counts_vesicles:
            lines += [f"let_out += int64({'released' if self.tells_release else 'fs_P'} * {VESICLE} + 0.5)"]
        lines += self._transmit()
        if self.watched:
            lines += [
                "if watch[j] & 1 != 0 and noted[0] < noted[1]:",
                *indent(
                    [
                        f"place = noted[0] * {2 + len(self.fields)}",
                        "seen_step[noted[0]] = s",
                        "seen_id[noted[0]] = named(ids, j)",
                        "seen_value[place] = sign * w",
                        "seen_value[place + 1] = sign * amount",
                        *[
                            f"seen_value[place + {2 + i}] = {self.field_now(k, n)}"
                            for i, (k, n) in enumerate(self.fields)
                        ],
                        "noted[0] += 1",
                        "if noted[0] * 2 >= noted[1] and bad[0] == 0:",
                        "    bad[0] = 2",
                    ]
                ),
                "elif watch[j] & 1 != 0:",
                "    bad[0] = 5",
            ]
        by_sign = ["if sign > 0.0:", "    ring_ex[slot + q] += amount"]
        if self.unsigned and self.transmission.gives == "delta":
            # All jumps are one sum, as a training adds them up.
            by_sign = ["if mode == 1:", "    ring_ex[slot + q] += sign * amount"]
        by_sign += ["else:", "    ring_in[slot + q] -= amount"]
        lines += ["if mode == 2:", "    amount = 1.0", "if mode != 0:", *indent(by_sign)]
        if self.transmission.event:
            told = f"event_{self.transmission.event}[(arrival & ii[18]) * width + offset + q]"
            lines += [
                f"told_there = {told}",
                "if told_there >> 4 != arrival:",
                "    told_there = arrival << 4",
                "if told_there & 15 < 15:",
                f"    {told} = told_there + 1",
            ]
        if self.glia:
            lines += [
                "if a >= 0:",
                "    due_slot = (arrival + ii[19]) & ii[18]",
                "    spilled[(tile * (ii[18] + 1) + due_slot) * glia_count + a] += released",
            ]
        return lines
