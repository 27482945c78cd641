"""Structured logs: how every process of Shiftdesk writes them."""

import logging
import sys

import structlog


def configure_logging(service: str) -> None:
    """JSON lines on stderr, with the service's name; the standard library's loggers join in."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(
        level=logging.WARNING, format=f"%(levelname)s {service} %(name)s: %(message)s"
    )
