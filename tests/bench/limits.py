"""Telegram's flood limits, as far as a broadcast meets them: 30 messages a second overall, one a second in a chat."""

from __future__ import annotations

from math import ceil
from time import monotonic

PER_SECOND = 30  # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
CHAT_BURST = 3  # messages that a chat takes at once before one a second counts; the source knows no number


class _Bucket:
    """Fills up with a rate to a size."""

    def __init__(self, rate: float, size: float) -> None:
        self._rate, self._size = rate, size
        self._content, self._at = size, monotonic()

    def lacks(self) -> float:
        """Return the seconds until there is one in it."""
        now = monotonic()
        self._content = min(self._size, self._content + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (1 - self._content) / self._rate)

    def take(self) -> None:
        self._content -= 1


class Limits:
    """Counts what is sent, and what is refused."""

    def __init__(self) -> None:
        self.refused = 0
        self._overall = _Bucket(PER_SECOND, PER_SECOND)
        self._chats: dict[int, _Bucket] = {}

    def refuse(self, chat: int) -> int:
        """Return 0 and count a message, or the whole seconds to wait."""
        bucket = self._chats.setdefault(chat, _Bucket(1, CHAT_BURST))
        if wait := max(self._overall.lacks(), bucket.lacks()):
            self.refused += 1
            return max(1, ceil(wait))
        self._overall.take()
        bucket.take()
        return 0
