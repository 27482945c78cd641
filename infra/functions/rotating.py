"""What Secrets Manager calls by way of Lambda: one step of a rotation. Nothing of price history is
imported here, so a small function holds it.
"""

import logging
from typing import Any

from infra.functions.rotation import Rotation, RotationRefused
from infra.functions.settings import JobSettings
from infra.functions.vault import SecretsManager, secrets_manager

logger = logging.getLogger(__name__)


def rotate(event: dict[str, Any], _context: object = None) -> None:
    """One of the four steps that Secrets Manager asks for. Raises RotationRefused."""
    settings, vault = JobSettings(), secrets_manager()
    rotation = Rotation(vault, lambda: _owner_url(vault, settings.admin_secret))
    rotation.step(event["Step"], event["SecretId"], event["ClientRequestToken"])
    logger.info("rotated %s %s", event["Step"], event["SecretId"])


def _owner_url(vault: SecretsManager, secret: str) -> str:
    value = vault.read(secret)
    if value is None or "url" not in value:
        raise RotationRefused(f"{secret} does not tell the owner's url")
    return value["url"]
