"""Whether a bot is there: it polls now or did so a moment ago, or it has a webhook."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from simulator.state import Bot

_GRACE = 0.8  # seconds between two polls of a bot that is well


@dataclass(slots=True)
class Presence:
    _polls: dict[int, int] = field(default_factory=dict)
    _last: dict[int, float] = field(default_factory=dict)

    @contextmanager
    def poll(self, bot_id: int) -> Iterator[None]:
        """Count a poll as long as its connection lives."""
        self._polls[bot_id] = self._polls.get(bot_id, 0) + 1
        try:
            yield
        finally:
            self._polls[bot_id] -= 1

    def answered(self, bot_id: int) -> None:
        """Note that a poll got an answer it could use."""
        self._last[bot_id] = time.monotonic()

    def online(self, bot: Bot) -> bool:
        lately = time.monotonic() - self._last.get(bot.id, float("-inf")) < _GRACE
        return bot.queue.webhook is not None or self._polls.get(bot.id, 0) > 0 or lately
