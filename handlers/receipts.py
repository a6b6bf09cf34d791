"""Receipts: whoever types the number of a log that they may read has it before them, whoever they heard it from."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Show
from bot.texts import N_
from domain import receipts
from domain.people import Role
from handlers import logs as log_room
from handlers import review_steps
from handlers.log_card import FORM as LOG
from handlers.review_parts import FORM as REVIEW
from storage import logs, openings
from storage.errors import NotFound

if TYPE_CHECKING:
    from bot.context import Context
    from bot.routes import Routes
    from storage.database import Transaction

UNKNOWN = N_("receipt.unknown")


async def find(context: Context, words: str) -> Show | None:
    """Open the log whose number was typed; None where it is no number, or none of a log that this person may read."""
    log_id = receipts.log_of(words)
    if log_id is None:
        return None
    for role, work in ((Role.STUDENT, _own), (Role.MENTOR, _of_others), (Role.COORDINATOR, _of_others)):
        if role in context.person.roles:
            try:
                return await context.write(partial(work, context=context, log_id=log_id))
            except NotFound:
                continue
    return None


async def _own(tx: Transaction, context: Context, log_id: int) -> Show:
    log = await logs.for_student(tx, log_id, context.person.id)
    return await log_room.resume(tx, context, log) if log.is_open else Show(LOG, log.id)


async def _of_others(tx: Transaction, context: Context, log_id: int) -> Show:
    await review_steps.read(tx, context, log_id)
    await openings.note(tx, log_id, context.person.id)
    return Show(REVIEW, log_id)


async def find_command(context: Context, words: str) -> Show:
    """Open the log whose number is behind the command, also in the middle of something else."""
    found = await find(context, words)
    if found is None:
        raise Refused(UNKNOWN if words else N_("receipt.how"))
    return found


def register(routes: Routes) -> None:
    """Find logs by their numbers."""
    routes.command("find", find_command)
