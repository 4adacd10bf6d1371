"""Logs: stable event names, no keys, no customers.

Everything goes through the standard library's logger "posplugin", so a host decides where it ends up; without a
handler only warnings show, on stderr. Programs (commands, service) call `configure`; nothing does on import.
"""

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
    """Mask what must not be in a log, whoever configures the rest."""
    for name in event:
        if name in _PERSONAL or any(word in name.lower() for word in _SECRET):
            event[name] = "***"
    return event


class Unspoken(Exception):
    """An error in a log, by its kind: where it came from is told; what it says is not, since that may name people."""


def unspeak(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the trace of an error that nobody expected, and let its words go."""
    if event.get("exc_info"):
        told = event["exc_info"]
        error = told if isinstance(told, BaseException) else sys.exc_info()[1]
        event["exc_info"] = None if error is None else (Unspoken, Unspoken(kind_of(error)), error.__traceback__)
    return event


def kind_of(error: BaseException) -> str:
    """Return what a log may say of an error: its kind, and reason and status where it has them."""
    more = (getattr(error, name, None) for name in ("reason", "status"))
    return " ".join([type(error).__name__, *(str(each) for each in more if each is not None)])


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a part of posplugin, such as "sender"; usable at module level."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(f"posplugin.{name}"),
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[structlog.stdlib.filter_by_level, redact, unspeak, structlog.stdlib.render_to_log_kwargs],
        cache_logger_on_first_use=False,
    )
    return logger


def configure(*, json: bool = False, verbose: bool = False) -> None:
    """Write posplugin's logs to stderr: lines for people, or JSON for machines; warnings only unless `verbose`."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    machine = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(machine if json else [plain]),
            ],
        )
    )
    for name in ("posplugin", "apscheduler"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "posplugin" and (verbose or json) else logging.WARNING)
