"""The window: draw living circuits and watch them run.  Qt lives here and nowhere else."""
