"""Personal data and keys are found by form and checksum; what only resembles them stays."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.redaction import redacted

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI\n-----END EC PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ann.lee+desk@mail.example.org, please", "Write to [email], please"),
        ("Call +49 30 901820 or +1 (212) 555-0142.", "Call [phone] or [phone]."),
        (
            "Call (212) 555-0142 or 212-555-0142 or 030 1234 5678",
            "Call [phone] or [phone] or [phone]",
        ),
        ("IBAN DE89 3704 0044 0532 0130 00 today", "IBAN [account] today"),
        ("GB82WEST12345698765432", "[account]"),
        ("card 4111 1111 1111 1111, 5500-0000-0000-0004", "card [card], [card]"),
        ("amex 378282246310005", "amex [card]"),
        ("key sk-proj-abcdefghij0123456789XYZ", "key [key]"),
        ("a desk's own: sdk_abcdefghijklmnopqrstuvwxyz", "a desk's own: [key]"),
        ("AKIAIOSFODNN7EXAMPLE and ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[key] and [key]"),
        (f"Authorization: Bearer {JWT}", "Authorization: Bearer [key]"),
        (f"got {JWT}", "got [key]"),
        ("authorization: Basic YW5uOmIK", "authorization: Basic [key]"),
        (
            "with bearer 0a1b2c3d4e5f6a7b8c9d, and Basic YW5uOmh1bnRlcjI=",
            "with bearer [key], and Basic [key]",
        ),
        ("password: hunter2hunter, token=abcdef123456", "password: [key], token=[key]"),
        ('{"api_key": "abcdef123456", "n": 1}', '{"api_key": "[key]", "n": 1}'),
        ("redis://user:s3cretword@redis:6379/0", "redis://[key]@redis:6379/0"),
        (f"a {PEM} b", "a [key] b"),
        ("zQ3rT7yU9iO1pA5sD8fG2hJ4kL6zX0cV3bN7mQ1w", "[key]"),
    ],
)
def test_what_is_personal_or_secret_is_replaced(text: str, left: str) -> None:
    assert redacted(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "42,815.37 USD at 2012-10-16 15:00 UTC, 1,250 bps, 100000000000000",
        "card 4111 1111 1111 1112 has a wrong digit",
        "DE88 3704 0044 0532 0130 00 is no account",
        "stream 1700000000000-0 at 1700000000000000000",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736, sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "desk-7 of pod-1, XNYS:IBM, rule:momentum@1, run_01J9Z",
        "http://127.0.0.1:8000/v1 and user@host",
        "Explain the basic strategy of my desk, its basic statistics, and bearer bonds",
        "2026-11-22T04:15:00.123456Z +12.345 and (0.17) 0.25/0.5",
    ],
)
def test_what_only_resembles_it_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.lists(st.integers(0, 9), min_size=15, max_size=15))
def test_a_card_is_known_by_its_checksum(digits: list[int]) -> None:
    """Of the ten numbers that differ in the last digit, one is a card's."""
    start = "4" + "".join(map(str, digits))[:14]
    assert [redacted(f"{start}{last}") for last in range(10)].count("[card]") == 1


@given(st.text())
def test_a_second_time_nothing_is_left_to_find(text: str) -> None:
    once = redacted(text)
    assert redacted(once) == once


WORK = """
import logging, structlog
from market.logs import configure_logging
configure_logging("backend")
structlog.get_logger().info("signed in", who="ann@example.org", token="abcdef123456")
try:
    raise ValueError("no such person: ann@example.org")
except ValueError:
    structlog.get_logger().exception("failed")
logging.getLogger("uvicorn").warning("from %s", "ann@example.org")
structlog.get_logger().info(
    "Hello\\nann@example.org", who="müller@example.org", count=4111111111111111,
    said=["line\\n+49 30 901820\\npassword=hunter2hunter", {"token": "abcdef123456"}],
)
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_logs_hold_none_of_it_tracebacks_included(form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        env={"SHIFTDESK_LOG_FORMAT": form},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "ann@" not in done.stderr
    assert done.stderr.count("[email]") >= 3
    if form == "json":
        first, *_, last = map(json.loads, done.stderr.splitlines())
        assert (first["who"], first["token"]) == ("[email]", "[key]")
        assert (last["event"], last["who"]) == ("Hello\n[email]", "[email]")
        assert last["count"] == 4111111111111111
        assert last["said"] == ["line\n[phone]\npassword=[key]", {"token": "[key]"}]
