"""A decision for nobody, before the first real one: what is set up at first use is so by then."""

from datetime import UTC, datetime

import msgspec
import numpy as np

from ai_pod.agents.trading.deciding import Moment, Standing, decide
from ai_pod.contracts.seats import RiskProfile, Seat
from ai_pod.policies.features import WINDOW, latest_features
from ai_pod.policies.rules import rule
from market.words import Interval

TIMES = 3


def rehearse() -> None:
    """Decide, with signals and reasons, and encode; nothing is published."""
    seat = Seat(
        desk="rehearsal",
        organisation="rehearsal",
        seat=0,
        lease_epoch=0,
        instruments=("NONE:A", "NONE:B"),
        interval=Interval.DAY,
        policy_line="rehearsal",
        policy_version="rule:momentum@1",
        risk_profile=RiskProfile.BALANCED,
    )
    rising = 100.0 + np.arange(WINDOW, dtype=np.float64)
    closes = np.stack([rising, rising], axis=1)
    prices = dict.fromkeys(seat.instruments, float(rising[-1]))
    for _ in range(TIMES):
        [features] = latest_features([closes])
        moment = Moment("rehearsal", 0, datetime.now(UTC), prices, features, True)
        for decision in decide(rule(seat.policy_version), moment, [Standing(seat, [0, 0], [0, 0])]):
            msgspec.json.encode(decision)
