"""Logs: stable event names, no keys, no customers. Configured by programs (cli, service, till), never on import."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Fields whose value is never written, whatever it is.
_SECRET = ("key", "token", "authorization", "password", "secret")
#: Fields that tell of people.
_PERSONAL = ("customer_name", "note", "participants", "your_reference")


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must not be in a log. A structlog processor; a host that configures structlog itself may use it."""
    for name in event:
        if name in _PERSONAL or any(word in name.lower() for word in _SECRET):
            event[name] = "***"
    return event


def configure(*, json: bool = False, verbose: bool = False) -> None:
    """Write logs to stderr: lines for people, or JSON for machines; warnings only unless `verbose`."""
    level = logging.INFO if verbose or json else logging.WARNING
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            *([structlog.processors.format_exc_info] if json else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # writes whole addresses at INFO
