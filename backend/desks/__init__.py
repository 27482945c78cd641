"""A user's account on the platform: instruments, policy line, risk limits, automatic or not."""
