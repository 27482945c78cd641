"""Where orders go: one port, one file an adapter."""
