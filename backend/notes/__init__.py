"""An organisation's own notes, which chat searches and quotes."""
