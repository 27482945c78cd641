"""The scheduler's words and client, for the back end and the command line."""
