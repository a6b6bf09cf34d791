"""The Bot API over HTTP: reads a call in any of Telegram's encodings, runs it, records it, answers it."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.calls import Calls
from simulator.errors import ApiError, bad_request, conflict
from simulator.faults import Fault, Faults
from simulator.files import MAX_UPLOAD
from simulator.methods import METHODS, Ask
from simulator.methods.registry import chat_number
from simulator.params import Params, Upload
from simulator.presence import Presence
from simulator.state import Bot, Json, World
from simulator.webhook import Pushers

_TOKEN = re.compile(r"(\d{1,18}):[^\s/]+")
_MAX_WAIT = 50  # seconds a poll may last
_WEBHOOK_REMARKS = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}
_NO_METHOD = ApiError(404, "Not Found: method not found")
_NOT_FOUND = ApiError(404, "Not Found")
_UNAUTHORIZED = ApiError(401, "Unauthorized")


@dataclass(slots=True)
class Api:
    """The handlers of ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

    world: World
    calls: Calls
    faults: Faults
    pushers: Pushers
    presence: Presence

    async def serve(self, request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        bot = self._bot(request.match_info["token"])
        if bot is None:
            return _respond(_UNAUTHORIZED.code, _UNAUTHORIZED.body())
        name = request.match_info["method"]
        if name.lower() != "getupdates":
            return await self._serve(request, bot, name, started)
        with self.presence.poll(bot.id):
            return await self._serve(request, bot, name, started)

    async def _serve(self, request: web.Request, bot: Bot, name: str, started: float) -> web.StreamResponse:
        try:
            params = await read_params(request)
        except ApiError as refusal:
            return _respond(refusal.code, refusal.body())
        chat_id = chat_number(params.text("chat_id"))
        fault = self.faults.take(name.lower(), chat_id)
        status, answer = await self._outcome(bot, name, params, fault)
        if name.lower() == "getupdates" and status == 200:
            self.presence.answered(bot.id)
        lost = fault is not None and fault.error in {"timeout", "disconnect"}
        self.calls.add(
            time=self.world.clock(), method=name, chat_id=chat_id, parameters=params.described(),
            status=0 if lost else status, answer=None if lost else answer,
            ms=round((time.perf_counter() - started) * 1000, 3),
        )  # fmt: skip
        return await _sent(request, fault, status, answer)

    async def _outcome(self, bot: Bot, name: str, params: Params, fault: Fault | None) -> tuple[int, Json]:
        refusal = fault.refusal() if fault else None
        status, answer = 200, dict[str, Any]()
        if fault is None or fault.execute:
            status, answer = await self._run(bot, name, params)
        if refusal is not None:
            return refusal.code, refusal.body()
        return status, answer

    async def _run(self, bot: Bot, name: str, params: Params) -> tuple[int, Json]:
        try:
            if name.lower() == "getupdates":
                return 200, {"ok": True, "result": await _poll(bot, params)}
            method = METHODS.get(name.lower())
            if method is None:
                raise _NO_METHOD
            answer = {"ok": True, "result": method(Ask(self.world, bot, params))}
            if name.lower() in _WEBHOOK_REMARKS:
                answer["description"] = _WEBHOOK_REMARKS[name.lower()]
                await self.pushers.follow(bot.id, bot.queue)
        except ApiError as refusal:
            return refusal.code, refusal.body()
        return 200, answer

    def _bot(self, token: str) -> Bot | None:
        found = _TOKEN.fullmatch(token)
        return self.world.bot(int(found.group(1))) if found else None

    async def download(self, request: web.Request) -> web.StreamResponse:
        bot = self._bot(request.match_info["token"])
        if bot is None:
            return _respond(_UNAUTHORIZED.code, _UNAUTHORIZED.body())
        stored = bot.files.at(request.match_info["path"])
        if stored is None:
            return await not_found(request)
        return web.Response(body=stored.read(), content_type="application/octet-stream")


async def not_found(_request: web.Request) -> web.StreamResponse:
    return _respond(_NOT_FOUND.code, _NOT_FOUND.body())


async def _poll(bot: Bot, params: Params) -> list[Json]:
    if bot.queue.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    if params.has("allowed_updates"):
        bot.queue.remember_allowed(params.json("allowed_updates", "allowed_updates"))
    limit = params.integer("limit", 100)
    wait = min(_MAX_WAIT, max(0, params.integer("timeout")))
    return await bot.queue.poll(params.integer("offset"), limit if 1 <= limit <= 100 else 100, wait)


async def read_params(request: web.Request) -> Params:
    """Query string and body together; what stands in the query string wins, as on Telegram."""
    params = Params()
    kind = request.content_type
    if request.can_read_body:
        if (request.content_length or 0) > MAX_UPLOAD + 65536:
            raise ApiError(413, "Request Entity Too Large")
        if kind == "application/json":
            params.values.update(_json_body(await request.read()))
        elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            _form(params, await request.post())
    params.values.update(request.query)
    return params


def _json_body(body: bytes) -> Json:
    try:
        data = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON body") from None
    if not isinstance(data, dict):
        return {}
    # A JSON null is the text "null" to Telegram, which then refuses it where it makes no sense.
    return {name: "null" if value is None else value for name, value in data.items()}


def _form(params: Params, form: Mapping[str, Any]) -> None:
    for name, value in form.items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            if len(content) > MAX_UPLOAD:
                raise ApiError(413, "Request Entity Too Large")
            mime = value.content_type or "application/octet-stream"
            params.uploads.setdefault(name, Upload(value.filename, mime, content))
        else:
            params.values.setdefault(name, value if isinstance(value, str) else value.decode())


def _respond(status: int, answer: Json) -> web.Response:
    return web.Response(
        body=json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
        status=status,
        content_type="application/json",
    )


async def _sent(request: web.Request, fault: Fault | None, status: int, answer: Json) -> web.StreamResponse:
    """Return the answer, or what a fault makes of it."""
    if fault is not None and fault.error == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault is not None and fault.error == "timeout":
        await asyncio.sleep(fault.seconds)  # ends early, by cancellation, when the client gives up
        _cut(request)
    elif fault is not None and fault.error == "disconnect":
        _cut(request)
    return _respond(status, answer)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
