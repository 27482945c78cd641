"""As much of the Kubernetes API as the back end uses, and a ReplicaSet behind it: pods of one
namespace, listed in pages, patched, and ended in the order in which Kubernetes ends them.
"""

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse

from tests.support.fake_pod import serving

NAMESPACE = "shiftdesk"
TOKEN = "a-service-accounts-token"
COST = "controller.kubernetes.io/pod-deletion-cost"
LABELS = {"app.kubernetes.io/name": "ai-pod"}


@dataclass
class KubeApi:
    """`conflicts` is how many of the next patches meet another one; `calls` is what was asked."""

    pods: dict[str, dict[str, Any]] = field(default_factory=dict)
    conflicts: int = 0
    calls: list[str] = field(default_factory=list)
    url: str = ""
    _versions: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def add(self, name: str, **labels: str) -> None:
        metadata = {"name": name, "namespace": NAMESPACE, "labels": LABELS | labels}
        self.pods[name] = {"kind": "Pod", "metadata": metadata, "spec": {"containers": []}}
        self._touch(name)

    def cost(self, name: str) -> int:
        annotations = self.pods[name]["metadata"].get("annotations") or {}
        return int(annotations.get(COST, "0"))

    def scale(self, replicas: int, add: Callable[[], str]) -> list[str]:
        """What the ReplicaSet does with the number; the pods that it ends: the lowest deletion cost
        first, of equals the youngest.
        """
        while len(self.pods) < replicas:
            self.add(add())
        youngest_first = reversed(list(self.pods))
        ranked = sorted(youngest_first, key=self.cost)
        ended = ranked[: len(self.pods) - replicas]
        for name in ended:
            del self.pods[name]
        return ended

    def app(self) -> FastAPI:
        app = FastAPI()
        path = f"/api/v1/namespaces/{NAMESPACE}/pods"

        @app.middleware("http")
        async def check_token(request: Request, following: Any) -> Any:
            self.calls.append(f"{request.method} {request.url.path}")
            if request.headers.get("authorization", "").lower() != f"bearer {TOKEN}":
                return _status(401, "Unauthorized")
            return await following(request)

        @app.get(path)
        async def listing(
            labelSelector: str = "",  # Kubernetes' own name
            limit: int = 0,
            following: str = Query("", alias="continue"),
        ) -> JSONResponse:
            return JSONResponse(self._page(labelSelector, limit, following))

        @app.get(path + "/{name}")
        async def get(name: str) -> JSONResponse:
            return JSONResponse(self.pods[name]) if name in self.pods else _status(404, "NotFound")

        @app.patch(path + "/{name}")
        async def patch(name: str, request: Request) -> JSONResponse:
            return self._patch(name, request.headers["content-type"], await request.json())

        return app

    def _page(self, selector: str, limit: int, following: str) -> dict[str, Any]:
        wanted = dict(part.split("=", 1) for part in selector.split(",") if part)
        names = [
            name
            for name, pod in sorted(self.pods.items())
            if wanted.items() <= pod["metadata"]["labels"].items() and name > following
        ]
        page = names[: limit or None]
        more = page[-1] if len(page) < len(names) else ""
        items = [self.pods[name] for name in page]
        return {"kind": "PodList", "metadata": {"continue": more}, "items": items}

    def _patch(self, name: str, kind: str, body: dict[str, Any]) -> JSONResponse:
        if name not in self.pods:
            return _status(404, "NotFound")
        if kind != "application/merge-patch+json":
            return _status(415, "UnsupportedMediaType")
        metadata = self.pods[name]["metadata"]
        version = body["metadata"].get("resourceVersion", metadata["resourceVersion"])
        if self.conflicts or version != metadata["resourceVersion"]:
            self.conflicts = max(0, self.conflicts - 1)
            return _status(409, "Conflict")
        annotations = metadata.setdefault("annotations", {})
        annotations |= body["metadata"].get("annotations", {})
        metadata["annotations"] = {k: v for k, v in annotations.items() if v is not None}
        self._touch(name)
        return JSONResponse(self.pods[name])

    def _touch(self, name: str) -> None:
        self.pods[name]["metadata"]["resourceVersion"] = str(next(self._versions))


def _status(code: int, reason: str) -> JSONResponse:
    body = {"kind": "Status", "status": "Failure", "reason": reason, "code": code}
    return JSONResponse(body, status_code=code)


@contextlib.asynccontextmanager
async def running_kube_api() -> AsyncIterator[KubeApi]:
    """The server, on a free port."""
    api = KubeApi()
    async with serving(api.app()) as api.url:
        yield api
