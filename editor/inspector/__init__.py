"""The inspector: what is selected, as cards whose every field is read off a declaration."""
