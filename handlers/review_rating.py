"""What goes with an approval besides words: stars, and the student's hours confirmed; neither is ever needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from domain.remarks import MOST_STARS
from handlers.review_parts import FORM
from handlers.review_remarks import follow, still_open
from storage import remarks
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log, Review
    from storage.database import Transaction


async def rate(context: Context, press: Press) -> Show:
    """Give an approval stars, or take them away."""
    number = press.number
    if number > MOST_STARS or not press.rest[:1].isdecimal():
        raise Stale(Show(FORM, press.id))
    return await _add(context, press, lambda tx, review, _log: remarks.rate(tx, review, number or None))


async def confirm_hours(context: Context, press: Press) -> Show:
    """Confirm the student's hours with an approval, or leave them open again."""
    confirmed = press.number == 1
    return await _add(
        context, press, lambda tx, review, log: remarks.confirm_hours(tx, review, log.hours if confirmed else None)
    )


async def _add(context: Context, press: Press, change: Callable[[Transaction, Review, Log], Awaitable[None]]) -> Show:
    origin = press.rest.partition(".")[2]

    async def work(tx: Transaction) -> Show:
        submission = await still_open(tx, context, press.id, press.version)
        own = submission.approval_of(context.person.id)
        if own is None or own is not submission.last:
            raise Conflict
        await change(tx, own, submission.log)
        await follow(tx, context, submission)
        return Show(FORM, press.id, {"origin": origin})

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open the room."""
    routes.button("review.stars", rate, card=FORM)
    routes.button("review.hours", confirm_hours, card=FORM)
