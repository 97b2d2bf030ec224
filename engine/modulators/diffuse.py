"""Diffuse modulator: every spike of a source raises its concentration around the source, which then decays.

As NEST `volume_transmitter`: one source spike adds 1/tau, with the tau of the rule that reads it (or 1,
where the rule counts releases).  With a footprint, every neuron feels the sources near to it most: each
release adds a gaussian around its source at once (Fremaux & Gerstner 2016, Front. Neural Circuits 9:85,
doi:10.3389/fncir.2015.00085).
"""

from engine.declare import SUBSTANCES, Modulator, choice, param


class Diffuse(Modulator, slug="diffuse", label="Diffuse modulator", family="Volume transmission"):
    formula = "C' = -(C - tonic)/tau + amount exp(-d^2 / (2 sigma^2)) sum of spikes"
    presets = {
        "Dopamine": {"substance": "dopamine"},
        "Acetylcholine": {"substance": "acetylcholine"},
        "Noradrenaline": {"substance": "noradrenaline"},
        "Serotonin": {"substance": "serotonin"},
    }

    substance = choice(
        "any",
        SUBSTANCES,
        "What it is; any: whatever a rule waits for.",
        source="our choice: a drawn source fits whatever rule waits for it",
    )
    amount = param(1.0, "", (0, 1e6), "How much one spike releases.", source="NEST 3.10")
    sigma = param(
        0.0,
        "um",
        (0, 1e5),
        "How far a source is felt; 0: everywhere alike.",
        source="our choice: everywhere alike; 10 to 100 um in tissue",
    )
    tonic = param(0.0, "", (0, 1e6), "The level at rest, in releases.", source="our choice: nothing at rest")
