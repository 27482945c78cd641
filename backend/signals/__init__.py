"""Signals on record, with the reasons that were frozen when they were published."""
