"""Published induction protocols, run on one synapse in a copy of its circuit, beside the published points."""
