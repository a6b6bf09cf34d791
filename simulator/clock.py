"""The simulated time: real time moved by an offset that a JSON file holds, or any clock a test hands in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
