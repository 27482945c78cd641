"""What the nights bring: trials, verdicts, policies, and the champion's moves."""
