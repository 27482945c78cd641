"""One test body over all adapters of a port."""
