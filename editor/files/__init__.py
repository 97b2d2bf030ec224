"""Files in the window: opening, saving, other programs' formats, tables, and what a crash left behind."""
