"""What is kept about a photo or file that somebody sends, and how large it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.context import Refused
from bot.texts import N_
from domain.words import clean_line, shorten

if TYPE_CHECKING:
    import telegram

DOWNLOAD_LIMIT = 20_000_000  # bytes that a bot may fetch and so keep, https://core.telegram.org/bots/api#getfile
NAME_LIMIT = 120
_PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")


class Described(TypedDict):
    """A photo or document, as `storage.files.add` takes it."""

    kind: str
    telegram_file_id: str
    name: str
    mime_type: str
    size: int


def describe(message: telegram.Message) -> Described | None:
    """Describe the photo or document of a message, None where it has none; raises `Refused` where it is too big."""
    if message.photo:
        photo = message.photo[-1]
        return Described(
            kind="photo", telegram_file_id=photo.file_id, name="", mime_type="image/jpeg", size=photo.file_size or 0
        )
    document = message.document
    if document is None:
        return None
    if (document.file_size or 0) > DOWNLOAD_LIMIT:
        raise Refused(N_("attachment.too_big"), megabytes=DOWNLOAD_LIMIT // 1_000_000)
    return Described(
        kind="document",
        telegram_file_id=document.file_id,
        name=shorten(clean_line(document.file_name or ""), NAME_LIMIT),
        mime_type=shorten(clean_line(document.mime_type or "").lower(), NAME_LIMIT),
        size=document.file_size or 0,
    )


def is_picture(file: Described) -> bool:
    """Whether a file is a picture by its type or its name, both of which its sender may choose."""
    return file["mime_type"].startswith("image/") or file["name"].lower().endswith(_PICTURES)
