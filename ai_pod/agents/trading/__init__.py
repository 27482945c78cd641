"""The trading agent: bars in, one decision a bar and desk out."""
