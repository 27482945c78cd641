"""`alpaca-py`'s REST clients, made safe to ask from a loop: in threads, bounded in time, and
without the retries of their own, which sleep and ask again whatever was asked.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from alpaca.common.exceptions import APIError
from requests import RequestException
from requests.adapters import HTTPAdapter

from market.errors import VendorAway, VendorRefused

REQUEST_SECONDS = 2.5
REFUSALS = (400, 403, 404, 422)
"""With these the request was read and not done; with any other nobody knows."""


class AlpacaRest:
    """One client of `alpaca-py`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        client._retry = 0
        for scheme in ("https://", "http://"):
            client._session.mount(scheme, _Bounded())

    async def get(self, path: str, data: Any = None) -> Any:
        return await _asked(self._client.get, path, data)

    async def post(self, path: str, data: Any) -> Any:
        return await _asked(self._client.post, path, data)

    async def delete(self, path: str) -> Any:
        return await _asked(self._client.delete, path, None)

    def close(self) -> None:
        self._client._session.close()


class _Bounded(HTTPAdapter):
    """alpaca-py asks without a limit of time."""

    def send(self, request: Any, *args: Any, **options: Any) -> Any:
        options["timeout"] = REQUEST_SECONDS
        return super().send(request, *args, **options)


async def _asked(method: Callable[..., Any], path: str, data: Any) -> Any:
    """Raises VendorAway, VendorRefused."""
    try:
        return await asyncio.to_thread(method, path, data)
    except RequestException as error:
        raise VendorAway(f"alpaca does not answer: {type(error).__name__}") from error
    except APIError as error:
        raise _failure(error) from error


def _failure(error: APIError) -> VendorAway | VendorRefused:
    status, text = error.status_code, str(error)
    if status == 429:
        after = error.response.headers.get("Retry-After", "1")
        return VendorAway("alpaca asks to slow down", float(after) if after.isdigit() else 1.0)
    if status in REFUSALS:
        return VendorRefused(_message(text), status)
    return VendorAway(f"alpaca answers {status}: {text[:200]}")


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:200]
