"""When a mentor hears of what waits: on which weekdays, at which hour, chosen on the digest or in the settings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_
from domain.people import Role
from domain.reminders import MOST_TO_MENTOR
from domain.times import USUAL, is_quiet, parse_time
from handlers.buttons import button, home
from handlers.dates import A_MONDAY, weekdays
from handlers.settings import TIME, TIMES, mark
from storage import people, schedule

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from storage.database import Transaction

CARD = "digest"
_DAYS, _HOURS = 3, 4  # buttons beside each other


async def show(_context: Context, _press: Press) -> Show:
    """Show the days and the hour."""
    return Show(CARD)


async def choose_day(context: Context, press: Press) -> Show:
    """Add a weekday, or take it out again, as the button says."""
    day, _, chosen = press.rest.partition(".")
    if day not in set("0123456") or chosen not in {"0", "1"}:
        raise Stale(Show(CARD))
    days = set(context.person.digest_days) - {int(day)}
    if chosen == "1":
        days.add(int(day))
    if not days:
        raise Refused(N_("digest.one_day"))
    if len(days) > MOST_TO_MENTOR:
        raise Refused(N_("digest.most_days"), most=MOST_TO_MENTOR)

    async def work(tx: Transaction) -> Show:
        await people.set_digest_days(tx, context.person.id, days)
        return await _changed(tx, context)

    return await context.write(work)


async def choose_hour(context: Context, press: Press) -> Show:
    """Take the hour on the button."""
    at = parse_time(press.rest)
    if at is None or is_quiet(at):
        raise Stale(Show(CARD))

    async def work(tx: Transaction) -> Show:
        await people.set_reminder_time(tx, context.person.id, at)
        return await _changed(tx, context)

    return await context.write(work)


async def _changed(tx: Transaction, context: Context) -> Show:
    await schedule.replan_person(tx, context.person.id, context.now)
    return Show(CARD, toast=N_("settings.saved"))


async def digest_card(view: View) -> Message | None:
    """Draw the days and the hour, those that are chosen marked."""
    _, person = view.texts, view.person
    at = person.reminder_time or USUAL[Role.MENTOR]
    days = [_day(view, number) for number in range(7)]
    hours = [button(mark(f"{hour:%H:%M}", chosen=hour == at), "digest.time", rest=f"{hour:%H%M}") for hour in TIMES]
    rows = [days[start : start + _DAYS] for start in range(0, len(days), _DAYS)]
    rows += [hours[start : start + _HOURS] for start in range(0, len(hours), _HOURS)]
    rows.append([button(_.plain("digest.other_hour"), "settings.choose", rest=TIME)])
    text = _("digest.ask", days=weekdays(_, person.digest_days), at=f"{at:%H:%M}", most=MOST_TO_MENTOR)
    return Message(text, [*rows, [button(_.plain("reminder.queue"), "queue"), home(_)]])


def _day(view: View, number: int) -> Button:
    """Make the button of a weekday, which says what is to be, so that pressing it twice does no harm."""
    chosen = number in view.person.digest_days
    name = view.texts.weekday(A_MONDAY + timedelta(days=number))
    return button(mark(name, chosen=chosen), "digest.day", rest=f"{number}.{int(not chosen)}")


def register(routes: Routes) -> None:
    """Let mentors choose."""
    role = Role.MENTOR
    for verb, run in ((CARD, show), ("digest.day", choose_day), ("digest.time", choose_hour)):
        routes.button(verb, run, role=role, card=CARD)
    routes.card(CARD, digest_card)
