"""The Bot API as a bot sees it, and nothing else: hands out a crowd's updates, takes every call, counts.

It runs as a process of its own (`python -m tests.bench.fake`), prints its port, and is told what to do on /control.
Telegram is not this near: a poll is answered when a hundred updates wait, or 10 ms after the first of them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import count
from time import perf_counter

from tests.bench.crowd import Crowd, Json, Manner
from tests.bench.limits import Limits
from tests.bench.wire import Reply, serve

FILL = 0.01  # seconds that a poll waits for more
QUIET = 0.02  # seconds without a call after which an update's calls are all made
STILL = 0.4  # seconds without any call after which a bot has done everything
BOT = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
ME = {**BOT, "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False}
SENDS = {"sendMessage", "sendPhoto", "sendDocument"}
CARDS = SENDS | {"editMessageText"}


class Telegram:
    """One bot's Telegram."""

    def __init__(self) -> None:
        self.crowd = Crowd([], [], 0, Manner.ANSWERED, 1)
        self.calls: Counter[str] = Counter()
        self.lone: list[float] = []  # seconds from an update's leaving to the last call for it, one at a time
        self.first_at = self.last_at = 0.0
        self.limits: Limits | None = None
        self.quiet = QUIET
        self._shouter = 0  # whom nobody measures
        self._shouting: asyncio.TimerHandle | None = None
        self._message_ids = count(1)
        self._poll: tuple[Reply, int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._filling: asyncio.TimerHandle | None = None
        self._quiet: asyncio.TimerHandle | None = None
        self._controls: dict[str, Callable[[Json], Json]] = {
            "begin": self.begin,
            "status": self.status,
            "limit": self.limit,
            "shout": self.shout,
        }

    def answer(self, path: str, parameters: Json, reply: Reply) -> None:
        """Answer one request."""
        whose, _, method = path.lstrip("/").partition("/")
        if method == "gone":
            self._poll = None if self._poll is not None and self._poll[0] == reply else self._poll
        elif whose == "control":
            reply(self._controls[method](parameters))
        elif method == "getUpdates":
            self.poll(reply, int(parameters.get("limit", 100)), float(parameters.get("timeout", 0)))
        else:
            reply(self.call(method, parameters))

    # --- what the bot does --------------------------------------------------------------------------------------

    def call(self, method: str, parameters: Json) -> Json:
        """Take a call and answer it."""
        if method == "getMe":
            return {"ok": True, "result": ME}
        chat = int(parameters.get("chat_id") or str(parameters.get("callback_query_id", "0")).partition("-")[0])
        if method in SENDS and self.limits is not None and (seconds := self.limits.refuse(chat)):
            return {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {seconds}",
                "parameters": {"retry_after": seconds},
            }
        self.calls[method] += 1
        if chat != self._shouter:
            self.last_at = perf_counter()
        card = self._card(chat, parameters) if method in CARDS or method.startswith("edit") else None
        if card is not None and method in CARDS:
            self.crowd.hear(card)
            self._look()
        if self.crowd.speaking is not None and self.crowd.speaking.id == chat:
            self._wait_for_quiet()
        return {"ok": True, "result": card or True}

    def _card(self, chat: int, parameters: Json) -> Json:
        message_id = int(parameters.get("message_id") or next(self._message_ids))
        card = {"message_id": message_id, "date": 1_764_000_000, "from": BOT, "chat": {"id": chat, "type": "private"}}
        markup = {"reply_markup": parameters["reply_markup"]} if "reply_markup" in parameters else {}
        return {**card, "text": parameters.get("text", ""), **markup}

    def _wait_for_quiet(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
        self._quiet = asyncio.get_running_loop().call_later(self.quiet, self._next_alone, self.last_at)

    def _next_alone(self, last_at: float) -> None:
        speaking = self.crowd.speaking
        if speaking is not None and not speaking.update_id:  # answered
            self.lone.append(last_at - speaking.asked_at)
            self.crowd.let_next_speak()
            self._look()

    # --- what it fetches ----------------------------------------------------------------------------------------

    def poll(self, reply: Reply, limit: int, seconds: float) -> None:
        """Answer now, when there is something, or in the end with nothing."""
        self._hand_out([])
        self._poll = (reply, limit)
        self._timer = asyncio.get_running_loop().call_later(seconds, self._hand_out, [])
        self._look()

    def _look(self) -> None:
        ready = self.crowd.ready
        if self._poll is None or not ready:
            return
        if len(ready) >= self._poll[1] or self.crowd.manner is Manner.ALONE:
            self._fetch()
        elif self._filling is None:
            self._filling = asyncio.get_running_loop().call_later(FILL, self._fetch)

    def _fetch(self) -> None:
        if self._poll is not None:
            ready = self.crowd.ready
            self._hand_out([ready.popleft() for _ in range(min(len(ready), self._poll[1]))])

    def _hand_out(self, updates: list[Json]) -> None:
        if self._filling is not None:
            self._filling.cancel()
            self._filling = None
        if self._poll is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        reply, self._poll = self._poll[0], None
        reply({"ok": True, "result": updates})
        self.crowd.handed_out(updates)
        if updates and not self.first_at:
            self.first_at = perf_counter()

    # --- what the bench asks for --------------------------------------------------------------------------------

    def begin(self, wanted: Json) -> Json:
        """Let a new crowd begin, and count anew."""
        self.crowd = Crowd(
            wanted["people"], wanted["script"], wanted["times"], Manner(wanted["manner"]), self.crowd.last_id
        )
        self.calls.clear()
        self.lone.clear()
        self.first_at = self.last_at = 0.0
        self.quiet = wanted.get("quiet", QUIET)
        self.crowd.begin()
        self._look()
        return {}

    def limit(self, wanted: Json) -> Json:
        """Enforce Telegram's limits from now on, or no longer."""
        self.limits = Limits() if wanted["on"] else None
        return {}

    def shout(self, wanted: Json) -> Json:
        """Let one person say something so many times a second from now on; 0 for no longer."""
        if self._shouting is not None:
            self._shouting.cancel()
            self._shouting = None
        if wanted["per_second"]:
            self._shouter = wanted["person"]
            self._shout(wanted["person"], wanted["text"], 1 / wanted["per_second"])
        return {}

    def _shout(self, person: int, text: str, every: float) -> None:
        self.crowd.shout(person, text)
        self._look()
        self._shouting = asyncio.get_running_loop().call_later(every, self._shout, person, text, every)

    def status(self, _nothing: Json) -> Json:
        """Say how far it is."""
        crowd, since = self.crowd, perf_counter() - self.last_at
        return {
            "polling": self._poll is not None,
            "done": crowd.done and crowd.speaking is None and since > STILL,
            "updates": crowd.answered,
            "seconds": self.last_at - self.first_at,
            "now": perf_counter(),
            "calls": dict(self.calls),
            "floods": self.limits.refused if self.limits is not None else 0,
            "waits": crowd.waits if crowd.done else [],
            "lone": self.lone,
            "stuck": crowd.stuck,
        }


async def main() -> None:
    """Serve until ended."""
    server, port = await serve(Telegram().answer)
    print(port, flush=True)  # noqa: T201 - how whoever started it knows
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
