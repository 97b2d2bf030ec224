"""The way out to NEST: a circuit as a script that runs there, and a run there whose results come back."""
