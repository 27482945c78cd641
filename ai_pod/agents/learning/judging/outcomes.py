"""What a policy does on bars that it has not learned from, at once and at twice the costs."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from ai_pod.agents.learning.evaluate import doubled
from ai_pod.agents.learning.judging.protocol import Fold
from ai_pod.policies.backtest import Run, Terms, World, backtest, replay
from ai_pod.policies.features import FEATURES, Array, observe
from ai_pod.policies.learned import LearnedPolicy
from ai_pod.policies.policy import Policy


@dataclass(frozen=True)
class Record:
    """Step by step (…, steps): log growth, the same at twice the costs (`dear`), traded share of
    equity, and the `largest` share of equity that one instrument holds.
    """

    growth: Array
    dear: Array
    turnover: Array
    largest: Array

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One after the other."""
        columns = zip(*map(_arrays, parts), strict=True)
        return cls(*(np.concatenate(arrays, axis=-1) for arrays in columns))

    @classmethod
    def stacked(cls, records: Sequence[Self]) -> Self:
        """Beside one another, along a new first axis."""
        columns = zip(*map(_arrays, records), strict=True)
        return cls(*(np.stack(arrays) for arrays in columns))

    def part(self, first: int, last: int) -> Self:
        """Steps [first, last)."""
        return type(self)(*(array[..., first:last] for array in _arrays(self)))


def outcome_of(world: World, policy: Policy, fold: Fold, terms: Terms) -> Record:
    """The policy's record over the fold's tests, one after the other; a book of its own, begun in
    cash, goes through each.
    """
    return Record.joined([record_of(world.part(*test), policy, terms) for test in fold.tests])


def record_of(world: World, policy: Policy, terms: Terms) -> Record:
    """The policy's record over all of the world's bars."""
    return recorded(world, *runs_of(world, policy, terms))


def runs_of(world: World, policy: Policy, terms: Terms) -> tuple[Run, Run]:
    """The policy's runs at once and at twice the costs: what its record is derived from."""
    if sees_only_the_market(policy):
        held = np.zeros((world.bars, len(world.instruments)))
        return replays(world, policy.act(observe(world.features, held)), terms)
    return stepped(world, policy, terms)


def stepped(world: World, policy: Policy, terms: Terms) -> tuple[Run, Run]:
    """The runs of a policy that is asked bar by bar."""
    cheap, dear = (backtest(world, [policy], each)[0] for each in (terms, doubled(terms)))
    return cheap, dear


def replays(world: World, targets: Array, terms: Terms) -> tuple[Run, Run]:
    """The runs of target weights (n, k) that were decided beforehand; NaN leaves a position."""
    cheap, dear = (replay(world, targets[None], each)[0] for each in (terms, doubled(terms)))
    return cheap, dear


def recorded(world: World, cheap: Run, dear: Run) -> Record:
    """What is weighed of two runs through the world, at once and at twice the costs."""
    held = cheap.quantities.cumsum(axis=0) * world.close[1:]
    largest = np.abs(held).max(axis=1) / np.maximum(cheap.equity[1:], 1e-9)
    return Record(cheap.growth, dear.growth, cheap.turnover, largest)


def sees_only_the_market(policy: Policy) -> bool:
    """Whether what the policy wants cannot depend on what it holds, so that all its decisions may
    be made at once.
    """
    if not isinstance(policy, LearnedPolicy):
        return False
    return not policy.layers[0][0][FEATURES.index("weight") :: len(FEATURES)].any()


def pack(record: Record) -> bytes:
    """As bytes (npz), to be kept; `unpack` is its inverse."""
    buffer = io.BytesIO()
    np.savez(buffer, **{field.name: getattr(record, field.name) for field in fields(record)})
    return buffer.getvalue()


def unpack(data: bytes) -> Record:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return Record(**{field.name: arrays[field.name] for field in fields(Record)})


def _arrays(record: Record) -> tuple[Array, ...]:
    return (record.growth, record.dear, record.turnover, record.largest)
