"""Pulses and flags: said by a student, read by coordinators and by no mentor, deleted in time."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from domain.pulse import Cause, Flag, Pulse, removed_on
from domain.sos import Helper
from domain.weeks import at_local, number
from storage import placements, schedule, sos
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.placements import Placement
    from storage.database import Transaction
    from storage.schedule import Batch

PLAN = "pulse"  # the kind of a placement's entry in the schedule by which its pulses are deleted

_COVERS = """EXISTS (SELECT 1 FROM class_coordinators cc JOIN coordinators ck ON ck.person_id = cc.person_id
    AND ck.school_id = c.school_id AND ck.suspended_at IS NULL WHERE cc.class_id = c.id AND {})"""
# Whoever looks after the class, and where nobody does, whoever coordinates its school; never a mentor of the student.
_FOR_COORDINATOR = f"""EXISTS (SELECT 1 FROM coordinators k WHERE k.person_id = :person AND k.school_id = c.school_id
    AND k.suspended_at IS NULL) AND {sos.NO_MENTOR.format(":person")}
    AND ({_COVERS.format("cc.person_id = :person")} OR NOT {_COVERS.format(sos.NO_MENTOR.format("cc.person_id"))})"""
_FLAG = f"""SELECT f.id, f.placement_id, pl.student_id, p.telegram_id AS account, s.name AS student_name,
    c.name AS class_name, e.name AS enterprise, f.cause, f.raised_at, cp.name AS called_name, f.called_at
FROM flags f JOIN placements pl ON pl.id = f.placement_id {placements.JOINS}
LEFT JOIN people p ON p.id = s.person_id LEFT JOIN people cp ON cp.id = f.called_by """


# --- pulses -----------------------------------------------------------------------------------------------------


async def say(tx: Transaction, placement: Placement, week: date, mood: int, *, now: datetime) -> None:
    """Keep how a week felt; said again, it is what was said last."""
    await tx.run(
        """INSERT INTO pulses (placement_id, week, mood, said_at) VALUES (:placement, :week, :mood, :now)
        ON CONFLICT (placement_id, week) DO UPDATE SET mood = excluded.mood, said_at = excluded.said_at""",
        placement=placement.id,
        week=week,
        mood=mood,
        now=now,
    )
    await _have_removed(tx, placement)


async def _have_removed(tx: Transaction, placement: Placement) -> None:
    await schedule.put(tx, PLAN, placement.id, removal(placement))


def removal(placement: Placement) -> datetime:
    """Return when the pulses of a placement are deleted: in the night that ends the last day on which they are kept."""
    return at_local(removed_on(placement.ends_on), time(0), placement.zone)


async def write(tx: Transaction, placement_id: int, week: date, words: str) -> None:
    """Keep words about a week; raises `Conflict` where nothing was said about it."""
    sql = "UPDATE pulses SET words = :words WHERE placement_id = :placement AND week = :week"
    if not await tx.run(sql, words=words, placement=placement_id, week=week):
        raise Conflict


async def of_placement(tx: Transaction, placement: Placement) -> dict[date, Pulse]:
    """Read all that a student said in a placement, by week, for its student and for the rules."""
    rows = await tx.all(
        """SELECT pu.placement_id, pu.week, pu.mood, pu.words, pl.starts_on FROM pulses pu
        JOIN placements pl ON pl.id = pu.placement_id WHERE pu.placement_id = :placement ORDER BY pu.week""",
        placement=placement.id,
    )
    return {row["week"]: _pulse(row) for row in rows}


async def of_student(tx: Transaction, student_id: int, person_id: int, *, limit: int, offset: int = 0) -> list[Pulse]:
    """List what a student said, the newest week first, for a coordinator; empty for whoever may not read it."""
    rows = await tx.all(
        f"""SELECT pu.placement_id, pu.week, pu.mood, pu.words, pl.starts_on FROM pulses pu
        JOIN placements pl ON pl.id = pu.placement_id {placements.JOINS}
        WHERE pl.student_id = :student AND {_FOR_COORDINATOR} ORDER BY pu.week DESC LIMIT :limit OFFSET :offset""",
        student=student_id,
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [_pulse(row) for row in rows]


def _pulse(row: Mapping[str, Any]) -> Pulse:
    return Pulse(row["placement_id"], row["week"], number(row["starts_on"], row["week"]), row["mood"], row["words"])


# --- flags ------------------------------------------------------------------------------------------------------


async def raise_flag(tx: Transaction, placement: Placement, cause: Cause, *, now: datetime) -> int | None:
    """Have a student called and return the flag's id; None where one for the same cause is open."""
    row = await tx.one(
        "SELECT id FROM flags WHERE placement_id = :placement AND cause = :cause AND state = 'open'",
        placement=placement.id,
        cause=cause.value,
    )
    if row is not None:
        return None
    await _have_removed(tx, placement)
    return await new_id(
        tx,
        """INSERT INTO flags (placement_id, cause, state, raised_at) VALUES (:placement, :cause, 'open', :now)
        RETURNING id""",
        placement=placement.id,
        cause=cause.value,
        now=now,
    )


async def readers(tx: Transaction, student_id: int) -> list[Helper]:
    """List who hears of a student's flag: whoever looks after the class, or where nobody does the school."""
    known = await sos.helpers(tx, student_id)
    return [one for one in known if one.covers] or known


async def flag_for_coordinator(tx: Transaction, flag_id: int, person_id: int) -> Flag:
    """Read a flag that this coordinator may see; raises `NotFound`."""
    return _flag(found(await tx.one(f"{_FLAG} WHERE f.id = :id AND {_FOR_COORDINATOR}", id=flag_id, person=person_id)))


async def open_flags(tx: Transaction, person_id: int, *, limit: int, offset: int = 0) -> list[Flag]:
    """List the students whom nobody has called yet and this coordinator may, the longest waiting first."""
    rows = await tx.all(
        f"""{_FLAG} WHERE f.state = 'open' AND {_FOR_COORDINATOR}
        ORDER BY f.id LIMIT :limit OFFSET :offset""",
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [_flag(row) for row in rows]


async def count_flags(tx: Transaction, person_id: int) -> int:
    """Count the flags that this coordinator may see and on which nobody has called yet."""
    row = await tx.one(
        f"""SELECT count(*) AS n FROM flags f JOIN placements pl ON pl.id = f.placement_id {placements.JOINS}
        WHERE f.state = 'open' AND {_FOR_COORDINATOR}""",
        person=person_id,
    )
    return int(found(row)["n"])


async def flags_of_placement(tx: Transaction, placement_id: int) -> list[Flag]:
    """List the flags of a placement, the newest first, for its student and for the rules."""
    rows = await tx.all(f"{_FLAG} WHERE f.placement_id = :placement ORDER BY f.id DESC", placement=placement_id)
    return [_flag(row) for row in rows]


async def called(tx: Transaction, its: Flag, person_id: int, *, now: datetime) -> list[int]:
    """Record that a coordinator has called, and return the flags that this settles; raises `Conflict`."""
    rows = await tx.all(
        """UPDATE flags SET state = 'called', called_by = :person, called_at = :now
        WHERE placement_id = :placement AND state = 'open' RETURNING id""",
        person=person_id,
        now=now,
        placement=its.placement_id,
    )
    settled = sorted(row["id"] for row in rows)
    if its.id not in settled:
        raise Conflict
    return settled


def _flag(row: Mapping[str, Any]) -> Flag:
    return Flag(
        id=row["id"],
        placement_id=row["placement_id"],
        student_id=row["student_id"],
        account=row["account"],
        student_name=row["student_name"],
        class_name=row["class_name"],
        enterprise=row["enterprise"],
        cause=Cause(row["cause"]),
        raised_at=row["raised_at"],
        called_name=row["called_name"] or "",
        called_at=row["called_at"],
    )


# --- the end ----------------------------------------------------------------------------------------------------


async def remove_old(tx: Transaction, batch: Batch, *, now: datetime) -> dict[int, datetime | None]:
    """Delete the pulses and flags of the placements of a batch whose time is over; say when that of the others is."""
    rows = await tx.all(
        f"""SELECT {placements.COLUMNS}, (EXISTS (SELECT 1 FROM pulses pu WHERE pu.placement_id = pl.id)
            OR EXISTS (SELECT 1 FROM flags f WHERE f.placement_id = pl.id)) AS has_any
        FROM {schedule.BATCH} JOIN placements pl ON pl.id = b.subject {placements.JOINS}""",
        **batch.bounds,
    )
    following: dict[int, datetime | None] = {entry.subject: None for entry in batch.entries}
    over = []
    for row in rows:
        placement = placements.as_placement(row)
        at = removal(placement)
        if at <= now:
            over.append({"placement": placement.id})
        elif row["has_any"]:
            following[placement.id] = at
    if over:
        await tx.many("DELETE FROM pulses WHERE placement_id = :placement", over)
        await tx.many("DELETE FROM flags WHERE placement_id = :placement", over)
    return following
