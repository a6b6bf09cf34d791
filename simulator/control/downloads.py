"""Files of a chat for the page that shows it: pictures and sounds to be seen and heard, the rest to be kept only."""

from urllib.parse import quote

from aiohttp import web

from simulator import images
from simulator.errors import ControlError
from simulator.files import File
from simulator.state import Bot


def serve_file(bot: Bot, file_id: str) -> web.Response:
    stored = bot.files.get(file_id)
    if stored is None:
        raise ControlError("there is no such file", 404)
    content = stored.read()
    shown = stored.kind != "document"
    kind = (images.content_type(content) or stored.mime_type) if shown else "application/octet-stream"
    return web.Response(
        body=content,
        headers={
            "Content-Type": kind,
            "Content-Disposition": "inline" if shown else f"attachment; filename*=UTF-8''{_name(stored)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",  # a file never changes under its identifier
        },
    )


def _name(stored: File) -> str:
    return quote(str(stored.object.get("file_name") or stored.path.rpartition("/")[2]), safe="")
