"""Panels beside the canvas that are neither palette nor inspector."""
