"""NMDA synapse: a conductance that opens slowly, and only where the membrane is depolarised.

The weight is the peak of the conductance if magnesium did not block it; time course and block belong to the
target.  Jahr & Stevens (1990) J. Neurosci. 10:3178-3182, doi:10.1523/JNEUROSCI.10-09-03178.1990.
"""

from engine.declare import Transmission


class Nmda(Transmission, slug="nmda", label="NMDA", family="Chemical"):
    gives = "nmda"
    unit = "nS"
    formula = "g -> g + |w|,   I = g B(V) (E - V),   B = 1/(1 + [Mg]/K exp(-s V))"
