"""The cluster's folder: market time never goes back, one cluster at a time, private secrets."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from market.clock import Anchor
from shiftdesk.local.state import CLOCK_SAVED_EVERY_SECONDS, AlreadyRunning, StateFolder

START = Anchor(market=datetime(2012, 10, 15, 14, tzinfo=UTC), wall=0.0, speed=600.0)


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / "state")
    folder.root.mkdir()
    return folder


def test_the_first_start_begins_at_the_anchor(state: StateFolder) -> None:
    clock = state.start_clock(START, now=1000.0)
    assert clock.at_wall(1000.0) == START.market
    assert clock.at_wall(1001.0) == START.market + timedelta(seconds=600)


def test_a_clean_restart_goes_on_where_it_was(state: StateFolder) -> None:
    now = time.time()
    first = state.start_clock(START, now)
    state.save_clock(first, clean=True)
    saved = first.now()
    again = state.start_clock(START, now + 5000.0)
    assert abs(again.at_wall(now + 5000.0) - saved) < timedelta(minutes=5)


def test_after_a_kill_market_time_never_goes_back(state: StateFolder) -> None:
    now = time.time()
    first = state.start_clock(START, now)
    before = first.now()
    state.save_clock(first, clean=False)
    again = state.start_clock(START, now + 5000.0)
    skipped = first.market_span(CLOCK_SAVED_EVERY_SECONDS)
    assert again.at_wall(now + 5000.0) >= before + skipped


def test_two_clusters_do_not_share_a_folder(state: StateFolder) -> None:
    with state.held(), pytest.raises(AlreadyRunning), StateFolder(state.root).held():
        pass


def test_secrets_are_made_once_and_readable_by_the_owner_alone(state: StateFolder) -> None:
    made = state.secrets()
    assert state.secrets() == made
    assert state.path("secrets.json").stat().st_mode & 0o077 == 0
