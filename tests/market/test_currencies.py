"""Rates of the ECB as the simulator takes them, none known before it was published."""

import numpy as np
import pytest

from market.calendars import to_ns
from market.clock import parse_instant
from market.currencies import rates_at
from market.errors import HistoryError
from market.shipped import euro_rates


def ns(*texts: str) -> np.ndarray:
    return np.array([to_ns(parse_instant(text)) for text in texts])


def test_a_rate_is_known_from_its_publication_on() -> None:
    days, dollars = euro_rates("USD")
    _, yen = euro_rates("JPY")
    row = int(days.searchsorted(np.datetime64("2012-10-16")))
    instants = ns("2012-10-16T15:59Z", "2012-10-16T16:00Z", "2012-10-20T12:00Z")
    got = rates_at(instants, ["EUR", "USD", "JPY"], "USD")
    friday = row + 3
    assert got[:, 0].tolist() == dollars[[row - 1, row, friday]].tolist()
    assert (got[:, 1] == 1.0).all()
    assert got[1, 2] == pytest.approx(dollars[row] / yen[days.searchsorted(days[row])])


def test_what_the_ecb_does_not_quote_is_said() -> None:
    with pytest.raises(HistoryError, match="publishes no 'XXX'"):
        rates_at(ns("2012-10-16T15:59Z"), ["XXX"], "EUR")
    with pytest.raises(HistoryError, match="the ECB's first rate of USD is of 1999-01-04"):
        rates_at(ns("1998-10-16T15:59Z"), ["USD"], "EUR")
