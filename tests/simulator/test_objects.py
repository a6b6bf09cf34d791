"""Every object that the simulator returns is one that python-telegram-bot knows whole."""

from collections.abc import Iterator
from typing import Any

import pytest
from telegram import Bot, TelegramObject, Update
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.simulator.conftest import Client

# The library warns of a coming change of type whenever a duration is looked at.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def unknown_fields(thing: Any) -> Iterator[str]:
    """Yield the fields, at any depth, that the Bot API does not have."""
    if isinstance(thing, TelegramObject):
        yield from (f"{type(thing).__name__}.{name}" for name in thing.api_kwargs)
        for name in thing._get_attrs_names(include_private=False):
            yield from unknown_fields(getattr(thing, name, None))
    elif isinstance(thing, (list, tuple)):
        for one in thing:
            yield from unknown_fields(one)


async def test_updates_have_only_known_fields(client: Client, ptb: Bot) -> None:
    """Each kind of update parses, and nothing in it is left over."""
    chat = await client.person()
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}, {"text": "c", "url": "https://a.cn"}]]}
    sent = await client.bot("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    await client.sim(f"chats/{chat}/press", message_id=sent["message_id"], data="b")
    await client.sim(f"chats/{chat}/text", text="hi @a_b_c", forward=True, reply_to_message_id=sent["message_id"])
    edited = await client.sim(f"chats/{chat}/text", text="one")
    await client.sim(f"chats/{chat}/edit", message_id=edited["message_id"], text="two")
    for kind in ("photo", "document", "voice", "sticker", "video", "location", "contact"):
        await client.sim(f"chats/{chat}/{kind}", caption="c")
    await client.sim(f"chats/{chat}/photo", count=2)
    await client.sim("groups", title="Class")
    await client.sim(f"chats/{chat}/block")
    updates = await ptb.get_updates()
    assert 17 == len(updates)
    assert [] == list(unknown_fields(updates))
    kinds = {name for update in updates for name in Update.ALL_TYPES if getattr(update, name, None) is not None}
    assert {"message", "edited_message", "callback_query", "my_chat_member"} == kinds


async def test_answers_have_only_known_fields(client: Client, ptb: Bot) -> None:
    """What methods return parses, and nothing in it is left over."""
    chat = await client.person()
    group = await client.sim("groups", title="Class")
    sent = await ptb.send_message(
        chat, "<b>x</b> <a href='https://a.cn'>y</a>", parse_mode="HTML", protect_content=True
    )
    answers = [
        await ptb.get_me(),
        sent,
        await ptb.send_message(chat, "z", reply_to_message_id=sent.message_id),
        await ptb.edit_message_text("new", chat, sent.message_id),
        await ptb.get_chat(chat),
        await ptb.get_chat(group["id"]),
        await ptb.get_webhook_info(),
        await ptb.get_my_commands(),
        await ptb.get_chat_menu_button(chat),
        await ptb.get_my_name(),
        await ptb.copy_message(chat, chat, sent.message_id),
    ]
    assert [] == list(unknown_fields(answers))


async def test_a_mention_by_id_carries_the_user(client: Client, ptb: Bot) -> None:
    """A tg://user link to a known person becomes a text_mention, to an unknown one nothing."""
    chat = await client.person()
    sent = await ptb.send_message(chat, f'<a href="tg://user?id={chat}">Lin</a>', parse_mode="HTML")
    assert chat == sent.entities[0].user.id
    sent = await ptb.send_message(chat, '<a href="tg://user?id=1">Lin</a>', parse_mode="HTML")
    assert () == sent.entities


async def test_refusals_become_the_librarys_errors(client: Client, ptb: Bot) -> None:
    """python-telegram-bot recognises each kind of refusal."""
    chat = await client.person(started=False)
    with pytest.raises(Forbidden, match="can't initiate"):
        await ptb.send_message(chat, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(1, "x")
    await client.sim("faults", error="429", retry_after=3)
    with pytest.raises(RetryAfter, match="Flood control exceeded"):
        await ptb.get_me()
