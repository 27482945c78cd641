"""A new signing secret: made known, then used, then alone. Nobody is signed out."""

from pathlib import Path

import pytest

from ai_pod.contracts import tokens
from backend.models import Role
from backend.settings import Settings
from market import secret as secrets
from tests.support.build_backend import PASSWORD, Backend, running_backend

OLD, NEW = "the-old-secret-of-thirty-two-characters", "the-new-secret-of-thirty-two-characters"


async def _me(backend: Backend, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await backend.client.get("/api/v1/me", headers=headers)).status_code


async def _scaling(backend: Backend, secret: str) -> int:
    token = tokens.issue(secret, issuer="keda", audience="backend")
    headers = {"Authorization": f"Bearer {token}"}
    return (await backend.client.get("/api/v1/scaling?pool=XNYS", headers=headers)).status_code


async def test_both_secrets_hold_while_both_are_in_the_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)
    path = tmp_path / "secret"
    path.write_text(OLD)
    told = settings.model_dump() | {"secret_file": path, "environment": "production"}
    async with running_backend(Settings.model_validate(told)) as backend:
        await backend.user("ann", Role.TRADER)

        async def sign_in() -> str:
            body = {"login": "ann", "password": PASSWORD}
            answer = await backend.client.post("/api/v1/auth/login", json=body)
            return str(answer.json()["access_token"])

        first = await sign_in()
        assert await _scaling(backend, NEW) == 401
        path.write_text(f"{OLD}\n{NEW}")
        assert await _scaling(backend, NEW) == 200
        assert await _me(backend, first) == 200
        path.write_text(f"{NEW}\n{OLD}")
        second = await sign_in()
        assert await _scaling(backend, OLD) == 200
        assert [await _me(backend, token) for token in (first, second)] == [200, 200]
        path.write_text(NEW)
        assert [await _me(backend, token) for token in (first, second)] == [401, 200]
        assert await _scaling(backend, OLD) == 401
        path.write_text("short")
        assert await _me(backend, second) == 200, "what production must not have is not taken"
