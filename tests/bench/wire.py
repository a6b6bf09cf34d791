"""HTTP as little as a bot's client needs it: keep-alive requests in, JSON out, a few microseconds each.

Whoever measures a bot must be faster than every bot that is measured, which no ready-made server is by enough.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl

import orjson

Reply: TypeAlias = Callable[[Any], None]
Answer: TypeAlias = Callable[[str, dict[str, Any], Reply], None]

_END = b"\r\n\r\n"


class Wire(asyncio.Protocol):
    """One connection; `answer` gets path, parameters and the function that sends what is to be answered, once.

    That nobody is there any more is told to it as `/control/gone`.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._answer("/control/gone", {}, self._reply)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END)) >= 0:
            head = bytes(self._received[:end])
            length = _length(head)
            whole = end + len(_END) + length
            if len(self._received) < whole:
                return
            body = bytes(self._received[whole - length : whole])
            del self._received[:whole]
            path = head[: head.index(b"\r\n")].split(b" ")[1].decode()
            self._answer(path, _parameters(head, body), self._reply)

    def _reply(self, answer: Any) -> None:
        status = answer.get("error_code", 200)
        body = orjson.dumps(answer)
        if self._transport is not None:
            head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            self._transport.write(head.encode() + body)


def _length(head: bytes) -> int:
    start = head.lower().find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    start += len("\r\ncontent-length:")
    end = head.find(b"\r\n", start)
    return int(head[start : end if end > 0 else None])


def _parameters(head: bytes, body: bytes) -> dict[str, Any]:
    """Return the parameters, which are all text where a client sends a form."""
    if not body:
        return {}
    if b"application/json" in head:
        return cast("dict[str, Any]", orjson.loads(body))
    return dict(parse_qsl(body.decode()))


async def serve(answer: Answer) -> tuple[asyncio.Server, int]:
    """Listen on a free port of this machine alone."""
    server = await asyncio.get_running_loop().create_server(lambda: Wire(answer), "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
