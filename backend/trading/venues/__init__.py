"""Trading at a real venue: orders out, executions in, and the books held against the venue's."""
