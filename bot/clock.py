"""The one clock. A clock file can move it for demonstrations and tests, together with a simulator's."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return now, in UTC, to the millisecond."""


def system_clock() -> datetime:
    """Return the machine's time."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class FileClock:
    """The machine's time plus `offset_seconds` from a JSON file, which may change at any moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def __call__(self) -> datetime:
        try:
            stat = self._path.stat()
            if (stamp := (stat.st_mtime_ns, stat.st_size)) != self._seen:
                self._offset = timedelta(seconds=float(self._read().get("offset_seconds", 0.0)))
                self._seen = stamp
        except (OSError, ValueError):
            pass  # no file yet, or one that is being written: the last known offset holds
        return system_clock() + self._offset

    def tell_next(self, next_reminder: datetime | None) -> None:
        """Write down when the next reminder is due, for whoever moves the clock."""
        try:
            state = self._read()
        except (OSError, ValueError):
            state = {"offset_seconds": self._offset.total_seconds()}
        text = next_reminder.isoformat() if next_reminder else None
        if state.get("next_reminder") != text:
            _replace(self._path, json.dumps({**state, "next_reminder": text}))

    def _read(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        if not isinstance(state, dict) or not isinstance(state.get("offset_seconds", 0), (int, float)):
            raise ValueError("not a clock file")  # noqa: TRY004 - as for what is no JSON at all
        return state


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
