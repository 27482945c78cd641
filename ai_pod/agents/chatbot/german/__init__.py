"""German as the rest of the chatbot reads it: in the words that it knows."""
