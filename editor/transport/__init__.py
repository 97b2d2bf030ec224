"""The run: play, step, speed, the strip of time, going back, and what a run pauses for."""
