"""What an administrator's tools are told by the running bot: alive, ready or what is not, and the figures."""

from __future__ import annotations

import asyncio
import random
import re
import socket
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import status
from bot.metrics import Metrics, Moment
from simulator.server import Simulator
from storage import schedule
from storage.errors import Unavailable
from tests.bot.programs import TOKEN, says, shixi, start_shixi
from tests.bot.rooms import Counter
from tests.bot.test_outbox import Card
from tests.conftest import GENEROUS, MovedClock, World, settings_for
from tests.databases import KINDS, fresh


def unused_port() -> int:
    """A port that nobody has, and that no connection is given either, as one above these may be."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


class Watched(World):
    """A bot with a status port, and somebody who asks it."""

    async def start(self) -> None:
        await super().start()
        ensure = asyncio.get_running_loop().time() + 10
        while True:
            try:
                await self.asks("healthz")
            except aiohttp.ClientConnectionError:
                assert asyncio.get_running_loop().time() < ensure, "the port is not opened"
                await asyncio.sleep(0.01)
            else:
                return

    async def asks(self, path: str) -> tuple[int, str, str]:
        """The status, the type and the text of an answer."""
        url = f"http://{self.settings.status_port}/{path}"
        async with self._session.get(url) as response:
            return response.status, response.content_type, await response.text()

    async def ready(self) -> tuple[int, dict]:
        async with self._session.get(f"http://{self.settings.status_port}/readyz") as response:
            return response.status, await response.json()

    async def figures(self) -> dict[str, float]:
        """Every series of /metrics with its value."""
        _status, _type, text = await self.asks("metrics")
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}


@pytest.fixture
def soon(monkeypatch):
    """Let every question be answered afresh."""
    monkeypatch.setattr(status, "READY_FOR", 0.0)
    monkeypatch.setattr(status, "FIGURES_FOR", 0.0)


@pytest.fixture
def later(monkeypatch):
    """Let no answer grow old while the test lasts, however slow the machine is."""
    monkeypatch.setattr(status, "READY_FOR", 60.0)
    monkeypatch.setattr(status, "FIGURES_FOR", 60.0)


@pytest.fixture(params=KINDS)
async def watched(request, tmp_path):
    clock = MovedClock()
    simulator = Simulator(clock=clock, limits=GENEROUS)
    await simulator.start()
    told = {"database_url": fresh(request.param, tmp_path), "status_port": unused_port()}
    watched = Watched(simulator, settings_for(simulator.url, tmp_path, **told), clock)
    try:
        await watched.start()
        yield watched
    finally:
        await watched.close()


async def test_a_working_bot_is_alive_and_ready(watched):
    """Each part is named, and where it is well the status is 200."""
    code, kind, said = await watched.asks("healthz")
    assert (200, "application/json") == (code, kind)
    assert '"alive":true' in said
    code, said = await watched.ready()
    assert (200, True) == (code, said["ready"])
    assert {"ready", "database", "bot_api", "intake", "schedule"} == set(said)
    assert [True] * 4 == [part["ready"] for name, part in said.items() if name != "ready"]
    assert watched.settings.database_url.startswith(f"{said['database']['kind']}:")


async def until_ready(watched) -> None:
    for _ in range(400):
        if 200 == (await watched.ready())[0]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the bot does not become ready")


async def hangs(_work):
    await asyncio.sleep(3600)


async def is_away(_work):
    raise Unavailable("postgresql://shixi:password@db/shixi does not answer")


@pytest.mark.parametrize(("read", "error"), [(hangs, "TimeoutError"), (is_away, "Unavailable")])
async def test_a_database_that_does_not_answer_is_named(soon, watched, monkeypatch, read, error):
    """The answer comes all the same, in time; what is counted in the program is still told, the rest is unknown."""
    with monkeypatch.context() as patched:
        patched.setattr(status, "PATIENCE", 0.1)
        patched.setattr(watched.database, "read", read)
        code, said = await asyncio.wait_for(watched.ready(), 5)
        figures = await asyncio.wait_for(watched.figures(), 5)
    assert (503, False) == (code, said["ready"])
    assert (False, error) == (said["database"]["ready"], said["database"]["error"])
    assert "password" not in str(said)
    assert said["bot_api"]["ready"]
    assert (0, 1) == (figures['shixi_ready{part="database"}'], figures['shixi_ready{part="schedule"}'])
    assert figures["shixi_inbox_waiting"] != figures["shixi_inbox_waiting"]  # not a number, nor nought
    assert figures['shixi_api_calls_total{result="200"}'] > 0
    assert 200 == (await watched.ready())[0]
    assert 0 == (await watched.figures())["shixi_inbox_waiting"]


async def test_a_bot_api_that_stays_away_is_named(soon, watched, monkeypatch):
    """A poll that comes back late is the sign, and the next one that succeeds ends it."""
    monkeypatch.setattr(status, "GRACE", 0.5)  # behind the two seconds for which a poll may wait
    await watched.telegram.post("faults", method="getUpdates", error="502", times=100)
    for _ in range(100):
        code, said = await watched.ready()
        if code == 503:
            break
        await asyncio.sleep(0.05)
    assert (503, False, True) == (code, said["bot_api"]["ready"], said["database"]["ready"])
    assert 2.5 == said["bot_api"]["limit"] <= said["bot_api"]["seconds"]
    assert (await watched.figures())['shixi_api_calls_total{result="502"}'] > 0
    await watched.telegram.delete("faults")
    await until_ready(watched)


async def test_updates_that_cannot_be_stored_are_named(soon, watched, monkeypatch):
    """Where the disk is full the database reads and Telegram answers, and yet nothing is taken; then it is again."""
    monkeypatch.setattr(status, "GRACE", 0.5)
    ann = await watched.phone("Ann")
    with monkeypatch.context() as patched:
        patched.setattr(watched.database, "transaction", is_away)
        await watched.telegram.post(f"chats/{ann.id}/text", text="/start")
        for _ in range(100):
            code, said = await watched.ready()
            if code == 503:
                break
            await asyncio.sleep(0.05)
    assert (503, False, True) == (code, said["intake"]["ready"], said["database"]["ready"])
    await watched.settle()
    assert "Shixi" in await ann.reads()
    await until_ready(watched)


async def test_a_schedule_that_stands_still_is_named(soon, watched):
    """A tick that ends is the sign of life."""
    watched.house.metrics.ticked._at -= 151
    code, said = await watched.ready()
    assert (503, False, True) == (code, said["schedule"]["ready"], said["database"]["ready"])
    await watched.tick()
    assert 200 == (await watched.ready())[0]


async def test_updates_are_counted_by_kind_and_by_what_became_of_them(soon, watched):
    """Each update is counted once, with the time that it took."""
    before = await watched.figures()
    ann = await watched.phone("Ann")
    Counter(watched, before=3)
    await ann.sends("/start")
    await ann.sends("/language")
    await ann.presses("English")
    await ann.sends("/count never")
    after = await watched.figures()

    def more(name: str) -> float:
        return after[name] - before[name]

    assert 2 == more('shixi_updates_total{kind="message",outcome="answered"}')
    assert 1 == more('shixi_updates_total{kind="callback_query",outcome="answered"}')
    assert 1 == more('shixi_updates_total{kind="message",outcome="set_aside"}')
    assert 4 == more("shixi_update_seconds_count")
    assert more("shixi_update_seconds_sum") > 2  # the pauses between the attempts are in it
    assert 3 == more('shixi_update_seconds_bucket{le="1.0"}')
    assert 0 == after["shixi_inbox_waiting"]


async def test_messages_are_counted_by_what_became_of_them(soon, watched):
    """Sent, given up and held back are told apart, and a flood limit is counted."""
    ann = await watched.phone("Ann")
    await ann.sends("/start")
    card = Card(watched)
    await card.send(ann)
    await card.send(ann, 2, due_at=watched.clock() + timedelta(hours=1))
    await watched.telegram.post("faults", method="sendMessage", error="429", times=1, seconds=1)
    await card.send(ann, 3)
    figures = await watched.figures()
    assert (1, 1) == (figures['shixi_letters_total{outcome="sent"}'], figures['shixi_api_calls_total{result="429"}'])
    assert 2 == figures["shixi_outbox_later"]  # the one held back, and the one put off
    await watched.move(hours=2)
    figures = await watched.figures()
    assert (3, 0) == (figures['shixi_letters_total{outcome="sent"}'], figures["shixi_outbox_later"])


async def test_a_late_reminder_is_seen_until_it_is_planned(soon, watched):
    """How late the oldest is, and nothing once a tick has been."""
    await watched.database.transaction(
        lambda tx: schedule.put(tx, "placement", 99, watched.clock() - timedelta(minutes=5))
    )
    figures = await watched.figures()
    assert (1, 300) == (figures["shixi_reminders_overdue"], figures["shixi_reminders_oldest_overdue_seconds"])
    await watched.tick()
    figures = await watched.figures()
    assert (0, 0) == (figures["shixi_reminders_overdue"], figures["shixi_reminders_oldest_overdue_seconds"])


async def test_a_storm_of_scrapes_reads_once(later, watched, monkeypatch):
    """However many ask within the same moment, the database is asked once."""
    read, depths = [], status.status.depths

    async def counted(tx, *, now):
        read.append(now)
        return await depths(tx, now=now)

    monkeypatch.setattr(status.status, "depths", counted)
    answers = await asyncio.gather(*(watched.asks("metrics") for _ in range(60)))
    assert 60 == [code for code, _, _ in answers].count(200)
    assert 1 == len(read)
    assert 1 == len({text for _, _, text in answers})


async def test_the_answers_hold_no_text_and_no_token(watched):
    """Neither what people are called, nor what they write, nor what the bot lives by."""
    ann = await watched.phone("Wang Xiaoming")
    await ann.sends("/start")
    await ann.sends("The patient in bed 12 fell")
    for path in ("healthz", "readyz", "metrics"):
        code, _, said = await watched.asks(path)
        assert 200 == code
        assert [] == [word for word in (TOKEN, "test-token", "Xiaoming", "bed 12") if word in said]


async def test_what_is_not_there_and_what_is_not_asked_for(watched):
    """Only three things are answered, and only to whoever reads."""
    assert 404 == (await watched.asks(""))[0]
    async with watched._session.post(f"http://{watched.settings.status_port}/metrics") as response:
        assert 405 == response.status


def test_two_programs_share_no_figure():
    """Each has its own counters, also in one process."""
    one, other = Metrics(["message"], "sqlite"), Metrics(["message"], "postgresql")
    one.update("message", "answered", 0.1)
    name, labels = "shixi_updates_total", {"kind": "message", "outcome": "answered"}
    assert (1, 0) == (one.registry.get_sample_value(name, labels), other.registry.get_sample_value(name, labels))


async def test_a_moment_begins_with_the_program():
    """What has not happened yet is as old as the program."""
    moment = Moment()
    await asyncio.sleep(0.05)
    assert moment.age >= 0.05
    moment.mark()
    assert moment.age < 0.05


# --- the command line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_busy_port_is_one_sentence(tmp_path, command):
    """The setting is named, the status is 2, and nothing was begun."""
    simulator = Simulator()
    await simulator.start()
    try:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            ended = await shixi(command, folder=tmp_path, SHIXI_API_URL=simulator.url, SHIXI_STATUS_PORT=port)
    finally:
        await simulator.stop()
    assert 2 == ended.status, ended.said
    assert f"SHIXI_STATUS_PORT cannot be opened at 127.0.0.1:{port}: address already in use" in ended.errors
    assert 1 == len(ended.errors.splitlines())


async def test_check_says_how_the_port_is(tmp_path):
    """Off, free, or in the hands of the bot that runs, which is no trouble; and that bot answers there."""
    simulator = Simulator()
    await simulator.start()
    port = unused_port()
    told = {"folder": tmp_path, "SHIXI_API_URL": simulator.url}
    process = None
    try:
        assert "status: off\n" in (await shixi("check", **told)).output
        told["SHIXI_STATUS_PORT"] = str(port)
        assert f"status: 127.0.0.1:{port} is free\n" in (await shixi("check", **told)).output
        process = await start_shixi("run", **told)
        await says(process, "status.open")
        ended = await shixi("check", **told)
        assert f"status: 127.0.0.1:{port} answers: a bot is running there\n" in ended.output
        assert 0 == ended.status, ended.said
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as response:
            assert 200 == response.status, await response.text()
    finally:
        if process:
            process.terminate()
            _output, errors = await asyncio.wait_for(process.communicate(), 20)
        await simulator.stop()
    assert 0 == process.returncode, errors.decode()
    assert "Unclosed" not in errors.decode()


# --- what the guide says ------------------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


async def test_the_guide_speaks_of_figures_that_there_are(watched):
    """Each name in an alert is one of /metrics, with the labels that it is asked for."""
    figures = await watched.figures()
    names = {name.partition("{")[0] for name in figures} | {"up"}
    asked = re.findall(r"`[^`]*?\b((?:shixi|process)_[a-z_]+[a-z])(?:\{(\w+)=~?\"([^\"]+)\"\})?", GUIDE)
    assert len(asked) > 15
    assert [] == [name for name, _, _ in asked if name not in names]
    values = [(name, label, value) for name, label, given in asked if label for value in given.split("\\|")]
    assert len(values) > 6
    assert [] == [each for each in values if not any(belongs(series, *each) for series in figures)]


def belongs(series: str, name: str, label: str, value: str) -> bool:
    return series.startswith(f"{name}{{") and f'{label}="{value}"' in series


def test_the_guide_speaks_of_lines_that_there_are():
    """Each line of the journal that it explains is written somewhere."""
    table = GUIDE.partition("| line | means |")[2].partition("\n\n")[0]
    explained = re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").glob("*.py"))
    assert len(explained) > 15
    assert [] == [event for event in explained if f'"{event}"' not in written]
