"""The numbers of the measured circuits: those that build them for a peer read them here too."""

CUBA = {
    "c_m": 200.0, "tau_m": 20.0, "e_l": -49.0, "v_th": -50.0, "v_reset": -60.0, "t_ref": 5.0,
    "tau_syn_ex": 5.0, "tau_syn_in": 10.0,
}  # fmt: skip
"""The current-based benchmark of Brette et al. (2007), J. Comput. Neurosci. 23:349-398."""
CUBA_WEIGHTS = (16.2, -90.0)
CUBA_FAN_IN = 80

BALANCED = {
    "c_m": 250.0, "tau_m": 20.0, "e_l": 0.0, "v_th": 20.0, "v_reset": 10.0, "t_ref": 2.0,
    "tau_syn_ex": 2.0, "tau_syn_in": 2.0, "i_e": 380.0,
}  # fmt: skip
"""Neurons after Brunel (2000), J. Comput. Neurosci. 8:183-208, driven by a constant current."""
WEIGHT, RATIO = 20.0, -6.0
"""pA of an excitatory synapse where a neuron has 1,000, and what an inhibitory one is beside it."""
DELAY = 1.5
STDP = {"tau_pre": 20.0, "tau_post": 20.0, "lambda_": 1e-4, "alpha": 1.05, "mu_plus": 0.0, "mu_minus": 0.0}
TRIPLET = {"a2_plus": 1e-5, "a3_plus": 6e-5, "a2_minus": 7e-5, "a3_minus": 2e-6}
DOPAMINE = {"tau_c": 1000.0, "tau_n": 200.0, "b": 0.02}
DOPAMINE_NEURONS = 10
W_MAX = 3.0
"""Largest plastic weight, in units of its first value."""

POISSON_RATE, POISSON_WEIGHT = 8000.0, 16.0

ADAPTIVE = {"tau_syn_ex": 2.0, "tau_syn_in": 4.0}
ASTROCYTES_P, ASTROCYTES_RATE, ASTROCYTES_IP3 = 0.1, 1500.0, 0.02
ASTROCYTES_WEIGHTS, ASTROCYTES_DRIVE = (2.7, -10.9), 4.35
"""nS at the peak of an exponential conductance; one that rises first (alpha) carries e times as much."""
ASTROCYTES_SLOW = 80.0
"""pA of the slow inward current for each natural logarithm of calcium."""
