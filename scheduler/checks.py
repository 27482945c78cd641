"""Rules that overrides and patches share."""

from datetime import UTC, datetime

from scheduler.errors import Invalid

SHORTEST_REASON = 5
LONGEST_REASON = 500


def check_reason(reason: str, what: str) -> None:
    """Raises Invalid (`{what}_reason_too_short`, `…_too_long`) unless the reason says something."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(
            f"{what}_reason_too_short",
            f"the reason {reason!r} says too little; write at least {SHORTEST_REASON} characters",
        )
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            f"{what}_reason_too_long",
            f"the reason has {len(reason)} characters; {LONGEST_REASON} are the most",
        )


def check_zone(instant: datetime | None) -> None:
    """Raises Invalid (`instant_without_zone`) for an instant that could be anybody's hour."""
    if instant is not None and instant.tzinfo is None:
        raise Invalid("instant_without_zone", f"{instant} has no time zone; write UTC, ending in Z")


def utc(instant: datetime) -> str:
    """The instant for people, in UTC."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
