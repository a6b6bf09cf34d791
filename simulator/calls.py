"""The record of every Bot API call, for tests to count and read; it never holds a token."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

KEPT = 200_000


class Call(NamedTuple):
    """One finished call; status 0 and no answer when the connection was cut before an answer."""

    n: int
    time: datetime
    method: str
    chat_id: int | None
    parameters: dict[str, Any]
    status: int
    answer: dict[str, Any] | None
    ms: float

    def described(self) -> dict[str, Any]:
        return {**self._asdict(), "time": self.time.isoformat()}


class Calls:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._count = 0
        self.added: Callable[[], None] = lambda: None

    @property
    def count(self) -> int:
        return self._count

    def add(
        self, *, time: datetime, method: str, chat_id: int | None, parameters: dict[str, Any],
        status: int, answer: dict[str, Any] | None, ms: float,
    ) -> None:  # fmt: skip
        self._count += 1
        self._calls.append(Call(self._count, time, method, chat_id, parameters, status, answer, ms))
        self.added()

    def after(self, n: int, method: str | None = None, chat_id: int | None = None) -> list[dict[str, Any]]:
        """Return the calls numbered above `n`, oldest first."""
        first = self._calls[0].n if self._calls else 0
        wanted = method.lower() if method else None
        return [
            call.described()
            for call in islice(self._calls, max(0, n + 1 - first), None)
            if (wanted is None or call.method.lower() == wanted) and (chat_id is None or call.chat_id == chat_id)
        ]

    def clear(self) -> None:
        self._calls.clear()
