"""The program's own journal: structured lines with ids, from which tokens are always cut out."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

# Also in the middle of an address, where letters stand before it and the colon may be escaped.
_TOKEN = re.compile(r"\d{3,}(?::|%3[Aa])[A-Za-z0-9_-]{3,}|(?<=/bot)\d+(?::|%3[Aa])[A-Za-z0-9_-]+")
HIDDEN = "[token]"


_ids: ContextVar[dict[str, int | str]] = ContextVar("ids")


@contextmanager
def about(**ids: int | str) -> Iterator[None]:
    """Have every line that is written meanwhile say these ids, and those that `also_about` adds."""
    token = _ids.set(ids)
    try:
        yield
    finally:
        _ids.reset(token)


def also_about(**ids: int | str) -> None:
    """Add ids to the lines of what is under way."""
    if (known := _ids.get(None)) is not None:
        known.update(ids)


def _add_ids(_logger: Any, _method: str, line: Any) -> Any:
    for name, value in _ids.get({}).items():
        line.setdefault(name, value)
    return line


def without_tokens(text: str) -> str:
    """Cut out whatever looks like a bot's token, wherever it stands."""
    return _TOKEN.sub(HIDDEN, text)


def _hide_tokens(_logger: Any, _method: str, line: str) -> str:
    return without_tokens(line)


# What an exception says between quotes, and what PostgreSQL adds, may be what somebody wrote.
_QUOTED = re.compile(r"""['"].*['"]""", re.DOTALL)
_ADDED = re.compile(r"^[ |+-]*(?:DETAIL|CONTEXT|QUERY):.*", re.MULTILINE)
_FRAME = re.compile(r"^[ |+-]*File \"", re.MULTILINE)


def traceback_without_texts(exc_info: Any) -> str:
    """Write down an exception with the lines of code that it came through, but without what people wrote."""
    parts = traceback.format_exception(*exc_info)
    safe = (part if _FRAME.match(part) else _ADDED.sub("", _QUOTED.sub("…", part)) for part in parts)
    return "".join(safe).rstrip()


def set_up_journal(level: str = "INFO", form: str = "logfmt") -> None:
    """Send every line of ours and of the libraries to standard error, without tokens.

    `form` is logfmt (key=value) or json.
    """
    shared: list[Any] = [
        _add_ids,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderers: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(traceback_without_texts),
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(
            key_order=["timestamp", "level", "logger", "event"], bool_as_flag=False
        ),
        _hide_tokens,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=renderers))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    # At DEBUG python-telegram-bot writes down every message: people's texts stay out.
    for chatty in ("telegram", "httpx", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
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
