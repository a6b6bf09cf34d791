"""The updates that wait for a bot: kept until a higher offset confirms them, or a webhook accepts them."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from simulator.errors import ApiError, conflict

Json = dict[str, Any]
TYPES = frozenset({
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost",
})  # fmt: skip
# Not sent unless asked for: core.telegram.org/bots/api#getupdates
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error: str = ""


@dataclass(slots=True)
class _Waiting:
    update: Json
    handed_out: bool = False


@dataclass(slots=True)
class _Poller:
    refused: ApiError | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Queue:
    """One bot's updates in order of their ids, with the one poller or webhook that fetches them."""

    def __init__(self, first_id: int) -> None:
        self.allowed: list[str] = []
        self.webhook: Webhook | None = None
        self.arrived = asyncio.Event()  # for the webhook
        self._next_id = first_id
        self._waiting: dict[int, _Waiting] = {}
        self._undelivered = 0
        self._poller: _Poller | None = None

    @property
    def pending(self) -> int:
        return len(self._waiting)

    @property
    def undelivered(self) -> int:
        return self._undelivered

    @property
    def polling(self) -> bool:
        return self._poller is not None

    def put(self, kind: str, payload: Json) -> int | None:
        """Return the id of the new update, or None when the bot asked for no updates of this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        return self.put_raw({kind: payload}) if wanted else None

    def put_raw(self, fields: Json) -> int:
        """Queue any update as it is; one without an id gets the next."""
        update_id = fields.get("update_id")
        if not isinstance(update_id, int):
            update_id = self._next_id
        self._next_id = max(self._next_id, update_id + 1)
        if update_id not in self._waiting:
            self._undelivered += 1
        self._waiting[update_id] = _Waiting({"update_id": update_id, **fields})
        if len(self._waiting) > 1 and update_id + 1 != self._next_id:
            self._waiting = dict(sorted(self._waiting.items()))
        self.arrived.set()
        if self._poller is not None:
            self._poller.wake.set()
        return update_id

    def remember_allowed(self, kinds: Any) -> None:
        """Keep the list for later calls; names that Telegram does not know are ignored, as there."""
        if isinstance(kinds, str):
            try:
                kinds = json.loads(kinds)
            except ValueError:
                return
        if isinstance(kinds, list):
            self.allowed = [kind for kind in kinds if kind in TYPES]

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - Telegram's name
        """Return what getUpdates answers; waits up to `timeout` seconds for a first update."""
        self.refuse_poller("terminated by other getUpdates request; make sure that only one bot instance is running")
        if offset < 0:
            self._confirm(self._ids_but_last(-offset))
        elif offset > 0:
            self._confirm(self._ids_below(offset))
        if not self._waiting and timeout > 0:
            await self._wait(timeout)
        return self._hand_out(limit)

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = _Poller()
        try:
            async with asyncio.timeout(seconds):
                await poller.wake.wait()
        except TimeoutError:
            pass
        finally:
            if self._poller is poller:
                self._poller = None
        if poller.refused is not None:
            raise poller.refused

    def refuse_poller(self, reason: str) -> None:
        """End a poll that is under way, with 409."""
        if self._poller is not None:
            self._poller.refused = conflict(reason)
            self._poller.wake.set()
            self._poller = None

    def release_poller(self) -> None:
        """Let a poll that is under way answer at once with what there is."""
        if self._poller is not None:
            self._poller.wake.set()

    def _hand_out(self, limit: int) -> list[Json]:
        batch = []
        for waiting in self._waiting.values():
            self._mark(waiting)
            batch.append(waiting.update)
            if len(batch) >= limit:
                break
        return batch

    def _mark(self, waiting: _Waiting) -> None:
        if not waiting.handed_out:
            waiting.handed_out = True
            self._undelivered -= 1

    def ids(self) -> list[int]:
        return list(self._waiting)

    def unseen_messages(self) -> frozenset[tuple[int, int]]:
        """Return chat and number of each message that was never handed out yet."""
        bodies = (one.update.get("message") for one in self._waiting.values() if not one.handed_out)
        return frozenset((body["chat"]["id"], body["message_id"]) for body in filter(_is_message, bodies))

    def hand_out_one(self, update_id: int) -> Json | None:
        """One update for the webhook, still kept until it is confirmed."""
        waiting = self._waiting.get(update_id)
        if waiting is None:
            return None
        self._mark(waiting)
        return waiting.update

    def confirm_one(self, update_id: int) -> None:
        self._confirm([update_id])

    def clear(self) -> None:
        self._confirm(self.ids())

    def _confirm(self, ids: list[int]) -> None:
        for update_id in ids:
            waiting = self._waiting.pop(update_id, None)
            if waiting is not None and not waiting.handed_out:
                self._undelivered -= 1

    def _ids_below(self, offset: int) -> list[int]:
        return list(_while_below(self._waiting, offset))

    def _ids_but_last(self, kept: int) -> list[int]:
        ids = self.ids()
        return ids[: max(0, len(ids) - kept)]


def _is_message(body: Any) -> TypeGuard[Json]:
    """Say whether this is a message at all: injected updates may be anything."""
    return (
        isinstance(body, dict) and "message_id" in body and isinstance(body.get("chat"), dict) and "id" in body["chat"]
    )


def _while_below(ids: dict[int, _Waiting], offset: int) -> Iterator[int]:
    for update_id in ids:
        if update_id >= offset:
            return
        yield update_id
