"""The hours of a week: one press or one number for all of it, or day by day, of which the week's number is the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain.hours import WEEK_LIMIT, parse_days, parse_hours, total, with_days
from domain.logs import Section
from domain.people import Role
from handlers.hours_card import DAY, HOURS, day_of, in_week
from handlers.log_card import FORM, next_step
from handlers.log_steps import go_on
from storage import logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log
    from domain.people import Draft
    from storage.database import Transaction


async def take(context: Context, draft: Draft, words: str) -> Show:
    """Take typed hours: of the week, of a day, or of several days in a row."""
    number = day_of(draft.step)
    if number is None:
        hours = parse_hours(words)
        if hours is None:
            raise Refused(N_("log.hours_wanted"), limit=int(WEEK_LIMIT))
        context.receipt = True
        return await context.write(lambda tx: _keep(tx, context, draft.subject, hours))
    each = parse_days(words)
    if each is None:
        raise Refused(N_("hours.wanted"))

    async def work(tx: Transaction) -> Show:
        show = await _keep_days(tx, context, draft.subject, number, each)
        context.receipt = True
        return show

    return await context.write(work)


async def pick(context: Context, press: Press) -> Show:
    """Take the hours of the week from a button."""
    hours = parse_hours(press.rest)
    if hours is None:
        raise Stale(Show(FORM, press.id))
    return await context.write(lambda tx: _keep(tx, context, press.id, hours))


async def pick_day(context: Context, press: Press) -> Show:
    """Take the hours of a day from a button, or the same for it and all days up to another."""
    first, _, rest = press.rest.partition("/")
    said, _, last = rest.partition("/")
    each, number, end = parse_days(said), day_of(DAY + first), day_of(DAY + last)
    if each is None or number is None or end is None or len(each) != 1 or end < number:
        raise Stale(Show(FORM, press.id))
    return await context.write(
        lambda tx: _keep_days(tx, context, press.id, number, each * (end - number + 1), done=end > number)
    )


async def _keep(tx: Transaction, context: Context, log_id: int, hours: float) -> Show:
    log = await logs.for_student(tx, log_id, context.person.id)
    return await _go_on(tx, context, await logs.set_hours(tx, log, hours))


async def _keep_days(
    tx: Transaction, context: Context, log_id: int, first: int, each: Sequence[float], *, done: bool = False
) -> Show:
    """Keep the hours of days and ask for those of the next one, if there is one and not all is said."""
    log = await logs.for_student(tx, log_id, context.person.id)
    inside, following = in_week(log), first + len(each)
    if first not in inside or following - 1 not in inside:
        raise Refused(N_("hours.outside"))
    days = with_days(log.days, first, each)
    if total(days) > WEEK_LIMIT:
        raise Refused(N_("log.hours_wanted"), limit=int(WEEK_LIMIT))
    log = await logs.set_hours(tx, log, total(days), days)
    if following in inside and not done:
        return await go_on(tx, context, log, f"{DAY}{following}")
    return await _go_on(tx, context, log)


async def _go_on(tx: Transaction, context: Context, log: Log) -> Show:
    missing = log.next_section()
    return await go_on(tx, context, log, missing.value if missing is Section.DONE else next_step(log, HOURS))


def register(routes: Routes) -> None:
    """Take hours from buttons."""
    routes.button("log.hours", pick, role=Role.STUDENT, card=FORM)
    routes.button("log.day", pick_day, role=Role.STUDENT, card=FORM)
