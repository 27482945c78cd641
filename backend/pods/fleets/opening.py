"""The fleet that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.pods.fleets.local import LocalFleet
from backend.pods.fleets.port import Fleet
from backend.settings import Settings


@asynccontextmanager
async def open_fleet(settings: Settings) -> AsyncIterator[Fleet]:
    """Raises FleetAway where there is no way into the cluster."""
    if settings.fleet == "local":
        yield LocalFleet()
        return
    # Its client takes seconds to import and 75 MB on the disk: only who needs it has it.
    from backend.pods.fleets.kubernetes import KubernetesFleet

    fleet = await KubernetesFleet.open(settings.fleet_namespace, settings.fleet_selector)
    try:
        yield fleet
    finally:
        await fleet.close()
