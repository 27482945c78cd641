"""The API's description as JSON on stdout: `python -m backend.openapi`."""

import json
import sys

from backend.app import create_app
from backend.settings import Settings


def openapi() -> str:
    """The same for every setting, and stable in its order."""
    app = create_app(Settings(environment="local", web=None))
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi())
