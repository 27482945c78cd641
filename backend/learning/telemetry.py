"""Learning's metrics."""

from prometheus_client import Counter

verdicts = Counter("learning_verdicts_total", "Verdicts of the gate", ["verdict"])
