"""Instruments and bars for people: history and what Redis still holds."""
