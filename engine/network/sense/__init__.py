"""What makes no sense: values that a network could hold but that no circuit has."""

from engine.network.sense.instruments import of_modulator, of_probe
from engine.network.sense.projections import of_projection, of_rules
from engine.network.sense.records import of_population, of_record
from engine.network.sense.settings import of_names, of_network
from engine.network.sense.synapses import of_columns, of_delays, of_grid, of_shares, of_weights

__all__ = [
    "of_columns",
    "of_delays",
    "of_grid",
    "of_modulator",
    "of_names",
    "of_network",
    "of_population",
    "of_probe",
    "of_projection",
    "of_record",
    "of_rules",
    "of_shares",
    "of_weights",
]
