"""Photos and files into a log: what may come, how many, and how big."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.texts import N_
from domain.logs import FILES_LIMIT, LogState
from domain.words import clean, shorten
from storage import files, logs

if TYPE_CHECKING:
    import telegram

    from bot.context import Context
    from domain.logs import Log
    from storage.database import Transaction

DOWNLOAD_LIMIT = 20_000_000  # bytes that a bot may fetch, https://core.telegram.org/bots/api#getfile
CAPTION_LIMIT = 1024


async def attach(tx: Transaction, context: Context, log: Log, message: telegram.Message) -> None:
    """Add the photo or document of a message to a log; raises `Refused` where it cannot be taken."""
    if log.state not in {LogState.DRAFT, LogState.RETURNED}:
        raise Refused(N_("log.no_files_now"))
    if len(log.files) >= FILES_LIMIT:
        raise Refused(N_("log.files_full"), limit=FILES_LIMIT)
    await logs.attach(tx, log, await keep_file(tx, context, log, message), caption=_caption(message))


async def keep_file(tx: Transaction, context: Context, log: Log, message: telegram.Message) -> int:
    """Record the photo or document of a message and return the file's id; raises `Refused`."""
    if message.photo:
        if not log.placement.rules.photos_allowed:
            raise Refused(N_("log.photos_off"))
        photo = message.photo[-1]
        return await files.add(
            tx,
            owner_id=context.person.id,
            kind="photo",
            telegram_file_id=photo.file_id,
            mime_type="image/jpeg",
            size=photo.file_size or 0,
            now=context.now,
        )
    document = message.document
    if document is None:
        raise Refused(N_("answer.text_wanted"))
    if (document.mime_type or "").startswith("image/") and not log.placement.rules.photos_allowed:
        raise Refused(N_("log.photos_off"))
    if (document.file_size or 0) > DOWNLOAD_LIMIT:
        raise Refused(N_("log.file_too_big"), megabytes=DOWNLOAD_LIMIT // 1_000_000)
    return await files.add(
        tx,
        owner_id=context.person.id,
        kind="document",
        telegram_file_id=document.file_id,
        name=shorten(clean(document.file_name or ""), 120),
        mime_type=shorten(document.mime_type or "", 120),
        size=document.file_size or 0,
        now=context.now,
    )


def _caption(message: telegram.Message) -> str:
    return shorten(clean(message.caption or ""), CAPTION_LIMIT)
