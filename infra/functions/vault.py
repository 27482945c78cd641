"""AWS Secrets Manager, as the rotation and the jobs need it."""

import json
from typing import Any

from infra.functions.rotation import RotationRefused, Value, decoded


class SecretsManager:
    """`client` is boto3's, of the service `secretsmanager`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def stages(self, secret: str) -> dict[str, list[str]]:
        told = self._client.describe_secret(SecretId=secret)
        if not told.get("RotationEnabled"):
            raise RotationRefused(f"{secret} is not set up to be rotated")
        stages: dict[str, list[str]] = told.get("VersionIdsToStages", {})
        return stages

    def read(self, secret: str, stage: str = "AWSCURRENT") -> Value | None:
        try:
            told = self._client.get_secret_value(SecretId=secret, VersionStage=stage)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        # Secrets Manager gives the first rotation's empty version the stage before it has a value.
        return decoded(told["SecretString"]) if told.get("SecretString") else None

    def put_pending(self, secret: str, token: str, value: Value) -> None:
        self._client.put_secret_value(
            SecretId=secret,
            ClientRequestToken=token,
            SecretString=json.dumps(value),
            VersionStages=["AWSPENDING"],
        )

    def promote(self, secret: str, token: str, before: str) -> None:
        moved = {"RemoveFromVersionId": before} if before else {}
        self._client.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, **moved
        )


def secrets_manager() -> SecretsManager:
    """The one of the account that we run in."""
    # In Lambda's image; the tests of this module do without.
    import boto3
    import botocore.config

    patience = botocore.config.Config(connect_timeout=3, read_timeout=10)
    return SecretsManager(boto3.client("secretsmanager", config=patience))
