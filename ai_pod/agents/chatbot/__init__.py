"""The chatbot: answers from facts and passages, with a language model or without one."""
