"""A new model for a share of the users, taken back by itself when it does worse. Pure."""

import hashlib
from math import sqrt

from ai_pod.contracts.standings import Standing

LEAST_ASKED = 20
"""Before that many answers nothing is concluded, unless nearly all are bad."""

AT_ONCE = 5
"""So many bad answers and no good one conclude it at once."""

WORST_DIFFERENCE = 0.05
SLOWER = 2.0
Z = 1.645
"""One-sided, 5 %."""

BUCKETS = 10_000


def takes_part(user: str, model: str, share: float) -> bool:
    """Whether the user's questions go to the canary `model`: the same at every question, and to a
    `share` (0 to 1) of all users.
    """
    digest = hashlib.sha256(f"{len(model)}:{model}:{user}".encode()).digest()
    return int.from_bytes(digest[:8]) % BUCKETS < share * BUCKETS


def worse(canary: Standing, stable: Standing) -> str:
    """Why the canary is to be taken back; empty while there is no reason.

    Bad answers: both rates by Wilson's score interval (Wilson, 1927), one-sided at 5 %; the canary
    is worse when its lower end is above the stable model's rate by WORST_DIFFERENCE. Slow: its mean
    time to the first token is more than twice the stable model's.
    """
    if canary.asked >= AT_ONCE and canary.bad == canary.asked:
        return f"all of its {canary.asked} answers failed or were ungrounded"
    if canary.asked < LEAST_ASKED:
        return ""
    lower = wilson_lower(canary.bad, canary.asked)
    usual = stable.bad / stable.asked if stable.asked else 0.0
    if lower > usual + WORST_DIFFERENCE:
        return (
            f"{canary.bad} of its {canary.asked} answers failed or were ungrounded, "
            f"the stable model's {stable.bad} of {stable.asked}"
        )
    known = canary.answered >= LEAST_ASKED and stable.answered >= LEAST_ASKED
    if known and canary.mean_seconds > SLOWER * stable.mean_seconds:
        return (
            f"its first token takes {canary.mean_seconds:.2f} s on average, "
            f"the stable model's {stable.mean_seconds:.2f} s"
        )
    return ""


def wilson_lower(bad: int, asked: int) -> float:
    """The lower end of Wilson's interval for a rate."""
    if not asked:
        return 0.0
    rate, z2 = bad / asked, Z * Z
    middle = rate + z2 / (2 * asked)
    spread = Z * sqrt((rate * (1 - rate) + z2 / (4 * asked)) / asked)
    return max(0.0, (middle - spread) / (1 + z2 / asked))
