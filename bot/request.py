"""python-telegram-bot's requests on aiohttp, which carries several times as many as the client it ships with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram._utils.types import ODVInput

READ_SECONDS = 20.0
UPLOAD_SECONDS = 120.0
_USUAL = aiohttp.ClientTimeout(total=READ_SECONDS)


class AiohttpRequest(BaseRequest):
    """One keep-alive session to the Bot API server. `count` hears how each call ended: an HTTP status, or a trouble."""

    def __init__(self, connections: int = 64, count: Callable[[str], None] | None = None) -> None:
        self._connections = connections
        self._count: Callable[[str], None] = count or (lambda _result: None)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer; raises `NetworkError` where it is not JSON, as what stands between us and Telegram says."""
        try:
            parsed: dict[str, Any] = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise NetworkError("the server's answer is not JSON") from None
        return parsed

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Send one request; the errors raised carry no address, since that holds the token."""
        if self._session is None:
            raise RuntimeError("the request is used before initialize()")
        seconds = read_timeout if isinstance(read_timeout, (int, float)) else READ_SECONDS
        if request_data is not None and request_data.contains_files:
            seconds = max(seconds, UPLOAD_SECONDS)
        timeout = _USUAL if seconds == READ_SECONDS else aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.request(method, url, timeout=timeout, **_body(request_data)) as response:
                body = await response.read()
                self._count(str(response.status))
                return response.status, body
        except TimeoutError:
            self._count("timeout")
            raise TimedOut from None
        except aiohttp.ClientError as error:
            self._count("unreachable")
            raise NetworkError(type(error).__name__) from None


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": orjson.dumps(data.parameters), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(data.json_parameters)
    for name, (file_name, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime_type)
    return {"data": form}
