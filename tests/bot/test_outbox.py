"""The outbox: each row reaches its reader once, at Telegram's pace, as things are by then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.outbox import GIVE_UP_AFTER
from bot.send import Button, Message
from storage import outbox, people
from storage.database import open_database
from storage.errors import NotFound
from storage.outbox import Manner


class Card:
    """A card whose text, settledness and errors a test decides."""

    def __init__(self, world, name: str = "note") -> None:
        self.world, self.name, self.text, self.raises, self.drawn = world, name, "news", None, 0
        world.house.routes.cards[name] = self.draw

    async def draw(self, view) -> Message | None:
        self.drawn += 1
        if self.raises:
            raise self.raises
        if self.text is None:
            return None
        words = Markup("{} {} for {}").format(self.text, view.args.get("n", ""), view.person.name)
        return Message(words, ((Button("Overview", "home:0:0:"),),))

    async def send(self, phone, subject: int = 1, **more) -> bool:
        async def work(tx):
            person = await people.by_telegram_id(tx, phone.id)
            return await outbox.add(tx, person.id, self.name, subject, now=self.world.clock(), **more)

        added = await self.world.database.transaction(work)
        self.world.program.outbox.wake()
        await self.world.settle()
        return added

    async def rows(self) -> list[tuple[str, int]]:
        found = await self.world.database.read(
            lambda tx: tx.all("SELECT state, attempts FROM outbox WHERE card = :name ORDER BY id", name=self.name)
        )
        return [(row["state"], row["attempts"]) for row in found]


@pytest.fixture
async def ann(world):
    phone = await world.phone("Ann")
    await phone.sends("/start")
    return phone


async def test_a_row_reaches_its_reader_once(world, ann):
    """It is drawn when it is sent, recorded as sent, and does not come again after a restart."""
    card = Card(world)
    await card.send(ann)
    assert "news  for Ann" == await ann.reads()
    assert [("sent", 0)] == await card.rows()
    before = len(await ann.from_bot())
    await world.restart()
    Card(world)
    await world.settle()
    assert before == len(await ann.from_bot())


async def test_a_unique_key_is_used_once(world, ann):
    """The same cause gives one row, however often it is planned."""
    card = Card(world)
    assert await card.send(ann, unique_key="log:1:friday")
    assert not await card.send(ann, unique_key="log:1:friday")
    assert [("sent", 0)] == await card.rows()


@pytest.mark.parametrize("why", ["nothing to show", "not found"])
async def test_what_is_settled_is_not_sent(world, ann, why):
    """Where the renderer has nothing to show any more, or the record is gone, nothing goes out."""
    card = Card(world)
    card.text = None
    card.raises = NotFound() if why == "not found" else None
    before = len(await ann.from_bot())
    await card.send(ann)
    assert before == len(await ann.from_bot())
    assert [("settled", 0)] == await card.rows()


async def test_a_new_card_takes_the_buttons_from_the_old_one(world, ann):
    """The same thing sent again leaves one message with buttons."""
    card = Card(world)
    await card.send(ann)
    await card.send(ann)
    cards = [message for message in await ann.from_bot() if "news" in message["text"]]
    assert [False, True] == [bool(message.get("reply_markup")) for message in cards]


@pytest.mark.parametrize(("late", "reads"), [(-1, "newer news  for Ann"), (60, "news  for Ann")])
async def test_a_form_that_was_long_on_its_way_is_drawn_again(world, ann, monkeypatch, late, reads):
    """What its reader has changed meanwhile, in an older message, stands in the newest one too."""
    card, send = Card(world), world.house.sender.new
    world.house.routes.forms[card.name] = None

    async def slow(chat_id, message):
        sent = await send(chat_id, message)
        card.text = "newer news"
        return sent

    monkeypatch.setattr(world.house.sender, "new", slow)
    monkeypatch.setattr("bot.outbox.LATE", late)
    await card.send(ann)
    assert reads == await ann.reads()


async def test_a_refresh_edits_the_card_in_place(world, ann):
    """Whoever has the card sees it change, without a new message; whoever does not, sees nothing."""
    card = Card(world)
    await card.send(ann, manner=Manner.REFRESH)
    assert [("settled", 0)] == await card.rows()
    await card.send(ann)
    count = len(await ann.from_bot())
    card.text = "newer news"
    await card.send(ann, manner=Manner.REFRESH)
    assert "newer news  for Ann" == await ann.reads()
    assert count == len(await ann.from_bot())
    await card.send(ann, manner=Manner.REFRESH)
    assert [("settled", 0), ("sent", 0), ("sent", 0), ("sent", 0)] == await card.rows()


async def test_a_flood_limit_is_obeyed_and_does_not_count(world, ann):
    """After 429 nothing goes before `retry_after` is over, then the row goes."""
    card = Card(world)
    await world.telegram.post("faults", method="sendMessage", error="429", retry_after=1, chat_id=ann.id)
    await card.send(ann)
    assert [("waiting", 0)] == await card.rows()
    await world.move(seconds=2)
    for _ in range(100):
        if await card.rows() == [("sent", 0)]:
            break
        world.program.outbox.wake()
        await world.settle()
    assert "news  for Ann" == await ann.reads()


@pytest.mark.parametrize("error", ["500", "502", "disconnect"])
async def test_an_outage_is_waited_out(world, ann, error):
    """A row whose sending fails stays and goes later."""
    card = Card(world)
    await world.telegram.post("faults", method="sendMessage", error=error, times=2, execute=False)
    await card.send(ann)
    assert [("waiting", 1)] == await card.rows()
    for _ in range(4):
        await world.move(seconds=5)
    assert ("sent", 2) == (await card.rows())[0]
    assert "news  for Ann" == await ann.reads()


async def test_an_outage_of_days_is_given_up_with_a_record(world, ann):
    """What could not be sent for two days is recorded as failed, with an id."""
    card = Card(world)
    await world.telegram.post("faults", method="sendMessage", error="502", times=None, execute=False)
    await card.send(ann)
    await world.move(seconds=GIVE_UP_AFTER.total_seconds())
    assert "failed" == (await card.rows())[0][0]
    row = await world.database.read(lambda tx: tx.one("SELECT failure FROM outbox WHERE card = 'note'"))
    assert row["failure"]
    await world.telegram.delete("faults")


async def test_somebody_who_blocked_the_bot_gets_nothing_and_is_marked(world, ann):
    """The row is recorded as stopped; after the person is back, new ones arrive."""
    card = Card(world)
    await world.telegram.post(f"chats/{ann.id}/block")
    await card.send(ann)
    assert "stopped" == (await card.rows())[0][0]
    person = await world.database.read(lambda tx: people.by_telegram_id(tx, ann.id))
    assert person.stopped_at is not None
    await card.send(ann)
    calls = await world.telegram.calls("sendMessage")
    assert 1 == len([call for call in calls if call["status"] == 403])
    await ann.acts("unblock")
    await ann.sends("/start")
    await card.send(ann)
    assert "news  for Ann" == await ann.reads()


async def test_a_deleted_account_is_given_up(world, ann):
    """Nobody waits for somebody who is gone."""
    card = Card(world)
    await world.telegram.post(f"chats/{ann.id}/delete_account")
    await card.send(ann)
    assert (await card.rows())[0][0] in {"stopped", "failed"}


@pytest.mark.parametrize("error", [KeyError("x"), AttributeError("x"), RuntimeError("x"), AssertionError()])
async def test_an_error_of_ours_concerns_its_row_alone(world, ann, error):
    """A renderer that raises is tried three times; others get theirs meanwhile, and the worker goes on."""
    bob = await world.phone("Bob")
    await bob.sends("/start")
    card, other = Card(world), Card(world, "other")
    card.raises = error
    await card.send(ann)
    assert [("waiting", 1)] == await card.rows()
    await other.send(bob)
    assert "news  for Bob" == await bob.reads()
    for _ in range(3):
        await world.move(seconds=6)
    assert "failed" == (await card.rows())[0][0]
    assert 3 == card.drawn
    await other.send(ann)
    assert "news  for Ann" == await ann.reads()


async def test_replies_go_before_letters_to_many(world, ann):
    """The priority decides, then the age; one person gets one message after the other."""
    card = Card(world)
    person = await world.database.read(lambda tx: people.by_telegram_id(tx, ann.id))

    async def work(tx):
        for number, priority in enumerate((outbox.MANY, outbox.PERSONAL, outbox.REPLY, outbox.MANY)):
            await outbox.add(tx, person.id, "note", number, args={"n": number}, now=world.clock(), priority=priority)

    await world.database.transaction(work)
    world.program.outbox.wake()
    await world.settle()
    said = [message["text"] for message in await ann.from_bot() if "news" in message["text"]]
    assert ["news 2 for Ann", "news 1 for Ann", "news 0 for Ann", "news 3 for Ann"] == said
    assert 4 == card.drawn


async def test_what_is_due_later_waits(world, ann):
    """A row with a later time goes when it is due."""
    card = Card(world)
    await card.send(ann, due_at=world.clock() + timedelta(hours=1))
    assert [("waiting", 0)] == await card.rows()
    await world.move(minutes=59)
    assert [("waiting", 0)] == await card.rows()
    await world.move(minutes=1)
    assert [("sent", 0)] == await card.rows()


async def test_rows_wait_while_the_process_is_away(world, ann):
    """What was written before a stop goes after the start."""
    person = await world.database.read(lambda tx: people.by_telegram_id(tx, ann.id))
    await world.stop()
    database = await open_database(world.settings.database_url)
    await database.transaction(lambda tx: outbox.add(tx, person.id, "home", now=world.clock()))
    await database.close()
    before = len(await ann.from_bot())
    await world.start()
    await world.settle()
    assert before + 1 == len(await ann.from_bot())


async def test_everybody_gets_theirs(world):
    """Sixty people, one row each, all side by side."""
    phones = [await world.telegram.add_phone(f"P{n}", "en", world.settle) for n in range(60)]
    for phone in phones:
        await world.telegram.post(f"chats/{phone.id}/text", text="/start")
    await world.settle()
    card = Card(world)

    async def work(tx):
        for phone in phones:
            person = await people.by_telegram_id(tx, phone.id)
            await outbox.add(tx, person.id, "note", 1, now=world.clock(), priority=outbox.MANY)

    await world.database.transaction(work)
    world.program.outbox.wake()
    await world.settle()
    assert {"sent"} == {state for state, _attempts in await card.rows()}
    for phone in phones:
        assert f"news  for {phone.name}" == await phone.reads()
