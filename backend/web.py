"""The built web client, served beside the API where no other server does: any path that is no file
is the page.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PROBES = ("startupz", "livez", "healthz", "readyz", "metrics")
_NOT_THE_PAGE = ("api/", "v1/", "mcp", "docs", "openapi.json", *_PROBES)


class WebClient(StaticFiles):
    """Files of the folder; else `index.html`, which reads the path itself."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or path.startswith(_NOT_THE_PAGE) or _names_a_file(path):
                raise
            response = await super().get_response("index.html", scope)
        lasting = path.startswith("assets/")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if lasting else "no-cache"
        )
        return response


def _names_a_file(path: str) -> bool:
    """Of the build: in its folder, or at the top. Deeper paths are pages, whose ids have dots."""
    return path.startswith("assets/") or ("." in path and "/" not in path)


def add_web_client(app: FastAPI, folder: Path) -> None:
    """Serve `folder` at `/`, after every other route. Raises RuntimeError when it is not built."""
    app.mount("/", WebClient(directory=folder, html=True, check_dir=True), name="web")
