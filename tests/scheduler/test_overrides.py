"""Overrides: what is refused, what is kept, and how they end."""

from datetime import datetime, timedelta

import pytest

from ai_pod.contracts.plan import Phase
from scheduler import audit, overrides
from scheduler.audit import Author
from scheduler.contracts.audit import first_broken
from scheduler.contracts.overrides import OverrideRequest
from scheduler.database import Database, current_revision
from scheduler.errors import Conflict, Invalid, NotFound
from tests.support.build_scheduler import HOUR, NOW, ORGANISATION, override_request

POOLS = ("XNYS", "24/7")
OLGA = Author(organisation=ORGANISATION, actor="olga", market_now=NOW)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (override_request(starts=NOW + HOUR, ends=NOW), "override_ends_before_start"),
        (override_request(starts=NOW + HOUR, ends=NOW + HOUR), "override_ends_before_start"),
        (override_request(ends=NOW), "override_ends_in_past"),
        (override_request(starts=NOW - 3 * HOUR, ends=NOW - HOUR), "override_ends_in_past"),
        (override_request(ends=NOW + timedelta(days=7, seconds=1)), "override_too_long"),
        (override_request("everything"), "override_scope_unknown"),
        (override_request("desk:1"), "override_scope_unknown"),
        (override_request("all:XNYS"), "override_scope_unknown"),
        (override_request("pool:XLON"), "override_pool_unknown"),
        (override_request("pool:"), "override_pool_unknown"),
        (override_request("pod:"), "override_pod_name"),
        (override_request("pod:Pod_1"), "override_pod_name"),
        (override_request("pod:-a"), "override_pod_name"),
        (override_request(reason=""), "override_reason_too_short"),
        (override_request(reason="    x    "), "override_reason_too_short"),
        (override_request(reason="x" * 501), "override_reason_too_long"),
        (override_request(ends=datetime(2012, 10, 18)), "instant_without_zone"),
    ],
)
def test_what_makes_no_sense_is_refused(request_: OverrideRequest, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        overrides.check(request_, POOLS, NOW)
    assert refusal.value.code == code
    assert len(refusal.value.detail) > 20


@pytest.mark.parametrize("scope", ["all", "pool:XNYS", "pool:24/7", "pod:ai-pod-7d9f.x-1"])
def test_a_start_that_has_passed_becomes_now(scope: str) -> None:
    asked = override_request(scope, starts=NOW - HOUR, ends=NOW + timedelta(days=7))
    checked = overrides.check(asked, POOLS, NOW)
    assert (checked.starts, checked.ends) == (NOW, NOW + timedelta(days=7))


async def _set(database: Database, author: Author = OLGA, hours: int = 2) -> str:
    asked = override_request("pool:XNYS", Phase.LEARNING, ends=author.market_now + hours * HOUR)
    async with database.transaction() as connection:
        checked = overrides.check(asked, POOLS, author.market_now)
        return (await overrides.set_override(connection, checked, author)).id


async def test_what_is_set_is_found_until_it_is_over(database: Database) -> None:
    first, second = await _set(database, hours=1), await _set(database, hours=3)
    async with database.transaction() as connection:
        listed = await overrides.listed(connection, ORGANISATION, ended=False, now=NOW)
        assert [one.id for one in listed] == [second, first]
        assert listed[1].owner == "olga"
        later = NOW + 2 * HOUR
        listed = await overrides.listed(connection, ORGANISATION, ended=False, now=later)
        assert [one.id for one in listed] == [second]
        listed = await overrides.listed(connection, ORGANISATION, ended=True, now=later)
        assert [one.id for one in listed] == [second, first]
        holding = await overrides.holding_after(connection, later)
        assert [one.id for one in holding] == [second]


async def test_an_override_ended_early_says_who_and_when(database: Database) -> None:
    set_ = await _set(database)
    rita = Author(organisation=ORGANISATION, actor="rita", market_now=NOW + HOUR)
    async with database.transaction() as connection:
        ended = await overrides.end_override(connection, set_, rita)
    assert (ended.ended_by, ended.ended_at) == ("rita", NOW + HOUR)
    later = Author(organisation=ORGANISATION, actor="rita", market_now=NOW + 2 * HOUR)
    async with database.transaction() as connection:
        assert await overrides.end_override(connection, set_, later) == ended
        assert await current_revision(connection) == ended.revision
    sam = Author(organisation=ORGANISATION, actor="sam", market_now=NOW + 2 * HOUR)
    with pytest.raises(Conflict, match="ended at 2012-10-17 16:20:00Z"):
        async with database.transaction() as connection:
            await overrides.end_override(connection, set_, sam)


async def test_one_that_ended_by_itself_cannot_be_ended(database: Database) -> None:
    set_ = await _set(database)
    late = Author(organisation=ORGANISATION, actor="rita", market_now=NOW + 2 * HOUR)
    with pytest.raises(Conflict):
        async with database.transaction() as connection:
            await overrides.end_override(connection, set_, late)


async def test_another_organisations_override_is_not_found(database: Database) -> None:
    set_ = await _set(database)
    stranger = Author(organisation="org-2", actor="sam", market_now=NOW)
    with pytest.raises(NotFound):
        async with database.transaction() as connection:
            await overrides.end_override(connection, set_, stranger)
    async with database.transaction() as connection:
        assert await overrides.listed(connection, "org-2", ended=True, now=NOW) == []


async def test_a_refused_change_leaves_revision_and_audit_alone(database: Database) -> None:
    await _set(database)
    async with database.transaction() as connection:
        before = await current_revision(connection)
    with pytest.raises(NotFound):
        async with database.transaction() as connection:
            await overrides.end_override(connection, "no-such", OLGA)
    async with database.transaction() as connection:
        assert await current_revision(connection) == before
        assert len(await audit.listed(connection, ORGANISATION)) == 1


async def test_every_change_is_a_row_of_the_chain(database: Database) -> None:
    first = await _set(database)
    await _set(database, Author(organisation="org-2", actor="sam", market_now=NOW))
    await _set(database)
    async with database.transaction() as connection:
        await overrides.end_override(connection, first, OLGA)
    async with database.transaction() as connection:
        rows = await audit.listed(connection, ORGANISATION)
        theirs = await audit.listed(connection, "org-2")
    assert [row.action for row in rows] == ["override_set", "override_set", "override_ended"]
    assert rows[2].before is not None
    assert rows[2].after is not None
    assert (rows[2].before["ended_at"], rows[2].after["ended_by"]) == (None, "olga")
    assert first_broken(rows) is None
    assert first_broken(theirs) is None
    assert rows[1].prev_hash == rows[0].hash
