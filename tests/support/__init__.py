"""What the tests share: real stores, builders, the history checker."""
