"""The tests' own tools, for benches: they judge the product from outside and are no part of it."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from shiftdesk.errors import UsageProblem

ROOT = Path(__file__).parents[1]


def tool(name: str) -> ModuleType:
    """The module `tests.support.{name}` of the checkout. Raises UsageProblem outside of one."""
    if not (ROOT / "tests" / "support").is_dir():
        raise UsageProblem("this benchmark needs the project's checkout", "clone it, `make bench`")
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    return importlib.import_module(f"tests.support.{name}")
