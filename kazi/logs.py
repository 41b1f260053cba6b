"""Logging of a process: one line an event, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{8,}|kazi_[A-Za-z0-9_-]{16,}")
_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out bot tokens, API tokens and passwords in addresses, wherever they come from."""
    return {name: _blotted(value) for name, value in event.items()}


def _blotted(value: Any) -> Any:
    if isinstance(value, str):
        return _PASSWORD.sub(r"\1…@", _TOKEN.sub("…", value))
    return value if isinstance(value, int | float | bool | type(None)) else _blotted(str(value))


def set_up(*, as_json: bool) -> None:
    """Log to standard error, from structlog and from libraries alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
    ]
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.plain_traceback
    )  # fmt: skip
    finish: list[Any] = [structlog.processors.format_exc_info, without_secrets, last]
    structlog.configure(
        processors=[*shared, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
