"""Thanks in the digest: who had an answer since the last one, and for how many weeks everybody had one in time.

Where nothing waits nobody is written to, but for a word every few weeks to those who keep nobody waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.texts import join
from domain import reminders as rules
from domain import thanks, weeks
from storage import thanks as records
from storage.outbox import New

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import View
    from domain.reminders import Reader
    from storage.database import Transaction
    from storage.schedule import Batch

WEEKS, STUDENTS, SINCE, ALONE = "weeks", "students", "since", "alone"  # what a digest carries


@dataclass(frozen=True, slots=True)
class Due:
    """A mentor whose digest is due, with the one that they get; None where nothing waits."""

    reader: Reader
    digest: New | None


async def thanking(tx: Transaction, batch: Batch, card: str, due: Sequence[Due], now: datetime) -> list[New]:
    """Return the digests with what there is to thank for; `card` names them."""
    if not due:
        return []
    first = weeks.monday_of((now - thanks.LOOKED_AT).date())
    since = {one.reader.person_id: _last_digest(one.reader, now) for one in due}
    its = await records.weeks(tx, batch, since=first, now=now)
    students = await records.students(tx, batch, since)
    letters = []
    for one in due:
        id_ = one.reader.person_id
        row, day = thanks.in_time(its.get(id_, ())), weeks.local_day(since[id_], one.reader.zone)
        args: dict[str, str | int] = {WEEKS: len(row), STUDENTS: students.get(id_, 0), SINCE: day.isoformat()}
        if one.digest is not None:
            letters.append(replace(one.digest, args=args))
        elif row and len(row) % thanks.ALONE == 0:
            letters.append(New(id_, card, id_, f"{card}:{id_}:{ALONE}:{row[0]}", {**args, ALONE: 1}))
    return letters


def _last_digest(reader: Reader, now: datetime) -> datetime:
    """Return when the digest before the one that is due came, or would have come."""
    this = rules.last_check(reader.zone, reader.at, now, weekdays=reader.digest)
    return rules.last_check(reader.zone, reader.at, this - rules.MOMENT, weekdays=reader.digest)


def said(view: View) -> Markup | None:
    """Say what a digest thanks for; None where that is nothing."""
    _, weeks_, students = view.texts, int(view.args.get(WEEKS, 0)), int(view.args.get(STUDENTS, 0))
    since = view.args.get(SINCE)
    answered = _.plural("thanks.students", students, day=_.day(date.fromisoformat(str(since)))) if students else None
    row = _.plural("thanks.weeks", weeks_) if weeks_ >= thanks.FEWEST else None
    return join((answered, row)) or None
