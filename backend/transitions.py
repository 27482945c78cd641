"""A literal table of states and triggers: what follows which; any other pair raises."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)


class IllegalTransition(Exception):
    """A trigger that cannot happen to something in its state."""


class Table(dict[tuple[S, T], S], Generic[S, T]):
    """`whose` names in an error what the states are of: "an order"."""

    def __init__(self, whose: str, transitions: Mapping[tuple[S, T], S]) -> None:
        super().__init__(transitions)
        self._whose = whose

    def after(self, state: S, trigger: T) -> S:
        """The state that follows. Raises IllegalTransition."""
        if (state, trigger) not in self:
            said = f"{self._whose} that is {state} cannot be {trigger}"
            raise IllegalTransition(said.replace("_", " "))
        return self[state, trigger]
