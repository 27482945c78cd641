"""What language models may cost: set by operators, carried by each chat turn to its pod."""
