"""Gives memory that was freed back to the system: the C library keeps what lies between what is
still used, which after loading a model is as much as the model.
"""

import contextlib
import ctypes
import gc


def trim() -> None:
    """Costs milliseconds. Elsewhere than on glibc it only collects garbage."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
