"""Delta synapse: a spike moves the potential of the target at once, by its weight in mV."""

from engine.declare import InNest, Transmission


class Delta(Transmission, slug="delta", label="Voltage jump", family="Chemical"):
    gives = "delta"
    unit = "mV"
    in_nest = (InNest("static_synapse"),)
    formula = "V -> V + w"
