"""Whom a request is from, where a content network stands before the load balancer: what the load
balancer calls its client is then only the network's nearest machine.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class ViewerAddress:
    """Puts the address that `header` tells (ADDRESS:PORT) in place of X-Forwarded-For. It stands
    before uvicorn's own middleware, which believes that header only from FORWARDED_ALLOW_IPS.
    """

    def __init__(self, app: ASGIApp, header: str) -> None:
        self._app = app
        self._header = header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            # An IPv6 address comes without brackets, so the port is what follows the last colon.
            viewer, _, _ = Headers(scope=scope).get(self._header, "").rpartition(":")
            if viewer:
                others = [one for one in scope["headers"] if one[0] != b"x-forwarded-for"]
                told = (b"x-forwarded-for", viewer.encode("latin-1"))
                scope = {**scope, "headers": [*others, told]}
        await self._app(scope, receive, send)
