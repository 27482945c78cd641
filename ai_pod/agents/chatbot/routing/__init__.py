"""Which language model is asked, for how much, and what happens when it fails."""
