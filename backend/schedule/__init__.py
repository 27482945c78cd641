"""The plan and its overrides, through the scheduler, in the caller's role."""
