"""Which of several models answers, by what people thought of their answers, how long they took and
what they cost. Pure: chance comes from outside.

Thompson sampling (Thompson, 1933) over Beta posteriors of the share of good answers, within a cap:
at most a share `explore` of the turns may go to another than the best so far.
"""

from collections.abc import Mapping, Sequence
from random import Random

from ai_pod.contracts.standings import NEW, Standing

SECOND = 0.02
DOLLAR = 5.0
"""What a second until the first token, and a US dollar an answer, take off the share of good
answers: a second as much as two in a hundred answers that disappoint, a cent five in a hundred.
"""

PRIOR_GOOD, PRIOR_BAD = 2.0, 1.0
RATED = 1.0
UNRATED = 0.05
"""An answer that nobody rated says little; one that failed, or stated what nothing entails, is as
one that somebody disliked."""


def choose(
    models: Sequence[str], standings: Mapping[str, Standing], explore: float, chance: Random
) -> str:
    """The model to ask. The first of equals; without `explore`, the first."""
    if explore <= 0 or len(models) == 1:
        return models[0]
    found = {model: standings.get(model, NEW) for model in models}
    if chance.random() < explore:
        return max(models, key=lambda model: _sampled(found[model], chance))
    return max(models, key=lambda model: _expected(found[model]))


def posterior(standing: Standing) -> tuple[float, float]:
    """The Beta distribution's parameters of the share of good answers."""
    quiet = max(0, standing.asked - standing.bad - standing.up - standing.down)
    good = PRIOR_GOOD + RATED * standing.up + UNRATED * quiet
    bad = PRIOR_BAD + RATED * (standing.down + standing.bad)
    return good, bad


def _expected(standing: Standing) -> float:
    good, bad = posterior(standing)
    return good / (good + bad) - _burden(standing)


def _sampled(standing: Standing, chance: Random) -> float:
    return chance.betavariate(*posterior(standing)) - _burden(standing)


def _burden(standing: Standing) -> float:
    return SECOND * standing.mean_seconds + DOLLAR * standing.mean_usd
