"""Sending, editing, deleting, reacting: what the bot gets back and what the person then sees."""

import pytest
from telegram.constants import ReactionEmoji

from simulator.methods.edits import REACTIONS
from tests.simulator.conftest import Client, TestClock

KEYBOARD = {"inline_keyboard": [[{"text": "Go", "callback_data": "go:1"}]]}
NO_ACTION = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


async def test_a_message_appears_with_its_entities(client: Client) -> None:
    """HTML becomes plain text and entities, with links and commands found besides."""
    chat = await client.person()
    sent = await client.bot("sendMessage", chat_id=chat, text=" <b>你好</b> /log 🏟 https://a.cn ", parse_mode="HTML")
    assert "你好 /log 🏟 https://a.cn" == sent["text"]
    assert [("bold", 0, 2), ("bot_command", 3, 4), ("url", 11, 12)] == [
        (e["type"], e["offset"], e["length"]) for e in sent["entities"]
    ]
    assert sent == (await client.see(f"chats/{chat}"))["messages"][-1]
    assert 1794819600 == sent["date"]


async def test_length_is_counted_after_parsing(client: Client) -> None:
    """4,096 characters fit whatever their markup; one more does not; emoji count as two."""
    chat = await client.person()
    full = "<b>" + "x" * 4096 + "</b>"
    await client.bot("sendMessage", chat_id=chat, text=full, parse_mode="HTML")
    await client.bot("sendMessage", chat_id=chat, text="🏟" * 2048)
    for text in ("x" * 4097, "🏟" * 2049):
        assert "Bad Request: message is too long" == await client.refused("sendMessage", chat_id=chat, text=text)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "Bad Request: message text is empty"),
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n "}, "Bad Request: text must be non-empty"),
        ({"text": "x", "parse_mode": "INVALID"}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "parse_mode": None}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": None}, "Bad Request: object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": "a"}},
            'Bad Request: field "inline_keyboard" must be of type Array',
        ),
        (
            {"text": "x", "reply_parameters": {"message_id": 999}},
            "Bad Request: message to be replied not found",
        ),
        ({"text": "x", "reply_parameters": {}}, 'Bad Request: can\'t find field "message_id"'),
        ({"text": "x", "message_thread_id": 5}, "Bad Request: message thread not found"),
        (
            {"text": "x", "link_preview_options": {"is_disabled": "1"}},
            'Bad Request: field "is_disabled" must be of type Boolean',
        ),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 100, "length": 1}]},
            "Bad Request: entity begins after the end of the text at UTF-16 offset 100",
        ),
    ],
)
async def test_refuses_a_bad_message(client: Client, parameters: dict, reason: str) -> None:
    """Each fault of a message has the description that Telegram gives."""
    chat = await client.person()
    assert reason == await client.refused("sendMessage", chat_id=chat, **parameters)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "啊" * 22}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            NO_ACTION,
        ),
        (
            {"text": "x", "callback_data": ""},
            NO_ACTION,
        ),
        (
            {"callback_data": "x"},
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ({"text": "", "callback_data": "x"}, "Bad Request: inline keyboard button text must be non-empty"),
        (
            {"text": "x", "url": "no"},
            "Bad Request: inline keyboard button URL 'no' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "url": "ftp://a.org"},
            "Bad Request: inline keyboard button URL 'ftp://a.org' is invalid: Unsupported URL protocol",
        ),
        ({"text": "x", "pay": True}, "Bad Request: BUTTON_TYPE_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_refuses_a_bad_button(client: Client, button: dict, reason: str) -> None:
    """Each fault of a button has the description that Telegram gives."""
    chat = await client.person()
    markup = {"inline_keyboard": [[button]]}
    assert reason == await client.refused("sendMessage", chat_id=chat, text="x", reply_markup=markup)


async def test_a_keyboard_has_at_most_a_hundred_buttons(client: Client) -> None:
    """A hundred buttons of 64 bytes fit, one more does not."""
    chat = await client.person()
    rows = [[{"text": "x", "callback_data": "y" * 64}]] * 100
    await client.bot("sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": rows})
    rows = [*rows, rows[0]]
    reason = await client.refused("sendMessage", chat_id=chat, text="x", reply_markup={"inline_keyboard": rows})
    assert "Bad Request: reply markup is too long" == reason


async def test_refuses_people_it_cannot_reach(client: Client) -> None:
    """Unknown, not started, blocked and deleted are four different answers."""
    assert "Bad Request: chat not found" == await client.refused("sendMessage", chat_id=42, text="x")
    assert "Bad Request: chat_id is empty" == await client.refused("sendMessage", text="x")
    stranger = await client.person(started=False)
    reason = await client.refused("sendMessage", chat_id=stranger, text="x")
    assert "Forbidden: bot can't initiate conversation with a user" == reason
    chat = await client.person()
    await client.sim(f"chats/{chat}/block")
    assert "Forbidden: bot was blocked by the user" == await client.refused("sendMessage", chat_id=chat, text="x")
    await client.sim(f"chats/{chat}/unblock")
    await client.bot("sendMessage", chat_id=chat, text="x")
    await client.sim(f"chats/{chat}/delete_account")
    assert "Forbidden: user is deactivated" == await client.refused("sendMessage", chat_id=chat, text="x")


async def test_a_reply_shows_what_it_answers(client: Client) -> None:
    """The answered message stands in the reply; a missing one may be allowed."""
    chat = await client.person()
    first = await client.bot("sendMessage", chat_id=chat, text="one")
    reply = await client.bot(
        "sendMessage", chat_id=chat, text="two", reply_parameters={"message_id": first["message_id"]}
    )
    assert first == reply["reply_to_message"]
    lax = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await client.bot("sendMessage", chat_id=chat, text="3", reply_parameters=lax)


async def test_an_edit_replaces_text_and_keyboard(client: Client, clock: TestClock) -> None:
    """The person sees the new text, and no keyboard unless it was given again."""
    chat = await client.person()
    sent = await client.bot("sendMessage", chat_id=chat, text="one", reply_markup=KEYBOARD)
    clock.move(minutes=1)
    which = {"chat_id": chat, "message_id": sent["message_id"]}
    edited = await client.bot("editMessageText", **which, text="two")
    seen = (await client.see(f"chats/{chat}"))["messages"][-1]
    assert ("two", sent["date"] + 60, False) == (seen["text"], seen["edit_date"], "reply_markup" in seen)
    assert seen == edited
    with_buttons = await client.bot("editMessageReplyMarkup", **which, reply_markup=KEYBOARD)
    assert KEYBOARD == with_buttons["reply_markup"]


async def test_an_edit_must_change_something(client: Client) -> None:
    """The same text and keyboard again is refused, also when written with other markup."""
    chat = await client.person()
    sent = await client.bot("sendMessage", chat_id=chat, text="a &amp; b", parse_mode="HTML", reply_markup=KEYBOARD)
    which = {"chat_id": chat, "message_id": sent["message_id"]}
    expected = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    assert expected == await client.refused("editMessageText", **which, text="a & b", reply_markup=KEYBOARD)
    assert expected == await client.refused("editMessageReplyMarkup", **which, reply_markup=KEYBOARD)
    await client.bot("editMessageText", **which, text="a & b")


async def test_refuses_to_edit_what_is_missing_or_foreign(client: Client) -> None:
    """A message that is not there, not the bot's, or of another kind cannot be edited."""
    chat = await client.person()
    theirs = (await client.sim(f"chats/{chat}/text", text="mine"))["message_id"]
    reason = await client.refused("editMessageText", chat_id=chat, message_id=999, text="x")
    assert "Bad Request: message to edit not found" == reason
    reason = await client.refused("editMessageText", chat_id=chat, message_id=theirs, text="x")
    assert "Bad Request: message can't be edited" == reason
    sent = await client.bot("sendMessage", chat_id=chat, text="x")
    reason = await client.refused("editMessageCaption", chat_id=chat, message_id=sent["message_id"], caption="x")
    assert "Bad Request: there is no caption in the message to edit" == reason


async def test_deletes_within_two_days(client: Client, clock: TestClock) -> None:
    """A deleted message is gone for the person; after 48 hours it stays."""
    chat = await client.person()
    young = await client.bot("sendMessage", chat_id=chat, text="x")
    clock.move(hours=47)
    assert await client.bot("deleteMessage", chat_id=chat, message_id=young["message_id"])
    reason = await client.refused("deleteMessage", chat_id=chat, message_id=young["message_id"])
    assert "Bad Request: message to delete not found" == reason
    old = await client.bot("sendMessage", chat_id=chat, text="y")
    clock.move(hours=48)
    reason = await client.refused("deleteMessage", chat_id=chat, message_id=old["message_id"])
    assert "Bad Request: message can't be deleted for everyone" == reason
    assert await client.bot("deleteMessages", chat_id=chat, message_ids=[old["message_id"], 999])
    assert "y" == (await client.see(f"chats/{chat}"))["messages"][-1]["text"]


async def test_reactions_are_the_free_ones(client: Client) -> None:
    """A free reaction shows in the view only; another is refused; an empty list takes it away."""
    chat = await client.person()
    theirs = (await client.sim(f"chats/{chat}/text", text="done"))["message_id"]
    which = {"chat_id": chat, "message_id": theirs}
    await client.bot("setMessageReaction", **which, reaction=[{"type": "emoji", "emoji": "👍"}])
    seen = (await client.see(f"chats/{chat}"))["messages"][-1]
    assert [{"type": "emoji", "emoji": "👍"}] == seen["reactions"]
    reason = await client.refused("setMessageReaction", **which, reaction=[{"type": "emoji", "emoji": "🍕"}])
    assert "Bad Request: REACTION_INVALID" == reason
    await client.bot("setMessageReaction", **which, reaction=[])
    assert "reactions" not in (await client.see(f"chats/{chat}"))["messages"][-1]
    reason = await client.refused("setMessageReaction", chat_id=chat, message_id=99, reaction=[])
    assert "Bad Request: message to react not found" == reason


def test_the_list_of_reactions_is_whole() -> None:
    """python-telegram-bot's list of free reactions and ours are the same."""
    assert {emoji.value.replace("\ufe0f", "") for emoji in ReactionEmoji} == REACTIONS


async def test_copies_without_a_trace_of_the_source(client: Client) -> None:
    """copyMessage answers with an id and makes a new message of the bot."""
    chat, other = await client.person(), await client.person()
    theirs = (await client.sim(f"chats/{chat}/text", text="mine"))["message_id"]
    copied = await client.bot("copyMessage", chat_id=other, from_chat_id=chat, message_id=theirs)
    seen = (await client.see(f"chats/{other}"))["messages"][-1]
    assert (copied["message_id"], "mine", True) == (seen["message_id"], seen["text"], seen["from"]["is_bot"])
    reason = await client.refused("copyMessage", chat_id=other, from_chat_id=chat, message_id=999)
    assert "Bad Request: message to copy not found" == reason


async def test_bidirectional_overrides_are_removed(client: Client) -> None:
    """Telegram drops characters that turn the direction of text, and carriage returns."""
    chat = await client.person()
    sent = await client.bot("sendMessage", chat_id=chat, text="a\u202eb\r\nc\td")
    assert "ab\nc d" == sent["text"]


async def test_code_keeps_other_styles_out(client: Client) -> None:
    """Bold around code is bold only outside it, and neighbours of one style are one entity."""
    chat = await client.person()
    html = "<b>a</b><b>b<code>c</code>d</b>"
    sent = await client.bot("sendMessage", chat_id=chat, text=html, parse_mode="HTML")
    assert [("bold", 0, 2), ("code", 2, 1), ("bold", 3, 1)] == [
        (e["type"], e["offset"], e["length"]) for e in sent["entities"]
    ]
