"""A Bot API server that only makes trouble, for what a well-behaved one never answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def troublesome(trouble: str) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve on a loopback port; gives the address and the paths that were asked for.

    `trouble` is a status with Telegram's form of an error, or `disconnect`, `timeout`, `garbage`. Every answer repeats
    the path that was asked for, and so the token.
    """
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if trouble == "disconnect":
            request.transport.abort()
            return web.Response()
        if trouble == "timeout":
            await asyncio.sleep(3600)
        if trouble == "garbage":
            return web.Response(text=f"<html>nothing at {request.path}</html>", status=200)
        said = {"ok": False, "error_code": int(trouble), "description": f"Trouble at {request.path}"}
        return web.json_response(said, status=int(trouble))

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()
