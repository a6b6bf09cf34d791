"""The step at which a log is being written: whoever moves it on shows the log without reading it again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.context import Left
from bot.send import Show
from handlers.log_card import FORM
from storage import drafts

if TYPE_CHECKING:
    from bot.context import Context
    from domain.logs import Log
    from storage.database import Transaction


async def go_on(tx: Transaction, context: Context, log: Log, step: str) -> Show:
    """Let the log be the active form at a step, and show it."""
    draft, me = context.person.draft, context.person.id
    if draft is not None and (draft.form, draft.subject) == (FORM, log.id):
        draft = drafts.move_on(tx, me, draft, step=step, now=context.now)
    else:
        draft = await drafts.activate(tx, me, FORM, subject=log.id, step=step, now=context.now)
    return Show(FORM, log.id, left=Left(replace(context.person, draft=draft), log))
