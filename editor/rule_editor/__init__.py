"""The rule editor: write the hooks of a new rule, see its window and a test pair as you type."""
