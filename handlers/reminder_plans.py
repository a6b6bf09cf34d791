"""When reminders come: the rules that are asked, for a batch at once, about everything that falls due.

Each reads what it needs of all of them, writes at most one outbox row for each under a unique key, and says when to
look at it again. The row names a card; whether it is still useful is decided again when the card is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from domain import reminders as rules
from domain import weeks
from handlers.reminder_cards import DIGEST, ESCALATION, LOG, NUDGE
from storage import placements
from storage import reminder_plans as plans
from storage import reminders as records
from storage.logs import MENTOR_READS_ON
from storage.outbox import New

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.routes import Routes
    from domain.reminders import Reader, Reminded, Slot
    from storage.database import Transaction
    from storage.schedule import Batch

MEMORY = timedelta(days=8)  # a week of anybody's clock, so far back what was pushed counts


# --- students ---------------------------------------------------------------------------------------------------


async def plan_placements(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Remind students of a week's log: only of the newest slot since it was due, and only while the log is owed."""
    reminded = await records.reminded(tx, batch)
    slots: dict[int, Slot] = {}
    for entry in batch.entries:
        its = reminded.get(entry.subject)
        if its and its.reachable and (slot := rules.newest_slot(its.rhythm, entry.due_at, now)):
            slots[entry.subject] = slot
    if slots:
        slots = await _wanted(tx, batch, reminded, slots, now)
    letters = [_reminder(reminded[id_], slot) for id_, slot in slots.items()]
    await plans.push(tx, batch, letters, [LOG], now=now)
    return {
        entry.subject: rules.next_slot(reminded[entry.subject].rhythm, now) if entry.subject in reminded else None
        for entry in batch.entries
    }


async def _wanted(
    tx: Transaction, batch: Batch, reminded: Mapping[int, Reminded], slots: Mapping[int, Slot], now: datetime
) -> dict[int, Slot]:
    """Leave out whose log is handed in or cannot be any more, and who has heard enough this week.

    Of the latter only the first and the last reminder come.
    """
    states = await plans.states(tx, batch, {slot.week for slot in slots.values()})
    wanted = {
        id_: slot
        for id_, slot in slots.items()
        if rules.is_wanted(reminded[id_].rhythm, slot.week, states.get((id_, slot.week)), now)
    }
    began = {
        id_: weeks.at_local(slot.week, time(0), reminded[id_].rhythm.rules.zone)
        for id_, slot in wanted.items()
        if slot.spare
    }
    if not began:
        return wanted
    answers = await plans.answers(tx, batch, min(began.values()))
    heard = {id_: sum(at >= since for at in answers.get(id_, ())) for id_, since in began.items()}
    return {id_: slot for id_, slot in wanted.items() if heard.get(id_, 0) < rules.ENOUGH_ANSWERS}


def _reminder(reminded: Reminded, slot: Slot) -> New:
    week, id_ = slot.week.isoformat(), reminded.placement_id
    return New(reminded.person_id or 0, LOG, id_, f"{LOG}:{id_}:{week}:{slot.at.isoformat()}", {"week": week})


# --- mentors and coordinators -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """A reader and the check that is due; `due_at` is since when."""

    reader: Reader
    due_at: datetime
    at: datetime

    def letter(self, card: str) -> New:
        """Make the message of this check, of which there is one a day and card."""
        id_ = self.reader.person_id
        return New(id_, card, id_, f"{card}:{id_}:{weeks.local_day(self.at, self.reader.zone)}", {})


async def _checks(
    tx: Transaction, batch: Batch, now: datetime
) -> tuple[dict[int, Check], Mapping[int, datetime | None]]:
    """Find whose check has come, by person, and when the next one is; who stopped the bot is not written to."""
    readers = await records.readers(tx, batch)
    checks, following = {}, {}
    for entry in batch.entries:
        reader = readers.get(entry.subject)
        following[entry.subject] = rules.next_check(reader.zone, reader.at, now) if reader else None
        if reader and not reader.stopped:
            at = rules.last_check(reader.zone, reader.at, now)
            if at >= entry.due_at:
                checks[entry.subject] = Check(reader, entry.due_at, at)
    return checks, following


async def plan_mentors(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell mentors what waits: all of it on Monday, on other workdays what has waited for three days.

    A submission is nudged once (the digest counts), and three such messages a week are the most.
    """
    checks, following = await _checks(tx, batch, now)
    if not checks:
        return following
    old = now - rules.NUDGE_AFTER
    since = {id_: weeks.local_day(now, check.reader.zone) - MENTOR_READS_ON for id_, check in checks.items()}
    piles = await plans.piles(tx, batch, until=now, old=old, since=min(since.values()))
    waiting: dict[int, bool] = {}  # whose logs wait, and whether one is old that was not nudged
    for pile in piles:
        if pile.person_id in checks and pile.ends_on >= since[pile.person_id]:
            waiting[pile.person_id] = waiting.get(pile.person_id, False) or pile.fresh
    pushed = await plans.pushes(tx, batch, [DIGEST, NUDGE], now - MEMORY) if waiting else {}
    letters = []
    for id_, fresh in waiting.items():
        letter = _to_mentor(checks[id_], now, fresh=fresh)
        if letter and _may_have(letter, checks[id_].reader, pushed.get(id_, ()), now):
            letters.append(letter)
    await plans.push(tx, batch, letters, [DIGEST, NUDGE], now=now)
    nudged = [(letter.person_id, since[letter.person_id]) for letter in letters if waiting[letter.person_id]]
    await plans.mark_nudged(tx, nudged, until=old, now=now)
    return following


def _to_mentor(check: Check, now: datetime, *, fresh: bool) -> New | None:
    monday = rules.last_check(check.reader.zone, check.reader.at, now, weekdays=rules.MONDAY)
    if fresh and check.at != monday:
        return check.letter(NUDGE)
    return check.letter(DIGEST) if monday >= check.due_at else None


def _may_have(letter: New, reader: Reader, pushed: Sequence[tuple[str, datetime]], now: datetime) -> bool:
    """Whether this message is not written yet and the week has room for it."""
    week_began = weeks.at_local(weeks.week_of(now, reader.zone), time(0), reader.zone)
    this_week = sum(at >= week_began for _, at in pushed)
    return this_week < rules.MOST_TO_MENTOR and all(key != letter.unique_key for key, _ in pushed)


async def plan_coordinators(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell coordinators which logs have waited for a week, on workdays, when there is one more of them.

    A submission is escalated to every coordinator of the class once: the first one's check marks it, and the
    others' next checks see a mark that is newer than their last.
    """
    checks, following = await _checks(tx, batch, now)
    if not checks:
        return following
    until = now - rules.ESCALATE_AFTER
    escalated = await plans.escalations(tx, batch, until=until)
    news = [check for id_, check in checks.items() if _has_news(check, escalated.get(id_, ()))]
    pushed = await plans.pushes(tx, batch, [ESCALATION], now - MEMORY) if news else {}
    letters, told = [], []
    for check in news:
        letter = check.letter(ESCALATION)
        if all(key != letter.unique_key for key, _ in pushed.get(letter.person_id, ())):
            letters.append(letter)
            told.append((letter.person_id, check.at))
    await plans.push(tx, batch, letters, [ESCALATION], now=now)
    await plans.mark_escalated(tx, told, until=until)
    return following


def _has_news(check: Check, escalated: Sequence[datetime | None]) -> bool:
    earlier = rules.last_check(check.reader.zone, check.reader.at, check.due_at - rules.MOMENT)
    return any(at is None or at > earlier for at in escalated)


def register(routes: Routes) -> None:
    """Let the clock in."""
    routes.reminder(placements.PLAN, plan_placements, at_once=300)
    routes.reminder("mentor", plan_mentors, at_once=100)
    routes.reminder("coordinator", plan_coordinators, at_once=10)
