"""What the bot keeps is for its owner alone, however carelessly it was started."""

from __future__ import annotations

import asyncio
import os
import signal
import stat

import aiohttp
import pytest

from bot import files
from bot.clock import FileClock
from simulator.server import Simulator
from tests.bot.programs import shixi, start_shixi
from tests.conftest import MONDAY
from tests.people import make_school
from tests.phones import Telegram


@pytest.fixture
def careless():
    """A process in which every new file may be read and written by everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
async def simulator():
    simulator = Simulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


def modes(folder) -> dict[str, int]:
    """The permissions of everything below a folder."""
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


async def test_a_running_bot_keeps_everything_to_itself(tmp_path, simulator):
    """Database with its log and index, and folders: started with umask 0, on folders that are not there."""
    told = {
        "SHIXI_API_URL": simulator.url,
        "SHIXI_DATABASE_URL": f"sqlite:///{tmp_path / 'kept' / 'data' / 'shixi.db'}",
        "SHIXI_FILES": str(tmp_path / "kept" / "photos" / "all"),
    }
    process = await start_shixi("run", folder=tmp_path, umask=0, **told)
    async with aiohttp.ClientSession() as session:
        telegram = Telegram(simulator.url, session)
        ann = await telegram.add_phone("Ann")
        await telegram.post(f"chats/{ann.id}/text", text="/start")
        for _ in range(300):
            if await ann.from_bot():
                break
            await asyncio.sleep(0.05)
    found = modes(tmp_path / "kept")
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), 20)
    file, folder = 0o600, 0o700
    assert {
        "data": folder,
        "data/shixi.db": file,
        "data/shixi.db-wal": file,
        "data/shixi.db-shm": file,
        "photos": folder,
        "photos/all": folder,
    } == found


async def test_a_copy_is_private_before_it_is_complete(world, tmp_path, monkeypatch, careless):
    """Nobody else may read a photo, neither while it is written nor afterwards."""
    school = await make_school(world)
    ann = await school.placed("Ann", "20230115")
    unfinished = {}
    monkeypatch.setattr(files.os, "fsync", lambda _handle: unfinished.update(modes(world.settings.files)))
    await ann.sends("/log")
    await ann.sends_photo()
    for _ in range(300):
        found = modes(world.settings.files)
        if any(name and "." not in name and "/" in name for name in found):
            break
        await asyncio.sleep(0.01)
    assert {0o600, 0o700} == set(unfinished.values())
    assert [name for name in unfinished if name.endswith(".part")] != []
    assert {0o600, 0o700} == set(found.values())


def test_the_clock_file_is_private(tmp_path, careless):
    """It tells when somebody is reminded."""
    FileClock(tmp_path / "clock.json").tell_next(MONDAY)
    assert {"clock.json": 0o600} == modes(tmp_path)


async def test_check_names_what_others_may_read(tmp_path, simulator):
    """A settings file with the token in it, or a database that somebody copied, is named; the check still passes."""
    (tmp_path / ".env").write_text("SHIXI_LOG_LEVEL=INFO\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o644)
    (tmp_path / "shixi.db").touch(mode=0o600)
    (tmp_path / "shixi.db").chmod(0o640)
    ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=simulator.url)
    assert 0 == ended.status, ended.said
    assert [
        f"warning: others on this machine may read {path}; take that away with chmod go= {path}"
        for path in (".env", tmp_path / "shixi.db")
    ] == [line for line in ended.errors.splitlines() if line.startswith("warning")]


async def test_check_has_nothing_to_warn_of(tmp_path, simulator):
    """With everything private, no warning comes."""
    (tmp_path / ".env").touch(mode=0o600)
    ended = await shixi("check", folder=tmp_path, SHIXI_API_URL=simulator.url)
    assert (0, False) == (ended.status, "warning" in ended.said)
