"""How the chatbot's language models do: shown to operators, and told what people think of them."""
