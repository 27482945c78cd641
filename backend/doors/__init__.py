"""Doors for programs: a desk's keys, OpenAI's chat completions, and the tools by MCP."""
