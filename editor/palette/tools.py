"""The tools at the left edge: what a click and a drag on the canvas do; each with its key and one sentence.

Qt-free; gestures read which tool is in hand from `NextDrawn.tool`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """One tool."""

    slug: str
    name: str
    icon: str
    key: str
    sentence: str
    click: str
    """What a click does, for the line at the bottom; `drag` and `more` likewise."""
    drag: str
    more: str = ""
    group: int = 0


TOOLS = (
    Tool(
        "select", "Select", "fa6s.arrow-pointer", "V", "Select, move and wire by the handles that appear.",
        "selects", "moves, or draws a frame around",
        "Shift adds · Ctrl lassoes · X fires · right-click places",
    ),
    Tool(
        "hand", "Hand", "fa6s.hand", "H", "Move the view; middle-drag does it with any tool.",
        "does nothing", "moves the view", "wheel zooms at the pointer", 0,
    ),
    Tool(
        "neuron", "Neuron", "fa6s.circle-dot", "N", "Place one neuron of the kind chosen in the palette.",
        "places a neuron", "places a row of neurons", "Alt makes it inhibitory", 1,
    ),
    Tool(
        "population", "Population", "fa6s.braille", "P", "Stamp a population of many neurons.",
        "stamps a population", "stamps one as large as the frame", "Alt makes it inhibitory", 1,
    ),
    Tool(
        "wire", "Wire", "fa6s.share-nodes", "W", "Draw synapses of the kind the chip names.",
        "starts at a neuron, then ends at another", "wires from one neuron to another",
        "Ctrl keeps wiring from the same source", 1,
    ),
    Tool(
        "input", "Input", "fa6s.bolt", "I", "Give neurons a stimulus.",
        "attaches the input chosen in the palette", "attaches it to everything in the frame", "", 2,
    ),
    Tool(
        "probe", "Probe", "fa6s.wave-square", "R", "Record a quantity of a neuron or a synapse and plot it.",
        "attaches a probe", "attaches one to everything in the frame", "", 2,
    ),
    Tool(
        "astrocyte", "Astrocyte", "fa6s.asterisk", "G", "Place an astrocyte; its territory follows.",
        "places an astrocyte", "places several", "", 2,
    ),
    Tool(
        "modulator", "Modulator", "fa6s.droplet", "M", "Let neurons release a modulator.",
        "makes a neuron a source", "makes everything in the frame a source", "", 2,
    ),
    Tool(
        "brush", "Brush", "fa6s.paintbrush", "B", "Paint over the circuit: stimulate, silence, lesion.",
        "dabs", "paints", "Alt does the opposite · [ and ] size · right-click changes what it does", 3,
    ),
    Tool(
        "note", "Note", "fa6s.note-sticky", "T", "Write a note on the canvas.",
        "writes a note here", "draws the note's frame", "", 3,
    ),
)  # fmt: skip

BRUSHES = (
    ("stimulate", "Stimulate", "fires every neuron it touches"),
    ("silence", "Silence", "switches neurons off; with Alt on again"),
    ("lesion", "Lesion", "removes neurons"),
    ("strengthen", "Strengthen", "raises the weights it touches"),
    ("prune", "Prune", "removes synapses"),
    ("wire", "Wire neighbours", "draws synapses between neighbours"),
)


def tool(slug: str) -> Tool:
    """The tool with this slug."""
    return next(one for one in TOOLS if one.slug == slug)


def hint(slug: str) -> str:
    """The line at the bottom of the window for this tool."""
    one = tool(slug)
    said = f"Click {one.click}  ·  Drag {one.drag}"
    return f"{said}  ·  {one.more}" if one.more else said
