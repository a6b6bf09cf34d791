"""Sending: long texts are cut where nothing breaks, cards are edited where they can be, buttons fit."""

from __future__ import annotations

import random

import pytest
from markupsafe import Markup, escape

from bot.send import Attachment, Button, Message, Show
from bot.split import TEXT_LIMIT, split
from simulator.html import parse_html
from storage.database import enter_transaction, leave_transaction


def shown(part: str) -> str:
    """What a reader sees of a part; Telegram trims its ends."""
    return parse_html(part)[0].strip()


def same(text: str) -> str:
    return "".join(text.split())


def test_a_short_text_is_left_alone():
    """Up to the limit there is one part, the text itself."""
    text = "x" * TEXT_LIMIT
    assert [text] == split(text)
    assert [""] == split("")


def test_a_long_text_is_cut_at_line_ends():
    """Each part ends where a line ends, and nothing is lost."""
    text = "\n".join(f"line {number}" for number in range(2000))
    parts = split(text)
    assert len(parts) > 1
    assert all(part.strip().split("\n")[0].startswith("line ") for part in parts)
    assert same(text) == same("".join(parts))


def test_tags_are_closed_and_opened_again():
    """A bold passage over a cut is bold in both parts, each of which is whole HTML."""
    parts = split("<b>" + "word " * 2000 + "</b>")
    assert len(parts) > 1
    for part in parts:
        assert part.startswith("<b>")
        assert part.endswith("</b>")
        assert parse_html(part)


def test_entities_and_tags_are_never_cut_through():
    """Any text that people and catalogues can make is cut into parts that Telegram parses, in their order."""
    chance = random.Random(5)
    pieces = [
        "&amp;",
        "&lt;",
        "&#39;",
        "字",
        "word ",
        "\n",
        "。",
        "<b>bold</b>",
        "<i>x <b>y</b> z</i>",
        "<code>1</code>",
    ]
    for limit in (200, 300, 500):
        for _ in range(60):
            text = "".join(chance.choice(pieces) for _ in range(chance.randint(100, 600)))
            parts = split(text, limit)
            assert all(len(part) <= limit for part in parts)
            assert same(shown(text)) == same("".join(shown(part) for part in parts))


def test_what_people_write_is_one_unbroken_word():
    """Four thousand characters without a space are cut all the same."""
    text = "<i>" + str(escape("<&>" * 3000)) + "</i>"
    parts = split(text)
    assert same("<&>" * 3000) == same("".join(shown(part) for part in parts))


def test_rare_characters_count_twice():
    """Telegram counts UTF-16 units, so parts with emoji stay within 4,096 of those."""
    for part in split("👩‍⚕️𠀀 " * 3000):
        assert len(part.encode("utf-16-le")) // 2 <= TEXT_LIMIT


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("字" * 21, True), ("字" * 22, False)])
def test_what_a_button_carries_is_at_most_64_bytes(data, fits):
    """More is a mistake of ours that must not reach Telegram."""
    if fits:
        assert {"text": "Go", "callback_data": data} == Button("Go", data=data).as_dict()
    else:
        with pytest.raises(ValueError, match="64 bytes"):
            Button("Go", data=data)


def test_an_answer_is_kept_as_it_was():
    """What is stored with an update is the same answer after a restart."""
    for show in (Show(), Show("log", 5, {"page": 2, "words": "你好 <b>"}, "settings.saved", alert=True, place="anew")):
        assert show == Show.load(show.dump())


@pytest.fixture
async def ann(world):
    phone = await world.phone("Ann")
    await phone.sends("/start")
    return phone


def card(text: str, **more) -> Message:
    return Message(Markup(text), ((Button("Go", "home:0:0:"),),), **more)


async def test_a_network_call_inside_a_transaction_fails(world, ann):
    """It would hold up everybody's changes, so it is refused at once, in tests and at work."""
    enter_transaction()
    try:
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await world.house.sender.new(ann.id, card("hello"))
    finally:
        leave_transaction()

    async def work(_tx):
        await world.house.sender.new(ann.id, card("hello"))

    with pytest.raises(RuntimeError, match="inside a transaction"):
        await world.database.transaction(work)


async def test_the_buttons_of_a_long_card_are_under_its_last_part(world, ann):
    """A card of several messages has one keyboard, and its id is that of the message with it."""
    sent = await world.house.sender.new(ann.id, card("\n".join(["word " * 20] * 100)))
    messages = (await ann.from_bot())[1:]
    assert len(messages) > 1
    assert [False] * (len(messages) - 1) + [True] == [bool(message.get("reply_markup")) for message in messages]
    assert sent == messages[-1]["message_id"]


async def test_a_card_is_edited_in_place(world, ann):
    """The same message gets the new text and buttons; the same text again is no error."""
    sender = world.house.sender
    sent = await sender.new(ann.id, card("one"))
    for text in ("two", "two"):
        assert sent == await sender.edit(ann.id, sent, card(text))
    assert "two" == await ann.reads()


async def test_a_card_that_is_gone_is_sent_anew(world, ann):
    """Where the message cannot be edited, a new one takes its place."""
    sender = world.house.sender
    sent = await sender.new(ann.id, card("one"))
    await world.telegram.post(f"chats/{ann.id}/delete", message_id=sent)
    assert sent != await sender.edit(ann.id, sent, card("two"))
    assert "two" == await ann.reads()


async def test_a_photo_cannot_become_a_text(world, ann):
    """A card on a photo's message that becomes a text comes as a new message."""
    sender = world.house.sender
    await ann.acts("photo")
    photo = next(message for message in await ann.messages() if "photo" in message)["photo"][-1]["file_id"]
    pictured = card("look", attachments=(Attachment("photo", photo),), captioned=True)
    sent = await sender.new(ann.id, pictured)
    assert "look" == (await ann.card())["caption"]
    assert sent == await sender.edit(ann.id, sent, card("look again", attachments=pictured.attachments, captioned=True))
    assert "look again" == (await ann.card())["caption"]
    assert sent != await sender.edit(ann.id, sent, card("words"))
    assert "words" == await ann.reads()


async def test_a_card_that_grows_keeps_its_place_and_goes_on_below(world, ann):
    """The first part is edited in place, the rest follows with the buttons, and nothing is lost."""
    sender = world.house.sender
    sent = await sender.new(ann.id, card("short"))
    long = "\n".join(f"line {number} " + "word " * 10 for number in range(120))
    assert sent != await sender.edit(ann.id, sent, card(long))
    messages = (await ann.from_bot())[1:]
    assert sent == messages[0]["message_id"]
    assert same(long) == same("".join(message["text"] for message in messages))
    assert not messages[0].get("reply_markup", {}).get("inline_keyboard")
    assert messages[-1]["reply_markup"]["inline_keyboard"]


async def test_photos_go_as_albums_of_ten(world, ann):
    """Twelve photos are an album of ten and one of two, then the card."""
    await ann.acts("photo")
    photo = next(message for message in await ann.messages() if "photo" in message)["photo"][-1]["file_id"]
    since = (await world.telegram.calls())[-1]["n"]
    await world.house.sender.new(ann.id, card("twelve", attachments=(Attachment("photo", photo),) * 12))
    calls = [call["method"] for call in await world.telegram.calls(since=since) if call["method"] != "getUpdates"]
    assert ["sendMediaGroup", "sendMediaGroup", "sendMessage"] == calls


async def test_a_late_answer_to_a_press_is_no_error(world, ann):
    """A spinner that has stopped by itself needs no answer, and a reaction to a deleted message none either."""
    sender = world.house.sender
    await sender.answer("no-such-query", "x" * 500)
    await sender.receipt(ann.id, 987654)
    await sender.strip(ann.id, 987654)
