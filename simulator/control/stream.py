"""``GET /sim/events``: the feed as server-sent events, which a browser resumes by itself after a break."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator.feed import Event, Feed

_KEEP_ALIVE = 10.0  # seconds


def events(feed: Feed) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        listener = feed.listen()
        try:
            await _tell(feed, response, listener, _known_up_to(request, feed))
        except ConnectionError:
            pass  # the page is gone
        finally:
            feed.leave(listener)
        return response

    return stream


async def _tell(feed: Feed, response: web.StreamResponse, listener: asyncio.Event, known: int | None) -> None:
    """Say how things are, then what changes, until the page is gone or the simulator stops."""
    missed = None if known is None else feed.after(known)
    last = feed.count if missed is None or known is None else known
    hello = {"run": feed.run, "resync": missed is None, **feed.state()}
    await response.write(b"retry: 700\n\n" + _encoded(feed, Event(last, "hello", hello)))
    while not feed.closed:
        listener.clear()
        news = feed.after(last)
        if news is None:  # too slow: more has happened than is kept
            news = [Event(feed.count, "hello", {"run": feed.run, "resync": True, **feed.state()})]
        for event in news:
            await response.write(_encoded(feed, event))
            last = event.n
        try:
            async with asyncio.timeout(_KEEP_ALIVE):
                await listener.wait()
        except TimeoutError:
            await response.write(b": still here\n\n")


def _known_up_to(request: web.Request, feed: Feed) -> int | None:
    given = request.headers.get("Last-Event-ID") or request.query.get("since", "")
    run, _, number = given.partition("-")
    return int(number) if run == feed.run and number.isdecimal() else None


def _encoded(feed: Feed, event: Event) -> bytes:
    data = json.dumps(event.data, ensure_ascii=False)
    return f"id: {feed.run}-{event.n}\nevent: {event.kind}\ndata: {data}\n\n".encode("utf-8", "replace")
