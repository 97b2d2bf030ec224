"""Which neurons a model can stand between, for tests that run over every model."""

from engine import registry
from engine.network.declared import has_state


def neuron_for(model, side="post"):
    """The neuron model a rule or a transmission is tried with: the usual one where it will do."""
    asked = (
        set(model.asks(side)) if model.kind == "rule" else {model.carries} - {""} if side == "pre" else set()
    )
    fitting = [m for m in registry.all("neuron") if all(has_state(m, name) for name in asked)]
    return min(fitting, key=lambda m: (m.is_relay, not m.usual)).slug
