"""Familiarity: how wrong the first answer was decides how strongly a pattern is memorised."""

from engine import Network, Training

TEXT = {
    "title": "Seen before?",
    "what": (
        "A hundred inputs, a sheet of twenty novelty neurons, and one neuron that says how new a pattern "
        "is. In a second period it inhibits the sheet the more, the less new the pattern was."
    ),
    "do": (
        "Train on twenty patterns, then step by phase and look at the sheet. Set gated to 0 and compare: on "
        "this task a sheet that nothing inhibits does as well, with more change."
    ),
    "watch": (
        "The answer to what was seen falls to about a tenth of the answer to something new; the sheet is "
        "loud in the memorising period for new patterns, and silent for familiar ones."
    ),
    "why": (
        "The error travels as inhibition, so through drawn synapses, and sets the rate at which active "
        "synapses weaken. What the paper says: this is familiarity in perirhinal cortex, where one "
        "inhibition fits all, and no general substitute for back-propagation, as which it is often cited. "
        "Sizes are ours."
    ),
    "source": "Bogacz, Brown & Giraud-Carrier (2000) IJCNN 2:211-216, doi:10.1109/IJCNN.2000.857898.",
    "off": "Without release from inhibition",
}
SECONDS = 0.01
SPEED = None
ORDER = 1043


def build() -> Network:
    """Inputs, a sheet of novelty neurons, and the decision that inhibits it."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    rows = [[(k % 10) * 18.0, (k // 10 - 4.5) * 18.0, 0.0] for k in range(100)]
    inputs = net.add_population("Pattern", "rate_unit", size=100, sign=0, positions=rows)
    rows = [[420.0 + (k % 4) * 30.0, (k // 4 - 2) * 30.0, 0.0] for k in range(20)]
    sheet = net.add_population(
        "Novelty", "rate_unit", size=20, sign=0, params={"curve": "relu"}, positions=rows
    )
    decision = net.add_population(
        "New?", "rate_unit", size=1, sign=0, params={"curve": "linear"}, positions=[[700.0, 0.0, 0.0]]
    )
    for population in (sheet, decision):
        net.set(population, frozen=True)
    net.wire(net.add_projection("Memory", inputs, sheet), "all_to_all", weight=("normal", 0.0, 0.1))
    read = net.add_projection("Mean", sheet, decision)
    net.wire(read, "all_to_all", weight=1 / 20)
    net.set(read, frozen=True)
    net.set(net.add_feedback(read, weight=1.0, label="Inhibition"), frozen=True)
    net.add_task("Seen before", "familiarity", inputs, decision, {"shown": 20.0, "fresh": 200.0})
    net.set_learner("frequency_gated", {"eta": 0.006})
    return net


def point(sim):
    """The answer to a familiar pattern as a share of that to a new one."""
    training = Training(sim.network).run(10)
    stage = training.stage
    old = training.answers(stage.inputs, stage.targets).outputs.mean()
    return float(old / training.answers(stage.test_inputs, stage.test_targets).outputs.mean()), 0.1, 0.08


def control(net: Network) -> Network:
    """No error is great enough to lift the inhibition, so nothing is memorised."""
    net.set(next(iter(net.learners)), e0=1e6)
    return net
