"""The desk's tools by the Model Context Protocol: the `mcp` client enters unchanged."""

HOLDER = "shiftdesk.holder"
"""Where in a request's scope its holder is."""
