"""One file a benchmark: `run(options)` gives its settings and its figures."""
