"""What all tables share: the schema, names of constraints, identities, and the organisation that
owns a row.
"""

import secrets
import time
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, MetaData, Numeric, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "backend"

PLATFORM = "platform"
"""The organisation that owns rows which belong to no customer: pods, pools, leases of loops."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

Id = Annotated[str, mapped_column(Text, primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Money = Annotated[Decimal, mapped_column(Numeric(20, 6))]
Quantity = Annotated[Decimal, mapped_column(Numeric(24, 8))]


class Base(DeclarativeBase):
    """The declarative base of every table of the back end."""

    metadata = MetaData(schema=SCHEMA, naming_convention=_NAMES)
    type_annotation_map: ClassVar = {
        str: Text,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(20, 6),
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: JSONB,
        dict[str, float]: JSONB,
        dict[str, list[float]]: JSONB,
        dict[str, bool]: JSONB,
        dict[str, int]: JSONB,
        list[dict[str, Any]]: JSONB,
    }


class Owned:
    """The organisation that a row belongs to."""

    organisation_id: Mapped[str] = mapped_column(Text, ForeignKey(f"{SCHEMA}.organisation.id"))


def new_id(kind: str) -> str:
    """`KIND_` and 26 letters that sort by the time they were made (48 bits of ms, 80 random)."""
    return _id(kind, time.time_ns() // 1_000_000, secrets.randbits(80))


def first_id(kind: str, wall: float) -> str:
    """Ids made at the wall time or later sort after it."""
    return _id(kind, int(wall * 1_000), 0)


def made_at(its_id: str) -> float:
    """The wall time, to the millisecond, at which an id was made."""
    number = 0
    for letter in its_id.rpartition("_")[2]:
        number = number << 5 | _ALPHABET.index(letter)
    return (number >> 80) / 1_000


def _id(kind: str, ms: int, rest: int) -> str:
    number = ms << 80 | rest
    letters = [_ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5)]
    return f"{kind}_{''.join(letters)}"
