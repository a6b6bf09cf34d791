"""The demo: the same school at every start, with a past that holds together, in one command that ends cleanly."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.command import begin_empty
from bot.demo.plot import read_plot
from bot.demo.stage import UNHURRIED, play_past
from domain.announcements import TEXT_LIMIT
from domain.logs import SECTION_LIMIT, Section
from domain.posts import CITY_LIMIT, PAY_LIMIT, TASKS_LIMIT, TITLE_LIMIT
from domain.templates import QUESTION_LIMIT
from simulator.server import Simulator
from tests.bot.programs import shixi, start_shixi

# What differs from start to start: ids of updates, and of messages that go out side by side.
OF_TELEGRAM = {"inbox", "cards", "migrations"}
MESSAGE_IDS = {"message_id"}


@asynccontextmanager
async def played(folder: Path, code: str = "zh", *, empty: bool = False):
    """A simulator whose past has been played, and the database file."""
    folder.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    simulator = Simulator(limits=UNHURRIED, clock_file=folder / "clock.json")
    await simulator.start()
    try:
        await (begin_empty if empty else play_past)(simulator, folder, read_plot(), code)
        yield simulator, folder / "shixi.db"
    finally:
        await simulator.stop()


def rows_of(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without what is Telegram's."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'posts_search%'")
    found = {}
    for (table,) in tables.fetchall():
        if table not in OF_TELEGRAM and not table.startswith("sqlite_"):
            rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
            found[table] = [{name: row[name] for name in row if name not in MESSAGE_IDS} for row in rows]
    connection.close()
    return found


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def count(file: Path, sql: str) -> int:
    connection = sqlite3.connect(file)
    try:
        return connection.execute(f"SELECT count(*) FROM {sql}").fetchone()[0]
    finally:
        connection.close()


def texts(simulator: Simulator, name: str) -> list[str]:
    """What stands in somebody's chat."""
    chats = simulator.world.current_bot().chats.values()
    chat = next(chat for chat in chats if chat.info["first_name"] == name)
    return [entry.body.get("text") or entry.body.get("caption") or "" for entry in chat.messages.values()]


# --- the data ---------------------------------------------------------------------------------------------------


async def test_every_start_gives_the_same_school(tmp_path):
    """Two builds leave the same rows."""
    async with played(tmp_path / "one") as (_, file):
        one = rows_of(file)
    async with played(tmp_path / "two") as (_, file):
        two = rows_of(file)
    assert one.keys() == two.keys()
    for table in one:
        assert one[table] == two[table], table


async def test_the_school_is_as_large_as_promised(tmp_path):
    """Two classes, twelve students, three enterprises with mentors, thirty posts, and something in every state."""
    async with played(tmp_path / "demo") as (_, file):
        for expected, sql in (
            (1, "schools"),
            (2, "classes"),
            (2, "templates"),
            (8, "log_sections WHERE section = 'extra1'"),
            (12, "students WHERE person_id IS NOT NULL"),
            (12, "students"),
            (3, "enterprises"),
            (5, "mentors"),
            (2, "coordinators"),
            (4, "class_coordinators"),
            (30, "posts WHERE state = 'open'"),
            (10, "placements"),
            (2, "excused_weeks"),
            (4, "announcements WHERE state = 'sent'"),
            (1, "join_requests WHERE state = 'waiting'"),
            (2, "applications WHERE state = 'sent'"),
            (2, "applications WHERE state = 'accepted'"),
            (1, "people WHERE name = 'Noah Kim' AND agreed_at IS NULL"),
            (0, "people WHERE stopped_at IS NOT NULL"),
            (0, "outbox WHERE state IN ('failed', 'stopped')"),
            (0, "inbox WHERE failure IS NOT NULL"),
        ):
            assert expected == count(file, sql), sql
        for state in ("draft", "submitted", "approved", "needs_info", "returned"):
            assert count(file, f"logs WHERE state = '{state}'") >= 2, state
        late = "logs WHERE strftime('%s', first_submitted_at) > strftime('%s', week, '+6 days', '+12 hours')"
        assert 3 == count(file, late)
        assert 6 == count(file, "(SELECT DISTINCT week FROM logs)")
        assert count(file, "announcement_recipients WHERE acknowledged_at IS NULL") >= 4
        assert 1 == count(file, "logs WHERE escalated_at IS NOT NULL AND state = 'submitted'")


async def test_the_past_holds_together(tmp_path):
    """Each log has the submissions and decisions that its state needs, in the order of time, by its own mentor."""
    async with played(tmp_path / "demo") as (_, file):
        latest = "(SELECT decision FROM reviews v WHERE v.log_id = l.id ORDER BY v.id DESC LIMIT 1)"
        for wrong in (
            "logs l WHERE state <> 'draft' AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.log_id = l.id)",
            "logs l WHERE state = 'draft' AND submitted_at IS NOT NULL",
            f"logs l WHERE state IN ('approved', 'needs_info', 'returned') AND state IS NOT {latest}",
            "reviews v JOIN revisions r ON r.id = v.revision_id WHERE r.submitted_at >= v.created_at",
            "reviews v JOIN revisions r ON r.id = v.revision_id WHERE r.log_id <> v.log_id",
            """reviews v JOIN logs l ON l.id = v.log_id JOIN placements p ON p.id = l.placement_id
                WHERE p.mentor_id <> v.reviewer_id""",
            "reviews WHERE decision IN ('returned', 'needs_info') AND words = ''",
            "logs l JOIN excused_weeks x ON x.placement_id = l.placement_id AND x.week = l.week",
            "logs WHERE submitted_at > '2026-11-20T02:40'",
            "logs l WHERE NOT EXISTS (SELECT 1 FROM log_sections s WHERE s.log_id = l.id AND s.section = 'done')",
            "schedule WHERE due_at < '2026-11-20T02:40'",
            "outbox WHERE state = 'waiting' AND due_at <= '2026-11-20T02:40'",
        ):
            assert 0 == count(file, wrong), wrong


@pytest.mark.parametrize(
    ("code", "student", "mentor", "coordinator", "words"),
    [
        ("zh", "张小明", "李华", "王敏", ("李华通过了你的周志", "王思远 · 第6周", "陈晓，学号23010118")),
        ("en", "Ann Miller", "Peter Hoffmann", "Mary Wood", ("approved your log", "Zoe Young", "陈晓")),
    ],
)
async def test_the_three_phones_have_a_past(tmp_path, code, student, mentor, coordinator, words):
    """Whoever opens the page finds answers, a log to be answered and a request, in the language of the phones."""
    async with played(tmp_path / "demo", code) as (simulator, _):
        phones = {person.phone: person for person in simulator.world.people.values() if person.phone}
        assert [student, mentor, coordinator] == [phones[n].user["first_name"] for n in (1, 2, 3)]
        for name, said, at_least in zip((student, mentor, coordinator), words, (15, 15, 6), strict=True):
            there = texts(simulator, name)
            assert any(said in text for text in there), there
            assert len(there) >= at_least
        others = {"Ann Miller", "张小明"} - {student}
        assert all(len(texts(simulator, name)) >= 5 for name in others)


async def test_the_next_reminder_is_the_one_of_friday(tmp_path):
    """Nothing is due before Friday 17:00, so one press of the page's clock brings the reminder of the week."""
    async with played(tmp_path / "demo") as (_, file):
        connection = sqlite3.connect(file)
        kind, due = connection.execute("SELECT kind, due_at FROM schedule ORDER BY due_at LIMIT 1").fetchone()
        connection.close()
    assert ("placement", "2026-11-20T09:00:00.000+00:00") == (kind, due)


async def test_an_empty_school_has_only_the_invitation(tmp_path):
    """With --empty there is the school and the link, which the coordinator has in the phone."""
    async with played(tmp_path / "demo", empty=True) as (simulator, file):
        assert (1, 1, 0, 0) == tuple(count(file, table) for table in ("schools", "invitations", "people", "posts"))
        (letter,) = texts(simulator, "王敏")
        assert re.search(r"https://t\.me/shixi_bot\?start=[A-Za-z0-9_-]{22}$", letter)
        assert [] == texts(simulator, "张小明")


def test_what_people_wrote_fits_the_limits():
    """The data keep to what the rooms would have taken."""
    told = read_plot().told
    for row in told["posts"]:
        limits = {"title": TITLE_LIMIT, "tasks": TASKS_LIMIT, "city": CITY_LIMIT, "pay": PAY_LIMIT}
        assert all(0 < len(row[name]) <= limit for name, limit in limits.items()), row["title"]
    for row in told["logs"]:
        assert all(len(row.get(section, "")) <= SECTION_LIMIT for section in Section)
    assert all(len(row["question"]) <= QUESTION_LIMIT for row in told["templates"])
    assert all(len(row["text"]) <= TEXT_LIMIT for row in told["announcements"])
    assert len({actor.name for actor in read_plot().actors()}) == len(read_plot().actors())


# --- the command ------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@asynccontextmanager
async def demo(folder: Path, *words: str, **settings: str):
    """A demo that is ready: its process, what it has printed, and its port."""
    port = free_port()
    process = await start_shixi(
        "demo", "--port", str(port), "--language", "en", *words, folder=folder, LC_ALL="C.UTF-8", **settings
    )
    printed = []
    try:
        while not any("http://127.0.0.1" in line for line in printed):
            line = await asyncio.wait_for(process.stdout.readline(), 40)
            assert line, (await process.stderr.read()).decode()
            printed.append(line.decode())
        yield process, printed, port
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def bots_of(folder: Path) -> list[int]:
    """The bot processes that work in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words, cwd = (entry / "cmdline").read_bytes(), (entry / "cwd").readlink()
            alive = "\nState:\tZ" not in (entry / "status").read_text()
        except OSError:
            continue
        if b"bot.demo.live" in words and cwd.is_relative_to(folder) and alive:
            found.append(int(entry.name))
    return found


async def ask(port: int, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def until(check, seconds: float = 20) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.05)


on_linux = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="processes are found through /proc")


@on_linux
async def test_one_command_brings_the_phones_and_ctrl_c_ends_it(tmp_path):
    """The page answers, the bot works, nobody's token or .env counts, and Ctrl-C leaves no process behind."""
    (tmp_path / ".env").write_text("SHIXI_TOKEN=888888:of-the-env-file\nSHIXI_WORKERS=none\n")
    foreign = {"SHIXI_API_URL": "https://api.telegram.org", "SHIXI_POLL_SECONDS": "never"}
    async with demo(tmp_path, **foreign) as (process, _printed, port):
        status, page = await ask(port, "/")
        assert 200 == status
        assert "<html" in page
        assert '"polling": true' in (await ask(port, "/sim/status"))[1]
        assert 1 == len(bots_of(tmp_path))
        assert {str(port)} == names_in(tmp_path / "data" / "demo")
        assert {".env", "data"} == names_in(tmp_path)
        calls = (await ask(port, "/sim/calls"))[1]
        assert "888888" not in calls
        process.send_signal(signal.SIGINT)
        output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (0, "") == (process.returncode, errors.decode())
    assert "The demo has ended." in output.decode()
    assert [] == bots_of(tmp_path)


@on_linux
async def test_a_bot_that_ends_is_started_again_and_never_outlives_the_demo(tmp_path):
    """The demo says so and brings it back; when the demo itself is killed, its bot goes too."""
    async with demo(tmp_path, "--empty") as (process, _printed, port):
        (first,) = bots_of(tmp_path)
        os.kill(first, signal.SIGKILL)
        said = [(await asyncio.wait_for(process.stdout.readline(), 20)).decode() for _ in range(2)]
        assert any("is started again" in line for line in said), said
        await until(lambda: set(bots_of(tmp_path)) - {first})
        assert 200 == (await ask(port, "/sim/status"))[0]
        process.kill()
        await process.wait()
        await until(lambda: not bots_of(tmp_path))


async def test_the_first_link_is_printed(tmp_path):
    """With --empty the coordinator's link stands on the terminal."""
    async with demo(tmp_path, "--empty") as (process, printed, _port):
        assert "https://t.me/shixi_bot?start=" in printed[0]
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 20)
    assert 0 == process.returncode


async def test_a_port_that_is_taken_is_named(tmp_path):
    """It ends with one sentence and status 2, and touches nothing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = await shixi("demo", "--port", str(port), folder=tmp_path)
    assert 2 == ended.status
    assert 1 == len(ended.said.strip().splitlines())
    assert str(port) in ended.said
    assert set() == names_in(tmp_path)
