"""What goes into a language model, what may come out of it, and what neither may do."""
