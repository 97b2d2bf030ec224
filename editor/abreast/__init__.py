"""Learners side by side in the place of the canvas: a copy of the drawn network for each."""
