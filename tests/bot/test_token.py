"""The bot's token appears nowhere: in no line of the journal, no error, no traceback."""

from __future__ import annotations

import asyncio
import logging
import signal

import aiohttp
import pytest

from bot.errors import set_up_journal, without_tokens
from simulator.server import Simulator
from tests.bot.programs import TOKEN, shixi, start_shixi
from tests.bot.servers import troublesome
from tests.phones import Telegram

SECRET = TOKEN.partition(":")[2]


async def output_of(process: asyncio.subprocess.Process, seconds: float) -> str:
    """Let a program run for a while, stop it as an operator does, and return everything that it said."""
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.send_signal(signal.SIGTERM)
    output, errors = await asyncio.wait_for(process.communicate(), 20)
    return (output + errors).decode()


@pytest.mark.parametrize("trouble", ["401", "404", "409", "429", "500", "disconnect", "timeout", "garbage"])
async def test_no_trouble_with_the_server_shows_the_token(tmp_path, trouble):
    """At DEBUG level and with a server whose errors repeat the token, nothing that the program says holds it."""
    async with troublesome(trouble) as (url, asked):
        process = await start_shixi("run", folder=tmp_path, SHIXI_API_URL=url, SHIXI_LOG_LEVEL="DEBUG")
        for _ in range(300):
            if asked:
                break
            await asyncio.sleep(0.1)
        said = await output_of(process, 2)
        assert any(SECRET in path for path in asked), said
    assert said.strip()
    assert SECRET not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("trouble", ["401", "500", "disconnect", "garbage"])
async def test_check_does_not_show_it_either(tmp_path, trouble):
    """`check` tries the token and says what is wrong without it."""
    async with troublesome(trouble) as (url, _asked):
        ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=url, SHIXI_LOG_LEVEL="DEBUG")
    assert ended.status in {1, 2}
    assert SECRET not in ended.said
    assert "Traceback" not in ended.said
    assert "SHIXI_TOKEN" in ended.errors or trouble != "401"


@pytest.mark.parametrize("error", ["500", "timeout", "disconnect", "429"])
async def test_trouble_in_the_middle_of_work_does_not_show_it(tmp_path, error):
    """A working bot that meets faults in polling, sending and fetching files says nothing that holds the token."""
    simulator = Simulator()
    await simulator.start()
    try:
        process = await start_shixi("run", folder=tmp_path, SHIXI_API_URL=simulator.url, SHIXI_LOG_LEVEL="DEBUG")
        await work_under_faults(simulator.url, error)
        said = await output_of(process, 1)
    finally:
        await simulator.stop()
    assert "running" in said
    assert SECRET not in said


async def work_under_faults(url: str, error: str) -> None:
    async with aiohttp.ClientSession() as session:
        telegram = Telegram(url, session)
        for _ in range(600):
            if (await telegram.get("status"))["polling"]:
                break
            await asyncio.sleep(0.05)
        ann = await telegram.add_phone("Ann")
        for method in ("getUpdates", "sendMessage"):
            await telegram.post("faults", method=method, error=error, times=2, seconds=1)
        await telegram.post(f"chats/{ann.id}/text", text="hello")
        await telegram.post(f"chats/{ann.id}/photo")
        await asyncio.sleep(1)


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg",
        f"The token `{TOKEN}` was rejected by the server.",
        f"bot{TOKEN.replace(':', '%3A')}/getMe",
        f"{{'token': '{TOKEN}'}}",
    ],
)
def test_tokens_are_cut_out_wherever_they_stand(text):
    """In addresses, in quotes, escaped: the secret half is gone."""
    assert SECRET not in without_tokens(text)


def test_what_is_no_token_is_left_alone():
    """Times, ports and callback data are readable in the journal."""
    for text in ("2026-11-16T01:02:03.456+00:00", "http://127.0.0.1:8081/sim", "log.ask:17:3:done", "[::1]:8081"):
        assert text == without_tokens(text)


def test_a_traceback_in_the_journal_has_no_token(capsys):
    """An error whose text holds the token is written down with its traceback, and without the token."""
    set_up_journal("DEBUG")
    try:
        try:
            int(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError:
            logging.getLogger("somewhere").exception("no luck with %s", TOKEN)
        said = capsys.readouterr().err
    finally:
        logging.basicConfig(handlers=[], force=True)
        logging.captureWarnings(capture=False)
    assert "Traceback" in said
    assert SECRET not in said
