"""The loop around the hooks of neurons and astrocytes: what arrived, one step of each, who fired.

A model whose step is plain arithmetic goes several neurons abreast (see `abreast`), and in the network's
precision (see `narrow`); any other is computed one by one, in float64.  Where somebody is clamped, forced
to fire or learns in the very step, a plain model goes one by one too, with the same arithmetic to the bit.
"""

from __future__ import annotations

from engine.declare import Astrocyte, Neuron
from engine.kernels.abreast import abreast, choice_made_once, is_plain, is_straight, sliced
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import Resolve, channels, expression, resolver, statements
from engine.kernels.loops import CLAMPED, LIMIT, STILL, constants
from engine.kernels.narrow import CHANGE, narrow
from engine.kernels.solver import draws, in_step, moved, solve
from engine.once import once

MOST_PARTS = 10000
"""Most parts a step is cut into, whatever a model asks for."""

SELDOM = 32
"""Steps between two looks for states of a plain model that have decayed to almost nothing."""

LEAST = {"float32": "1e-25", "float64": "1e-30"}
"""What is almost nothing: subnormal numbers are many times slower, so decaying states end at zero before.

Its change in a step (see `narrow`) must not be subnormal either.
"""


def _chance(hook: str) -> tuple[str, ...]:
    """What a random number in a hook of a neuron is a function of."""
    purpose = f"int64({-1000 - 16 * Neuron.hook_names.index(hook)})"
    return ("seed", f"{purpose} - (part << 20)" if hook == "substep" else purpose, "ids[i]", "s")


class _Writing:
    """One kernel while it is written: the names of its variables and the type of its arithmetic.

    `number` is float32 only where `real` is and the model is plain; whether it is plain does not depend on
    whether its parameters are `shared`, or setting one neuron's threshold would change the bits of all.
    """

    def __init__(self, model: type[Neuron], shared: bool, real: str) -> None:
        self.model, self.shared, self.real = model, shared, real
        self.names = constants(model)
        rows = {
            "n": {n: f"n_{n}" for n in model.states},
            "p": {n: f"p_{n}" for n in model.params},
            "k": {n: f"k_{n}" for n in self.names},
            "inp": {"ex": "inp_ex", "in_": "inp_in", "current": "inp_current"},
            "was": {n: f"was_{n}" for n in moved(model)},
        }
        if issubclass(model, Astrocyte):
            rows["inp"]["flux"] = "inp_flux"
        rows["inp"] |= {name: f"inp_{name}" for name in channels(model)}
        self.asked: set[str] = set()
        named = resolver(rows)

        def resolve(row: str, name: str) -> str:
            found = named(row, name)
            self.asked.add(found)
            return found

        self.resolve: Resolve = resolve
        self.changes: list[str] = []
        self.is_plain = self._is_plain()
        self.number = real if self.is_plain else "float64"
        self.zero = self.of("0.0", "float64")

    def _is_plain(self) -> bool:
        model = self.model
        if model.is_relay or issubclass(model, Astrocyte) or model.events:
            return False
        if {"substep", "derivatives"} & set(model.hooks):
            return False
        hooks = [line for hook in ("integrate", "receive", "reset") for line in self._lines(hook)]
        fires, _ = choice_made_once(expression(model, "fires", self.resolve, "b", _chance("fires")), True)
        return is_plain([*hooks, f"fired = {fires}"])

    @property
    def may_go_abreast(self) -> bool:
        """Whether its neurons are all alike in what may happen to them."""
        return not (self.model.is_relay or issubclass(self.model, Astrocyte) or self.model.events)

    def parts(self) -> str:
        """In how many parts a step is to be taken, where the model asks for any."""
        return expression(self.model, "pace", self.resolve, "e")

    def _lines(self, hook: str, prefix: str = "") -> list[str]:
        return statements(self.model, hook, self.resolve, prefix or hook[0], _chance(hook))

    def typed(self, lines: list[str]) -> list[str]:
        """Lines in the arithmetic of this kernel."""
        if self.number == "float64" or not lines:
            return lines
        lines, mended = narrow(lines)
        self.changes += mended
        return lines

    def hook(self, name: str, prefix: str = "") -> list[str]:
        """The lines of a hook in the arithmetic of this kernel."""
        return self.typed(self._lines(name, prefix))

    def of(self, value: str, dtype: str) -> str:
        """A value of some type as a number of this kernel; what needs no conversion asks for none."""
        return value if dtype == self.number else f"{self.number}({value})"

    def columns(self) -> list[str]:
        """Reading the parameters and constants a hook asked for; all hooks must have been written."""
        place = "0" if self.shared else "i"
        lines: list[str] = []
        for names, letter in ((list(self.model.params), "P"), (self.names, "K")):
            for name in names:
                own, column = f"{letter.lower()}_{name}", f"{letter}_{name}[{place}]"
                if own not in self.asked:
                    continue
                lines.append(f"{own} = {self.of(column, 'float64')}")
                if own in self.changes:
                    lines.append(f"{CHANGE}{own} = {self.number}({column} - 1.0)")
        return lines

    def take(self) -> list[str]:
        """What has arrived at neuron i, and an empty place for what will."""
        return [line for pair in zip(self.arrived(), self.emptied(), strict=True) for line in pair]

    def _arriving(self) -> list[tuple[str, str]]:
        pairs = [("ex", "ex"), ("in", "in"), ("cur", "current"), *((n, n) for n in channels(self.model))]
        return [(f"ring_{ring}[slot + i]", f"inp_{inp}") for ring, inp in pairs]

    def arrived(self) -> list[str]:
        """What has arrived at neuron i."""
        return [f"{inp} = {self.of(place, self.real)}" for place, inp in self._arriving()]

    def emptied(self, unless: str = "") -> list[str]:
        """An empty place for what will arrive at neuron i."""
        kept = [f"{inp} if {unless} else " if unless else "" for _, inp in self._arriving()]
        return [f"{place} = {k}{self.zero}" for (place, _), k in zip(self._arriving(), kept, strict=True)]

    def states(self) -> list[str]:
        """The states of neuron i."""
        return [f"n_{n} = {self.of(f'S_{n}[i]', self.real)}" for n in self.model.states]

    def keep(self) -> list[str]:
        """The states of neuron i are written down; where that is done often, almost nothing is nothing."""
        if self.is_plain:
            return [f"S_{n}[i] = n_{n}" for n in self.model.states]
        least = LEAST[self.number]
        return [f"S_{n}[i] = 0.0 if abs(n_{n}) <= {least} else n_{n}" for n in self.model.states]

    def clear(self) -> list[str]:
        """Almost nothing becomes nothing, at steps that depend on nothing but their number."""
        least = self.of(LEAST[self.number], "float64")
        lines = [
            f"S_{n}[i] = {self.zero} if abs(S_{n}[i]) <= {least} else S_{n}[i]" for n in self.model.states
        ]
        return [f"if s & {SELDOM - 1} == 0:", "    for k in range(high - low):", *indent(lines, 2)]

    def sound(self) -> str:
        """Whether neuron i is within all bounds, and its states are numbers."""
        sizes = " + ".join(f"abs(n_{n})" for n in self.model.states) or self.zero
        return f"({sizes} < {self.of(LIMIT, 'float64')})"


def _report() -> list[str]:
    return ["if bad[0] == 0:", *indent(["bad[0] = 1", "bad[1] = s", "bad[2] = offset + i"])]


def _emit(name: str) -> list[str]:
    """Write an event other than a spike down, with its size; a neuron has one of a kind in a step."""
    return [
        f"if n_{name} > 0.0:",
        f"    {name}_step[base + m_{name}] = s",
        f"    {name}_index[base + m_{name}] = i",
        f"    {name}_size[(s & ii[11]) * count + i] = n_{name}",
        f"    {name}_last[i] = s",
        f"    {name}_last_size[i] = n_{name}",
        f"    m_{name} += 1",
    ]


SPIKE = ["if m < cap:", "    spike_step[base + m] = s", "    spike_index[base + m] = i", "m += 1"]
"""Write a spike of neuron i down."""


def _relay(writing: _Writing) -> list[str]:
    """Relays repeat the spikes they are given, whatever the sign of the neuron they come from."""
    given = "inp_ex - inp_in + float64(late_ex[offset + i]) - float64(late_in[offset + i])"
    return [
        "for i in range(low, high):",
        *indent(
            [
                *writing.take(),
                f"many = int64({given} + 0.5) + int64(forced[i])",
                *[f"late_{side}[offset + i] = 0.0" for side in ("ex", "in")],
                "forced[i] = 0",
                "if silenced[i] != 0 or hold[i] != 0:",
                "    many = 0",
                "for _ in range(many):",
                *indent(SPIKE),
            ]
        ),
    ]


def _astrocyte(writing: _Writing) -> list[str]:
    """Astrocytes add up what they are given until their own, longer step."""
    moved = [*_parts(writing), *writing.hook("integrate", "a")]
    tick = [
        "inp_ex = waiting[i]",
        "waiting[i] = 0.0",
        "inp_flux = float64(flux[i])",
        "flux[i] = 0.0",
        *writing.states(),
        *([] if writing.shared else writing.columns()),
        *moved,
        f"if not {writing.sound()}:",
        *indent(_report()),
        *writing.keep(),
    ]
    return [
        "for i in range(low, high):",
        *indent(
            [
                *writing.take(),
                "if hold[i] != 0:",
                "    flux[i] = 0.0",
                "    continue",
                "waiting[i] += inp_ex + inp_in",
                "if s % ii[6] == 0:",
                *indent(tick),
            ]
        ),
    ]


def _part(writing: _Writing) -> list[str]:
    """One part of a step, or all of it."""
    return [*solve(writing.model, writing.resolve), *writing.hook("substep", "u")]


def _pieces(writing: _Writing) -> list[str]:
    """How many parts a step has, and how long each is."""
    wanted = writing.parts()
    return [
        f"pieces = int64(min(max(-floor(-({wanted})), 1.0), {float(MOST_PARTS)}))", "h = whole / pieces"
    ]  # fmt: skip


def _parts(writing: _Writing) -> list[str]:
    """What comes before `integrate`: in as many parts as the model asks for, where it asks for any."""
    part = _part(writing)
    if "pace" not in writing.model.hooks:
        return part
    return [
        *_pieces(writing),
        "for piece in range(pieces):",
        *indent(part),
        "h = whole",
    ]


def _side_by_side(writing: _Writing, states: list[str]) -> list[str]:
    """All parts of a step for all neurons, each part of all before the next; `T_x` hold what they are at."""
    part = _part(writing)
    if not is_straight(part):
        return []
    return [
        *_pieces(writing),
        "for k in range(high - low):",
        *[f"    T_{name}[i] = {writing.of(f'S_{name}[i]', writing.real)}" for name in states],
        "for piece in range(pieces):",
        "    for k in range(high - low):",
        *indent([*writing.arrived(), *[f"n_{name} = T_{name}[i]" for name in states], *part], 2),
        *[f"        T_{name}[i] = n_{name}" for name in states],
        "h = whole",
    ]


def _late(writing: _Writing) -> list[str]:
    """What was delivered after the threshold test of the step before is taken up first."""
    model, gain = writing.model, writing.of("gain_ex[i]", "float64")
    own = [name for name in channels(model) if name in model.receives]
    swapped = [("ring_e", "inp_ex", "late_ex"), ("ring_i", "inp_in", "late_in")]
    swapped += [(f"ring_{name}_", f"inp_{name}", f"late_{name}") for name in own]
    lost = [f"{after}[offset + i] = {writing.zero}" for _, _, after in swapped]
    received = writing.hook("receive", "l")
    if not received:
        return []
    arrived = " or ".join(f"{after}[offset + i] != 0.0" for _, _, after in swapped)
    return [
        f"if late != 0 and ({arrived}):",
        *indent(
            [
                *[f"{held} = {inp}" for held, inp, _ in swapped],
                *[f"{inp} = {writing.of(f'{after}[offset + i]', writing.real)}" for _, inp, after in swapped],
                *lost,
                "if tuned != 0:",
                f"    inp_ex *= {gain}",
                *received,
                *[f"{inp} = {held}" for held, inp, _ in swapped],
            ]
        ),
    ]


def _neuron(writing: _Writing) -> list[str]:
    """Neurons, with all that may happen to one: late arrivals, clamps, forced and silenced spikes."""
    model = writing.model
    late = ["late_ex", "late_in", *(f"late_{n}" for n in channels(model) if n in model.receives)]
    lost = [f"{after}[offset + i] = {writing.zero}" for after in late]
    lost += [f"S_{name}[i] = {writing.zero}" for name in model.events]
    still = [f"if hold[i] == {STILL}:", *indent(["forced[i] = 0", *lost, "continue"])]
    noted, stays, deaf = [], [], []
    if model.held:
        noted, stays = (
            [f"held = n_{model.held}"],
            [f"if hold[i] == {CLAMPED}:", f"    n_{model.held} = held"],
        )
    if model.held and model.refractory in model.states:
        noted += [f"early = n_{model.refractory} > 0.0"]
        deaf = [f"if hold[i] == {CLAMPED} and early:", "    fired = False"]
    wait = _late(writing)
    settle = [*writing.hook("integrate", "a"), *writing.hook("receive", "r")]
    move = [*_parts(writing), *settle]
    fires = expression(model, "fires", writing.resolve, "b", _chance("fires"))
    plainly, when = choice_made_once(fires, writing.shared)
    reset = ["if fired:", *indent(writing.hook("reset", "c") or ["pass"])]
    columns = [] if writing.shared else writing.columns()
    begin = [*writing.states(), *columns]
    gain, bias = writing.of("gain_ex[i]", "float64"), writing.of("bias[i]", "float64")
    turn = ["if tuned != 0:", f"    inp_ex *= {gain}", f"    inp_current += {bias}"]
    last = [
        *begin, *still, *noted, *wait, *move, *stays,
        *writing.typed([f"fired = {fires}"]), *deaf,
        "fired = (fired | (forced[i] != 0)) & (silenced[i] == 0)", "forced[i] = 0", *reset,
        *stays, *writing.keep(), "if fired:", *indent(SPIKE),
        *[line for name in model.events for line in _emit(name)],
        f"if not {writing.sound()}:", *indent(_report()),
    ]  # fmt: skip
    each = ["for i in range(low, high):", *indent([*writing.take(), *turn, *last])]
    if not writing.may_go_abreast:
        return each
    fire = [*writing.typed([f"fired = {plainly}"]), "fired = fired & (silenced[i] == 0)"]
    states = in_step(model) if writing.shared else []
    before = _side_by_side(writing, states) if states else []
    if before:
        cell = [*writing.take(), *begin, *[f"n_{name} = T_{name}[i]" for name in states]]
        cell += [*settle, *fire, *reset, *writing.keep()]
        alone = []
    elif "pace" in model.hooks:  # a neuron that wants more than one part is left as it is
        stays = [f"n_{n} = {writing.of(f'S_{n}[i]', writing.real)}" for n in model.states]
        cell = [*writing.arrived(), *begin, f"alone = ({writing.parts()}) > 1.0", *writing.emptied("alone")]
        cell += [*_part(writing), *settle, *fire, "fired = fired & (not alone)", *reset]
        cell += ["if alone:", *indent(stays), *writing.keep()]
        alone = [*writing.take(), *last]
    else:
        cell = [*writing.take(), *begin, *_part(writing), *settle, *fire, *reset, *writing.keep()]
        alone = []
    turned = [
        f"ring_ex[slot + i] = {writing.of('ring_ex[slot + i]', writing.real)} * {gain}",
        f"ring_cur[slot + i] = {writing.of('ring_cur[slot + i]', writing.real)} + {bias}",
    ]
    together = [
        "if tuned != 0:",
        "    for k in range(high - low):",
        *indent(turned, 2),
        *before,
        *abreast(cell, SPIKE, writing.sound(), _report(), alone),
    ]
    touched = ["touched = uint8(0)", "for k in range(high - low):"]
    touched += ["    touched = either(touched, forced[i])"]
    clear = writing.clear() if writing.is_plain else []
    choice = f"if late == 0 and held_any == 0 and touched == 0 and {when}:"
    parts, (touched, together, clear) = sliced(touched, together, clear)
    if not is_straight(cell):  # its parameters differ, and some may have a soft threshold
        return [*parts, *each, *clear] if clear else each
    return [*parts, *touched, choice, *indent(together), "else:", *indent(each), *clear]


def neuron(model: type[Neuron], shared: bool, real: str) -> Kernel:
    """Integrates a population over the steps s0..s1-1 and writes its spikes down, tile by tile.

    `shared`: all neurons have the same parameters, so they are read once.
    """
    writing = _Writing(model, shared, real)
    kind = _relay if model.is_relay else _astrocyte if issubclass(model, Astrocyte) else _neuron
    each = kind(writing)
    body = [
        "count, mask, width, offset, tile, cap, first = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5], ii[7]",
        "late, tuned, held_any = ii[8], ii[10], ii[12]",
        f"h = {writing.of('ff[0]', 'float64')}",
        *(["whole = h"] if "pace" in model.hooks else []),
        *(["seed = ii[9]"] if draws(model) else []),
        *(writing.columns() if shared else []),
        "for t in range(max(g0 - first, 0), min(g1 - first, (count + tile - 1) // tile)):",
        *indent(
            [
                "low, high, base = t * tile, min(count, (t + 1) * tile), t * cap",
                "m = spike_count[t]",
                *[f"m_{name} = {name}_count[t]" for name in model.events],
                "for s in range(s0, s1):",
                *indent(["slot = (s & mask) * width + offset", *each]),
                "spike_count[t] = m",
                "if m > cap:",
                "    bad[0] = 3",
                *[f"{name}_count[t] = m_{name}" for name in model.events],
            ]
        ),
    ]
    return Kernel("step", neuron_arrays(model, real), tuple(body))


@once
def neuron_arrays(model: type[Neuron], real: str) -> tuple[tuple[str, str], ...]:
    """The arrays of a neuron kernel, in order, with their dtypes."""
    arrays = [("ii", "int64"), ("ff", "float64"), ("ring_ex", real), ("ring_in", real), ("ring_cur", real)]
    arrays += [("late_ex", real), ("late_in", real)]
    arrays += [(f"ring_{name}", real) for name in channels(model)]
    arrays += [(f"late_{name}", real) for name in channels(model) if name in model.receives]
    arrays += [("ids", "int64")] if draws(model) else []
    for name in model.events:
        arrays += [(f"{name}_step", "int64"), (f"{name}_index", "int32"), (f"{name}_count", "int64")]
        arrays += [(f"{name}_size", "float64"), (f"{name}_last", "int64"), (f"{name}_last_size", "float64")]
    arrays += [("forced", "uint8"), ("silenced", "uint8"), ("hold", "uint8"), ("waiting", "float64")]
    arrays += [("gain_ex", "float64"), ("bias", "float64")]
    arrays += [("spike_step", "int64"), ("spike_index", "int32"), ("spike_count", "int64"), ("bad", "int64")]
    arrays += [("mark", "int32")]
    if issubclass(model, Astrocyte):
        arrays += [("flux", real)]
    arrays += [(f"S_{n}", real) for n in model.states]
    arrays += [(f"T_{n}", "float64") for n in in_step(model)]
    arrays += [(f"P_{n}", "float64") for n in model.params]
    return (*arrays, *((f"K_{n}", "float64") for n in constants(model)))
