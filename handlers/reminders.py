"""Reminders: to students while a week's log is owed, to mentors and coordinators while logs wait for an answer.

A planner is called when a thing is due, writes at most one outbox row, and says when to look again. The row names a
card; whether it is still useful is decided again when the card is drawn.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain import reminders as rules
from domain import weeks
from domain.logs import LogState
from domain.people import Role
from handlers import dates, reminder_cards
from handlers.reminder_cards import DIGEST, ESCALATION, LOG, NUDGE
from storage import logs, outbox, people, placements
from storage import reminders as records
from storage.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Person
    from domain.reminders import Reminded, Slot
    from storage.database import Transaction

LATER = "reminder.later"  # the verb of the button that puts a reminder off


async def plan_placement(tx: Transaction, placement_id: int, due_at: datetime, now: datetime) -> datetime | None:
    """Remind a student of a week's log: only of the newest slot since `due_at`, and only while the log is owed."""
    reminded = (await records.reminded(tx, [placement_id])).get(placement_id)
    if reminded is None:
        return None
    slot = rules.newest_slot(reminded, due_at, now) if reminded.reachable else None
    if slot and await _is_wanted(tx, reminded, slot.week, now) and not await _is_spared(tx, reminded, slot):
        key = f"{LOG}:{placement_id}:{slot.week}:{slot.at.isoformat()}"
        await _push(tx, reminded.placement.student_person or 0, LOG, placement_id, key, now=now, week=slot.week)
    return rules.next_slot(reminded, now)


async def _is_wanted(tx: Transaction, reminded: Reminded, week: date, now: datetime) -> bool:
    """Whether the log of a week is still to be handed in for the first time, and can be."""
    placement = reminded.placement
    return (
        weeks.owed(placement.starts_on, placement.ends_on, week, reminded.excused)
        and weeks.writable(placement.starts_on, placement.ends_on, week, now, placement.zone)
        and await logs.state_of_week(tx, placement.id, week) in {None, LogState.DRAFT}
    )


async def _is_spared(tx: Transaction, reminded: Reminded, slot: Slot) -> bool:
    """Whether the student has heard enough this week, so that only the first and the last reminder come."""
    if not slot.spare:
        return False
    week_began = weeks.at_local(slot.week, time(0), reminded.placement.zone)
    return await records.answers_since(tx, reminded.placement.id, week_began) >= rules.ENOUGH_ANSWERS


async def plan_mentor(tx: Transaction, person_id: int, due_at: datetime, now: datetime) -> datetime | None:
    """Tell a mentor what waits: all of it on Monday, on other workdays what has waited for three days.

    A submission is nudged once (the digest counts), and three such messages a week are the most.
    """
    person = await _person(tx, person_id)
    if person is None:
        return None
    following = rules.next_check(person.zone, person.reminder_time, now)
    check = rules.last_check(person.zone, person.reminder_time, now)
    if check < due_at or person.stopped_at is not None:
        return following
    waiting = await records.waiting_for_mentor(tx, person_id, until=now, today=weeks.local_day(now, person.zone))
    fresh = [w.log_id for w in waiting if w.submitted_at <= now - rules.NUDGE_AFTER and w.nudged_at is None]
    monday = rules.last_check(person.zone, person.reminder_time, now, weekdays=rules.MONDAY)
    card = NUDGE if fresh and check != monday else DIGEST if waiting and monday >= due_at else None
    if card and await _may_push(tx, person, now):
        key = f"{card}:{person_id}:{weeks.local_day(check, person.zone)}"
        if await _push(tx, person_id, card, person_id, key, now=now, instead_of=(DIGEST, NUDGE)):
            await records.mark_nudged(tx, fresh, now)
    return following


async def _may_push(tx: Transaction, person: Person, now: datetime) -> bool:
    week_began = weeks.at_local(weeks.week_of(now, person.zone), time(0), person.zone)
    return await records.pushes_since(tx, person.id, (DIGEST, NUDGE), week_began) < rules.MOST_TO_MENTOR


async def plan_coordinator(tx: Transaction, person_id: int, due_at: datetime, now: datetime) -> datetime | None:
    """Tell a coordinator which logs have waited for a week, on workdays, when there is one more of them.

    A submission is escalated to every coordinator of the class once: the first one's check marks it, and the
    others' next checks see a mark that is newer than their last.
    """
    person = await _person(tx, person_id)
    if person is None:
        return None
    following = rules.next_check(person.zone, person.reminder_time, now)
    check = rules.last_check(person.zone, person.reminder_time, now)
    if check < due_at or person.stopped_at is not None:
        return following
    earlier = rules.last_check(person.zone, person.reminder_time, due_at - rules.MOMENT)
    waiting = await records.waiting_for_coordinator(tx, person_id, until=now - rules.ESCALATE_AFTER)
    if any(w.escalated_at is None or w.escalated_at > earlier for w in waiting):
        key = f"{ESCALATION}:{person_id}:{weeks.local_day(check, person.zone)}"
        if await _push(tx, person_id, ESCALATION, person_id, key, now=now):
            await records.mark_escalated(tx, [w.log_id for w in waiting if w.escalated_at is None], check)
    return following


async def _person(tx: Transaction, person_id: int) -> Person | None:
    try:
        return await people.by_id(tx, person_id)
    except NotFound:
        return None


async def _push(
    tx: Transaction,
    person_id: int,
    card: str,
    subject: int,
    key: str,
    *,
    now: datetime,
    week: date | None = None,
    instead_of: Sequence[str] = (),
) -> bool:
    """Write a reminder once; one that still waits, since Telegram was away, does not go as well."""
    args = {"week": week.isoformat()} if week else {}
    added = await outbox.add(tx, person_id, card, subject, args=args, unique_key=key, now=now)
    if added:
        await records.supersede(tx, person_id, instead_of or (card,), subject, but=key, now=now)
    return added


async def snooze(context: Context, press: Press) -> Show:
    """Remind a student again in three hours, once for each reminder."""
    try:
        week = weeks.monday_of(date.fromisoformat(press.rest))
    except ValueError:
        raise Stale(Show("home")) from None

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_student(tx, press.id, context.person.id)
        reminded = (await records.reminded(tx, [placement.id]))[placement.id]
        if not await _is_wanted(tx, reminded, week, context.now):
            raise Refused(N_("reminder.not_needed"))
        at = rules.snoozed(context.now, weeks.due_at(week, placement.rules), context.person.zone)
        following = rules.next_slot(reminded, context.now)
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
    routes.reminder(placements.PLAN, plan_placement)
    routes.reminder("mentor", plan_mentor)
    routes.reminder("coordinator", plan_coordinator)
    routes.button(LATER, snooze, role=Role.STUDENT)
    reminder_cards.register(routes)
