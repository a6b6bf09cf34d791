"""The request class: what goes wrong on the line becomes python-telegram-bot's errors, without the address."""

from __future__ import annotations

import aiohttp
import pytest
from telegram.error import InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData

from bot.app import make_application
from bot.request import AiohttpRequest
from simulator.server import Simulator
from tests.bot.servers import troublesome
from tests.conftest import TOKEN, settings_for
from tests.phones import Telegram


@pytest.fixture
async def request_():
    request = AiohttpRequest()
    await request.initialize()
    yield request
    await request.shutdown()


async def post(request: AiohttpRequest, url: str, **more) -> bytes:
    return await request.post(f"{url}/bot{TOKEN}/getMe", RequestData([]), **more)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("401", InvalidToken),
        ("500", NetworkError),
        ("502", NetworkError),
        ("disconnect", NetworkError),
        ("garbage", NetworkError),
    ],
)
async def test_trouble_becomes_an_error_without_the_address(request_, trouble, error):
    """Each trouble has its kind of error, whose own text holds no token of ours."""
    async with troublesome(trouble) as (url, _asked):
        with pytest.raises(error) as raised:
            await post(request_, url)
    if trouble in {"disconnect", "garbage"}:
        assert TOKEN not in str(raised.value)
        assert raised.value.__cause__ is None or TOKEN not in str(raised.value.__cause__)


async def test_a_silent_server_times_out(request_):
    """The read timeout is that of the call."""
    async with troublesome("timeout") as (url, _asked):
        with pytest.raises(TimedOut):
            await post(request_, url, read_timeout=0.2)


async def test_nobody_there(request_):
    """A closed port is a network error."""
    with pytest.raises(NetworkError):
        await post(request_, "http://127.0.0.1:9")


async def test_it_is_opened_before_use_and_closed_twice():
    """Using it too early is a mistake of ours; opening and closing may be repeated."""
    request = AiohttpRequest()
    with pytest.raises(NetworkError, match="before initialize"):
        await post(request, "http://127.0.0.1:9")
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()


async def test_files_and_flood_limits_go_through_it(tmp_path):
    """A real client on it uploads a file, fetches it again and hears how long to wait."""
    simulator = Simulator()
    await simulator.start()
    application = make_application(settings_for(simulator.url, tmp_path))
    await application.initialize()
    try:
        bot = application.bot
        assert "shixi_bot" == bot.username
        async with aiohttp.ClientSession() as session:
            telegram = Telegram(simulator.url, session)
            ann = await telegram.add_phone("Ann")
            await telegram.post(f"chats/{ann.id}/text", text="/start")
            sent = await bot.send_document(ann.id, b"a file with \x00 bytes", filename="周志.bin", caption="<b>it</b>")
            file = await bot.get_file(sent.document.file_id)
            assert b"a file with \x00 bytes" == bytes(await file.download_as_bytearray())
            await telegram.post("faults", method="sendMessage", error="429", retry_after=9)
            with pytest.raises(RetryAfter) as flood:
                await bot.send_message(ann.id, "x")
            after = flood.value.retry_after
            assert 9 == (after if isinstance(after, int) else after.total_seconds())
    finally:
        await application.shutdown()
        await simulator.stop()
