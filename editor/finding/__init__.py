"""Finding things: by letters of their names, by property, and the bar that finds everything."""
