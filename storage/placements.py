"""Placements: who is where with whom, from when to when; read by whoever has a part in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.placements import Placement
from storage import drafts, schedule
from storage.database import found, new_id
from storage.errors import Conflict
from storage.schools import as_class, coordinators_of_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction

PLAN = "placement"  # the kind of a placement's entry in the schedule

COLUMNS = """pl.id AS placement_id, pl.student_id, s.person_id AS student_person, s.name AS student_name,
    s.number AS student_number, pl.enterprise_id, e.name AS enterprise, pl.mentor_id, m.name AS mentor_name,
    pl.handed_over, pl.stand_in_id, si.name AS stand_in_name,
    pl.starts_on, pl.ends_on, pl.ended_early, pl.end_reason, pl.version AS placement_version,
    c.id, c.school_id, c.name, c.specialty, c.time_zone, c.due_weekday, c.due_time, c.photos_allowed,
    c.answer_days, c.second_stage"""
JOINS = """JOIN students s ON s.id = pl.student_id
    JOIN classes c ON c.id = s.class_id
    JOIN enterprises e ON e.id = pl.enterprise_id
    LEFT JOIN people m ON m.id = pl.mentor_id
    LEFT JOIN people si ON si.id = pl.stand_in_id """
_SELECT = f"SELECT {COLUMNS} FROM placements pl {JOINS}"

# Who may see a placement: conditions to be put behind JOINS, each with the parameter :person.
FOR_STUDENT = "s.person_id = :person AND s.suspended_at IS NULL"
_ADMITTED = """s.removed_at IS NULL
    AND EXISTS (SELECT 1 FROM mentors mm WHERE mm.person_id = :person
    AND mm.enterprise_id = pl.enterprise_id AND mm.school_id = c.school_id AND mm.suspended_at IS NULL)"""
FOR_MENTOR = f"(pl.mentor_id = :person OR pl.stand_in_id = :person) AND {_ADMITTED}"
FOR_COORDINATOR = """EXISTS (SELECT 1 FROM class_coordinators cc JOIN coordinators k ON k.person_id = cc.person_id
    AND k.school_id = c.school_id AND k.suspended_at IS NULL
    WHERE cc.class_id = c.id AND cc.person_id = :person)"""

# Who answers what is handed in: the mentor, or whoever stands in, as long as they may; else the coordinators do.
# FOR_ANSWERER is a condition like those above; MENTOR_ANSWERS needs :since instead.
FOR_ANSWERER = f"((pl.mentor_id = :person AND NOT pl.handed_over) OR pl.stand_in_id = :person) AND {_ADMITTED}"
ANSWERS = "CASE WHEN pl.handed_over THEN pl.stand_in_id ELSE pl.mentor_id END"
MENTOR_ANSWERS = f"""EXISTS (SELECT 1 FROM mentors am WHERE am.person_id = {ANSWERS}
    AND am.enterprise_id = pl.enterprise_id AND am.school_id = c.school_id AND am.suspended_at IS NULL
    AND pl.ends_on >= :since)"""


def as_placement(row: Mapping[str, Any]) -> Placement:
    """Make the record of a row with COLUMNS."""
    return Placement(
        id=row["placement_id"],
        student_id=row["student_id"],
        student_person=row["student_person"],
        student_name=row["student_name"],
        student_number=row["student_number"],
        enterprise_id=row["enterprise_id"],
        enterprise=row["enterprise"],
        mentor_id=row["mentor_id"],
        mentor_name=row["mentor_name"] or "",
        handed_over=bool(row["handed_over"]),
        stand_in_id=row["stand_in_id"],
        stand_in_name=row["stand_in_name"] or "",
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        ended_early=bool(row["ended_early"]),
        end_reason=row["end_reason"],
        version=row["placement_version"],
        rules=as_class(row),
    )


async def create(
    tx: Transaction,
    *,
    student_id: int,
    enterprise_id: int,
    mentor_id: int | None,
    starts_on: date,
    ends_on: date,
    created_by: int | None,
    application_id: int | None = None,
    now: datetime,
) -> int:
    """Place a student and return the placement's id; raises `Conflict` where another placement has a day of it."""
    taken = await tx.one(
        """SELECT id FROM placements WHERE student_id = :student AND starts_on <= :ends_on AND ends_on >= :starts_on
        LIMIT 1""",
        student=student_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if taken or ends_on < starts_on:
        raise Conflict
    placement_id = await new_id(
        tx,
        """INSERT INTO placements
            (student_id, enterprise_id, mentor_id, application_id, starts_on, ends_on, created_by, created_at)
        VALUES (:student_id, :enterprise_id, :mentor_id, :application_id, :starts_on, :ends_on, :created_by, :now)
        RETURNING id""",
        student_id=student_id,
        enterprise_id=enterprise_id,
        mentor_id=mentor_id,
        application_id=application_id,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=created_by,
        now=now,
    )
    await _vouch(tx, placement_id)
    await hand_over(tx, placement_id=placement_id)
    await schedule.put(tx, PLAN, placement_id, now)
    return placement_id


async def _vouch(tx: Transaction, placement_id: int) -> None:
    """Let the student's school vouch for a mentor whom another school brought to the enterprise.

    A school that has suspended this mentor stays with that.
    """
    await tx.run(
        """INSERT INTO mentors (person_id, enterprise_id, school_id)
        SELECT m.person_id, m.enterprise_id, s.school_id FROM placements pl
        JOIN students s ON s.id = pl.student_id
        JOIN mentors m ON m.person_id = pl.mentor_id AND m.enterprise_id = pl.enterprise_id
        WHERE pl.id = :id AND m.suspended_at IS NULL LIMIT 1
        ON CONFLICT (person_id, enterprise_id, school_id) DO NOTHING""",
        id=placement_id,
    )


async def hand_over(tx: Transaction, *, mentor_id: int = 0, placement_id: int = 0) -> None:
    """Let a mentor's placements, or one placement, follow what its mentor has handed over by now.

    Somebody stands in only where the student's school vouches for them at the enterprise.
    """
    await tx.run(
        """UPDATE placements SET
            handed_over = EXISTS (SELECT 1 FROM hand_overs h
                WHERE h.mentor_id = placements.mentor_id AND h.ended_at IS NULL),
            stand_in_id = (SELECT h.stand_in_id FROM hand_overs h
                JOIN students s ON s.id = placements.student_id
                JOIN mentors m ON m.person_id = h.stand_in_id AND m.enterprise_id = placements.enterprise_id
                    AND m.school_id = s.school_id AND m.suspended_at IS NULL
                WHERE h.mentor_id = placements.mentor_id AND h.ended_at IS NULL)
        WHERE mentor_id = :mentor OR id = :id""",
        mentor=mentor_id,
        id=placement_id,
    )


async def by_id(tx: Transaction, placement_id: int) -> Placement:
    """Read a placement for the program's own rules; whoever shows it asks with a person."""
    return as_placement(found(await tx.one(_SELECT + "WHERE pl.id = :id", id=placement_id)))


async def for_student(tx: Transaction, placement_id: int, person_id: int) -> Placement:
    """Read a student's own placement; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE pl.id = :id AND {FOR_STUDENT}", id=placement_id, person=person_id)
    return as_placement(found(row))


async def for_mentor(tx: Transaction, placement_id: int, person_id: int) -> Placement:
    """Read a placement with this mentor; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE pl.id = :id AND {FOR_MENTOR}", id=placement_id, person=person_id)
    return as_placement(found(row))


async def for_coordinator(tx: Transaction, placement_id: int, person_id: int) -> Placement:
    """Read a placement of a student in a class that this coordinator covers; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE pl.id = :id AND {FOR_COORDINATOR}", id=placement_id, person=person_id)
    return as_placement(found(row))


async def of_student(tx: Transaction, student_id: int) -> list[Placement]:
    """List a student's placements, the newest first."""
    rows = await tx.all(_SELECT + "WHERE pl.student_id = :id ORDER BY pl.starts_on DESC", id=student_id)
    return [as_placement(row) for row in rows]


async def of_person(tx: Transaction, person_id: int) -> list[Placement]:
    """List the placements of the student who is this person, the newest first."""
    rows = await tx.all(f"{_SELECT} WHERE {FOR_STUDENT} ORDER BY pl.starts_on DESC", person=person_id)
    return [as_placement(row) for row in rows]


async def of_mentor(tx: Transaction, person_id: int, *, not_ended_before: date) -> list[Placement]:
    """List the placements with this mentor that have not ended before a day, by the student's name."""
    rows = await tx.all(
        f"{_SELECT} WHERE {FOR_MENTOR} AND pl.ends_on >= :day ORDER BY s.name, pl.id",
        person=person_id,
        day=not_ended_before,
    )
    return [as_placement(row) for row in rows]


async def reviewers(tx: Transaction, placement: Placement) -> list[int]:
    """List who answers the logs of a placement: its mentor or who stands in, or, where none may, the coordinators."""
    mentor = await tx.one(
        """SELECT person_id FROM mentors WHERE person_id = :person AND enterprise_id = :enterprise
        AND school_id = :school AND suspended_at IS NULL""",
        person=placement.answerer_id or 0,
        enterprise=placement.enterprise_id,
        school=placement.rules.school_id,
    )
    return [mentor["person_id"]] if mentor else await coordinators_of_class(tx, placement.rules.id)


async def set_mentor(tx: Transaction, placement: Placement, mentor_id: int | None) -> None:
    """Name another mentor; raises `Conflict` where the placement was changed meanwhile."""
    if not await tx.run(
        """UPDATE placements SET mentor_id = :mentor, version = version + 1 WHERE id = :id AND version = :version""",
        mentor=mentor_id,
        id=placement.id,
        version=placement.version,
    ):
        raise Conflict
    await _vouch(tx, placement.id)
    await hand_over(tx, placement_id=placement.id)


async def end(tx: Transaction, placement: Placement, *, ends_on: date, reason: str, now: datetime) -> None:
    """End a placement earlier than planned; raises `Conflict` where it was changed meanwhile or is not earlier."""
    if not await tx.run(
        """UPDATE placements SET ends_on = :ends_on, ended_early = TRUE, end_reason = :reason, version = version + 1
        WHERE id = :id AND version = :version AND ends_on > :ends_on AND starts_on <= :ends_on""",
        ends_on=ends_on,
        reason=reason,
        id=placement.id,
        version=placement.version,
    ):
        raise Conflict
    await schedule.put(tx, PLAN, placement.id, now)
    await schedule.put(tx, "pulse", placement.id, now)  # what was said in it is deleted earlier too


async def cancel(tx: Transaction, placement: Placement, *, today: date) -> None:
    """Take back a placement that has not begun; raises `Conflict` where it has, or was changed meanwhile."""
    await tx.run(
        """UPDATE applications SET state = 'refused', version = version + 1
        WHERE id = (SELECT application_id FROM placements WHERE id = :id)""",
        id=placement.id,
    )
    await tx.run("DELETE FROM excused_weeks WHERE placement_id = :id", id=placement.id)
    await schedule.put(tx, PLAN, placement.id, None)
    await drafts.forget_about(tx, "placements", placement.id)
    if not await tx.run(
        "DELETE FROM placements WHERE id = :id AND version = :version AND starts_on > :today",
        id=placement.id,
        version=placement.version,
        today=today,
    ):
        raise Conflict


async def excused(tx: Transaction, placement_id: int) -> dict[date, str]:
    """Return the excused weeks and their reasons."""
    rows = await tx.all(
        "SELECT week, reason FROM excused_weeks WHERE placement_id = :id ORDER BY week", id=placement_id
    )
    return {row["week"]: row["reason"] for row in rows}


async def excuse(
    tx: Transaction, placement_id: int, week: date, *, reason: str, created_by: int, now: datetime
) -> None:
    """Excuse a week (holiday, illness): its log is not owed."""
    await tx.run(
        """INSERT INTO excused_weeks (placement_id, week, reason, created_by) VALUES (:id, :week, :reason, :by)
        ON CONFLICT (placement_id, week) DO UPDATE SET reason = excluded.reason, created_by = excluded.created_by""",
        id=placement_id,
        week=week,
        reason=reason,
        by=created_by,
    )
    await schedule.put(tx, PLAN, placement_id, now)


async def unexcuse(tx: Transaction, placement_id: int, week: date, *, now: datetime) -> None:
    """Let a week's log be owed again."""
    await tx.run("DELETE FROM excused_weeks WHERE placement_id = :id AND week = :week", id=placement_id, week=week)
    await schedule.put(tx, PLAN, placement_id, now)


async def replan_class(tx: Transaction, class_id: int, *, now: datetime) -> None:
    """Have the reminders of a class's placements planned anew, after a change of its rules."""
    rows = await tx.all(
        "SELECT pl.id FROM placements pl JOIN students s ON s.id = pl.student_id WHERE s.class_id = :id", id=class_id
    )
    for row in rows:
        await schedule.put(tx, PLAN, row["id"], now)
