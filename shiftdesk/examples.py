"""What `--help` ends with: lines to copy. A test reads each as the command line would."""


def examples(*lines: str) -> str:
    """An epilog; each line is what follows `shiftdesk`."""
    return "\n".join(("Examples:", *(f"  shiftdesk {line}".rstrip() for line in lines)))
