"""Delivery by webhook: each update is posted to the bot's address, again and again until it says 2xx.

Updates of one chat go one after another, those of different chats side by side, as on Telegram.
"""

import asyncio
import contextlib
import ipaddress
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from simulator.clock import Clock
from simulator.updates import Queue, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header, not a secret
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def acceptable(url: str) -> bool:
    """Say whether the simulator may post there: to this machine only, with or without TLS."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and is_loopback(parts.hostname or "")
    except ValueError:
        return False


class Pusher:
    """Posts one bot's updates while its webhook is set."""

    def __init__(self, queue: Queue, webhook: Webhook, clock: Clock) -> None:
        self._queue = queue
        self._webhook = webhook
        self._clock = clock
        self._lines: dict[int, deque[int]] = {}
        self._taken: set[int] = set()
        self._slots = asyncio.Semaphore(max(1, webhook.max_connections))
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            while True:
                self._queue.arrived.clear()
                for update_id in self._queue.ids():
                    if update_id not in self._taken:
                        self._enlist(update_id, session, tasks)
                await self._queue.arrived.wait()

    def _enlist(self, update_id: int, session: aiohttp.ClientSession, tasks: asyncio.TaskGroup) -> None:
        update = self._queue.hand_out_one(update_id)
        if update is None:
            return
        self._taken.add(update_id)
        chat = _chat_of(update)
        line = self._lines.get(chat)
        if line is not None:
            line.append(update_id)
            return
        self._lines[chat] = deque([update_id])
        tasks.create_task(self._serve_line(chat, session))

    async def _serve_line(self, chat: int, session: aiohttp.ClientSession) -> None:
        line = self._lines[chat]
        while line:
            update_id = line[0]
            pause = _FIRST_PAUSE
            while (update := self._queue.hand_out_one(update_id)) and not await self._post(session, update):
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            self._queue.confirm_one(update_id)
            self._taken.discard(update_id)
            line.popleft()
        del self._lines[chat]

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: self._webhook.secret} if self._webhook.secret else {}
        try:
            async with self._slots, session.post(self._webhook.url, json=update, headers=headers) as answer:
                if answer.ok:
                    return True
                problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            problem = "Connection refused"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"Read error: {type(error).__name__}"
        self._webhook.last_error = problem
        self._webhook.last_error_date = int(self._clock().timestamp())
        return False


class Pushers:
    """Starts and stops the posting as webhooks are set and deleted."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: dict[int, tuple[Webhook, Pusher]] = {}

    async def follow(self, bot_id: int, queue: Queue) -> None:
        webhook, running = queue.webhook, self._running.get(bot_id)
        if running is not None and running[0] is not webhook:
            del self._running[bot_id]
            await running[1].stop()
        if webhook is not None and bot_id not in self._running:
            self._running[bot_id] = (webhook, Pusher(queue, webhook, self._clock))

    async def stop(self) -> None:
        for _, pusher in self._running.values():
            await pusher.stop()
        self._running.clear()


def _chat_of(update: dict[str, Any]) -> int:
    for payload in update.values():
        if isinstance(payload, dict):
            message = payload.get("message", payload)
            chat = message.get("chat") if isinstance(message, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return 0
