"""Addresses of the control API, and the one place that turns its refusals into answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.calls import Calls
from simulator.control import acting, downloads, looking, stream
from simulator.control.acting import body_of
from simulator.control.live import Live
from simulator.errors import ApiError, ControlError
from simulator.faults import Faults
from simulator.feed import Feed
from simulator.state import Bot, World

PAGE_HEADER = "X-Simulator-Page"
Answer = Callable[[web.Request], Awaitable[Any]]


@dataclass(slots=True)
class Control:
    """What tests and people use. Every call takes `?bot=ID` where several bots share the simulator."""

    world: World
    calls: Calls
    faults: Faults
    live: Live
    feed: Feed

    def register(self, app: web.Application) -> None:
        for verb, path, answer in (
            ("POST", "/sim/users", self.add_user),
            ("POST", "/sim/groups", self.add_group),
            ("POST", r"/sim/groups/{id:-?\d+}/{action:add|remove}", self.change_group),
            ("POST", r"/sim/chats/{id:\d+}/read", self.read_chat),
            ("POST", r"/sim/{kind:chats|groups}/{id:-?\d+}/{action}", self.act),
            ("GET", r"/sim/{kind:chats|groups}/{id:-?\d+}", self.see_chat),
            ("POST", "/sim/raw", self.inject),
            ("GET", "/sim/calls", self.see_calls),
            ("DELETE", "/sim/calls", self.forget_calls),
            ("POST", "/sim/faults", self.order_fault),
            ("GET", "/sim/faults", self.see_faults),
            ("DELETE", "/sim/faults", self.clear_faults),
            ("GET", "/sim/status", self.see_status),
            ("GET", "/sim/people", self.see_people),
            ("POST", r"/sim/people/{id:\d+}", self.change_person),
            ("GET", "/sim/clock", self.see_clock),
            ("POST", "/sim/clock", self.move_clock),
            ("GET", "/sim/files/{file_id}", self.see_file),
        ):
            app.router.add_route(verb, path, _answered(answer))
        app.router.add_get("/sim/events", stream.events(self.feed))

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
        found = self.calls.after(int(query.get("since", 0)), query.get("method"), chat_id)
        return found[-int(query["last"]) :] if "last" in query else found

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

    async def see_people(self, request: web.Request) -> Any:
        return self.live.people(self._bot(request))

    async def change_person(self, request: web.Request) -> Any:
        return self.live.change_person(self._bot(request), _id(request), await body_of(request))

    async def read_chat(self, request: web.Request) -> Any:
        return self.live.read(self._bot(request), _id(request), await body_of(request))

    async def see_clock(self, _request: web.Request) -> Any:
        return self.live.clock()

    async def move_clock(self, request: web.Request) -> Any:
        return await self.live.move_clock(await body_of(request))

    async def see_file(self, request: web.Request) -> Any:
        return downloads.serve_file(self._bot(request), request.match_info["file_id"])

    async def see_status(self, request: web.Request) -> Any:
        return looking.status(self.world, self._bot(request))

    def _bot(self, request: web.Request) -> Bot:
        given = request.query.get("bot")
        return self.world.current_bot(int(given) if given else None)


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _answered(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            data = await answer(request)
        except ControlError as refusal:
            return _refused(request, refusal.reason, refusal.status)
        except ApiError as refusal:
            return _refused(request, refusal.description, refusal.code)
        except (ValueError, TypeError) as error:
            return _refused(request, f"a value does not fit: {error}", 400)
        return data if isinstance(data, web.StreamResponse) else _json(data)

    return handle


def _refused(request: web.Request, reason: str, status: int) -> web.Response:
    """Say no; to the page with status 200, since a browser reports every other one as an error of the page."""
    return _json({"ok": False, "error": reason}, 200 if PAGE_HEADER in request.headers else status)


def _json(data: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"),
        status=status,
        content_type="application/json",
    )
