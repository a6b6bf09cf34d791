"""Reminders: what decides when somebody is reminded, and which logs wait for whose answer."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.reminders import Reminded, Waiting
from storage import placements
from storage.database import placeholders
from storage.logs import MENTOR_READS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from storage.database import Transaction

_WAITING = f"""SELECT l.id AS log_id, l.week, l.submitted_at, l.nudged_at, l.escalated_at,
    m.stopped_at AS mentor_stopped_at, {placements.COLUMNS}
FROM logs l JOIN placements pl ON pl.id = l.placement_id {placements.JOINS}
WHERE l.state = 'submitted' AND l.submitted_at <= :until AND """


async def reminded(tx: Transaction, placement_ids: Iterable[int]) -> dict[int, Reminded]:
    """Read what decides about the reminders of placements, by their ids; unknown ones are left out."""
    names, values = placeholders("id", placement_ids)
    rows = await tx.all(
        f"""SELECT {placements.COLUMNS}, s.suspended_at, x.week AS excused_week,
            p.time_zone AS reader_zone, p.reminder_time, p.stopped_at
        FROM placements pl {placements.JOINS}
        LEFT JOIN people p ON p.id = s.person_id
        LEFT JOIN excused_weeks x ON x.placement_id = pl.id
        WHERE pl.id IN {names}""",
        **values,
    )
    excused: dict[int, set[date]] = {row["placement_id"]: set() for row in rows}
    for row in rows:
        if row["excused_week"] is not None:
            excused[row["placement_id"]].add(row["excused_week"])
    return {row["placement_id"]: _reminded(row, frozenset(excused[row["placement_id"]])) for row in rows}


def _reminded(row: Mapping[str, Any], excused: frozenset[date]) -> Reminded:
    placement = placements.as_placement(row)
    return Reminded(
        placement=placement,
        zone=ZoneInfo(row["reader_zone"]) if row["reader_zone"] else placement.zone,
        at=time.fromisoformat(row["reminder_time"]) if row["reminder_time"] else None,
        excused=excused,
        reachable=bool(placement.student_person) and row["suspended_at"] is None and row["stopped_at"] is None,
    )


async def waiting_for_mentor(tx: Transaction, person_id: int, *, until: datetime, today: date) -> list[Waiting]:
    """List the logs submitted until a moment that wait for this mentor, the oldest first."""
    rows = await tx.all(
        f"{_WAITING} {placements.FOR_MENTOR} AND pl.ends_on >= :since ORDER BY l.submitted_at, l.id",
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
    )


async def mark_nudged(tx: Transaction, log_ids: Sequence[int], now: datetime) -> None:
    """Record that the mentor was reminded of these submissions."""
    await tx.many("UPDATE logs SET nudged_at = :now WHERE id = :id", [{"id": id_, "now": now} for id_ in log_ids])


async def mark_escalated(tx: Transaction, log_ids: Sequence[int], now: datetime) -> None:
    """Record that a coordinator heard of these submissions."""
    await tx.many("UPDATE logs SET escalated_at = :now WHERE id = :id", [{"id": id_, "now": now} for id_ in log_ids])


async def answers_since(tx: Transaction, placement_id: int, since: datetime) -> int:
    """Count the answers that a student got to the logs of a placement."""
    row = await tx.one(
        """SELECT count(*) AS n FROM logs l JOIN reviews rv ON rv.log_id = l.id
        WHERE l.placement_id = :id AND rv.created_at >= :since""",
        id=placement_id,
        since=since,
    )
    return int(row["n"]) if row else 0


async def pushes_since(tx: Transaction, person_id: int, cards: Sequence[str], since: datetime) -> int:
    """Count what was pushed to a person of these cards, which have the person as their subject."""
    names, values = placeholders("card", cards)
    row = await tx.one(
        f"""SELECT count(*) AS n FROM outbox
        WHERE card IN {names} AND subject = :person AND person_id = :person AND created_at >= :since""",
        person=person_id,
        since=since,
        **values,
    )
    return int(row["n"]) if row else 0


async def supersede(
    tx: Transaction, person_id: int, cards: Sequence[str], subject: int, *, but: str, now: datetime
) -> None:
    """Let what still waits of these cards not go any more, save the row with the unique key `but`.

    After an outage of Telegram only the newest reminder goes.
    """
    names, values = placeholders("card", cards)
    await tx.run(
        f"""UPDATE outbox SET state = 'settled', done_at = :now WHERE card IN {names} AND subject = :subject
        AND person_id = :person AND state = 'waiting' AND unique_key <> :but""",
        person=person_id,
        subject=subject,
        but=but,
        now=now,
        **values,
    )
