"""Floods: nothing that an honest, fast person sends is lost; a flood holds up its sender alone, and is told once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import intake
from bot.floods import Floods
from simulator.server import Simulator
from storage import inbox, outbox, people
from storage.errors import Unavailable
from tests.bot.rooms import Counter, Gate
from tests.conftest import GENEROUS, MovedClock, World, settings_for
from tests.databases import KINDS, fresh
from tests.people import make_school, member


class Watch:
    """A monotonic clock that stands still until a test moves it, and wakes whoever rests on it."""

    def __init__(self) -> None:
        self.now = 5000.0
        self._moved = asyncio.Condition()

    def __call__(self) -> float:
        return self.now

    async def rest(self, seconds: float) -> None:
        until = self.now + seconds
        async with self._moved:
            await self._moved.wait_for(lambda: self.now >= until)

    async def move(self, seconds: float) -> None:
        self.now += seconds
        async with self._moved:
            self._moved.notify_all()


class Paced(World):
    """A world in which one person may go as fast as by default, on a watch."""

    watch: Watch

    async def start(self) -> None:
        await super().start()
        self.program.intake.lanes.rest = self.watch.rest
        self.program.intake.lanes.floods.monotonic = self.watch

    async def pour(self, chat_id, count: int, first: int = 0) -> None:
        """Let somebody send many messages without waiting for any answer."""
        for number in range(first, first + count):
            await self.telegram.post(f"chats/{chat_id}/text", text=f"/count {number}")
        await self.fetched()

    async def fetched(self) -> None:
        """Wait until the bot has fetched every update."""
        for _ in range(1000):
            if not (await self.telegram.get("status"))["pending_updates"]:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the bot does not fetch")

    async def drain(self) -> None:
        """Let time pass until nothing waits any more."""
        while self.program.intake.busy:
            await self.watch.move(1)
            await asyncio.sleep(0.01)
        await self.settle()

    async def unfinished(self) -> int:
        return len(await self.database.read(inbox.unfinished))


@pytest.fixture(params=KINDS)
async def world(tmp_path, request):
    clock = MovedClock()
    simulator = Simulator(clock=clock, limits=GENEROUS)
    await simulator.start()
    told = {"database_url": fresh(request.param, tmp_path), "person_updates_per_second": 3}
    world = Paced(simulator, settings_for(simulator.url, tmp_path, **told), clock)
    world.watch = Watch()
    try:
        await world.start()
        yield world
    finally:
        await world.close()


async def until(check) -> None:
    for _ in range(1000):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited in vain")


def not_taken(world) -> float:
    """What an administrator sees of it."""
    return world.house.metrics.registry.get_sample_value("shixi_updates_not_taken_total")


async def effects_of(counter: Counter, count: int) -> list[str]:
    """The effects of a counter, once there are so many."""
    for _ in range(1000):
        if len(await counter.effects()) >= count:
            break
        await asyncio.sleep(0.01)
    return await counter.effects()


def numbers(*span: int) -> list[str]:
    return [str(number) for number in range(*span)]


async def told(phone) -> list[str]:
    """What somebody was told about updates that were not taken."""
    return [message["text"] for message in await phone.from_bot() if "🐢" in message.get("text", "")]


async def test_an_album_and_thirty_forwarded_messages_wait_for_nothing(world):
    """Ten photos and thirty messages in one go are all kept, in order, without the watch moving."""
    school = await make_school(world)
    ann = await school.placed("Ann", "20230115")
    counter = Counter(world)
    await world.watch.move(60)
    await ann.sends("/log")
    await world.telegram.post(f"chats/{ann.phone.id}/photo", count=10)
    await world.pour(ann.phone.id, 29)
    await world.settle()
    assert numbers(29) == await counter.effects()
    assert 10 == len(await world.database.read(lambda tx: tx.all("SELECT id FROM files")))
    assert [] == await told(ann)


async def test_six_presses_in_three_seconds_are_all_answered(world):
    """Nobody's finger is too fast."""
    ann = await member(world, "Ann")
    await ann.sends("/help")
    card = await ann.card()
    before = len((await ann.view())["callback_answers"])
    for _ in range(6):
        await ann.presses("", card)
    assert before + 6 == len((await ann.view())["callback_answers"])


async def test_a_hundred_forwarded_messages_are_taken_with_patience(world):
    """What is over the burst waits for its turn; others do not, and nothing is lost or told."""
    ann, bob = await member(world, "Ann"), await member(world, "Bob")
    counter, others = Counter(world), Counter(world, "other")
    await world.watch.move(60)
    await world.pour(ann.phone.id, 100)
    assert numbers(40) == await effects_of(counter, 40)
    await world.telegram.post(f"chats/{bob.phone.id}/text", text="/other now")
    assert ["now"] == await effects_of(others, 1)
    assert numbers(40) == await counter.effects()
    await world.watch.move(1)
    assert numbers(43) == await effects_of(counter, 43)
    await world.drain()
    assert numbers(100) == await counter.effects()
    assert [] == await told(ann)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "the last 140 things that you sent or pressed were not taken"),
        ("zh", "最后140条消息或点击没有收下"),
    ],
)
async def test_a_flood_is_told_once_when_it_is_over(world, language, says):
    """What can wait is done, the rest is not taken; its sender is told how much, and can go on."""
    ann = await member(world, "Ann", language)
    counter = Counter(world)
    await world.watch.move(60)
    with capture_logs() as journal:
        await world.pour(ann.phone.id, 300)
        assert numbers(40) == await effects_of(counter, 40)
        assert [] == await told(ann)
        await world.drain()
    assert numbers(160) == await counter.effects()
    (words,) = await told(ann)
    assert says in words
    assert 0 == await world.unfinished()
    (line,) = [line for line in journal if line["event"] == "flood.not_taken"]
    assert (ann.id, 139) == (line["person"], line["last"] - line["first"])
    assert 140 == not_taken(world)
    await world.watch.move(60)
    await ann.sends("/count after")
    assert [*numbers(160), "after"] == await counter.effects()


async def test_the_message_goes_before_answers_that_wait(world):
    """Of the answers to a flood Telegram's limit holds many up for minutes; what was not taken is told first."""
    ann = await member(world, "Ann")
    Counter(world)
    await world.watch.move(60)
    await world.telegram.post("faults", method="sendMessage", error="429", retry_after=30, times=160)
    world.house.pace.flooded(ann.id, 3600)
    await world.pour(ann.phone.id, 170)
    await until(lambda: world.program.intake.lanes.in_hand == 120)  # forty answers are put off already
    world.clock.now += timedelta(minutes=1)
    while world.program.intake.busy:
        await world.watch.move(1)
        await asyncio.sleep(0.01)
    later = world.clock() + timedelta(minutes=1)
    first, *others = await world.database.read(lambda tx: outbox.due(tx, now=later, limit=1000))
    assert ("flood", 160) == (first.card, len(others))


async def test_one_update_too_many_is_told_in_the_singular(world):
    """The message counts as people do."""
    ann = await member(world, "Ann")
    Counter(world)
    await world.watch.move(60)
    await world.pour(ann.phone.id, 161)
    await world.drain()
    (words,) = await told(ann)
    assert "the last thing that you sent or pressed was not taken" in words


async def test_a_flood_stops_nobody_elses_fetching(world, monkeypatch):
    """Over a thousand updates of one person wait or are refused, and everybody else is handled at once."""
    monkeypatch.setattr(intake, "BACKLOG", 100)
    ann, bob = await member(world, "Ann"), await member(world, "Bob")
    counter, others = Counter(world), Counter(world, "other")
    await world.watch.move(60)
    await world.pour(ann.phone.id, 1300)
    assert numbers(40) == await effects_of(counter, 40)
    for number in range(5):
        await world.telegram.post(f"chats/{bob.phone.id}/text", text=f"/other {number}")
    assert numbers(5) == await effects_of(others, 5)
    assert numbers(40) == await counter.effects()
    await until(lambda: world.program.intake.lanes.in_hand == 120)
    assert 120 + 140 == await world.unfinished()  # of those refused a thousand are done with already
    assert 1000 == not_taken(world)
    await world.drain()
    assert 0 == await world.unfinished()
    (words,) = await told(ann)
    assert "the last 1140 things" in words


async def test_what_is_held_back_in_all_is_bounded(world, monkeypatch):
    """Above a limit nothing more is fetched until something is done, whoever it is from; then all of it is."""
    monkeypatch.setattr(intake, "MOST", 100)
    ann, bob = await member(world, "Ann"), await member(world, "Bob")
    counter = Counter(world)
    await world.watch.move(60)
    for phone in (ann.phone, bob.phone):
        for number in range(160):
            await world.telegram.post(f"chats/{phone.id}/text", text=f"/count {number}")
    await effects_of(counter, 40)
    assert world.program.intake.lanes.in_hand <= 100 + 2 * intake.BATCH
    for _ in range(60):
        await world.watch.move(1)
        await asyncio.sleep(0.02)
    await world.fetched()
    await world.drain()
    assert sorted(numbers(160) * 2) == sorted(await counter.effects())
    assert [] == [*await told(ann), *await told(bob)]


async def test_somebody_whose_update_takes_long_stops_nobody(world):
    """What piles up behind an update that hangs is bounded like any flood, and done or told afterwards."""
    ann, bob = await member(world, "Ann"), await member(world, "Bob")
    gate, counter, others = Gate(world), Counter(world), Counter(world, "other")
    await world.watch.move(60)
    await world.telegram.post(f"chats/{ann.phone.id}/text", text="/gate")
    await asyncio.wait_for(gate.entered.wait(), 5)
    await world.pour(ann.phone.id, 200)
    await world.telegram.post(f"chats/{bob.phone.id}/text", text="/other now")
    assert ["now"] == await effects_of(others, 1)
    assert [] == await counter.effects()
    gate.open.set()
    await world.drain()
    assert numbers(159) == await counter.effects()
    assert 1 == len(await told(ann))


async def test_a_strangers_flood_is_smaller(world):
    """Who never agreed to the notice may send thirty at once, half of which wait."""
    ann = await world.phone("Ann")
    counter = Counter(world)
    await world.pour(ann.id, 100)
    assert numbers(15) == await effects_of(counter, 15)
    await world.drain()
    assert numbers(30) == await counter.effects()
    (words,) = await told(ann)
    assert "the last 70 things" in words


async def test_who_agrees_is_no_stranger_any_more(world):
    """The larger allowance is there some seconds after the notice was agreed to."""
    ann = await world.phone("Ann")
    counter = Counter(world)
    await world.pour(ann.id, 20)
    await world.drain()

    async def agree(tx):
        person = await people.by_telegram_id(tx, ann.id)
        await people.agree(tx, person.id, version=1, now=world.clock())

    await world.database.transaction(agree)
    await world.watch.move(60)
    await world.pour(ann.id, 100, first=20)
    await world.drain()
    assert numbers(120) == await counter.effects()
    assert [] == await told(ann)


async def test_a_restart_in_the_middle_of_a_flood(world):
    """What was taken keeps its order and its one effect, and the flood is told once, by the new process."""
    ann = await member(world, "Ann")
    counter = Counter(world)
    await world.watch.move(60)
    await world.pour(ann.phone.id, 300)
    assert numbers(40) == await effects_of(counter, 40)
    await world.restart()
    counter = Counter(world)
    assert numbers(80) == await effects_of(counter, 80)
    await world.drain()
    assert numbers(200) == await counter.effects()
    (words,) = await told(ann)
    assert "the last 100 things" in words
    assert 0 == await world.unfinished()


async def test_a_flood_from_somebody_unknown_leaves_nothing_behind(world):
    """Updates that no person stands behind are done with as well, and nobody is told."""
    nobody = {"id": 999_999, "is_bot": True, "first_name": "A bot"}
    with capture_logs() as journal:
        for _ in range(50):
            await world.telegram.post(
                "raw", update={"callback_query": {"id": "1", "from": nobody, "chat_instance": "1", "data": "home:0:0:"}}
            )
        await world.fetched()
        await world.drain()
    assert 0 == await world.unfinished()
    assert [None] == [line["person"] for line in journal if line["event"] == "flood.not_taken"]


async def test_a_database_that_is_away_puts_the_end_of_a_flood_off(world, monkeypatch):
    """The refused updates are done with, and told, when the database is back."""
    ann = await member(world, "Ann")
    counter = Counter(world)
    monkeypatch.setattr("bot.house.DATABASE_PAUSE", 0.05)
    dismiss, failures = inbox.dismiss, iter([Unavailable("disk full"), Unavailable("disk full")])

    async def failing(tx, update_ids, *, now):
        for failure in failures:
            raise failure
        await dismiss(tx, update_ids, now=now)

    monkeypatch.setattr(inbox, "dismiss", failing)
    await world.watch.move(60)
    await world.pour(ann.phone.id, 170)
    await world.drain()
    assert numbers(160) == await counter.effects()
    assert 1 == len(await told(ann))
    assert 0 == await world.unfinished()


async def test_a_flood_that_cannot_be_ended_stops_nobody(world, monkeypatch):
    """Where ending it fails for a reason of ours, its sender goes on, and the rest waits for the next start."""
    ann = await member(world, "Ann")
    counter = Counter(world)

    async def failing(_tx, _update_ids, *, now):
        raise RuntimeError(f"a fault of ours at {now}")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "dismiss", failing)
        await world.watch.move(60)
        await world.pour(ann.phone.id, 170)
        await world.drain()
    await world.watch.move(60)
    await ann.sends("/count after")
    assert [*numbers(160), "after"] == await counter.effects()
    assert 10 == await world.unfinished()


async def test_those_who_were_quiet_are_forgotten(world, monkeypatch):
    """The meters of people who have their whole burst again take no memory."""
    monkeypatch.setattr("bot.floods.METERS", 10)
    floods = Floods(world.house)
    floods.monotonic = world.watch
    for sender in range(1000):
        await floods.turn(sender)
        await world.watch.move(1)
    assert len(floods._meters) <= 21
