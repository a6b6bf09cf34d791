"""Who may call: this machine by its own name, and in a browser only the simulator's own page.

A page from elsewhere could otherwise act here: by a form or a link (it need not read the answer), or by a name of its
own that leads to 127.0.0.1 (DNS rebinding).
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from simulator.webhook import is_loopback

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with 403 what comes under a foreign name or from a foreign page."""
    if not _ours(request.host):
        return web.Response(status=403, text="This is only for 127.0.0.1 and localhost.\n")
    if _from_elsewhere(request):
        return web.Response(status=403, text="Another page may not call this.\n")
    return await handler(request)


def _ours(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _from_elsewhere(request: web.Request) -> bool:
    """Say whether a browser calls for another page; programs send neither of these headers."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return True
    # A link from elsewhere may open the page, which does nothing by itself.
    site = request.headers.get("Sec-Fetch-Site", "none")
    return site not in {"same-origin", "none"} and request.path != "/"
