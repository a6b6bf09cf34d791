"""Reminders: to students while a week's log is owed, to mentors and coordinators while logs wait for an answer.

The clock brings them (`reminder_plans`), and they are drawn when they are sent (`reminder_cards`); here a student puts
one off.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain import reminders as rules
from domain import weeks
from domain.logs import LogState
from domain.people import Role
from handlers import dates, reminder_cards, reminder_plans
from handlers.reminder_cards import LOG
from storage import logs, outbox, placements
from storage import reminders as records

if TYPE_CHECKING:
    from bot.context import Context, Press
    from bot.routes import Routes
    from storage.database import Transaction

LATER = "reminder.later"  # the verb of the button that puts a reminder off


async def snooze(context: Context, press: Press) -> Show:
    """Remind a student again in three hours, once for each reminder."""
    try:
        week = weeks.monday_of(date.fromisoformat(press.rest))
    except ValueError:
        raise Stale(Show("home")) from None

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_student(tx, press.id, context.person.id)
        rhythm = (await records.rhythms(tx, [placement.id]))[placement.id]
        begun = await logs.state_of_week(tx, placement.id, week)
        if begun not in {None, LogState.DRAFT} or not rules.can_be_handed_in(rhythm, week, context.now):
            raise Refused(N_("reminder.not_needed"))
        at = rules.snoozed(context.now, weeks.due_at(week, placement.rules), context.person.zone)
        following = rules.next_slot(rhythm, context.now)
        if following is not None and following <= at + rules.CLOSE:
            at = following
        elif not await outbox.add(
            tx,
            context.person.id,
            LOG,
            placement.id,
            args={"week": week.isoformat()},
            now=context.now,
            due_at=at,
            unique_key=f"{LATER}:{context.person.id}:{context.message_id}",
        ):
            return Show(toast=N_("reminder.snoozed_already"))
        said = dates.at(context._, at, context.now, context.person.zone)
        return Show(LOG, placement.id, args={"week": week.isoformat(), "at": said}, toast=N_("reminder.snoozed"))

    return await context.write(work)


def register(routes: Routes) -> None:
    """Let the clock in."""
    routes.button(LATER, snooze, role=Role.STUDENT)
    reminder_plans.register(routes)
    reminder_cards.register(routes)
