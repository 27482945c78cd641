"""The local cluster as a fleet: its scaler ends by name the pods that `GET /scaling` lists as
removable, so there is nothing to tell it.
"""

from backend.pods.fleets.port import FleetPod


class LocalFleet:
    async def pods(self) -> list[FleetPod] | None:
        return None

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        """Its scaler reads it."""
