"""The pod's words, for whoever calls it.

Light: stdlib, msgspec, httpx, websockets, redis and `market`; never torch.
"""

VERSION = 1
"""Rises when a message changes so that an older reader would misunderstand it."""
