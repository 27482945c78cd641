"""One file a revision, numbered in the order of their application."""
