"""The intake: each update has its effect once and its answer, whatever fails or dies in between."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.send import Show
from storage import inbox
from storage.errors import Unavailable
from tests.bot.rooms import Counter, Gate


async def inbox_rows(world):
    return await world.database.read(lambda tx: tx.all("SELECT * FROM inbox ORDER BY update_id"))


def message_update(update_id: int, phone, text: str) -> dict:
    """An update as Telegram sends it."""
    command = (
        [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}] if text.startswith("/") else []
    )
    user = {"id": phone.id, "is_bot": False, "first_name": phone.name}
    chat = {"id": phone.id, "type": "private", "first_name": phone.name}
    message = {"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": user, "text": text, "entities": command}
    return {"update_id": update_id, "message": message}


async def leave_behind(world, update: dict, reply: str | None = None) -> None:
    """An update that a killed process had stored, and perhaps applied, but not answered."""

    async def work(tx):
        await inbox.store(tx, [(update["update_id"], json.dumps(update))], now=world.clock())
        if reply:
            await inbox.apply(tx, update["update_id"], reply)

    await world.database.transaction(work)


async def test_what_was_left_unfinished_is_handled_after_a_restart(world):
    """A stored update without an effect has its effect and its answer once."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter = Counter(world)
    await leave_behind(world, message_update(5, ann, "/count left"))
    await world.program.intake.resume()
    await world.settle()
    assert ["left"] == await counter.effects()
    assert "1 effects" == await ann.reads()


async def test_an_applied_update_is_only_answered(world):
    """Where the effect was committed before the process died, the handler does not run again."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter = Counter(world)
    await leave_behind(world, message_update(5, ann, "/count left"), Show("count").dump())
    await world.program.intake.resume()
    await world.settle()
    assert 0 == counter.runs
    assert "0 effects" == await ann.reads()


async def test_a_restart_finishes_what_waits(world):
    """The program itself looks into the inbox when it starts."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    await leave_behind(world, message_update(5, ann, "/help"))
    await world.restart()
    await world.settle()
    assert "/privacy" in await ann.reads()


async def test_a_redelivered_update_is_not_handled_again(world):
    """Telegram may send an update twice; the second time nothing happens."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter = Counter(world)
    for _ in range(2):
        await world.program.intake.take([message_update(2_000_000_000, ann, "/count twice")])
        await world.settle()
    assert ["twice"] == await counter.effects()


async def test_a_failure_before_the_effect_is_tried_again(world):
    """A handler that fails twice and then works has its effect once."""
    ann = await world.phone("Ann")
    counter = Counter(world, before=2)
    await ann.sends("/count three times lucky")
    assert (["three times lucky"], 3) == (await counter.effects(), counter.runs)
    assert "1 effects" == await ann.reads()


@pytest.mark.parametrize("where", ["after", "drawing"])
async def test_a_failure_after_the_effect_only_answers_again(world, where):
    """What fails once its effect is committed is not done twice."""
    ann = await world.phone("Ann")
    counter = Counter(world, **{where: 1})
    await ann.sends("/count once")
    assert (["once"], 1) == (await counter.effects(), counter.runs)
    assert "1 effects" == await ann.reads()


@pytest.mark.parametrize(("language", "says"), [("en", "that did not work"), ("zh", "刚才没有处理成功")])
async def test_what_fails_three_times_is_set_aside(world, language, says):
    """It is recorded with an id, its sender is told that id in their language, and what comes later goes on."""
    ann = await world.phone("Ann", language)
    counter = Counter(world, before=99)
    await ann.sends("/count never")
    assert 3 == counter.runs
    assert says in await ann.reads()
    (row,) = [row for row in await inbox_rows(world) if row["failure"]]
    assert row["failure"] in await ann.reads()
    assert row["finished_at"] is not None
    await ann.sends("/help")
    assert 3 == counter.runs
    assert row["failure"] not in await ann.reads()


async def test_the_apology_is_in_the_language_that_was_chosen(world):
    """Not in the one that the phone has."""
    ann = await world.phone("Ann", "en")
    await ann.sends("/language")
    Counter(world, before=99)
    await ann.sends("/count never")
    assert "刚才没有处理成功" in await ann.reads()


async def test_what_was_set_aside_stays_aside(world):
    """A restart does not take it up again."""
    ann = await world.phone("Ann")
    Counter(world, before=99)
    await ann.sends("/count never")
    before = len(await ann.from_bot())
    await world.restart()
    counter = Counter(world)
    await world.settle()
    assert (0, before) == (counter.runs, len(await ann.from_bot()))


async def test_attempts_are_counted_over_a_restart(world):
    """An update that kills the process each time is given up as well."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    await leave_behind(world, message_update(5, ann, "/count again"))
    for _ in range(3):
        await world.database.transaction(lambda tx: inbox.fail(tx, 5))
    counter = Counter(world)
    await world.program.intake.resume()
    await world.settle()
    assert 0 == counter.runs
    assert "that did not work" in await ann.reads()


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": "hello"},
        {"message": {"message_id": "x"}},
        {"message": {"message_id": 1, "date": "yesterday", "chat": {"id": 1, "type": "private"}}},
        {"callback_query": {"id": "1"}},
        {"callback_query": {"id": "1", "from": {"id": 9, "is_bot": False, "first_name": "A"}, "chat_instance": "1"}},
        {"my_chat_member": {"chat": {"id": 5, "type": "private"}}},
        {"something_new": {"from": {"id": 1}, "depth": [1, 2, {"a": None}]}},
        {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0}},
    ],
)
async def test_a_malformed_or_unknown_update_stops_nobody(world, update):
    """Whatever Telegram sends, the next update is handled, and nothing is left unfinished."""
    ann = await world.phone("Ann")
    await world.telegram.post("raw", update=update)
    await ann.sends("/help")
    assert "/privacy" in await ann.reads()
    assert [] == await world.database.read(inbox.unfinished)


async def test_one_persons_updates_keep_their_order(world):
    """While the first is under way the second waits, and both have their effect in the order of sending."""
    ann = await world.phone("Ann")
    gate, counter = Gate(world), Counter(world)
    await world.telegram.post(f"chats/{ann.id}/text", text="/gate")
    for number in range(5):
        await world.telegram.post(f"chats/{ann.id}/text", text=f"/count {number}")
    await asyncio.wait_for(gate.entered.wait(), 5)
    await asyncio.sleep(0.1)
    assert 0 == counter.runs
    gate.open.set()
    await world.settle()
    assert ["0", "1", "2", "3", "4"] == await counter.effects()


async def test_other_people_do_not_wait(world):
    """What one person's update takes long for does not hold up anybody else."""
    ann, bob = await world.phone("Ann"), await world.phone("Bob")
    gate, counter = Gate(world), Counter(world)
    await world.telegram.post(f"chats/{ann.id}/text", text="/gate")
    await asyncio.wait_for(gate.entered.wait(), 5)
    await world.telegram.post(f"chats/{bob.id}/text", text="/count past")
    for _ in range(200):
        if await bob.from_bot():
            break
        await asyncio.sleep(0.01)
    assert ["past"] == await counter.effects()
    gate.open.set()
    await world.settle()


async def test_tombstones_go_when_telegram_cannot_send_again(world):
    """A finished row stays until a poll with a higher offset has come back; what was set aside stays for good."""
    ann = await world.phone("Ann")
    Counter(world, before=3)
    await ann.sends("/count never")
    await ann.sends("/help")
    await ann.sends("/privacy")
    for _ in range(100):
        rows = await inbox_rows(world)
        if 1 == len([row for row in rows if row["failure"]]) and len(rows) <= 2:
            break
        await ann.sends("/help")
        await asyncio.sleep(0.02)
    assert 1 == len([row for row in rows if row["failure"]])
    assert len(rows) <= 2


async def test_after_a_quiet_week_the_offset_is_forgotten(world):
    """Telegram may go on with lower ids then, which the old offset would hide."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    intake = world.program.intake
    assert intake._offset_now() is not None
    await world.move(days=7)
    assert intake._offset_now() is None
    await ann.sends("/help")
    assert "/privacy" in await ann.reads()


async def test_trouble_in_polling_is_waited_out(world):
    """Errors of the server lose no update."""
    ann = await world.phone("Ann")
    await world.telegram.post("faults", method="getUpdates", error="502", times=2)
    await ann.sends("/start")
    assert "Shixi" in await ann.reads()


async def test_an_effect_that_is_there_is_not_made_again(world):
    """Whoever has an update in hand without knowing that its effect was committed answers what was answered then."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter = Counter(world)
    update = message_update(5, ann, "/count left")
    await leave_behind(world, update, Show("count").dump())
    await world.program.intake._hand_on(inbox.Item(5, "", None, 0), update, 0.0)
    await world.settle()
    assert (1, []) == (counter.runs, await counter.effects())
    assert "0 effects" == await ann.reads()


async def test_a_long_backlog_is_handed_on_in_order(world):
    """Several pages of updates that a stopped process left behind have their effects in the order of sending."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter = Counter(world)
    updates = [message_update(number, ann, f"/count {number}") for number in range(1, 231)]

    async def work(tx):
        await inbox.store(tx, [(one["update_id"], json.dumps(one)) for one in updates], now=world.clock())

    await world.database.transaction(work)
    await world.program.intake.resume()
    await world.settle(60)
    assert [str(number) for number in range(1, 231)] == await counter.effects()


async def test_an_apology_that_cannot_be_sent_arrives_later(world):
    """Its sender gets the id even when Telegram is away at that moment, once."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    Counter(world, before=99)
    await world.telegram.post("faults", method="sendMessage", error="502")
    await ann.sends("/count never")
    (row,) = [row for row in await inbox_rows(world) if row["failure"]]
    await world.move(seconds=10)
    assert 1 == sum(row["failure"] in message["text"] for message in await ann.from_bot())


async def test_a_batch_whose_commit_seemed_to_fail_is_handed_on(world, monkeypatch):
    """Where the database broke off after the commit, Telegram sends the batch again, and it is taken then, once."""
    ann = await world.phone("Ann")
    await ann.sends("/start")
    counter, database = Counter(world), world.database
    commit = database.transaction

    async def break_off(work):
        await commit(work)
        raise Unavailable("the answer to the commit was lost")

    batch = [message_update(2_000_000_000 + number, ann, f"/count {number}") for number in (1, 2)]
    monkeypatch.setattr(database, "transaction", break_off)
    with pytest.raises(Unavailable):
        await world.program.intake.take(batch)
    monkeypatch.undo()
    for _ in range(2):
        await world.program.intake.take(batch)
        await world.settle()
    assert ["1", "2"] == await counter.effects()
