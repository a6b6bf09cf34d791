"""The draft of an announcement: read as its author's, changed by a button only as it was when the button was drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.context import Stale
from bot.send import Show
from domain.announcements import Announcement, State
from domain.weeks import local_day
from storage import announcements, drafts

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from storage.database import Transaction

FORM = announcements.AUTHORS_CARD
TEXT, CHECK = "text", "check"  # the steps: the text is asked for, or everything is there

Change: TypeAlias = Callable[
    ["Transaction", "Context", "Press", Announcement], Awaitable["dict[str, str | int] | None"]
]


def today(at: Context | View) -> date:
    """Return the author's day, which decides which placements are over."""
    return local_day(at.now, at.person.zone)


async def read_draft(tx: Transaction, context: Context, announcement_id: int) -> Announcement:
    """Read a draft of one's own; raises `Stale` where it was sent or cancelled."""
    its = await announcements.of_author(tx, announcement_id, context.person.id)
    if its.state is not State.DRAFT:
        raise Stale(Show(FORM, its.id))
    return its


async def as_pressed(tx: Transaction, context: Context, press: Press) -> Announcement:
    """Read the draft that a button belongs to; raises `Stale` where it was changed since."""
    its = await read_draft(tx, context, press.id)
    if its.version != press.version:
        raise Stale(Show(FORM, its.id))
    return its


async def go_to(
    tx: Transaction, context: Context, announcement_id: int, step: str, kept: dict[str, Any] | None = None
) -> Show:
    """Let the draft be the form that gets what the author sends, at a step."""
    await drafts.activate(
        tx, context.person.id, FORM, subject=announcement_id, step=step, answers=kept, now=context.now
    )
    return Show(FORM, announcement_id)


async def change_draft(change: Change, context: Context, press: Press) -> Show:
    """Run a button's change of the draft and show it; what the change returns says which part is shown."""

    async def work(tx: Transaction) -> Show:
        its = await as_pressed(tx, context, press)
        part = await change(tx, context, press, its)
        return Show(FORM, its.id, args=part or {})

    return await context.write(work)
