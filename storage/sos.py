"""Calls for help: made by a student, taken and closed by a coordinator of the school, never shown to a mentor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.sos import ANSWER_WITHIN, Call, Helper, State, Step, StepKind, first_asked
from storage import schedule
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from storage.database import Transaction
    from storage.schedule import Batch

PLAN = "sos"  # the kind of a call's entry in the schedule

_COLUMNS = """sc.id, sc.student_id, s.person_id AS student_person, p.telegram_id AS account, s.name AS student_name,
    s.number AS student_number, c.name AS class_name, s.school_id, sc.state, sc.whole_school, sc.climbs, sc.taken_by,
    sc.created_at"""
_JOINS = """JOIN students s ON s.id = sc.student_id JOIN classes c ON c.id = s.class_id
    LEFT JOIN people p ON p.id = s.person_id """
_SELECT = f"SELECT {_COLUMNS} FROM sos_calls sc {_JOINS}"
# Whoever is, or was, the student's mentor hears nothing of a call, also where they coordinate: it may be about them.
NO_MENTOR = """NOT EXISTS (SELECT 1 FROM placements mp WHERE mp.student_id = s.id
    AND (mp.mentor_id = {0} OR mp.stand_in_id = {0}))"""
_FOR_STUDENT = "s.person_id = :person AND s.suspended_at IS NULL"
_FOR_COORDINATOR = f"""EXISTS (SELECT 1 FROM coordinators k WHERE k.person_id = :person
    AND k.school_id = s.school_id AND k.suspended_at IS NULL AND (sc.whole_school OR EXISTS (
        SELECT 1 FROM class_coordinators cc WHERE cc.class_id = s.class_id AND cc.person_id = k.person_id)))
    AND {NO_MENTOR.format(":person")}"""


def _call(row: Mapping[str, Any]) -> Call:
    return Call(
        id=row["id"],
        student_id=row["student_id"],
        student_person=row["student_person"],
        account=row["account"],
        student_name=row["student_name"],
        student_number=row["student_number"],
        class_name=row["class_name"],
        school_id=row["school_id"],
        state=State(row["state"]),
        whole_school=bool(row["whole_school"]),
        climbs=row["climbs"],
        taken_by=row["taken_by"],
        created_at=row["created_at"],
    )


# --- the student ------------------------------------------------------------------------------------------------


async def call(tx: Transaction, student_id: int, person_id: int, *, now: datetime) -> int:
    """Begin a call for help and return its id; raises `AlreadyExists` while the student has one.

    Where nobody who looks after the class can be reached, it is the whole school's from the first moment on.
    """
    near = first_asked(await helpers(tx, student_id), whole_school=False)
    call_id = await new_id(
        tx,
        """INSERT INTO sos_calls (student_id, state, whole_school, created_at)
        VALUES (:student, 'open', :whole_school, :now) RETURNING id""",
        student=student_id,
        whole_school=all(one.stopped for one in near),
        now=now,
    )
    await _add(tx, call_id, StepKind.CALLED, person_id, now=now)
    await schedule.put(tx, PLAN, call_id, now + ANSWER_WITHIN)
    return call_id


async def under_way(tx: Transaction, person_id: int) -> Call | None:
    """Read the call of this student that is not closed."""
    row = await tx.one(f"{_SELECT} WHERE {_FOR_STUDENT} AND sc.state <> 'closed'", person=person_id)
    return _call(row) if row else None


async def for_student(tx: Transaction, call_id: int, person_id: int) -> Call:
    """Read a student's own call; raises `NotFound`."""
    return _call(found(await tx.one(f"{_SELECT} WHERE sc.id = :id AND {_FOR_STUDENT}", id=call_id, person=person_id)))


async def add_words(tx: Transaction, call_id: int, person_id: int, words: str, *, now: datetime) -> None:
    """Keep what the student says about a call."""
    await _add(tx, call_id, StepKind.WORDS, person_id, words, now=now)


async def school_number(tx: Transaction, person_id: int) -> tuple[str, str] | None:
    """Return the name of a student's school and its number for emergencies; None where it has none."""
    row = await tx.one(
        """SELECT k.name, k.emergency_number FROM students s JOIN schools k ON k.id = s.school_id
        WHERE s.person_id = :person AND k.emergency_number <> ''""",
        person=person_id,
    )
    return (row["name"], row["emergency_number"]) if row else None


# --- the school -------------------------------------------------------------------------------------------------


async def helpers(tx: Transaction, student_id: int) -> list[Helper]:
    """List the coordinators of a student's school whom a call may reach, by name."""
    rows = await tx.all(
        f"""SELECT k.person_id, p.name, p.stopped_at, EXISTS (SELECT 1 FROM class_coordinators cc
            WHERE cc.class_id = s.class_id AND cc.person_id = k.person_id) AS covers
        FROM students s JOIN coordinators k ON k.school_id = s.school_id AND k.suspended_at IS NULL
        JOIN people p ON p.id = k.person_id
        WHERE s.id = :student AND {NO_MENTOR.format("k.person_id")} ORDER BY p.name, k.person_id""",
        student=student_id,
    )
    return [
        Helper(row["person_id"], row["name"], bool(row["covers"]), stopped=row["stopped_at"] is not None)
        for row in rows
    ]


async def asked(tx: Transaction, its: Call) -> list[Helper]:
    """List whom a call reaches as it stands."""
    return first_asked(await helpers(tx, its.student_id), whole_school=its.whole_school)


async def for_coordinator(tx: Transaction, call_id: int, person_id: int) -> Call:
    """Read a call that reaches this coordinator; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE sc.id = :id AND {_FOR_COORDINATOR}", id=call_id, person=person_id)
    return _call(found(row))


async def of_coordinator(tx: Transaction, person_id: int, *, limit: int, offset: int = 0) -> list[Call]:
    """List the calls that reach this coordinator, those first that are not closed, then the newest."""
    rows = await tx.all(
        f"""{_SELECT} WHERE {_FOR_COORDINATOR}
        ORDER BY CASE sc.state WHEN 'open' THEN 0 WHEN 'taken' THEN 1 ELSE 2 END, sc.id DESC
        LIMIT :limit OFFSET :offset""",
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [_call(row) for row in rows]


async def count_open(tx: Transaction, person_id: int) -> int:
    """Count the calls that reach this coordinator and are not closed."""
    row = await tx.one(
        f"SELECT count(*) AS n FROM sos_calls sc {_JOINS} WHERE sc.state <> 'closed' AND {_FOR_COORDINATOR}",
        person=person_id,
    )
    return int(found(row)["n"])


async def take(tx: Transaction, its: Call, person_id: int, *, now: datetime) -> None:
    """Let a coordinator take care of a call; raises `Conflict` where somebody does already, or it is closed."""
    sql = "UPDATE sos_calls SET state = 'taken', taken_by = :person WHERE id = :id AND state = 'open'"
    if not await tx.run(sql, id=its.id, person=person_id):
        raise Conflict
    await _add(tx, its.id, StepKind.TAKEN, person_id, now=now)
    await schedule.put(tx, PLAN, its.id, None)


async def close(tx: Transaction, its: Call, person_id: int, outcome: str, *, now: datetime) -> None:
    """Close a call that somebody took care of, saying how it ended; raises `Conflict`."""
    sql = "UPDATE sos_calls SET state = 'closed', closed_by = :person WHERE id = :id AND state = 'taken'"
    if not await tx.run(sql, id=its.id, person=person_id):
        raise Conflict
    await _add(tx, its.id, StepKind.CLOSED, person_id, outcome, now=now)


async def whereabouts(tx: Transaction, student_id: int, today: date) -> str:
    """Return the enterprise at which a student is placed on a day; empty where there is none."""
    row = await tx.one(
        """SELECT e.name FROM placements pl JOIN enterprises e ON e.id = pl.enterprise_id
        WHERE pl.student_id = :student AND pl.starts_on <= :today AND pl.ends_on >= :today""",
        student=student_id,
        today=today,
    )
    return row["name"] if row else ""


async def set_school_number(tx: Transaction, school_id: int, person_id: int, number: str) -> None:
    """Keep a school's number for emergencies, empty for none; raises `Conflict` for whoever does not coordinate it."""
    if not await tx.run(
        """UPDATE schools SET emergency_number = :number WHERE id = :id AND EXISTS (SELECT 1 FROM coordinators k
            WHERE k.school_id = schools.id AND k.person_id = :person AND k.suspended_at IS NULL)""",
        number=number,
        id=school_id,
        person=person_id,
    ):
        raise Conflict


async def numbers_of_coordinator(tx: Transaction, person_id: int) -> list[tuple[int, str, str]]:
    """List the schools that somebody coordinates: the id, the name, and the number for emergencies."""
    rows = await tx.all(
        """SELECT s.id, s.name, s.emergency_number FROM schools s JOIN coordinators k ON k.school_id = s.id
        WHERE k.person_id = :person AND k.suspended_at IS NULL ORDER BY s.id""",
        person=person_id,
    )
    return [(row["id"], row["name"], row["emergency_number"]) for row in rows]


# --- what happened ----------------------------------------------------------------------------------------------


async def climb(tx: Transaction, its: Call, *, now: datetime) -> None:
    """Record that nobody has taken a call in time: from now on it is the whole school's. Raises `Conflict`."""
    if not await tx.run(
        """UPDATE sos_calls SET climbs = climbs + 1, whole_school = TRUE
        WHERE id = :id AND state = 'open' AND climbs = :climbs""",
        id=its.id,
        climbs=its.climbs,
    ):
        raise Conflict
    await _add(tx, its.id, StepKind.CLIMBED, None, now=now)


async def unanswered(tx: Transaction, batch: Batch) -> dict[int, Call]:
    """Read the calls of a batch that nobody has taken, by their ids."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM {schedule.BATCH} JOIN sos_calls sc ON sc.id = b.subject {_JOINS} "
        "WHERE sc.state = 'open'",
        **batch.bounds,
    )
    return {row["id"]: _call(row) for row in rows}


async def steps(tx: Transaction, call_id: int) -> list[Step]:
    """List what happened in a call, the oldest first."""
    rows = await tx.all(
        """SELECT st.event, st.at, st.words, p.name FROM sos_steps st LEFT JOIN people p ON p.id = st.person_id
        WHERE st.call_id = :id ORDER BY st.id""",
        id=call_id,
    )
    return [Step(StepKind(row["event"]), row["at"], row["name"] or "", row["words"]) for row in rows]


async def _add(
    tx: Transaction, call_id: int, kind: StepKind, person_id: int | None, words: str = "", *, now: datetime
) -> None:
    await new_id(
        tx,
        """INSERT INTO sos_steps (call_id, event, person_id, words, at)
        VALUES (:call, :event, :person, :words, :now) RETURNING id""",
        call=call_id,
        event=kind.value,
        person=person_id,
        words=words,
        now=now,
    )
