"""How fast messages may go: Telegram's 30 a second overall and one a second in a chat, replies first."""

from __future__ import annotations

import asyncio
import time

FORGET_CHATS_ABOVE = 10_000
BRAKE = 1.0  # seconds
DEBT = 2.0  # seconds that replies may take from the outbox in advance; a flood of them is braked by Telegram itself


class Pace:
    """Counts what is sent on the monotonic clock. Replies only spend; the outbox waits until there is room."""

    def __init__(self, per_second: float, chat_per_second: float) -> None:
        self._every = 1 / per_second
        self._chat_every = 1 / chat_per_second
        self._next = 0.0
        self._chats: dict[int, float] = {}

    def spend(self, messages: int = 1) -> None:
        """Count messages that are sent at once."""
        now = time.monotonic()
        more = self._every * messages
        self._next = min(max(self._next, now) + more, now + max(DEBT, more))

    async def turn(self) -> None:
        """Wait for room for one message and take it."""
        wait = self._next - time.monotonic()
        self.spend()
        if wait > 0:
            await asyncio.sleep(wait)

    def chat_is_cooling(self, chat: int) -> bool:
        """Whether the chat had a message within its time."""
        return self._chats.get(chat, 0.0) > time.monotonic()

    def cooling_chats(self) -> list[int]:
        """List the chats that must wait."""
        now = time.monotonic()
        if len(self._chats) > FORGET_CHATS_ABOVE:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return [chat for chat, until in self._chats.items() if until > now]

    def chat_spent(self, chat: int, messages: int = 1) -> None:
        """Let a chat wait, a second for each message that it got."""
        self._chats[chat] = time.monotonic() + self._chat_every * messages

    def flooded(self, chat: int, seconds: float) -> None:
        """Let a chat wait for as long as a flood limit says, and everyone a moment: it may be about all of them."""
        self._chats[chat] = time.monotonic() + seconds
        self._next = max(self._next, time.monotonic() + min(seconds, BRAKE))

    def soonest_chat(self) -> float:
        """Return the seconds until a cooling chat is free; 1 where there is none."""
        now = time.monotonic()
        return min((until - now for until in self._chats.values() if until > now), default=1.0)
