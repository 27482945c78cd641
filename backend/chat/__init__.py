"""Conversations with the chatbot: threads, messages, runs that stream; and its instructions."""
