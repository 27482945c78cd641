"""What the pod keeps in Redis: hand-offs, instructions, vectors."""
