"""What is kept about a photo, file or voice note that somebody sends, and how large it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.context import Refused
from bot.texts import N_
from domain.words import clean_line, shorten

if TYPE_CHECKING:
    import telegram

DOWNLOAD_LIMIT = 20_000_000  # bytes that a bot may fetch and so keep, https://core.telegram.org/bots/api#getfile
MEGABYTES = DOWNLOAD_LIMIT // 1_000_000
NAME_LIMIT = 120


class Described(TypedDict):
    """A photo, document or voice note, as `storage.files.add` takes it."""

    kind: str
    telegram_file_id: str
    name: str
    mime_type: str
    size: int


def describe(message: telegram.Message, *, voice: bool = False) -> Described | None:
    """Describe the photo or document of a message, or its voice note where those are taken; None where it has none.

    Raises `Refused` where it is too big.
    """
    if message.photo:
        photo = message.photo[-1]
        return Described(
            kind="photo", telegram_file_id=photo.file_id, name="", mime_type="image/jpeg", size=photo.file_size or 0
        )
    sent = message.document or (message.voice if voice else None)
    if sent is None:
        return None
    if (sent.file_size or 0) > DOWNLOAD_LIMIT:
        raise Refused(N_("attachment.too_big"), megabytes=MEGABYTES)
    name = message.document.file_name if message.document else None
    return Described(
        kind="document" if message.document else "voice",
        telegram_file_id=sent.file_id,
        name=shorten(clean_line(name or ""), NAME_LIMIT),
        mime_type=shorten(clean_line(sent.mime_type or "").lower(), NAME_LIMIT),
        size=sent.file_size or 0,
    )
