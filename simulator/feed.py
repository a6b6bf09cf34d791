"""What a page hears while it is open: chats that changed, calls, the clock, the weather, who is there.

An event says what changed, not how; the page asks for it then. Changes of one chat within a moment are one event.
Events are numbered, so a page whose connection broke gets what it missed, or is told to look at everything anew.
"""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from simulator.state import Json

_KEPT = 1_000
_MOMENT = 0.03  # seconds in which changes are gathered
_LOOK = 0.2  # seconds between two looks at what tells nobody when it changes
Look = Callable[[], tuple[dict[str, Any], frozenset[tuple[int, int]]]]


class Event(NamedTuple):
    n: int
    kind: str
    data: Json


class Feed:
    """Gathers changes as long as somebody listens, and a while longer."""

    def __init__(self, look: Look) -> None:
        self.run = secrets.token_hex(4)
        self.closed = False
        self._look = look
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._count = 0
        self._chats: set[int] = set()
        self._called = False
        self._flushing: asyncio.TimerHandle | None = None
        self._listeners: set[asyncio.Event] = set()
        self._used = False
        self._watching: asyncio.Task[None] | None = None

    @property
    def count(self) -> int:
        return self._count

    def chat_changed(self, chat_id: int) -> None:
        if self._used:
            self._chats.add(chat_id)
            self._soon()

    def call_added(self) -> None:
        if self._used:
            self._called = True
            self._soon()

    def publish(self, kind: str, data: Json) -> None:
        self._count += 1
        self._events.append(Event(self._count, kind, data))
        for listener in self._listeners:
            listener.set()

    def after(self, n: int) -> list[Event] | None:
        """Return the events numbered above `n`, or None when some of them are forgotten."""
        if n > self._count or (self._events and n + 1 < self._events[0].n):
            return None
        return [event for event in self._events if event.n > n]

    def listen(self) -> asyncio.Event:
        """Return a flag that is set whenever there is news; give it back with `leave`."""
        listener = asyncio.Event()
        self._listeners.add(listener)
        self._used = True
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return listener

    def leave(self, listener: asyncio.Event) -> None:
        self._listeners.discard(listener)
        if not self._listeners and self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def state(self) -> dict[str, Any]:
        """Return everything small, for a page that begins to listen."""
        return self._look()[0]

    async def close(self) -> None:
        """Let every listener go."""
        self.closed = True
        watching, self._watching = self._watching, None
        for listener in self._listeners:
            listener.set()
        if self._flushing is not None:
            self._flushing.cancel()
        if watching is not None:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    def _soon(self) -> None:
        if self._flushing is None and not self.closed:
            self._flushing = asyncio.get_running_loop().call_later(_MOMENT, self._flush)

    def _flush(self) -> None:
        self._flushing = None
        chats, self._chats = self._chats, set()
        called, self._called = self._called, False
        for chat_id in sorted(chats):
            self.publish("chat", {"id": chat_id})
        if called:
            self.publish("calls", {})

    async def _watch(self) -> None:
        before, unseen = self._look()
        while True:
            await asyncio.sleep(_LOOK)
            now, still_unseen = self._look()
            for kind, value in now.items():
                if _mark(value) != _mark(before[kind]):
                    self.publish(kind, value)
            for chat_id in {chat_id for chat_id, _ in unseen ^ still_unseen}:
                self.chat_changed(chat_id)
            before, unseen = now, still_unseen


def _mark(value: Any) -> str:
    """Return what tells two states apart: all but the time, which always moves."""
    kept = {name: part for name, part in value.items() if name != "now"} if isinstance(value, dict) else value
    return json.dumps(kept, sort_keys=True, default=str)
