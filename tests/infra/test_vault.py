"""Secrets Manager's versions and stages, as an imitation of AWS keeps them: `-m slow`."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest

from infra.functions.rotation import Rotation, RotationRefused
from infra.functions.vault import SecretsManager
from tests.support.moto import ENVIRONMENT, moto_server

pytestmark = pytest.mark.slow

SECRET = "shiftdesk/test/service"
TOKEN = "a" * 32
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:rotation"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManager]:
    """With one secret that has a first value."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with moto_server(tmp_path / "moto.log") as url:
        client = botocore.session.get_session().create_client("secretsmanager", endpoint_url=url)
        first = json.dumps({"secret": "only", "scaling_token": "kept"})
        client.create_secret(Name=SECRET, SecretString=first)
        yield SecretsManager(client)
        client.close()


def test_a_secret_that_is_not_set_up_is_not_rotated(vault: SecretsManager) -> None:
    with pytest.raises(RotationRefused, match="not set up"):
        vault.stages(SECRET)


def test_a_secret_without_the_stage_has_no_value(vault: SecretsManager) -> None:
    assert vault.read(SECRET) == {"secret": "only", "scaling_token": "kept"}
    assert vault.read(SECRET, "AWSPENDING") is None
    assert vault.read("shiftdesk/test/none") is None


def test_a_rotation_moves_the_stages(vault: SecretsManager) -> None:
    before = {"secret": "only", "scaling_token": "kept"}
    set_up(vault)
    rotation = Rotation(vault, lambda: "")
    for step in ("createSecret", "setSecret", "testSecret"):
        rotation.step(step, SECRET, TOKEN)
        assert vault.read(SECRET) == before

    rotation.step("finishSecret", SECRET, TOKEN)

    after = vault.read(SECRET)
    assert after is not None
    assert after["secret"].split()[0] == "only"
    assert len(after["secret"].split()) == 2
    assert after["scaling_token"] == "kept"
    assert vault.read(SECRET, "AWSPREVIOUS") == before
    rotation.step("finishSecret", SECRET, TOKEN)
    assert vault.read(SECRET) == after


def set_up(vault: SecretsManager) -> None:
    """The imitation begins a rotation, then does not find the function that is us."""
    client = vault._client
    with contextlib.suppress(client.exceptions.ResourceNotFoundException):
        client.rotate_secret(
            SecretId=SECRET,
            ClientRequestToken=TOKEN,
            RotationLambdaARN=FUNCTION,
            RotationRules={"AutomaticallyAfterDays": 30},
        )
