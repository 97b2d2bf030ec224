"""The ledger: what a run says about locality, energy and control, computed and never claimed."""
