"""Learning a task: what is drawn becomes flat arrays, which a learner's kernels change phase by phase."""

from engine.runtime.training.training import Training as Training
