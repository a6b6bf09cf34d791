"""The simulated time: real time moved by an offset that a JSON file holds, or any clock a test hands in."""

import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Clock = Callable[[], datetime]


class FileClock:
    """Real UTC time plus ``offset_seconds`` from a file, read again when the file changes.

    A missing, empty or half-written file keeps the last known offset.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._offset = timedelta()
        self._seen: tuple[int, int] | None = None

    def __call__(self) -> datetime:
        if self.path is not None:
            self._refresh(self.path)
        return datetime.now(UTC) + self._offset

    def _refresh(self, path: Path) -> None:
        try:
            facts = path.stat()
            seen = (facts.st_mtime_ns, facts.st_size)
            if seen == self._seen:
                return
            offset = timedelta(seconds=float(json.loads(path.read_text())["offset_seconds"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return
        self._offset = offset
        self._seen = seen

    def state(self) -> dict[str, Any]:
        """Return what the file says; a bot that shares it writes down its next reminder there."""
        try:
            state = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (OSError, ValueError):
            state = {}
        return state if isinstance(state, dict) else {}

    def move(self, seconds: float) -> None:
        """Add to the offset in the file and leave the rest of it as it is."""
        if self.path is None:
            raise ValueError("there is no clock file")
        self()
        self.keep(self._offset + timedelta(seconds=seconds))

    def keep(self, offset: timedelta) -> None:
        """Write this offset unless the file has it or a later one."""
        self()
        if self.path is None or self._offset >= offset:
            return
        state = {"next_reminder": None, **self.state(), "offset_seconds": offset.total_seconds()}
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(state, file)
        Path(name).replace(self.path)
        self()

    @property
    def offset(self) -> timedelta:
        return self._offset
