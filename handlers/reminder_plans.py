"""When reminders come: the rules that are asked, for a batch at once, about everything that falls due.

Each reads what it needs of all of them, writes at most one outbox row for each under a unique key, and says when to
look at it again. The row names a card; whether it is still useful is decided again when the card is drawn.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain import reminders as rules
from domain import weeks
from domain.waiting import has_heard_enough
from handlers.reminder_cards import ARRIVALS, DIGEST, ESCALATION, LOG, NUDGE
from handlers.reminder_thanks import Due, thanking
from storage import placements
from storage import reminder_plans as plans
from storage import reminders as records
from storage.logs import MENTOR_READS_ON
from storage.outbox import New

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.routes import Routes
    from domain.reminders import Reader, Reminded, Turn
    from storage.database import Transaction
    from storage.schedule import Batch

MEMORY = timedelta(days=8)  # a week of anybody's clock, so far back what was pushed counts


# --- students ---------------------------------------------------------------------------------------------------


async def plan_placements(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Remind students of a week's log: only of the newest slot since it was due, and only while the log is owed."""
    reminded = await records.reminded(tx, batch)
    following: dict[int, datetime | None] = {}
    turns: dict[Turn, list[Reminded]] = defaultdict(list)  # of those who are written to
    for entry in batch.entries:
        its = reminded.get(entry.subject)
        turn = rules.turn(its.rhythm, entry.due_at, now) if its else None
        following[entry.subject] = turn.following if turn else None
        if its and turn and turn.slot and its.reachable:
            turns[turn].append(its)
    if turns:
        letters = await _letters(tx, batch, turns)
        await plans.push(tx, batch, letters, [LOG], now=now)
    return following


async def _letters(tx: Transaction, batch: Batch, turns: Mapping[Turn, Sequence[Reminded]]) -> list[New]:
    """Make the reminders of those whose log is not handed in yet."""
    done = await plans.handed_in(tx, batch, {turn.slot.week for turn in turns if turn.slot})
    began = [turn.week_began for turn in turns if turn.week_began and turn.slot and turn.slot.spare]
    answers = await plans.answers(tx, batch, min(began)) if began else {}
    letters = []
    for turn, theirs in turns.items():
        if turn.slot and turn.week_began:
            week, at = turn.slot.week.isoformat(), turn.slot.at.isoformat()
            args = {"week": week}
            for its in theirs:
                id_ = its.placement_id
                if (id_, turn.slot.week) not in done and not _heard_enough(turn, answers.get(id_, ())):
                    letters.append(New(its.person_id or 0, LOG, id_, f"{LOG}:{id_}:{week}:{at}", args))
    return letters


def _heard_enough(turn: Turn, answers: Sequence[datetime]) -> bool:
    """Whether a student got so many answers this week that only the first and the last reminder come."""
    if not answers or turn.slot is None or turn.week_began is None or not turn.slot.spare:
        return False
    return sum(at >= turn.week_began for at in answers) >= rules.ENOUGH_ANSWERS


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
    tx: Transaction, batch: Batch, now: datetime, days: Callable[[Reader], Sequence[int]]
) -> tuple[dict[int, Check], Mapping[int, datetime | None]]:
    """Find whose check has come, by person, and when the next one is; who stopped the bot is not written to.

    `days` says on which weekdays a reader has one.
    """
    readers = await records.readers(tx, batch)
    checks, following = {}, {}
    for entry in batch.entries:
        reader = readers.get(entry.subject)
        following[entry.subject] = (
            rules.next_check(reader.zone, reader.at, now, weekdays=days(reader)) if reader else None
        )
        if reader and not reader.stopped:
            at = rules.last_check(reader.zone, reader.at, now, weekdays=days(reader))
            if at >= entry.due_at:
                checks[entry.subject] = Check(reader, entry.due_at, at)
    return checks, following


async def plan_mentors(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell mentors what waits: all of it on their days, on other workdays what has waited for its class's term.

    A submission is nudged once (the digest counts), and three such messages a week are the most.
    """
    checks, following = await _checks(tx, batch, now, lambda reader: reader.days)
    if not checks:
        return following
    since = {id_: weeks.local_day(now, check.reader.zone) - MENTOR_READS_ON for id_, check in checks.items()}
    piles = await plans.piles(tx, batch, now=now, since=min(since.values()))
    waiting: dict[int, bool] = {}  # whose logs wait, and whether one is old that was not nudged
    for pile in piles:
        if pile.person_id in checks and pile.ends_on >= since[pile.person_id]:
            waiting[pile.person_id] = waiting.get(pile.person_id, False) or pile.fresh
    letters = await _to_mentors(tx, batch, checks, waiting, now)
    pushed = await plans.pushes(tx, batch, [DIGEST, NUDGE], now - MEMORY) if letters else {}
    letters = [
        letter
        for letter in letters
        if _may_have(letter, checks[letter.person_id].reader, pushed.get(letter.person_id, ()), now)
    ]
    await plans.push(tx, batch, letters, [DIGEST, NUDGE], now=now)
    nudged = [(letter.person_id, since[letter.person_id]) for letter in letters if waiting.get(letter.person_id)]
    await plans.mark_nudged(tx, nudged, now=now)
    return following


async def _to_mentors(
    tx: Transaction, batch: Batch, checks: Mapping[int, Check], waiting: Mapping[int, bool], now: datetime
) -> list[New]:
    """Make the nudges and digests of a batch, these with thanks; where nothing waits some get thanks alone."""
    nudges, due = [], []
    for id_, check in checks.items():
        digest_at = rules.last_check(check.reader.zone, check.reader.at, now, weekdays=check.reader.digest)
        if waiting.get(id_) and check.at != digest_at:
            nudges.append(check.letter(NUDGE))
        elif digest_at >= check.due_at:
            due.append(Due(check.reader, check.letter(DIGEST) if id_ in waiting else None))
    return [*nudges, *await thanking(tx, batch, DIGEST, due, now)]


def _may_have(letter: New, reader: Reader, pushed: Sequence[tuple[str, datetime]], now: datetime) -> bool:
    """Whether this message is not written yet and the week has room for it."""
    if has_heard_enough(reader, [at for _, at in pushed], now):
        return False
    return all(key != letter.unique_key for key, _ in pushed)


async def plan_coordinators(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell coordinators which logs nobody answers, on workdays, when there is one more of them.

    That is four days after its class's term, or when the student asks for it. A submission is escalated to every
    coordinator of the class once: the first one's check marks it, and the others' next checks see a mark that is
    newer than their last. What mentors have passed on they are told in the same way, on three days of the week; it
    stands in the other message where one goes, so that there is one a day.
    """
    checks, following = await _checks(tx, batch, now, lambda _reader: rules.WORKDAYS)
    if not checks:
        return following
    escalated, arrived = await plans.escalations(tx, batch, now=now), await _arrived(tx, batch, checks, now)
    cards = dict.fromkeys(arrived, ARRIVALS)
    cards |= {id_: ESCALATION for id_, check in checks.items() if _has_news(check, escalated.get(id_, ()))}
    pushed = await plans.pushes(tx, batch, [ESCALATION, ARRIVALS], now - MEMORY) if cards else {}
    letters = [checks[id_].letter(card) for id_, card in cards.items()]
    letters = [its for its in letters if its.unique_key not in {key for key, _ in pushed.get(its.person_id, ())}]
    await plans.push(tx, batch, letters, [ESCALATION, ARRIVALS], now=now)
    told = [(its.person_id, checks[its.person_id].at) for its in letters]
    await plans.mark_escalated(tx, [one for one in told if cards[one[0]] == ESCALATION], now=now)
    await plans.mark_arrived(tx, [one for one in told if one[0] in arrived], now=now)
    return following


async def _arrived(tx: Transaction, batch: Batch, checks: Mapping[int, Check], now: datetime) -> set[int]:
    """Find the coordinators who are to be told, at this check, of what mentors have passed on."""
    of_day = {
        id_: check
        for id_, check in checks.items()
        if weeks.local_day(check.at, check.reader.zone).weekday() in rules.SCHOOL_DAYS
    }
    told = await plans.arrivals(tx, batch, now=now) if of_day else {}
    return {id_ for id_, check in of_day.items() if _has_news(check, told.get(id_, ()), weekdays=rules.SCHOOL_DAYS)}


def _has_news(check: Check, told: Sequence[datetime | None], *, weekdays: Sequence[int] = rules.WORKDAYS) -> bool:
    earlier = rules.last_check(check.reader.zone, check.reader.at, check.due_at - rules.MOMENT, weekdays=weekdays)
    return any(at is None or at > earlier for at in told)


def register(routes: Routes) -> None:
    """Let the clock in."""
    routes.reminder(placements.PLAN, plan_placements, at_once=500)
    routes.reminder("mentor", plan_mentors, at_once=50)
    routes.reminder("coordinator", plan_coordinators, at_once=10)
