"""Photos, files and voice notes into a log: what may come, how many, and how big."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.texts import N_
from domain.files import is_picture
from domain.logs import FILES_LIMIT, LogState
from domain.words import clean, shorten
from handlers.attachments import describe
from storage import files, logs

if TYPE_CHECKING:
    import telegram

    from bot.context import Context
    from domain.logs import Log
    from domain.placements import Placement
    from storage.database import Transaction

CAPTION_LIMIT = 1024


async def attach(tx: Transaction, context: Context, log: Log, message: telegram.Message) -> None:
    """Add the photo, document or voice note of a message to a log; raises `Refused` where it cannot be taken."""
    if log.state not in {LogState.DRAFT, LogState.RETURNED}:
        raise Refused(N_("log.no_files_now"))
    if len(log.files) >= FILES_LIMIT:
        raise Refused(N_("log.files_full"), limit=FILES_LIMIT)
    await logs.attach(tx, log, await keep_file(tx, context, log.placement, message), caption=caption_of(message))


async def keep_file(tx: Transaction, context: Context, placement: Placement, message: telegram.Message) -> int:
    """Record the photo, document or voice note of a message and return the file's id; raises `Refused`."""
    described = describe(message, voice=True)
    if described is None:
        raise Refused(N_("answer.text_wanted"))
    if is_picture(described["name"], described["mime_type"]) and not placement.rules.photos_allowed:
        raise Refused(N_("log.photos_off"))
    return await files.add(tx, owner_id=context.person.id, now=context.now, **described)


def caption_of(message: telegram.Message) -> str:
    """Return what is written under a file, cleaned."""
    return shorten(clean(message.caption or ""), CAPTION_LIMIT)
