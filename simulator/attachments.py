"""What people send besides text: photos and albums, documents, voice notes, stickers, places, contacts."""

import base64
import binascii
from typing import Any

from simulator import images
from simulator.errors import ControlError
from simulator.people import Actor, next_album
from simulator.state import Json

_ALBUM = range(2, 11)


def photo(actor: Actor, data: Json) -> Json:
    """One photo, or with `count` or several contents an album whose first photo bears the caption."""
    contents = data.get("contents_base64", [])
    if not isinstance(contents, list):
        raise ControlError("contents_base64 must be a list")
    count = len(contents) or int(data.get("count", 1))
    if count == 1:
        group = data.get("media_group_id")
        one = {**data, "content_base64": contents[0]} if contents else data
        return actor.send(_photo(actor, one, str(group) if group else None), data)
    if count not in _ALBUM:
        raise ControlError("count must be from 1 to 10")
    group = str(data.get("media_group_id") or next_album())
    given = [{"content_base64": content} for content in contents] or [{} for _ in range(count)]
    given[0]["caption"] = data.get("caption")
    sent = [actor.send(_photo(actor, one, group), data) for one in given]
    return {
        "message_ids": [one["message_id"] for one in sent],
        "update_ids": [one["update_id"] for one in sent],
        "media_group_id": group,
    }


def _photo(actor: Actor, data: Json, group: str | None) -> Json:
    actor.check_able()
    content: Json = {"photo": actor.bot.files.store_photo(_content(data))}
    if group:
        content["media_group_id"] = group
    return content | actor.caption(data)


def document(actor: Actor, data: Json) -> Json:
    content = _content(data)
    name = str(data.get("file_name", "file.txt"))
    mime = str(data.get("mime_type", "application/octet-stream"))
    stored = actor.bot.files.store_document(content, _size(data, content), name, mime)
    return actor.send({"document": stored, **actor.caption(data)}, data)


def voice(actor: Actor, data: Json) -> Json:
    content = _content(data)
    stored = actor.bot.files.store_voice(content, _size(data, content), int(data.get("duration", 3)))
    return actor.send({"voice": stored, **actor.caption(data)}, data)


def video(actor: Actor, data: Json) -> Json:
    content = _content(data)
    stored = actor.bot.files.store("video", content, _size(data, content))
    stored.object.update(width=640, height=360, duration=int(data.get("duration", 3)), mime_type=stored.mime_type)
    return actor.send({"video": stored.object, **actor.caption(data)}, data)


def sticker(actor: Actor, data: Json) -> Json:
    stored = actor.bot.files.store("sticker", images.jpeg(512, 512, "sticker"), len(images.jpeg(512, 512, "sticker")))
    stored.object.update(
        type="regular", width=512, height=512, is_animated=False, is_video=False,
        emoji=str(data.get("emoji", "👍")),
    )  # fmt: skip
    return actor.send({"sticker": stored.object}, data)


def location(actor: Actor, data: Json) -> Json:
    place = {
        "latitude": float(data.get("latitude", 31.2304)),
        "longitude": float(data.get("longitude", 121.4737)),
    }
    return actor.send({"location": place}, data)


def contact(actor: Actor, data: Json) -> Json:
    """Their own contact unless another one is described."""
    user = actor.person.user
    card: Json = {
        "phone_number": str(data.get("phone_number", "+8613800000000")),
        "first_name": str(data.get("first_name", user["first_name"])),
    }
    if data.get("last_name"):
        card["last_name"] = str(data["last_name"])
    if data.get("own", "first_name" not in data):
        card["user_id"] = user["id"]
    return actor.send({"contact": card}, data)


def _content(data: Json) -> bytes | None:
    given: Any = data.get("content_base64")
    if given is None:
        return None
    try:
        return base64.b64decode(str(given), validate=True)
    except binascii.Error:
        raise ControlError("content_base64 is not base64") from None


def _size(data: Json, content: bytes | None) -> int:
    """Return the size that Telegram states; without contents it may be any, and zeros are downloaded."""
    if content is not None and "size" in data:
        raise ControlError("give either content_base64 or size")
    return len(content) if content is not None else int(data.get("size", 1024))
