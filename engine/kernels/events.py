"""What happens at one synapse when an event reaches it, as lines of a kernel: the cards run left to right.

Plasticity is lazy: a synapse catches up with what it missed, in time order, when its presynaptic neuron
spikes or at a sweep; at every event the gate advances first, then the stack runs, and bounds come last.
"""

from __future__ import annotations

from engine.kernels.fuse import indent
from engine.kernels.stack import Stack


class Events(Stack):
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

    def _event(self, hook: str, when: str) -> list[str]:
        """A pre or a post spike has reached the synapse: induction, gate, expression."""
        cards = self.with_hook(hook, ("induction",))
        if not cards:
            return []
        lines = ["dw = 0.0", *self.see_glia(when, self.rules)]
        for key, card in cards:
            lines += ["held = dw", *self.hook(key, card, hook), f"gave{key} = dw - held"]
        gates = self.with_hook("on_change")
        for key, card in gates:
            lines += ["held = dw", *self.hook(key, card, "on_change"), f"gave{key} = dw - held"]
        return lines + self._apply([k for k, _ in (*cards, *gates)], when)

    def _advance(self, until: str) -> list[str]:
        """What the gate releases between the last event and this one."""
        if not self.gate:
            return []
        key, card = self.gate
        lines = [
            f"dt = ({until} - then) * h",
            "if dt > 0.0:",
            *indent(
                [
                    "mod_now = 0.0",
                    "if k > 0:",
                    "    mod_now = mod_n[(k - 1) & mod_mask]"
                    f" * exp(-(then - mod_step[(k - 1) & mod_mask]) * h / p{key}_tau_n)",
                    "dw = 0.0",
                    *self.see_glia(until, self.rules),
                    *self.hook(key, card, "advance"),
                    f"gave{key} = dw",
                    *self._apply([key], until),
                ]
            ),
            f"then = {until}",
        ]
        return lines

    def _catch_up(self) -> list[str]:
        """Replay what this synapse missed, in time order, up to `now`."""
        if not (self.with_hook("on_post") or self.gate):
            return ["m = hist_count[q]"] if self.needs_history else []
        lines: list[str] = ["m, c = 0, 0"]
        if self.needs_history:
            lines += [
                "c = hist_count[q]",
                "m = c",
                "while m > 0 and m > c - hist and hist_step[base + ((m - 1) & hist_mask)] + dendrite > seen:",
                "    m -= 1",
            ]
        if self.gate:
            lines += [
                "then = seen",
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
        if self.gate:
            loop += [
                "drug = mod_step[k & mod_mask]",
                "if k < mods and (drug < coming or (kind == 0 and drug <= now)):",
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
        if self.gate:
            loop += ["if kind == 2:", "    k += 1"]
        lines += ["while True:", *indent(loop), *self._advance("now")]
        if self.needs_history and not self.with_hook("on_post"):
            lines += ["m = c"]
        return lines

    def _on_pre(self) -> list[str]:
        """The presynaptic spike itself: strictly earlier postsynaptic spikes count, then the cards run."""
        if not self.with_hook("on_pre"):
            return []
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
        lines += [f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")]
        return lines + self._event("on_pre", "now")

    def _release(self) -> list[str]:
        """Turn the spike into an amplitude and put it on its way."""
        hook = self.hook("t", self.transmission, "release")
        lines = ["amount = w"]
        if self.glia or hook:
            lines += ["released = 1.0"]
        if hook:
            lines += [*self.see_glia("now", [self.transmission]), "dt = since", *hook]
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
