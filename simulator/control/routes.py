"""Addresses of the control API, and the one place that turns its refusals into answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.calls import Calls
from simulator.control import acting, looking
from simulator.control.acting import body_of
from simulator.errors import ApiError, ControlError
from simulator.faults import Faults
from simulator.state import Bot, World

Answer = Callable[[web.Request], Awaitable[Any]]


@dataclass(slots=True)
class Control:
    """What tests and people use. Every call takes `?bot=ID` where several bots share the simulator."""

    world: World
    calls: Calls
    faults: Faults

    def register(self, app: web.Application) -> None:
        for verb, path, answer in (
            ("POST", "/sim/users", self.add_user),
            ("POST", "/sim/groups", self.add_group),
            ("POST", r"/sim/groups/{id:-?\d+}/{action:add|remove}", self.change_group),
            ("POST", r"/sim/{kind:chats|groups}/{id:-?\d+}/{action}", self.act),
            ("GET", r"/sim/{kind:chats|groups}/{id:-?\d+}", self.see_chat),
            ("POST", "/sim/raw", self.inject),
            ("GET", "/sim/calls", self.see_calls),
            ("DELETE", "/sim/calls", self.forget_calls),
            ("POST", "/sim/faults", self.order_fault),
            ("GET", "/sim/faults", self.see_faults),
            ("DELETE", "/sim/faults", self.clear_faults),
            ("GET", "/sim/status", self.see_status),
        ):
            app.router.add_route(verb, path, _answered(answer))

    async def add_user(self, request: web.Request) -> Any:
        return acting.add_user(self.world, await body_of(request))

    async def add_group(self, request: web.Request) -> Any:
        return acting.add_group(self.world, self._bot(request), await body_of(request))

    async def change_group(self, request: web.Request) -> Any:
        action = request.match_info["action"]
        return acting.change_group(self.world, self._bot(request), _id(request), action, await body_of(request))

    async def act(self, request: web.Request) -> Any:
        data = await body_of(request)
        return acting.act(self.world, self._bot(request), _id(request), request.match_info["action"], data)

    async def see_chat(self, request: web.Request) -> Any:
        return looking.chat_view(self._bot(request), _id(request))

    async def inject(self, request: web.Request) -> Any:
        update = (await body_of(request)).get("update")
        if not isinstance(update, dict):
            raise ControlError("update must be an object")
        return {"update_id": self._bot(request).queue.put_raw(update)}

    async def see_calls(self, request: web.Request) -> Any:
        query = request.query
        chat_id = int(query["chat_id"]) if "chat_id" in query else None
        return self.calls.after(int(query.get("since", 0)), query.get("method"), chat_id)

    async def forget_calls(self, _request: web.Request) -> Any:
        self.calls.clear()
        return {"ok": True}

    async def order_fault(self, request: web.Request) -> Any:
        return self.faults.order(await body_of(request)).described()

    async def see_faults(self, _request: web.Request) -> Any:
        return self.faults.described()

    async def clear_faults(self, _request: web.Request) -> Any:
        self.faults.clear()
        return {"ok": True}

    async def see_status(self, request: web.Request) -> Any:
        return looking.status(self.world, self._bot(request))

    def _bot(self, request: web.Request) -> Bot:
        given = request.query.get("bot")
        return self.world.current_bot(int(given) if given else None)


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _answered(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return _json(await answer(request))
        except ControlError as refusal:
            return _json({"ok": False, "error": refusal.reason}, refusal.status)
        except ApiError as refusal:
            return _json({"ok": False, "error": refusal.description}, refusal.code)
        except (ValueError, TypeError) as error:
            return _json({"ok": False, "error": f"a value does not fit: {error}"}, 400)

    return handle


def _json(data: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"),
        status=status,
        content_type="application/json",
    )
