"""Who is asking: accounts, sign-in, tokens, roles. Who may do what is said at each endpoint."""
