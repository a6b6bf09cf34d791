"""Sending and copying: checks in Telegram's order, then one new message in the chat."""

from typing import Any

from simulator.entities import Entity
from simulator.errors import bad_request
from simulator.markup import Markup, reply_keyboard, reply_markup
from simulator.methods.registry import Ask, method
from simulator.params import Params, require_bool
from simulator.state import Chat, Entry, Json
from simulator.text import message_caption, message_text

_PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
# What a reply shows of the message it answers; a reply never contains the reply before it.
_NOT_QUOTED = frozenset({"reply_to_message", "reply_markup"})


@method("sendMessage")
def send_message(ask: Ask) -> Json:
    text, entities = message_text(ask.params, ask.world.user)
    content: Json = {"text": text, **listed("entities", entities)}
    options = preview_options(ask.params)
    if options:
        content["link_preview_options"] = options
    return deliver(ask, content)


@method("copyMessage")
def copy_message(ask: Ask) -> Json:
    markup = reply_markup(ask.params)
    source = ask.bot.chats.get(ask.chat_id("from_chat_id"))
    if source is None:
        raise bad_request("chat not found")
    entry = source.messages.get(ask.params.integer("message_id"))
    if entry is None:
        raise bad_request("message to copy not found")
    content = {name: entry.body[name] for name in _COPIED if name in entry.body}
    if not content:
        raise bad_request("message can't be copied")
    if ask.params.has("caption") and "text" not in content:
        caption, entities = message_caption(ask.params, ask.world.user)
        content.pop("caption_entities", None)
        content.update({"caption": caption, **listed("caption_entities", entities)})
    chat = ask.bot.writable(ask.chat_id())
    reply = replied(ask.params, chat)
    ask.bot.flood.spend(chat.id)
    return {"message_id": post(ask, chat, content, markup, reply)["message_id"]}


_COPIED = (
    "text", "entities", "link_preview_options", "photo", "document", "voice", "video", "sticker", "location",
    "contact", "caption", "caption_entities",
)  # fmt: skip


def deliver(ask: Ask, content: Json) -> Json:
    """Check where it goes, then send one message with this content."""
    markup = reply_markup(ask.params)
    chat = destination(ask)
    reply = replied(ask.params, chat)
    ask.bot.flood.spend(chat.id)
    return post(ask, chat, content, markup, reply)


def destination(ask: Ask) -> Chat:
    if ask.params.text("business_connection_id"):
        raise bad_request("business connection not found")
    chat = ask.bot.writable(ask.chat_id())
    if ask.params.integer("message_thread_id"):
        raise bad_request("message thread not found")
    return chat


def post(ask: Ask, chat: Chat, content: Json, markup: Markup | None, reply: Json | None) -> Json:
    """Put the message into the chat and return it as the Bot API shows it."""
    body: Json = {
        "message_id": ask.bot.next_message_id(),
        "from": ask.bot.user,
        "chat": chat.info,
        "date": ask.now(),
    }
    if reply is not None:
        body["reply_to_message"] = reply
    body.update(content)
    if ask.params.flag("protect_content"):
        body["has_protected_content"] = True
    if markup is not None:
        body["reply_markup"] = markup
    chat.messages[body["message_id"]] = Entry(body, outgoing=True)
    chat.typing_until = 0.0
    chat.keyboard = reply_keyboard(ask.params, chat.keyboard)
    ask.world.changed(chat.id)
    return body


def replied(params: Params, chat: Chat) -> Json | None:
    """Return the message that the new one answers, as it will be shown in it."""
    data = params.json("reply_parameters", "reply parameters")
    if data is None:
        message_id = params.integer("reply_to_message_id")
        optional = params.flag("allow_sending_without_reply")
    elif not isinstance(data, dict):
        raise bad_request("object expected as reply parameters")
    else:
        if "message_id" not in data:
            raise bad_request('can\'t find field "message_id"')
        message_id = int(data["message_id"])
        optional = require_bool(data, "allow_sending_without_reply")
    if not message_id:
        return None
    entry = chat.messages.get(message_id)
    if entry is None:
        if optional:
            return None
        raise bad_request("message to be replied not found")
    return quoted(entry.body)


def quoted(body: Json) -> Json:
    return {name: value for name, value in body.items() if name not in _NOT_QUOTED}


def preview_options(params: Params) -> Json:
    data = params.json("link_preview_options", "link preview options")
    if data is None:
        return {"is_disabled": True} if params.flag("disable_web_page_preview") else {}
    if not isinstance(data, dict):
        raise bad_request("object expected as link preview options")
    options: Json = {name: True for name in _PREVIEW_FLAGS if require_bool(data, name)}
    if data.get("url"):
        options["url"] = str(data["url"])
    return options


def listed(name: str, entities: list[Entity]) -> dict[str, Any]:
    """Return the entities under their name; an empty list does not appear in a message."""
    return {name: entities} if entities else {}
