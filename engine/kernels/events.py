"""What happens at one synapse when an event reaches it, as lines of a kernel: the cards run left to right.

Plasticity is lazy: a synapse catches up with what it missed, in time order, when its presynaptic neuron
spikes or at a sweep; at every event the gates advance first, then the stack runs, and bounds come last.
"""

from __future__ import annotations

from engine.declare import Rule
from engine.kernels.fuse import indent
from engine.kernels.sights import Sights


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
                    "told_id[told[0]] = ids[j]",
                    f"told_card[told[0]] = {card}",
                    f"told_value[told[0]] = {change}",
                    "told[0] += 1",
                    "if told[0] * 2 >= told[1] and bad[0] == 0:",
                    "    bad[0] = 2",
                ]
            ),
        ]

    def _apply(self, givers: list[str], when: str) -> list[str]:
        """The change `dw` meets the bounds; each card is charged what it caused, the bounds what they cut."""
        stored = self.with_hook("apply")
        lines = ["before = w"]
        if stored:
            for key, card in stored:
                lines += self.hook(key, card, "apply")
        else:
            lines += ["w = clip(w + dw, w_min, w_max)"]
        bounds = len(self.rules)
        owner = stored[-1][0] if stored else str(bounds)
        for g in givers:
            lines += [f"up{g} += max(gave{g}, 0.0)", f"down{g} += min(gave{g}, 0.0)"]
            lines += self._tell(when, g, f"gave{g}")
        lines += [
            "cut = w - before - dw",
            f"up{owner} += max(cut, 0.0)",
            f"down{owner} += min(cut, 0.0)",
            *self._tell(when, owner, "cut", "1e-9 * abs(dw)"),
            "dw = 0.0",
        ]
        return ["if dw != 0.0:", *indent(lines)]

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
                    "if k > 0:",
                    *indent(
                        [
                            "at = (k - 1) & mod_mask",
                            f"for g in range(mod_bound[{i}], mod_bound[{i + 1}]):",
                            f"    m{key}_{name} += mod_reach[g * n_post + q] * mod_n[at * channels + g]",
                            f"m{key}_{name} *= exp(-({when} - mod_step[at]) * h / p{key}_{role.tau})",
                        ]
                    ),
                ]
        return lines

    def _pass_on(self, gates: list[tuple[str, type[Rule]]], when: str) -> list[str]:
        """A proposed change goes through some gates, from left to right."""
        lines = self._levels([(key, "on_change") for key, _ in gates], when)
        for key, card in gates:
            lines += ["held = dw", *self.hook(key, card, "on_change"), f"gave{key} = dw - held"]
        return lines

    def _event(self, hook: str, when: str) -> list[str]:
        """A pre or a post spike has reached the synapse: induction, gate, expression."""
        cards = self.with_hook(hook, ("induction",))
        if not cards:
            return []
        lines = [*self._levels([(key, hook) for key, _ in cards], when), *self.look(hook, when), "dw = 0.0"]
        lines += self.see_glia(when, self.rules)
        for key, card in cards:
            lines += self._propose(key, card, hook)
        gates = self.with_hook("on_change")
        lines += self._pass_on(gates, when)
        return lines + self._apply([k for k, _ in (*cards, *gates)], when)

    def _propose(self, key: str, card: type[Rule], hook: str) -> list[str]:
        """One card adds to `dw`; `gave` is what it added."""
        return ["held = dw", *self.hook(key, card, hook), f"gave{key} = dw - held"]

    def _advance(self, until: str) -> list[str]:
        """What the gates release between the last event and this one, each through those to its right."""
        gates = self.with_hook("advance")
        if not gates:
            return []
        lines: list[str] = []
        for key, card in gates:
            lines += [
                *self._levels([(key, "advance")], "then"),
                "dw = 0.0",
                *self.see_glia(until, self.rules),
                *self.hook(key, card, "advance"),
                *self._let_go(key, until),
            ]
        return [f"dt = ({until} - then) * h", "if dt > 0.0:", *indent(lines), f"then = {until}"]

    def _let_go(self, key: str, when: str) -> list[str]:
        """What a gate let go passes those to its right, and meets the bounds."""
        gates = self.to_the_right(key)
        through = self._pass_on(gates, when)
        return [f"gave{key} = dw", *through, *self._apply([key, *(k for k, _ in gates)], when)]

    def _releases(self, when: str) -> list[str]:
        """What a release does at once; it is met before the spikes of its step."""
        lines: list[str] = []
        for key, card in self.with_hook("on_release"):
            lines += self._levels([(key, "on_release")], when)
            for i, (owner, name, _) in enumerate(self.roles):
                if owner == key and self.listens(key, card, "on_release"):
                    lines += [
                        f"if mod_bound[{i}] <= drug and drug < mod_bound[{i + 1}]:",
                        f"    m{key}_{name}_dose = mod_reach[drug * n_post + q] * mod_dose[k & mod_mask]",
                    ]
            lines += [
                "dw = 0.0",
                *self.see_glia(when, self.rules),
                *self.hook(key, card, "on_release"),
                *self._let_go(key, when),
            ]
        return ["drug = mod_chan[k & mod_mask]", *lines] if lines else []

    def _catch_up(self) -> list[str]:
        """Replay what this synapse missed, in time order, up to `now`."""
        if not (self.with_hook("on_post") or self.with_hook("advance") or self.roles):
            return ["m = hist_count[q]"] if self.needs_history else []
        lines: list[str] = ["m, c = 0, 0"]
        if self.needs_history:
            lines += [
                "c = hist_count[q]",
                "m = c",
                "while m > 0 and m > c - hist and hist_step[base + ((m - 1) & hist_mask)] + dendrite > seen:",
                "    m -= 1",
            ]
        if self.with_hook("advance"):
            lines += ["then = seen"]
        if self.roles:
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
        if self.roles:
            loop += [
                "if k < mods and mod_step[k & mod_mask] <= coming:",
                "    coming = mod_step[k & mod_mask]",
                "    kind = 2",
            ]
        loop += ["if kind == 0:", "    break", *self._advance("coming")]
        if self.with_hook("on_post"):
            event = [
                f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
                for k, n, t in self.traces("pre")
            ]
            event += [f"y{k}_{n} = Y{k}_{n}[base + (m & hist_mask)]" for k, n, _ in self.traces("post")]
            loop += ["if kind == 1:", *indent([*event, *self._event("on_post", "coming"), "m += 1"])]
        if self.roles:
            loop += ["if kind == 2:", *indent([*self._releases("coming"), "k += 1"])]
        lines += ["while True:", *indent(loop), *self._advance("now")]
        if self.needs_history and not self.with_hook("on_post"):
            lines += ["m = c"]
        return lines

    def _earlier_post(self) -> list[str]:
        """The memories of the postsynaptic spikes that reached the synapse strictly before `now`."""
        lines: list[str] = []
        post = self.traces("post")
        if post:
            lines += [
                "r = m - 1",
                "late = max(hist_count[q] - hist, -1)",
                "while r > late and hist_step[base + (r & hist_mask)] + dendrite >= now:",
                "    r -= 1",
                *[f"y{k}_{n} = 0.0" for k, n, _ in post],
                "if r >= 0:",
                *indent(
                    [
                        "ago = now - hist_step[base + (r & hist_mask)] - dendrite",
                        *[
                            f"y{k}_{n} = {self.after_spike(k, t, f'Y{k}_{n}[base + (r & hist_mask)]')} * "
                            + self.decay(k, t, "ago")
                            for k, n, t in post
                        ],
                    ]
                ),
            ]
        return lines

    def _on_pre(self) -> list[str]:
        """The presynaptic spike itself: strictly earlier postsynaptic spikes count, then the cards run."""
        if not self.with_hook("on_pre"):
            return []
        lines = self._earlier_post()
        lines += [f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")]
        return lines + self._event("on_pre", "now")

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
        lines += self._transmit()
        if self.watched:
            lines += [
                "if watch[j] & 1 != 0 and noted[0] < noted[1]:",
                *indent(
                    [
                        f"place = noted[0] * {2 + len(self.fields)}",
                        "seen_step[noted[0]] = s",
                        "seen_id[noted[0]] = ids[j]",
                        "seen_value[place] = sign * w",
                        "seen_value[place + 1] = sign * amount",
                        *[f"seen_value[place + {2 + i}] = f{k}_{n}" for i, (k, n) in enumerate(self.fields)],
                        "noted[0] += 1",
                        "if noted[0] * 2 >= noted[1] and bad[0] == 0:",
                        "    bad[0] = 2",
                    ]
                ),
                "elif watch[j] & 1 != 0:",
                "    bad[0] = 5",
            ]
        lines += [
            "if mode == 2:",
            "    amount = 1.0",
            "if mode != 0:",
            *indent(
                [
                    "if sign > 0.0:",
                    "    ring_ex[slot + q] += amount",
                    "else:",
                    "    ring_in[slot + q] -= amount",
                ]
            ),
        ]
        if self.glia:
            lines += [
                "if a >= 0:",
                "    due_slot = (arrival + ii[19]) & ii[18]",
                "    spilled[(tile * (ii[18] + 1) + due_slot) * glia_count + a] += released",
            ]
        return lines
