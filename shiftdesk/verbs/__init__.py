"""One file a verb; each has `register(app)`."""
