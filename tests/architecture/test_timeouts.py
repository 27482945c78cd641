"""Whoever calls out says how long it may take: every client that the code makes is bounded."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("market", "ai_pod", "scheduler", "backend", "shiftdesk", "infra")

BOUNDED_BY: dict[str, set[str]] = {
    "httpx.AsyncClient": {"timeout"},
    "httpx.Client": {"timeout"},
    "httpx.get": {"timeout"},
    "httpx.post": {"timeout"},
    "httpx.request": {"timeout"},
    "requests.get": {"timeout"},
    "urlopen": {"timeout"},
    "websockets.connect": {"open_timeout"},
    "psycopg.connect": {"connect_timeout"},
    "create_engine": {"connect_args"},
    "create_async_engine": {"connect_args", "pool_timeout"},
    "Redis.from_url": {"socket_timeout"},
    "redis.Redis.from_url": {"socket_timeout"},
    "open_redis": {"seconds"},
    "ClientSession": {"timeout"},
    "aiohttp.ClientSession": {"timeout"},
    "ChatOpenAI": {"timeout"},
    "init_chat_model": {"timeout"},
    "boto3.client": {"config"},
    "botocore.config.Config": {"connect_timeout", "read_timeout"},
}
"""A call → the keywords of which it needs every one."""

FOR_PEOPLE = ("shiftdesk/benches", "shiftdesk/loading", "shiftdesk/local", "shiftdesk/verbs")
"""Tools that somebody sits in front of may leave Redis' own default on the loopback."""


def _name(call: ast.Call) -> str:
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def unbounded(source: str) -> list[tuple[int, str, set[str]]]:
    """(line, call, missing keywords) of clients without a bound."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node) in BOUNDED_BY:
            given = {keyword.arg for keyword in node.keywords}
            missing = BOUNDED_BY[_name(node)] - {name for name in given if name}
            if missing:
                found.append((node.lineno, _name(node), missing))
    return found


@pytest.mark.parametrize("floor", [name for name in FLOORS if (ROOT / name).is_dir()])
def test_every_client_is_bounded_in_time(floor: str) -> None:
    wrong = []
    for path in sorted((ROOT / floor).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for line, call, missing in unbounded(path.read_text()):
            on_the_loopback = "redis" in call.lower() and place.startswith(FOR_PEOPLE)
            if not on_the_loopback:
                wrong.append(f"{place}:{line}: {call} needs {', '.join(sorted(missing))}")
    assert not wrong, "\n".join(wrong)


def test_the_walk_finds_what_it_looks_for() -> None:
    source = "import httpx\nasync def f():\n    async with httpx.AsyncClient() as http: ...\n"
    assert unbounded(source) == [(3, "httpx.AsyncClient", {"timeout"})]
    assert not unbounded("httpx.get(url, timeout=1)")
