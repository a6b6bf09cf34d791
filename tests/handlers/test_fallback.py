"""What people send outside every form: each kind has its answer, and nothing is met with silence."""

from __future__ import annotations

import pytest

from tests.people import make_school


def telegram_of(member) -> tuple[dict, dict]:
    """Somebody's User and Chat, for updates that the control API does not make."""
    user = {"id": member.phone.id, "is_bot": False, "first_name": member.name}
    return user, {"id": member.phone.id, "type": "private", "first_name": member.name}


@pytest.mark.parametrize(
    ("what", "english", "chinese"),
    [
        ("sticker", "only read text", "只看得懂文字"),
        ("voice", "can't listen", "听不了语音"),
        ("location", "where you are", "不需要你的位置"),
        ("contact", "don't keep phone numbers", "不保存电话"),
        ("photo", "not waiting for a photo", "没有在等照片"),
        ("document", "not waiting for a photo or file", "没有在等照片或文件"),
        ("video", "not waiting for a photo or file", "没有在等照片或文件"),
    ],
)
async def test_each_kind_of_message_has_its_answer(world, what, english, chinese):
    """Stickers, voices, places, contacts, photos and files are answered with why they are not kept."""
    school = await make_school(world)
    for language, says in (("en", english), ("zh", chinese)):
        student = await school.add_student(f"S{language}", language, language)
        await student.acts(what)
        assert says in await student.reads()
        assert await student.buttons()


async def test_an_album_gets_one_answer(world):
    """Ten photos at once are one thing to their sender."""
    ann = await (await make_school(world)).add_student("Ann", "1")
    before = len(await ann.from_bot())
    await ann.acts("photo", count=6)
    assert before + 1 == len(await ann.from_bot())


@pytest.mark.parametrize(("language", "says"), [("en", "not waiting for an answer"), ("zh", "没有在等你的回答")])
async def test_free_text_is_answered_with_what_can_be_done(world, language, says):
    """Words outside every form are answered with the overview."""
    school = await make_school(world, language=language)
    await school.mentor.sends("hello?")
    assert says in await school.mentor.reads()


@pytest.mark.parametrize(("language", "says"), [("en", "don't know that command"), ("zh", "不认识这个命令")])
async def test_an_unknown_command_is_answered(world, language, says):
    """A command that is not there is answered with what is; in a form it does not become an answer."""
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    await ann.sends("/log")
    await ann.sends("/nonsense")
    assert says in await ann.reads()
    await ann.presses("▶️")
    assert "nonsense" not in await ann.reads()


async def test_a_forwarded_card_of_the_bot_is_not_taken(world):
    """A copy of one of our own messages is neither an answer nor a note of the week."""
    ann = await (await make_school(world)).placed("Ann", "1")
    user, chat = telegram_of(ann)
    bot = {"id": 123456, "is_bot": True, "first_name": "Shixi"}
    origin = {"type": "user", "date": 1_790_000_000, "sender_user": bot}
    message = {"message_id": 99, "date": 1_790_000_000, "chat": chat, "from": user, "forward_origin": origin}
    await world.telegram.post("raw", update={"message": {**message, "text": "Hello Ann, press here"}})
    await world.settle()
    assert "my own messages, forwarded" in await ann.reads()


async def test_an_edited_message_is_told_how_to_correct(world):
    """Editing a message in the chat changes nothing that is kept, and says so."""
    school = await make_school(world)
    sent = await school.mentor.sends("hello")
    await school.mentor.acts("edit", message_id=sent, text="hallo")
    assert "does not reach what is saved" in await school.mentor.reads()


async def test_a_group_gets_the_way_to_the_private_chat(world):
    """In a group nobody's affairs are spoken of; a command is answered with a button to the private chat."""
    ann = await (await make_school(world)).placed("Ann", "1")
    group = await world.telegram.post("groups", title="Class", user_id=ann.phone.id)
    await world.telegram.post(f"groups/{group['id']}/text", user_id=ann.phone.id, text="/log@shixi_bot")
    await world.settle()
    messages = (await world.telegram.get(f"chats/{group['id']}"))["messages"]
    assert "only talk about internships in private" in messages[-1]["text"]
    assert "https://t.me/shixi_bot" == messages[-1]["reply_markup"]["inline_keyboard"][0][0]["url"]


async def test_pinning_a_message_needs_no_answer(world):
    """A notice of Telegram's own in the chat is not something that the person said."""
    ann = await (await make_school(world)).placed("Ann", "1")
    before = len(await ann.from_bot())
    user, chat = telegram_of(ann)
    pinned = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "from": user, "text": "hi"}
    message = {"message_id": 999, "date": 1_790_000_000, "chat": chat, "from": user, "pinned_message": pinned}
    await world.telegram.post("raw", update={"message": message})
    await world.settle()
    assert before == len(await ann.from_bot())


async def test_a_moving_location_is_not_answered_again_and_again(world):
    """A live location edits its message every few seconds; only the first one is answered."""
    ann = await (await make_school(world)).placed("Ann", "1")
    before = len(await ann.from_bot())
    user, chat = telegram_of(ann)
    place = {"latitude": 31.2, "longitude": 121.4, "live_period": 900}
    edited = {"message_id": 9, "date": 1_790_000_000, "edit_date": 1_790_000_009, "chat": chat, "from": user}
    await world.telegram.post("raw", update={"edited_message": {**edited, "location": place}})
    await world.settle()
    assert before == len(await ann.from_bot())
