"""The intermittent jobs: what Lambda runs, on top of `market` alone.

A run is only a wake-up. Each job compares what is wanted (by the exchange's calendar) with what is
there, and does the difference; so a run too many does no harm, and one too few is made up for.
"""
