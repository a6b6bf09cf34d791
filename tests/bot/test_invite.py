"""`shixi invite coordinator`: the first link of a school, before the bot ever ran."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from simulator.server import Simulator
from tests.bot.programs import TOKEN, shixi
from tests.bot.servers import troublesome

ENGLISH, CHINESE = "en", "zh_Hans"
LINK = re.compile(r"^https://t\.me/shixi_bot\?start=([\w-]{22})$", re.MULTILINE)


@pytest.fixture
async def simulator():
    simulator = Simulator()
    await simulator.start()
    yield simulator
    await simulator.stop()


def held(folder: Path, sql: str) -> list[tuple]:
    """What the database of a folder holds."""
    with sqlite3.connect(folder / "shixi.db") as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("language", "new", "known", "once"),
    [
        (ENGLISH, "Riverside College is set up", "Riverside College is known already", "It works once, until"),
        (CHINESE, "已创建学校“Riverside College”", "学校“Riverside College”已经有了", "链接只能用一次，有效期到"),
    ],
)
async def test_the_first_invitation_creates_the_school(tmp_path, simulator, language, new, known, once):
    """The command prints the link and until when; for a known school, however its name is written, only the link."""
    options = {"folder": tmp_path, "SHIXI_API_URL": simulator.url, "SHIXI_TIMEZONE": "Europe/Berlin"}
    first = await shixi("invite", "coordinator", "--school", "Riverside  College", "--language", language, **options)
    assert 0 == first.status, first.said
    assert new in first.output
    assert once in first.output
    second = await shixi("invite", "coordinator", "--school", "riverside college", "--language", language, **options)
    assert known in second.output
    assert LINK.search(first.output).group(1) != LINK.search(second.output).group(1)
    assert [("Riverside College", "Europe/Berlin")] == held(tmp_path, "SELECT name, time_zone FROM schools")
    assert [("coordinator", 1), ("coordinator", 1)] == held(tmp_path, "SELECT kind, uses_left FROM invitations")
    assert [(None, "invitation_made")] * 2 == held(tmp_path, "SELECT actor_id, act FROM acts")


async def test_the_database_holds_nothing_that_opens_the_door(tmp_path, simulator):
    """The code stands in no file of the database, and the token in no output."""
    ended = await shixi(
        "invite", "coordinator", "--school", "Riverside College", folder=tmp_path, SHIXI_API_URL=simulator.url
    )
    code = LINK.search(ended.output).group(1)
    assert not any(code.encode() in file.read_bytes() for file in tmp_path.glob("shixi.db*"))
    assert TOKEN not in ended.said


@pytest.mark.parametrize(("name", "says"), [("", "empty"), (" \u200b ", "empty"), ("x" * 101, "at most 100 fit")])
async def test_an_impossible_name_is_one_sentence(tmp_path, name, says):
    """An empty or over-long name ends with status 2, a sentence, and nothing created."""
    ended = await shixi("invite", "coordinator", "--school", name, "--language", "en", folder=tmp_path)
    assert 2 == ended.status
    assert says in ended.errors
    assert 1 == len(ended.errors.splitlines())
    assert not (tmp_path / "shixi.db").exists()


async def test_without_a_bot_api_server_nothing_is_made(tmp_path):
    """An address at which nobody answers is named, and no invitation is made that nobody can open."""
    ended = await shixi(
        "invite",
        "coordinator",
        "--school",
        "Riverside College",
        "--language",
        "en",
        folder=tmp_path,
        SHIXI_API_URL="http://127.0.0.1:9",
    )
    assert 1 == ended.status
    assert "The Bot API server at http://127.0.0.1:9 does not answer" in ended.errors
    assert 1 == len(ended.errors.splitlines())
    assert not (tmp_path / "shixi.db").exists()


async def test_an_unknown_token_is_named(tmp_path):
    """A server that does not know the token ends with status 2, and nothing is made."""
    async with troublesome("401") as (url, _asked):
        ended = await shixi("invite", "coordinator", "--school", "Riverside", folder=tmp_path, SHIXI_API_URL=url)
    assert 2 == ended.status
    assert "SHIXI_TOKEN" in ended.errors
    assert TOKEN not in ended.said
    assert not (tmp_path / "shixi.db").exists()


async def test_a_school_must_be_named(tmp_path):
    """Without the option the command says which one is missing."""
    ended = await shixi("invite", "coordinator", folder=tmp_path)
    assert 2 == ended.status
    assert "--school" in ended.errors
