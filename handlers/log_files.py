"""Photos and files into a log: what may come, how many, and how big."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.texts import N_
from domain.logs import FILES_LIMIT, LogState
from domain.words import clean, shorten
from handlers.attachments import describe, is_picture
from storage import files, logs

if TYPE_CHECKING:
    import telegram

    from bot.context import Context
    from domain.logs import Log
    from storage.database import Transaction

CAPTION_LIMIT = 1024


async def attach(tx: Transaction, context: Context, log: Log, message: telegram.Message) -> None:
    """Add the photo or document of a message to a log; raises `Refused` where it cannot be taken."""
    if log.state not in {LogState.DRAFT, LogState.RETURNED}:
        raise Refused(N_("log.no_files_now"))
    if len(log.files) >= FILES_LIMIT:
        raise Refused(N_("log.files_full"), limit=FILES_LIMIT)
    await logs.attach(tx, log, await _keep_file(tx, context, log, message), caption=_caption(message))


async def _keep_file(tx: Transaction, context: Context, log: Log, message: telegram.Message) -> int:
    """Record the photo or document of a message and return the file's id; raises `Refused`."""
    described = describe(message)
    if described is None:
        raise Refused(N_("answer.text_wanted"))
    if is_picture(described) and not log.placement.rules.photos_allowed:
        raise Refused(N_("log.photos_off"))
    return await files.add(tx, owner_id=context.person.id, now=context.now, **described)


def _caption(message: telegram.Message) -> str:
    return shorten(clean(message.caption or ""), CAPTION_LIMIT)
