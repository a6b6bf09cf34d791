"""What every benchmark gets: the fake Telegram, a folder, fresh databases of each kind, and how many rounds to do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

from tests import databases
from tests.bench import filling, ours
from tests.bench.stage import Bot, Fake


@dataclass(frozen=True, slots=True)
class Hall:
    """Where the benchmarks take place."""

    fake: Fake
    folder: Path
    rounds: int
    quick: bool  # only to see that everything works
    kinds: Sequence[str]
    say: Callable[[str], None]
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def database(self, kind: str, contents: filling.Contents) -> str:
        """Return the URL of a new database that holds all this."""
        folder = self.folder / str(next(self._numbers))
        folder.mkdir()
        if kind == "postgresql":
            _serve_safely()
        url = databases.fresh(kind, folder)
        self.say(f"filling a database: {kind}, {contents}")
        asyncio.run(filling.fill(url, contents))
        return url

    def start(self, database_url: str, **settings: str) -> Bot:
        """Start the bot itself."""
        return ours.start(self.fake, database_url, self.folder, **settings)


@cache
def _serve_safely() -> None:
    """Start a PostgreSQL server that keeps what it was given, as a school's does; that of the tests need not."""
    if databases.GIVEN not in os.environ:
        os.environ[databases.GIVEN], _handle = databases.start_server(fsync="on")
        databases.server()  # which remembers it
        del os.environ[databases.GIVEN]  # it is not given, but ends with this process
