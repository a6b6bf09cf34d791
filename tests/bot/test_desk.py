"""The desk: every update gets its answer, whatever stands on the button or on the way back."""

from __future__ import annotations

import pytest

from bot.context import Refused
from bot.send import Show
from domain.people import Language
from storage import drafts, inbox, outbox, people
from storage.errors import Conflict, NotFound
from tests.bot.rooms import Counter, put_command
from tests.people import make_school


async def person_of(world, phone):
    return await world.database.read(lambda tx: people.by_telegram_id(tx, phone.id))


@pytest.mark.parametrize(
    "data", ["nonsense", ":::", "log.submit", "log.submit:x:y:z", "no.such:1:1:", "home:-1:0:", "a" * 64,
             "home:1:99999999999999999:", "💥:1:1:", "log.submit:１:1:"],
)  # fmt: skip
async def test_a_button_that_is_none_of_ours_shows_the_overview(world, data):
    """Forged or ancient data gets a toast and the card of the overview, never an error."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/menu")
    card = await ann.card()
    await ann.acts("press", message_id=card["message_id"], data=data, force=True)
    assert "That button was out of date. This is how it is now." == await ann.toast()
    assert "Hello Ann" in await ann.reads()
    assert [] == await world.database.read(inbox.unfinished)


@pytest.mark.parametrize(
    "data", ["log.submit:{id}:1:", "log.ask:{id}:0:done", "log.preview:{id}:0:", "log.withdraw:{id}:9:",
             "log.edit:{id}:0:", "log.show:{id}:0:", "log.files:{id}:0:", "form.resume:{id}:0:log"],
)  # fmt: skip
async def test_somebody_elses_button_changes_nothing(world, data):
    """Callback data with another student's record is answered, shows none of it and does nothing to it."""
    school = await make_school(world)
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    await ann.sends("/log")
    await ann.sends("A secret about blood pressure.")
    log = (await world.database.read(lambda tx: tx.all("SELECT id, state, version FROM logs")))[0]
    await bob.sends("/menu")
    card = await bob.card()
    await bob.acts("press", message_id=card["message_id"], data=data.format(id=log["id"]), force=True)
    assert await bob.toast()
    assert "secret" not in await bob.transcript()
    assert log == (await world.database.read(lambda tx: tx.all("SELECT id, state, version FROM logs")))[0]


async def test_a_button_for_another_role_says_whose_it_is(world):
    """A student who forges a coordinator's or mentor's button is told so and does nothing."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await ann.sends("/menu")
    card = await ann.card()
    verbs = [name for name, verb in world.house.routes.verbs.items() if verb.role and verb.role.value != "student"]
    assert verbs
    for verb in verbs:
        await world.telegram.post(
            f"chats/{ann.phone.id}/press", message_id=card["message_id"], data=f"{verb}:1:1:yes", force=True
        )
    await world.settle()
    answers = (await ann.view())["callback_answers"]
    assert len(verbs) == len(answers)
    assert all("This is for" in answer["text"] for answer in answers)
    assert card["text"] == await ann.reads()


@pytest.mark.parametrize("role", ["student", "mentor", "coordinator"])
async def test_any_button_survives_any_data(world, role):
    """Every verb, pressed with ids and words that fit nothing, is answered without an error."""
    school = await make_school(world)
    reader = {"student": await school.placed("Ann", "1"), "mentor": school.mentor, "coordinator": school.coordinator}[
        role
    ]
    await reader.sends("/menu")
    card = (await reader.card())["message_id"]
    answered = len((await reader.view())["callback_answers"])
    presses = [f"{verb}:987654:3:{rest}" for verb in world.house.routes.verbs for rest in ("", "x", "-1")]
    for data in presses:
        await world.telegram.post(f"chats/{reader.phone.id}/press", message_id=card, data=data, force=True)
    await world.settle(60)
    failed = await world.database.read(lambda tx: tx.all("SELECT body FROM inbox WHERE failure IS NOT NULL"))
    assert [] == [row["body"][-200:] for row in failed]
    assert answered + len(presses) == len((await reader.view())["callback_answers"])


async def test_every_press_is_answered(world):
    """Each press stops its spinner, also where there is nothing to say."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/menu")
    for label in ("Settings", "Overview", "Help", "Privacy", "Overview"):
        before = len((await ann.view())["callback_answers"])
        await ann.presses(label)
        assert before + 1 == len((await ann.view())["callback_answers"])


async def test_a_press_on_a_message_that_is_gone_sends_the_card_anew(world):
    """A card that the person deleted, or that Telegram no longer shows, comes as a new message."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/menu")
    card = await ann.card()
    user = {"id": ann.phone.id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ann.phone.id, "type": "private", "first_name": "Ann"}
    await ann.acts("delete", message_id=card["message_id"])
    gone = {"chat": chat, "message_id": card["message_id"], "date": 0}
    query = {"id": "77", "from": user, "chat_instance": "1", "data": "help:0:0:", "message": gone}
    await world.telegram.post("raw", update={"callback_query": query})
    await world.settle()
    assert "/privacy" in await ann.reads()
    assert [] == await world.database.read(lambda tx: tx.all("SELECT * FROM inbox WHERE failure IS NOT NULL"))


async def test_a_flood_limit_on_a_reply_only_puts_it_off(world):
    """The answer comes when Telegram allows it, drawn from the state as it is then; the effect is made once."""
    ann = await world.phone("Ann")
    counter = Counter(world)
    await world.telegram.post("faults", method="sendMessage", error="429", times=1, retry_after=7)
    await ann.sends("/count once")
    assert [] == await ann.from_bot()
    assert ["once"] == await counter.effects()
    await world.move(seconds=6)
    assert [] == await ann.from_bot()
    await world.move(seconds=2)
    assert "1 effects" == await ann.reads()
    assert 1 == counter.runs


@pytest.mark.parametrize("error", ["500", "502", "disconnect"])
async def test_an_outage_on_a_reply_only_puts_it_off(world, error):
    """The answer arrives once the network is back."""
    ann = await world.phone("Ann")
    counter = Counter(world)
    await world.telegram.post("faults", method="sendMessage", error=error, times=2, execute=False)
    await ann.sends("/count once")
    assert [] == await ann.from_bot()
    for _ in range(3):
        await world.move(seconds=10)
    assert "1 effects" == await ann.reads()
    assert (1, ["once"]) == (counter.runs, await counter.effects())


async def test_an_outage_on_a_press_brings_the_card_later(world):
    """The card that a press could not edit comes by the outbox."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/menu")
    await world.telegram.post("faults", method="editMessageText", error="502", times=1, execute=False)
    await ann.presses("Settings")
    await world.move(seconds=10)
    assert "Settings" in await ann.reads()


async def test_a_refusal_that_cannot_be_shown_arrives_as_a_message(world):
    """Why a press was refused is known once the network is back, though the press can no longer be answered."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/menu")
    card, before = await ann.card(), len(await ann.from_bot())
    await world.telegram.post("faults", method="answerCallbackQuery", error="502", execute=False)
    await ann.acts("press", message_id=card["message_id"], data="announce:0:0:", force=True)
    assert before == len(await ann.from_bot())
    await world.move(seconds=10)
    assert "coordinator" in await ann.reads()


@pytest.mark.parametrize("method", ["editMessageReplyMarkup", "setMessageReaction", "answerCallbackQuery"])
@pytest.mark.parametrize("error", ["429", "502", "disconnect"])
async def test_what_goes_beside_a_card_does_not_repeat_it(world, method, error):
    """Buttons that cannot be taken, a reaction or an answer that cannot be given: the card has come, and comes once."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/log")
    await ann.presses("Hours")
    before = len(await ann.from_bot())
    await world.telegram.post("faults", method=method, error=error, times=None, execute=False)
    await ann.sends("38")
    await ann.presses("Other weeks")
    await world.move(seconds=10)
    assert before + 1 == len(await ann.from_bot())
    assert "still open" in await ann.reads()


async def test_somebody_who_blocked_the_bot_is_remembered_and_comes_back(world):
    """A block is noted from Telegram's own notice; the next message undoes it."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.acts("block")
    assert world.clock() == (await person_of(world, ann.phone)).stopped_at
    await ann.acts("unblock")
    await ann.sends("/menu")
    assert (await person_of(world, ann.phone)).stopped_at is None
    assert "Hello Ann" in await ann.reads()


async def test_somebody_who_blocked_in_the_middle_of_an_answer(world):
    """A refused answer marks the person as stopped, and is not tried again."""
    ann = await world.phone("Ann")
    await ann.sends("/start")

    async def run(_context, _words):
        await world.telegram.post(f"chats/{ann.id}/block")
        return Show("home")

    put_command(world, "leave", run)
    await ann.sends("/leave")
    assert [] == await world.database.read(inbox.unfinished)
    assert [] == await world.database.read(lambda tx: outbox.due(tx, now=world.clock(), limit=5))


async def test_a_deleted_account_stops_nobody(world):
    """An answer to somebody who is gone is given up quietly."""
    ann, bob = await world.phone("Ann"), await world.phone("Bob")
    await ann.sends("/start")
    await world.telegram.post(f"chats/{ann.id}/text", text="/help")
    await world.telegram.post(f"chats/{ann.id}/delete_account")
    await bob.sends("/start")
    assert "Shixi" in await bob.reads()
    assert [] == await world.database.read(inbox.unfinished)


async def test_a_group_is_answered_only_where_it_asks(world):
    """Words in a group are none of our business; a command gets the way to the private chat, as its sender speaks."""
    ann = await world.phone("小明", "zh")
    await ann.sends("/start")
    group = await world.telegram.post("groups", title="Class", user_id=ann.id)
    for text in ("hello all", "@shixi_bot what is up", "/help"):
        await world.telegram.post(f"groups/{group['id']}/text", user_id=ann.id, text=text)
        await world.settle()
    said = [m["text"] for m in (await world.telegram.get(f"chats/{group['id']}"))["messages"] if m["from"]["is_bot"]]
    assert ["实习的事我只在私聊里说，请直接给我发消息。"] == said
    await world.telegram.post(f"groups/{group['id']}/remove", user_id=ann.id)
    await world.settle()
    assert [] == await world.database.read(inbox.unfinished)
    assert (await person_of(world, ann)).stopped_at is None


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (Refused("answer.number_wanted", lowest=1, highest=5), "whole number from 1 to 5"),
        (Conflict(), "out of date"),
        (NotFound(), "no longer open to you"),
    ],
)
async def test_what_a_room_raises_becomes_an_answer(world, raised, says):
    """A refusal, a conflict and a missing record are said in the person's words."""
    ann = await (await make_school(world)).placed("Ann", "1")

    async def run(_context, _words):
        raise raised

    put_command(world, "raise", run)
    await ann.sends("/raise")
    assert says in await ann.reads()
    assert await ann.buttons()


async def test_a_card_that_may_not_be_seen_is_gone(world):
    """A renderer that finds no record for its reader is answered, not retried."""
    ann = await (await make_school(world)).placed("Ann", "1")

    async def run(_context, _words):
        return Show("missing_thing", 5)

    async def draw(_view):
        raise NotFound

    put_command(world, "thing", run)
    world.house.routes.cards["missing_thing"] = draw
    await ann.sends("/thing")
    assert "no longer open to you" in await ann.reads()


async def test_the_language_follows_telegram_until_it_is_chosen(world):
    """Any zh tag is Chinese, all others are English; the choice then stays."""
    for code, language in (("zh-hans", Language.CHINESE), ("zh-TW", Language.CHINESE), ("de", Language.ENGLISH)):
        phone = await world.phone("Ann", code)
        await phone.sends("/start")
        assert language == (await person_of(world, phone)).language
        await phone.sends("/language")
        await phone.sends("/start")
        assert language != (await person_of(world, phone)).language


async def test_a_refused_answer_keeps_the_form(world):
    """A wrong answer in a form is said on its card, and the form goes on."""
    ann = await (await make_school(world)).placed("Ann", "1")
    await ann.sends("/log")
    await ann.acts("sticker")
    assert "I need text" in await ann.reads()
    draft = (await person_of(world, ann.phone)).draft
    assert ("log", "done") == (draft.form, draft.step)


async def test_a_command_lays_a_form_aside_and_its_answers_stay(world):
    """Another command in the middle of a form pauses it; what follows is not taken as its answer."""
    school = await make_school(world)
    boss = school.coordinator
    await world.database.transaction(
        lambda tx: drafts.activate(tx, boss.id, "announcement", step="text", now=world.clock())
    )
    await boss.sends("/menu")
    assert (await person_of(world, boss.phone)).draft is None
    assert ["announcement"] == [d.form for d in await world.database.read(lambda tx: drafts.waiting(tx, boss.id))]


async def test_a_command_meant_for_another_bot_is_not_ours(world):
    """`/help@other_bot` is a text, `/help@shixi_bot` a command."""
    ann = await world.phone("Ann")
    await ann.sends("/help@shixi_bot")
    assert "/privacy" in await ann.reads()
    await ann.sends("/help@other_bot")
    assert "open the link" in await ann.reads()
