"""The start page and the gallery: what a newcomer sees first, and circuits that answer a question each."""
