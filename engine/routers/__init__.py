"""Circuits that decide which of several sources reaches a destination: one model, one file."""
