"""Books in episodes: where each begins, what a bar brings it, and when it ends.

Both faces of the environment, SB3's batch and Gymnasium's single one, are this and nothing else.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.kernel import Books, Rates, Rows, advance
from ai_pod.agents.learning.stretches import Stretches, starts, whole
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.compiled import scales
from ai_pod.policies.features import Observations, observe
from ai_pod.policies.policy import GROSS

REWARD_SCALE = 100.0
"""Rewards are log growth in percent: of a size that the value function learns."""

RISK_AVERSION: dict[RiskProfile, float] = {
    RiskProfile.CAUTIOUS: 8.0,
    RiskProfile.BALANCED: 2.0,
    RiskProfile.BOLD: 0.0,
}
"""The reward is growth - aversion / 2 x growth²: mean-variance utility, bar by bar."""

_RUIN = -1.0
"""Log growth of one bar after which a book is given up."""

State: TypeAlias = dict[str, NDArray[np.generic]]
Flags: TypeAlias = NDArray[np.bool_]


class Bar(NamedTuple):
    """What one bar brought: observations (n, k·f), rewards (n,), whether a book was ruined (n,),
    and whether its episode has run its length (n,).
    """

    seen: Observations
    rewards: Observations
    ruined: Flags
    over: Flags


class Episodes:
    """`count` books, each in an episode of at most `episode_bars` within one of the `stretches`
    (all rows by default), begun in cash at a row drawn from `random`.
    """

    def __init__(
        self,
        world: World,
        terms: Terms,
        count: int,
        episode_bars: int,
        stretches: Stretches | None = None,
    ) -> None:
        self.world, self.terms = world, terms
        self.stretches = whole(world.bars) if stretches is None else stretches
        self.random = np.random.default_rng(0)
        self.left, self.length = np.zeros((2, count), np.int64)
        self.returns = np.zeros(count)
        self._starts, self._lengths = starts(self.stretches, world.bars, episode_bars)
        self._rows, self._rates = _rows(world), _rates(terms)
        self._aversion = RISK_AVERSION[terms.profile]
        self._growth = np.zeros(count)
        k = len(world.instruments)
        self._books = Books(np.zeros(count, np.int64), np.zeros(count), np.zeros((count, k)))
        self.seen = np.zeros((count, self._rows.seen.shape[1]), np.float32)

    def begin(self, which: NDArray[np.int64], row: int | None = None) -> None:
        """Start new episodes in the places `which`: at rows drawn anew, or all at `row`, which must
        be one where an episode may begin.
        """
        if row is None:
            drawn = self.random.integers(0, len(self._starts), len(which))
        else:
            drawn = np.searchsorted(self._starts, np.full(len(which), row))
            if not (self._starts.take(drawn, mode="clip") == row).all():
                raise ValueError(f"no episode may begin at row {row}")
        at = self._starts[drawn]
        self._books.at[which] = at
        self._books.cash[which] = self.terms.starting_cash
        self._books.positions[which] = 0.0
        self.left[which] = self.length[which] = self._lengths[drawn]
        self.returns[which] = 0.0
        self.seen[which] = self._rows.seen[at]

    def stagger(self) -> None:
        """Shorten this first episode of each by chance, so that they do not all end at once."""
        self.left[:] = self.length[:] = self.random.integers(1, self.length + 1)

    def advance(self, actions: Observations) -> Bar:
        """One bar for all books; `actions` (n, k) are logits against cash. An episode that ended is
        to be begun anew before the next bar.
        """
        self.seen = np.empty_like(self.seen)
        advance(self._rows, self._books, self._rates, actions, self.seen, self._growth)
        penalty = 0.5 * self._aversion * self._growth * self._growth
        rewards = REWARD_SCALE * (self._growth - penalty)
        self.returns += rewards
        self.left -= 1
        return Bar(self.seen, rewards.astype(np.float32), self._growth < _RUIN, self.left <= 0)

    def state(self) -> State:
        """Where all books are; `restore` goes on from it."""
        return {name: array.copy() for name, array in self._arrays().items()}

    def restore(self, state: State) -> None:
        for name, array in self._arrays().items():
            array[...] = state[name]

    def _arrays(self) -> State:
        counts = {"left": self.left, "length": self.length, "returns": self.returns}
        return {**self._books._asdict(), **counts, "seen": self.seen}


def _rows(world: World) -> Rows:
    prices = np.stack([world.open, world.high, world.low, world.close], axis=1)
    nothing = np.zeros((world.bars, len(world.instruments)))
    return Rows(prices, observe(world.features, nothing))


def _rates(terms: Terms) -> Rates:
    costs = terms.costs
    if costs.later_fields:
        unknown = ", ".join(costs.later_fields)
        raise ValueError(f"the compiled step of learning knows no {unknown}; leave them at 0")
    price_scale, fee_scale = scales(costs)
    return Rates(
        against=costs.against,
        commission=costs.commission_bps * 1e-4,
        minimum_commission=costs.minimum_commission,
        gross=GROSS[terms.profile],
        band=terms.band,
        lots=terms.lots,
        price_scale=price_scale,
        fee_scale=fee_scale,
    )
