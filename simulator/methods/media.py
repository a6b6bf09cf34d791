"""Photos, documents, voice notes and albums, uploaded or sent again by their identifier."""

from typing import Any

from simulator.errors import bad_request
from simulator.files import Files, chosen_file
from simulator.methods.messages import deliver, destination, listed, post, replied
from simulator.methods.registry import Ask, method
from simulator.params import Params, Upload
from simulator.state import Json
from simulator.text import message_caption

_ALBUM_KINDS = {"photo", "document", "video", "audio"}


@method("sendPhoto")
def send_photo(ask: Ask) -> Json:
    return _send(ask, "photo")


@method("sendDocument")
def send_document(ask: Ask) -> Json:
    return _send(ask, "document")


@method("sendVoice")
def send_voice(ask: Ask) -> Json:
    content = _content(ask, ask.params, "voice", "voice")
    person = destination(ask).person
    if person is not None and person.forbids_voice:
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")
    return deliver(ask, content)


def _send(ask: Ask, kind: str) -> Json:
    return deliver(ask, _content(ask, ask.params, kind, kind))


def _content(ask: Ask, params: Params, field: str, kind: str) -> Json:
    chosen = chosen_file(ask.bot.files, params, field, kind)
    caption, entities = message_caption(params, ask.world.user)
    content = media_content(ask.bot.files, kind, chosen, params)
    if caption:
        content.update({"caption": caption, **listed("caption_entities", entities)})
    return content


def media_content(files: Files, kind: str, chosen: Any, params: Params) -> Json:
    if not isinstance(chosen, Upload):
        known: Any = chosen.object
        return {kind: known["sizes"] if kind == "photo" else known}
    content = chosen.content
    if kind == "photo":
        return {kind: files.store_photo(content)}
    if kind == "voice":
        return {kind: files.store_voice(content, len(content), params.integer("duration"))}
    return {kind: files.store_document(content, len(content), chosen.name, chosen.mime_type)}


@method("sendMediaGroup")
def send_media_group(ask: Ask) -> list[Json]:
    media = ask.params.json("media", "media")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    if not 2 <= len(media) <= 10:
        raise bad_request("group send failed" if len(media) < 2 else "too many messages to send as an album")
    contents = [_album_item(ask, item) for item in media]
    kinds = {next(iter(content)) for content in contents}
    if "document" in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")
    chat = destination(ask)
    reply = replied(ask.params, chat)
    ask.bot.flood.spend(chat.id, len(contents))
    group = str(13_000_000_000_000_000 + ask.bot.last_message)
    return [post(ask, chat, {"media_group_id": group, **content}, None, reply) for content in contents]


def _album_item(ask: Ask, item: Any) -> Json:
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(item.get("type", ""))
    if kind not in _ALBUM_KINDS:
        raise bad_request("can't parse InputMedia: unsupported type specified")
    params = Params({**item, kind: item.get("media", "")}, ask.params.uploads)
    return _content(ask, params, kind, kind)
