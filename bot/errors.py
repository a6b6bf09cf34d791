"""The program's own journal: structured lines with ids, from which tokens are always cut out."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from typing import Any

import structlog

# Also in the middle of an address, where letters stand before it and the colon may be escaped.
_TOKEN = re.compile(r"\d{3,}(?::|%3[Aa])[A-Za-z0-9_-]{3,}|(?<=/bot)\d+(?::|%3[Aa])[A-Za-z0-9_-]+")
HIDDEN = "[token]"


def without_tokens(text: str) -> str:
    """Cut out whatever looks like a bot's token, wherever it stands."""
    return _TOKEN.sub(HIDDEN, text)


def _hide_tokens(_logger: Any, _method: str, line: str) -> str:
    return without_tokens(line)


def set_up_journal(level: str = "INFO") -> None:
    """Send every line of ours and of the libraries to standard error, as key=value, without tokens."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False),
        _hide_tokens,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=renderers))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    # At DEBUG python-telegram-bot writes down every message: people's texts stay out.
    for chatty in ("telegram", "httpx", "apscheduler", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def journal(name: str) -> structlog.stdlib.BoundLogger:
    """Return the journal of a module; write ids into it, never texts or names."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def new_failure_id() -> str:
    """Return a short id that the person sees and the journal holds."""
    return secrets.token_hex(3).upper()
