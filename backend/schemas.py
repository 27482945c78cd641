"""What all answers share: the schema's base, pages, money, problems."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

T = TypeVar("T")

Money = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json"),
    Field(examples=["100000.00"]),
]
"""A decimal string on the wire."""


class Schema(BaseModel):
    """An answer or a request of the public API. Unknown fields of a request are refused."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

    @classmethod
    def of(cls, word: msgspec.Struct) -> Self:
        """From a message between services, which may have more fields."""
        return cls.model_validate(msgspec.to_builtins(word, builtin_types=()), extra="ignore")


class Page(Schema, Generic[T]):
    """A page of a list; ask again with `cursor=next_cursor` for what follows, until it is null."""

    items: list[T]
    next_cursor: str | None = None

    @classmethod
    def cut(
        cls, items: Sequence[T], limit: int, place: Callable[[T], str] = attrgetter("id")
    ) -> Self:
        """The first `limit` of `items`, of which one more was asked for; `place` says after which
        of them the next page goes on.
        """
        shown = list(items[:limit])
        return cls(items=shown, next_cursor=place(shown[-1]) if len(items) > limit else None)


class NoticeData(Schema):
    """Something worth saying: `code` for programs, `text` for people."""

    code: str
    text: str
    severity: Literal["info", "warning", "error"] = "info"


class FieldProblem(Schema):
    """One wrong field of a request."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457. `code` is stable, for programs; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of problem answers with these statuses."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _SAYS[status], "content": content} for status in statuses}


_SAYS = {
    401: "Not signed in",
    403: "The role does not allow it",
    404: "No such thing, or somebody else's",
    409: "It contradicts what is stored",
    413: "The body is above the limit",
    422: "The request makes no sense",
    429: "Too many requests",
    503: "A part that is needed does not answer",
}
