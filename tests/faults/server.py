"""A PostgreSQL server of a test's own, which it stops, kills and starts again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tests.databases import start_server

PATIENCE = 30  # seconds for a server to go


class Server:
    """Started, until it is stopped or killed, and started again."""

    def __init__(self) -> None:
        self.url, self._handle = start_server()

    def stop(self) -> None:
        """Stop it as an administrator does."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop it in the middle of whatever it does, so that it has to recover when it starts."""
        self._end(signal.SIGQUIT)

    def start(self) -> None:
        self._handle.ensure_postgres_running()

    def close(self) -> None:
        self._handle.cleanup()

    def _end(self, number: signal.Signals) -> None:
        os.kill(self._handle.get_pid(), number)
        deadline = time.monotonic() + PATIENCE
        while (Path(self._handle.pgdata) / "postmaster.pid").exists():
            assert time.monotonic() < deadline, "the server does not go"
            time.sleep(0.02)
