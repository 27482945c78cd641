"""Patches: what is refused, which one holds, and how one is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler import audit, patches
from scheduler.audit import Author
from scheduler.contracts.audit import first_broken
from scheduler.contracts.overrides import PatchRequest
from scheduler.database import Database
from scheduler.errors import Conflict, Invalid, NotFound
from tests.support.build_scheduler import NOW, ORGANISATION, patch_request

OLGA = Author(organisation=ORGANISATION, actor="olga", market_now=NOW)
DAY = date(2012, 10, 18)
SATURDAY = date(2012, 10, 20)


def _at(hour: int, day: int = 18) -> datetime:
    return datetime(2012, 10, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (patch_request(reason="wind"), "patch_reason_too_short"),
        (patch_request(calendar="XNOPE"), "patch_calendar_unknown"),
        (patch_request(SATURDAY), "patch_day_without_session"),
        (patch_request(SATURDAY, opens=_at(14, 20)), "patch_day_without_session"),
        (patch_request(opens=_at(15), closes=_at(15)), "patch_closes_before_open"),
        (patch_request(opens=_at(20)), "patch_closes_before_open"),
        (patch_request(closes=_at(13)), "patch_closes_before_open"),
        (patch_request(closes=_at(13, 21)), "patch_other_day"),
        (patch_request(opens=datetime(2012, 10, 18, 14)), "instant_without_zone"),
    ],
)
def test_what_makes_no_sense_is_refused(request_: PatchRequest, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        patches.check(request_)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "request_",
    [
        patch_request(),
        patch_request(closes=_at(17)),
        patch_request(opens=_at(15)),
        patch_request(SATURDAY, opens=_at(14, 20), closes=_at(16, 20)),
        patch_request(calendar="24/7"),
        patch_request(calendar="CMES", opens=_at(22, 17), closes=_at(17)),
    ],
)
def test_what_makes_sense_is_taken(request_: PatchRequest) -> None:
    assert patches.check(request_) == request_


async def test_a_patch_holds_from_its_day_until_it_is_withdrawn(database: Database) -> None:
    async with database.transaction() as connection:
        first = await patches.set_patch(connection, patch_request(), OLGA)
        second = await patches.set_patch(connection, patch_request(closes=_at(17)), OLGA)
        holding = await patches.holding_from(connection, DAY)
        assert [one.id for one in holding] == [first.id, second.id]
        assert await patches.holding_from(connection, DAY + timedelta(days=1)) == ()
        withdrawn = await patches.withdraw_patch(connection, second.id, OLGA)
        assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at) == ("olga", NOW)
        assert [one.id for one in await patches.holding_from(connection, DAY)] == [first.id]
        assert {one.id for one in await patches.listed(connection, ORGANISATION)} == {
            first.id,
            second.id,
        }
        rows = await audit.listed(connection, ORGANISATION)
    assert [row.action for row in rows] == ["patch_set", "patch_set", "patch_withdrawn"]
    assert rows[1].before is not None
    assert rows[1].before["id"] == first.id
    assert first_broken(rows) is None


async def test_withdrawing_what_is_gone_or_anothers_is_refused(database: Database) -> None:
    async with database.transaction() as connection:
        mine = await patches.set_patch(connection, patch_request(), OLGA)
        stranger = Author(organisation="org-2", actor="sam", market_now=NOW)
        with pytest.raises(NotFound):
            await patches.withdraw_patch(connection, mine.id, stranger)
        await patches.withdraw_patch(connection, mine.id, OLGA)
        with pytest.raises(Conflict):
            await patches.withdraw_patch(connection, mine.id, OLGA)
