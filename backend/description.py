"""The API's description: FastAPI's own, with the problem that every route may answer with."""

from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.types import Receive, Scope, Send

from backend.schemas import Problem

_FOREIGN = (b"traceparent", b"tracestate", b"baggage")
_REF = "#/components/schemas/{model}"


class DescribedApi(FastAPI):
    """Adds the schema of problems, which routes name, and what a stream's schema says too much.

    A trace begins here: one that somebody outside says to go on with is not believed.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            known = [pair for pair in scope["headers"] if pair[0] not in _FOREIGN]
            scope = {**scope, "headers": known}
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            described = super().openapi()
            _, made = models_json_schema([(Problem, "serialization")], ref_template=_REF)
            described.setdefault("components", {}).setdefault("schemas", {}).update(made["$defs"])
            for path in described["paths"].values():
                for operation in path.values():
                    _tidy_stream(operation)
        schema: dict[str, Any] = self.openapi_schema or {}
        return schema


def _tidy_stream(operation: dict[str, Any]) -> None:
    """A reference beside `type: string` would be read as both."""
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    schema = content.get("text/event-stream", {}).get("schema", {})
    if "$ref" in schema:
        schema.pop("type", None)
