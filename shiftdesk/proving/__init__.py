"""What the gate is proved on: worlds whose truth is known, and learners that cost next to none."""
