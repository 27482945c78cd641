"""Who opens a connection and does not say what for is not waited for."""

import asyncio
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from market import patience
from market.patience import PatientHttp
from tests.support.fake_pod import serving

HEAD = b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_half_a_head_is_closed_and_a_whole_one_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(FastAPI(), http=PatientHttp) as url, asyncio.timeout(30):
        place = urlsplit(url)
        quick = await asyncio.open_connection(place.hostname, place.port)
        quick[1].write(HEAD)
        assert (await quick[0].readline()).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
        silent = await asyncio.open_connection(place.hostname, place.port)
        dawdler = await asyncio.open_connection(place.hostname, place.port)
        dawdler[1].write(HEAD[:20])
        assert await silent[0].read() == b""
        assert await dawdler[0].read() == b""
        quick[1].write(HEAD[:10])
        await quick[0].read()
        for _, writer in (quick, silent, dawdler):
            writer.close()
