"""Changing and removing messages, and the bot's reactions to them."""

from typing import Any

from simulator.errors import bad_request
from simulator.markup import reply_markup
from simulator.methods.messages import listed, preview_options
from simulator.methods.registry import Ask, method
from simulator.state import Chat, Entry, Json
from simulator.text import message_caption, message_text

_DELETABLE_FOR = 48 * 3600  # core.telegram.org/bots/api#deletemessage
_MAX_IDS = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_MEDIA = frozenset({"photo", "document", "voice", "video"})
# The free reactions: core.telegram.org/bots/api#reactiontypeemoji
_JOINED = {"❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"}
REACTIONS = _JOINED.union(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳",
    "🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨",
    "🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
)


@method("editMessageText")
def edit_message_text(ask: Ask) -> Json:
    text, entities = message_text(ask.params, ask.world.user)
    options = preview_options(ask.params)
    chat, entry = _editable(ask)
    if "text" not in entry.body:
        raise bad_request("there is no text in the message to edit")
    content: Json = {"text": text, **listed("entities", entities)}
    if options:
        content["link_preview_options"] = options
    return _replace(ask, chat, entry, ("text", "entities", "link_preview_options"), content)


@method("editMessageCaption")
def edit_message_caption(ask: Ask) -> Json:
    caption, entities = message_caption(ask.params, ask.world.user)
    chat, entry = _editable(ask)
    if not _MEDIA & entry.body.keys():
        raise bad_request("there is no caption in the message to edit")
    content = {"caption": caption, **listed("caption_entities", entities)} if caption else {}
    return _replace(ask, chat, entry, ("caption", "caption_entities"), content)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(ask: Ask) -> Json:
    chat, entry = _editable(ask)
    return _replace(ask, chat, entry, (), {})


def _editable(ask: Ask) -> tuple[Chat, Entry]:
    reply_markup(ask.params, inline_only=True)
    if not ask.params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat = ask.bot.writable(ask.chat_id())
    entry = chat.messages.get(ask.params.integer("message_id"))
    if entry is None:
        raise bad_request("message to edit not found")
    if not entry.outgoing:
        raise bad_request("message can't be edited")
    return chat, entry


def _replace(ask: Ask, chat: Chat, entry: Entry, fields: tuple[str, ...], content: Json) -> Json:
    """Put the new content in; a keyboard that is not given again goes away, as on Telegram."""
    old = entry.body
    new = {name: value for name, value in old.items() if name not in fields and name != "reply_markup"}
    new.update(content)
    markup = reply_markup(ask.params, inline_only=True)
    if markup is not None:
        new["reply_markup"] = markup
    if new == old:
        raise bad_request(_NOT_MODIFIED)
    entry.body = {**new, "edit_date": ask.now()}
    entry.edited = entry.edited or not ("reply_markup" in old or "reply_markup" in new)
    ask.world.changed(chat.id)
    return entry.body


@method("deleteMessage")
def delete_message(ask: Ask) -> bool:
    message_id = ask.params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    chat = ask.bot.chat(ask.chat_id())
    entry = chat.messages.get(message_id)
    if entry is None:
        raise bad_request("message to delete not found")
    if not _deletable(ask, chat, entry):
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message_id]
    ask.world.changed(chat.id)
    return True


@method("deleteMessages")
def delete_messages(ask: Ask) -> bool:
    """Delete what there is and may go; the rest is skipped without a word, as the Bot API says."""
    ids = _message_ids(ask)
    chat = ask.bot.chat(ask.chat_id())
    for message_id in ids:
        entry = chat.messages.get(message_id)
        if entry is not None and _deletable(ask, chat, entry):
            del chat.messages[message_id]
    ask.world.changed(chat.id)
    return True


def _message_ids(ask: Ask) -> list[int]:
    if not ask.params.has("message_ids"):
        raise bad_request("message identifiers are not specified")
    ids = ask.params.json("message_ids", "message_ids")
    if not isinstance(ids, list):
        raise bad_request("expected an Array of message identifiers")
    if len(ids) > _MAX_IDS:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(one, int) and one > 0 for one in ids):
        raise bad_request("invalid message identifier specified")
    return ids


def _deletable(ask: Ask, chat: Chat, entry: Entry) -> bool:
    """Under 48 hours old, and in a group only the bot's own."""
    young = ask.now() - int(entry.body["date"]) < _DELETABLE_FOR
    return young and (entry.outgoing or chat.person is not None)


@method("setMessageReaction")
def set_message_reaction(ask: Ask) -> bool:
    given = ask.params.json("reaction", "reaction types")
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of ReactionType")
    reactions = [_reaction(one) for one in given or []]
    chat = ask.bot.writable(ask.chat_id())
    entry = chat.messages.get(ask.params.integer("message_id"))
    if entry is None:
        raise bad_request("message to react not found")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one["emoji"] not in REACTIONS for one in reactions):
        raise bad_request("REACTION_INVALID")
    entry.reactions = reactions
    ask.world.changed(chat.id)
    return True


def _reaction(one: Any) -> Json:
    if not isinstance(one, dict):
        raise bad_request("can't parse ReactionType: expected an Object")
    for name in ("type", "emoji"):
        if name not in one and not (name == "emoji" and one.get("type") != "emoji"):
            raise bad_request(f"can't parse ReactionType: Can't find field \"{name}\"")
    if one["type"] != "emoji":
        raise bad_request("REACTION_INVALID")
    # Clients add or leave out the variation selector; Telegram takes both.
    return {"type": "emoji", "emoji": str(one["emoji"]).replace("\ufe0f", "")}
