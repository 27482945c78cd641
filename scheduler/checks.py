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


def in_utc(instant: datetime | None) -> datetime | None:
    """The instant in UTC. Raises Invalid (`instant_without_zone`) if it could be anybody's hour."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise Invalid("instant_without_zone", f"{instant} has no time zone; write UTC, ending in Z")
    return instant.astimezone(UTC)


def utc(instant: datetime) -> str:
    """A UTC instant for people."""
    return f"{instant:%Y-%m-%d %H:%M:%S}Z"
