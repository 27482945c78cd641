"""The three agents that share a pod's time, each a process of its own, and how to speak to them."""
