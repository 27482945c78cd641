"""From a decision or a person's wish to orders, fills and books."""
