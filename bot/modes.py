"""Who may read what the bot keeps: everything it makes is for its owner alone, and what others may read is named."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Basics

PRIVATE = 0o077  # the umask: what a program of ours makes, nobody else may read
_SQLITE = "sqlite:///"
_ENVIRONMENT = Path(".env")


def make_private() -> None:
    """Let every file and folder that this process makes belong to its owner alone, whatever it was started with."""
    os.umask(PRIVATE)


def open_to_others(settings: Basics) -> list[Path]:
    """Return the files and folders with secrets or records in them that others on this machine may read."""
    return [path for path in _kept(settings) if path.exists() and stat.S_IMODE(path.stat().st_mode) & PRIVATE]


def _kept(settings: Basics) -> Iterator[Path]:
    yield _ENVIRONMENT
    if settings.database_url.startswith(_SQLITE):
        database = settings.database_url.removeprefix(_SQLITE)
        yield from (Path(database + suffix) for suffix in ("", "-wal", "-shm"))
    yield settings.files
    if settings.clock_file:
        yield settings.clock_file
