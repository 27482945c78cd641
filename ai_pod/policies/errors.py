"""Errors of policies and their store.

PolicyError
├── UnknownPolicy     no such rule, or no such artifact
├── PolicyRefused     an artifact that does not fit: wrong hash, shape, instruments or features
└── StrategyFault     a strategy that raises, is late, or gives what are no weights
"""


class PolicyError(Exception):
    """A policy cannot be used; the message says which, and why."""


class UnknownPolicy(PolicyError):
    """No rule of that name, or no artifact of that hash in the store."""


class PolicyRefused(PolicyError):
    """The artifact is there, but it must not trade: damaged, or made for something else."""


class StrategyFault(PolicyError):
    """The strategy failed on these bars; where it can be told, the bar is named."""
