"""Telegram's flood limits: so many messages a second overall and in one chat, counted in real seconds.

Source: core.telegram.org/bots/faq, "My bot is hitting limits". Telegram publishes no exact numbers for
the burst that one chat may get, so it is a setting. Simulated time has no influence here.
"""

import math
import time
from dataclasses import dataclass

from simulator.errors import too_many_requests


@dataclass(frozen=True)
class Limits:
    """Messages a second overall, and the burst and steady rate of one chat."""

    per_second: float = 30
    per_chat_burst: float = 20
    per_chat_per_second: float = 1.0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Flood:
    """Counts what one bot sends; `spend` raises 429 with the seconds to wait."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall = _Bucket(max(1.0, limits.per_second), time.monotonic())
        self._chats: dict[int, _Bucket] = {}

    def spend(self, chat_id: int, messages: int = 1) -> None:
        now = time.monotonic()
        limits = self.limits
        capacity = max(1.0, limits.per_chat_burst)
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Bucket(capacity, now)
        _refill(self._overall, now, limits.per_second, max(1.0, limits.per_second))
        _refill(chat, now, limits.per_chat_per_second, capacity)
        wait = max(
            _shortage(self._overall, messages, limits.per_second, max(1.0, limits.per_second)),
            _shortage(chat, messages, limits.per_chat_per_second, capacity),
        )
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._overall.tokens -= messages
        chat.tokens -= messages


def _refill(bucket: _Bucket, now: float, rate: float, capacity: float) -> None:
    bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * rate)
    bucket.at = now


def _shortage(bucket: _Bucket, messages: int, rate: float, capacity: float) -> float:
    """Seconds until the bucket allows this many messages; an album larger than the bucket needs it full."""
    missing = min(float(messages), capacity) - bucket.tokens
    return missing / rate if missing > 0 else 0.0
