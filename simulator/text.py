"""Text and captions of a call: parse mode or given entities in, checked text with all its entities out."""

from collections.abc import Callable
from typing import Any

from simulator import entities as ents
from simulator.entities import Entity
from simulator.errors import bad_request
from simulator.html import parse_html
from simulator.params import Params

MAX_TEXT = 4096  # core.telegram.org/bots/api#sendmessage, "after entities parsing"
MAX_CAPTION = 1024  # core.telegram.org/bots/api#sendphoto
_PLAIN = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic",
    "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre",
})  # fmt: skip
# Telegram finds these by itself and ignores a bot's own marking of them.
_AUTOMATIC = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
FindUser = Callable[[int], dict[str, Any] | None]


def message_text(params: Params, find_user: FindUser) -> tuple[str, list[Entity]]:
    """Return the `text` of sendMessage and editMessageText."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, found = _formatted(params, params.text("text"), "entities", find_user)
    if not text:
        raise bad_request("text must be non-empty")
    if ents.utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, found


def message_caption(params: Params, find_user: FindUser) -> tuple[str, list[Entity]]:
    """Return the `caption` of a photo, document or voice note; it may be empty."""
    text, found = _formatted(params, params.text("caption"), "caption_entities", find_user)
    if ents.utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, found


def plain(text: str) -> tuple[str, list[Entity]]:
    """Return what a person typed, with the entities that Telegram finds in it."""
    text, _ = ents.trimmed(ents.cleaned(text), [])
    return text, ents.with_found(text, [])


def _formatted(params: Params, source: str, name: str, find_user: FindUser) -> tuple[str, list[Entity]]:
    source = ents.cleaned(source)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, found = parse_html(source)
        found = [entity for entity in (_resolved(one, find_user) for one in found) if entity]
    elif mode in {"", "none"}:
        text, found = source, _given(params, source, name, find_user)
    else:
        raise bad_request("unsupported parse_mode")
    text, found = ents.trimmed(ents.cleaned(text), ents.normalised(found))
    return text, ents.with_found(text, found)


def _resolved(entity: Entity, find_user: FindUser) -> Entity | None:
    """Return a mention by id becomes one by User, or nothing when Telegram knows no such person."""
    if entity["type"] != "text_mention":
        return entity
    user = find_user(entity["user_id"])
    return user and {
        "type": "text_mention",
        "offset": entity["offset"],
        "length": entity["length"],
        "user": user,
    }


def _given(params: Params, text: str, name: str, find_user: FindUser) -> list[Entity]:
    given = params.json(name, "entities")
    if not isinstance(given, list):
        return []
    size = ents.utf16_length(text)
    found = []
    for one in given:
        if not isinstance(one, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        entity = _checked(one, size, find_user)
        if entity["type"] not in _AUTOMATIC and entity["length"] > 0:
            found.append(entity)
    return found


def _checked(one: dict[str, Any], size: int, find_user: FindUser) -> Entity:
    kind, offset, length = one.get("type"), one.get("offset"), one.get("length")
    for field, value in (("offset", offset), ("length", length)):
        if not isinstance(value, int):
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{field}\"")
    entity: Entity = {"type": kind, "offset": offset, "length": length}
    if kind == "text_link":
        entity["url"] = _field(one, "url")
    elif kind == "custom_emoji":
        entity["custom_emoji_id"] = _field(one, "custom_emoji_id")
    elif kind == "text_mention":
        user = find_user(int(_field(one, "user")["id"]))
        if user is None:
            raise bad_request("user not found")
        entity["user"] = user
    elif kind not in _PLAIN:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if one.get("language") and kind == "pre":
        entity["language"] = one["language"]
    _check_range(entity["offset"], entity["length"], size)
    return entity


def _field(one: dict[str, Any], name: str) -> Any:
    if name not in one:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
    return one[name]


def _check_range(offset: int, length: int, size: int) -> None:
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length < 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    if offset > size:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > size:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {offset + length}"
        )
