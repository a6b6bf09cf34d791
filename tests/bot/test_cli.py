"""The command line, as an operator meets it: sentences and statuses, no tracebacks."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
import stat

import aiohttp
import pytest

from simulator.server import Simulator
from tests.bot.programs import TOKEN, says, shixi, start_shixi
from tests.bot.servers import troublesome
from tests.phones import Telegram


@pytest.fixture
async def simulator():
    simulator = Simulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_migrate_makes_the_database_and_may_be_repeated(tmp_path):
    """The first run makes a file that only its owner reads, the second changes nothing."""
    for _ in range(2):
        ended = await shixi("migrate", folder=tmp_path)
        assert (0, "The database is up to date.\n") == (ended.status, ended.output), ended.said
    file = tmp_path / "shixi.db"
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM migrations").fetchone()[0] > 0
    connection.close()


async def test_check_is_content(tmp_path, simulator):
    """With good settings it says so, names the bot, and ends with 0."""
    ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=simulator.url)
    assert 0 == ended.status, ended.said
    assert ["settings: ok", "database: ok"] == ended.output.splitlines()[:2]
    assert "@shixi_bot" in ended.output
    assert TOKEN not in ended.said


async def test_check_names_what_breaks_a_rule_of_the_database(tmp_path, simulator):
    """A line with the rule and the id, nothing of the record itself, and status 1; the rest is still checked."""
    assert 0 == (await shixi("migrate", folder=tmp_path)).status
    with sqlite3.connect(tmp_path / "shixi.db") as connection:
        connection.execute(
            """INSERT INTO people (id, telegram_id, name, language, time_zone, agreed_version, created_at)
            VALUES (7, 70, 'Secretive', 'en', 'UTC', 1, '2026-11-16T01:00:00.000+00:00')"""
        )
        connection.execute(
            """INSERT INTO files (id, owner_id, kind, telegram_file_id, sha256, created_at)
            VALUES (3, 7, 'photo', 'x', 'abc', '2026-11-16T01:00:00.000+00:00')"""
        )
    connection.close()
    ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=simulator.url)
    assert 1 == ended.status, ended.said
    assert [
        "settings: ok",
        "database: not as it must be, see docs/invariants.md",
        "database: agreement_has_time: person 7",
        "database: file_has_copy: file 3",
    ] == ended.output.splitlines()[:4]
    assert "@shixi_bot" in ended.output
    assert "Secretive" not in ended.said


async def test_check_says_that_the_token_is_unknown(tmp_path):
    """A server that does not know the token is told apart from one that cannot be reached."""
    async with troublesome("401") as (url, _asked):
        ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=url)
    assert 2 == ended.status
    assert "SHIXI_TOKEN" in ended.errors


async def test_check_says_that_the_server_cannot_be_reached(tmp_path):
    """An address at which nobody listens is named as the trouble."""
    ended = await shixi("check", folder=tmp_path, SHIXI_API_URL="http://127.0.0.1:9")
    assert 0 != ended.status
    assert "Traceback" not in ended.said
    assert "SHIXI_API_URL" in ended.errors


@pytest.mark.parametrize("wrong", ["a folder", "not a database", "not ours to write"])
async def test_a_database_that_cannot_be_opened_is_named(tmp_path, wrong):
    """Whatever is wrong with the file, it is one sentence that names the setting."""
    file = tmp_path / "there"
    url = f"sqlite:///{file}"
    if wrong == "a folder":
        file.mkdir()
    elif wrong == "not a database":
        file.write_text("Dear diary, today I took blood pressure. " * 200)
    else:
        url = "sqlite:////proc/shixi/shixi.db"
    ended = await shixi("migrate", folder=tmp_path, SHIXI_DATABASE_URL=url)
    assert ended.status in {1, 2}
    assert "Traceback" not in ended.said
    assert "SHIXI_DATABASE_URL" in ended.errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_works_until_it_is_stopped(tmp_path, simulator, number):
    """The bot answers, and ends quietly with status 0 when it is told to."""
    process = await start_shixi("run", folder=tmp_path, SHIXI_API_URL=simulator.url)
    async with aiohttp.ClientSession() as session:
        telegram = Telegram(simulator.url, session)
        ann = await telegram.add_phone("Ann")
        await telegram.post(f"chats/{ann.id}/text", text="/start")
        for _ in range(200):
            if await ann.from_bot():
                break
            await asyncio.sleep(0.05)
        assert "Shixi" in await ann.reads()
        assert "help" in {entry["command"] for entry in (await ann.view())["commands"]}
    process.send_signal(number)
    _output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert 0 == process.returncode, errors.decode()
    assert "Traceback" not in errors.decode()
    assert "Unclosed" not in errors.decode()


async def test_run_waits_for_a_server_that_is_not_there_yet(tmp_path, unused_port):
    """A bot that starts before its server does its work once the server is there."""
    process = await start_shixi("run", folder=tmp_path, SHIXI_API_URL=f"http://127.0.0.1:{unused_port}")
    await says(process, "start.waiting")
    simulator = Simulator()
    await simulator.start(port=unused_port)
    try:
        async with aiohttp.ClientSession() as session:
            telegram = Telegram(simulator.url, session)
            ann = await telegram.add_phone("Ann")
            await telegram.post(f"chats/{ann.id}/text", text="/start")
            for _ in range(300):
                if await ann.from_bot():
                    break
                await asyncio.sleep(0.05)
            assert "Shixi" in await ann.reads()
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 20)
        await simulator.stop()


async def test_run_can_be_stopped_while_it_waits(tmp_path, unused_port):
    """Stopping a bot that never reached its server leaves nothing open and says nothing loud."""
    process = await start_shixi("run", folder=tmp_path, SHIXI_API_URL=f"http://127.0.0.1:{unused_port}")
    await says(process, "start.waiting")
    process.send_signal(signal.SIGTERM)
    _output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert 0 == process.returncode
    assert "Traceback" not in errors.decode()
    assert "Unclosed" not in errors.decode()


async def test_run_ends_when_the_token_is_refused(tmp_path):
    """There is nothing to wait for: one sentence and status 2."""
    async with troublesome("401") as (url, _asked):
        ended = await shixi("run", folder=tmp_path, SHIXI_API_URL=url)
    assert 2 == ended.status
    assert "SHIXI_TOKEN" in ended.errors.splitlines()[-1]
    assert "Unclosed" not in ended.errors


async def test_an_unknown_command_names_the_known_ones(tmp_path):
    """A slip of the finger is answered by the help of the command line."""
    ended = await shixi("dance", folder=tmp_path)
    assert 2 == ended.status
    assert "No such command" in ended.errors
    ended = await shixi("--help", folder=tmp_path)
    assert {"run", "migrate", "check", "simulate"} <= set(ended.output.split())


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
