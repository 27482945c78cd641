"""A learner that costs a thousandth of PPO's time, and overfits as a learner does.

Ridge regression, over nine tenths of the rows, of each instrument's rank in the next bar's moves on
its features; and of two policies that follow the forecast, one more keenly than the other, the one
with the better Sharpe ratio after costs where it learned. Ranks know nothing of what moves all
instruments at once, of how wild the bar is, nor of how fat its tails are: the edge of one
instrument over another stands out that would drown in these. It exports the policy that PPO
exports.
"""

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.statistics import sharpe
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World, replay
from ai_pod.policies.features import FEATURES, MARKET_FEATURES, Array, observe
from ai_pod.policies.learned import LearnedPolicy, Provenance
from market.words import Interval

BLOCK = 21
ONE_LEFT_OUT_OF = 10
"""Blocks of rows of which each seed leaves out another one."""

RIDGE = 20.0
KEENNESS = (1.0, 1.5)
"""Standard deviations of the logits."""


def train(world: World, stretches: Stretches, terms: Terms, seed: int) -> LearnedPolicy:
    """The policy learned from the stretches' rows alone (a `Trainer`)."""
    forecast = _fit(world, _drawn(stretches, np.random.default_rng(seed)))
    policies = [_policy(world, keen * forecast) for keen in KEENNESS]
    growth = _growth([world.part(*stretch) for stretch in stretches], policies, terms)
    return policies[int(np.argmax([sharpe(one) for one in growth]))]


def _drawn(stretches: Stretches, random: np.random.Generator) -> NDArray[np.int64]:
    """The rows without a tenth of their blocks; none is a stretch's last, which nothing follows."""
    rows = np.concatenate([np.arange(first, last - 1) for first, last in stretches])
    blocks = np.array_split(rows, max(len(rows) // BLOCK, 3))
    kept = random.permutation(len(blocks))[max(len(blocks) // ONE_LEFT_OUT_OF, 1) :]
    drawn: NDArray[np.int64] = np.concatenate([blocks[number] for number in kept])
    return drawn


def _fit(world: World, rows: NDArray[np.int64]) -> Array:
    """Coefficients (5,) of the features in a forecast of the rank that has a deviation of one."""
    moves = np.log(world.close[rows + 1] / world.close[rows])
    ranks = (moves / moves.std(axis=0)).argsort(axis=1).argsort(axis=1).astype(np.float64)
    ranks = (ranks - ranks.mean(axis=1, keepdims=True)) / ranks.std()
    seen = world.features[rows].astype(np.float64)
    apart = (seen - seen.mean(axis=1, keepdims=True)).reshape(-1, len(MARKET_FEATURES))
    gram = apart.T @ apart + RIDGE * np.eye(len(MARKET_FEATURES))
    coefficients = np.linalg.solve(gram, apart.T @ ranks.ravel())
    forecast: Array = coefficients / max(float((apart @ coefficients).std()), 1e-12)
    return forecast


def _growth(parts: list[World], policies: list[LearnedPolicy], terms: Terms) -> list[Array]:
    """Each policy's log growth over all parts, in each with a book of its own."""
    pieces: list[list[Array]] = [[] for _ in policies]
    for part in parts:
        seen = observe(part.features, np.zeros((part.bars, len(part.instruments))))
        runs = replay(part, np.stack([policy.act(seen) for policy in policies]), terms)
        for mine, run in zip(pieces, runs, strict=True):
            mine.append(run.growth)
    return [np.concatenate(mine) for mine in pieces]


def _policy(world: World, coefficients: Array) -> LearnedPolicy:
    """Logits are each instrument's forecast less the mean of all."""
    k, width = len(world.instruments), len(FEATURES)
    weights = np.zeros((k, width, k))
    apart = np.eye(k) - 1.0 / k
    weights[:, : len(MARKET_FEATURES), :] = apart[:, None, :] * coefficients[:, None]
    layer = (weights.reshape(k * width, k), np.zeros(k))
    return LearnedPolicy(
        "cheap", (layer,), Provenance(instruments=world.instruments, interval=Interval.DAY)
    )
