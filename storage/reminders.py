"""Reminders: what decides when somebody is reminded, and which logs wait for whose answer."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.reminders import Reader, Reminded, Rhythm, Waiting
from storage import people, placements
from storage.database import placeholders
from storage.logs import MENTOR_READS_ON
from storage.schedule import BATCH
from storage.schools import as_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.database import Transaction
    from storage.schedule import Batch

_RHYTHM = """pl.starts_on, pl.ends_on, p.time_zone AS reader_zone, p.reminder_time,
    c.id, c.school_id, c.name, c.specialty, c.time_zone, c.due_weekday, c.due_time, c.photos_allowed,
    c.answer_days, c.second_stage"""
_READER = """JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id
    LEFT JOIN people p ON p.id = s.person_id"""
_WAITING = f"""SELECT l.id AS log_id, l.week, l.submitted_at, l.nudged_at, l.escalated_at, l.school_since,
    m.stopped_at AS mentor_stopped_at, {placements.COLUMNS}
FROM logs l JOIN placements pl ON pl.id = l.placement_id {placements.JOINS}
WHERE l.state = 'submitted' AND l.submitted_at <= :until AND """
_NEVER: frozenset[date] = frozenset()


async def rhythms(tx: Transaction, placement_ids: Iterable[int]) -> dict[int, Rhythm]:
    """Read what decides when the students of placements are reminded, by their ids; unknown ones are left out."""
    names, values = placeholders("id", placement_ids)
    rows = await tx.all(
        f"SELECT pl.id AS placement_id, {_RHYTHM} FROM placements pl {_READER} WHERE pl.id IN {names}", **values
    )
    weeks = await tx.all(f"SELECT placement_id, week FROM excused_weeks WHERE placement_id IN {names}", **values)
    excused = _by_placement(weeks)
    return {row["placement_id"]: _as_rhythm(row, frozenset(excused.get(row["placement_id"], ()))) for row in rows}


async def reminded(tx: Transaction, batch: Batch) -> dict[int, Reminded]:
    """Read what decides about the reminders of placements that are due, by their ids; what is gone is left out."""
    rows = await tx.all(
        f"""SELECT pl.id AS placement_id, s.person_id, s.suspended_at, p.stopped_at, {_RHYTHM}
        FROM {BATCH} JOIN placements pl ON pl.id = b.subject {_READER}""",
        **batch.bounds,
    )
    weeks = await tx.all(
        f"""SELECT x.placement_id, x.week FROM {BATCH} JOIN excused_weeks x ON x.placement_id = b.subject""",
        **batch.bounds,
    )
    excused = _by_placement(weeks)
    known: dict[tuple[Any, ...], Rhythm] = {}  # hundreds of a batch share a few
    answer = {}
    for row in rows:
        placement_id, person_id = row["placement_id"], row["person_id"]
        its = frozenset(excused[placement_id]) if placement_id in excused else _NEVER
        key = (row["starts_on"], row["ends_on"], row["reader_zone"], row["reminder_time"], row["id"], its)
        if (shared := known.get(key)) is None:
            shared = known[key] = _as_rhythm(row, its)
        reachable = bool(person_id) and row["suspended_at"] is None and row["stopped_at"] is None
        answer[placement_id] = Reminded(placement_id, person_id, shared, reachable)
    return answer


def _as_rhythm(row: Mapping[str, Any], excused: frozenset[date]) -> Rhythm:
    rules = as_class(row)
    zone = ZoneInfo(row["reader_zone"]) if row["reader_zone"] else rules.zone
    at = time.fromisoformat(row["reminder_time"]) if row["reminder_time"] else None
    return Rhythm(row["starts_on"], row["ends_on"], rules, zone, at, excused)


def _by_placement(weeks: Iterable[Mapping[str, Any]]) -> dict[int, set[date]]:
    excused: dict[int, set[date]] = {}
    for row in weeks:
        excused.setdefault(row["placement_id"], set()).add(row["week"])
    return excused


async def readers(tx: Transaction, batch: Batch) -> dict[int, Reader]:
    """Read the mentors or coordinators whose check is due, by their ids; who is gone is left out."""
    rows = await tx.all(
        f"""SELECT p.id, p.time_zone, p.reminder_time, p.digest_days, p.stopped_at
        FROM {BATCH} JOIN people p ON p.id = b.subject""",
        **batch.bounds,
    )
    return {
        row["id"]: Reader(
            row["id"],
            ZoneInfo(row["time_zone"]),
            time.fromisoformat(row["reminder_time"]) if row["reminder_time"] else None,
            row["stopped_at"] is not None,
            people.as_weekdays(row["digest_days"]),
        )
        for row in rows
    }


async def waiting_for_mentor(tx: Transaction, person_id: int, *, until: datetime, today: date) -> list[Waiting]:
    """List the logs submitted until a moment that wait for this mentor, the oldest first."""
    rows = await tx.all(
        f"""{_WAITING} {placements.FOR_ANSWERER} AND pl.ends_on >= :since AND l.school_since IS NULL
        ORDER BY l.submitted_at, l.id""",
        person=person_id,
        until=until,
        since=today - MENTOR_READS_ON,
    )
    return [_waiting(row) for row in rows]


async def waiting_for_coordinator(tx: Transaction, person_id: int, *, until: datetime) -> list[Waiting]:
    """List the logs submitted until a moment in this coordinator's classes that nobody answered, the oldest first."""
    rows = await tx.all(
        f"{_WAITING} {placements.FOR_COORDINATOR} ORDER BY l.submitted_at, l.id", person=person_id, until=until
    )
    return [_waiting(row) for row in rows]


def _waiting(row: Mapping[str, Any]) -> Waiting:
    return Waiting(
        row["log_id"],
        placements.as_placement(row),
        row["week"],
        row["submitted_at"],
        row["nudged_at"],
        row["escalated_at"],
        row["mentor_stopped_at"] is not None,
        row["school_since"],
    )
