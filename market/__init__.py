"""The ground floor: words, clock, calendars, price history, feed and simulator. No torch, no web
framework but in its own app.
"""

import sys
from typing import Any

# redis-py imports OpenTelemetry's metrics wherever it finds them, 0.1 s and 3 MB a process, to
# count what nobody asks it for. The packages above this one import it first.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("opentelemetry.sdk.metrics", None)
