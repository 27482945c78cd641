"""The pod over HTTP: for backends, probes and metrics."""
