"""Students: lines of the roster, and who has joined with them; requests of those whom the roster does not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.roster import Match, RosterLine, clean_number, compare
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody who says to belong to a class; `roster_…` is what the roster has under that number."""

    id: int
    class_id: int
    class_name: str
    person_id: int
    number: str
    name: str
    state: str
    roster_name: str
    roster_class: str
    match: Match
    line_id: int | None
    line_class_id: int | None
    is_readers: bool  # the number is new or in a class that whoever reads this covers: a yes takes nothing from others
    holder_id: int | None  # the account that has the number
    time_zone: str
    created_at: datetime


# Whether :person covers a class and is not suspended.
_COVERS = """EXISTS (SELECT 1 FROM class_coordinators cc JOIN classes kc ON kc.id = cc.class_id
    JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = kc.school_id AND k.suspended_at IS NULL
    WHERE cc.class_id = {} AND cc.person_id = :person)"""
_REQUEST = f"""SELECT r.id, r.class_id, c.name AS class_name, r.person_id, r.number, r.name, r.state,
    c.time_zone, s.id AS line_id, s.class_id AS line_class, s.name AS line_name, s.person_id AS line_person,
    s.suspended_at AS line_suspended_at, s.removed_at AS line_removed_at, COALESCE(sc.name, '') AS line_class_name,
    r.created_at, (s.id IS NULL OR {_COVERS.format("s.class_id")}) AS is_readers
FROM join_requests r JOIN classes c ON c.id = r.class_id
LEFT JOIN students s ON s.school_id = c.school_id AND s.number = r.number
LEFT JOIN classes sc ON sc.id = s.class_id """
# Of the class asked for, and of the class in which the roster has the number; and whoever has decided it.
_FOR_COORDINATOR = f"""({_COVERS.format("r.class_id")} OR {_COVERS.format("s.class_id")} OR (r.decided_by = :person
    AND EXISTS (SELECT 1 FROM coordinators kd WHERE kd.person_id = :person AND kd.school_id = c.school_id
    AND kd.suspended_at IS NULL)))"""


def _request(row: Mapping[str, Any]) -> JoinRequest:
    line = None
    if row["line_id"] is not None:
        closed = row["line_suspended_at"] is not None or row["line_removed_at"] is not None
        line = RosterLine(
            row["line_id"], row["line_class"], row["number"], row["line_name"], row["line_person"], closed=closed
        )
    return JoinRequest(
        id=row["id"],
        class_id=row["class_id"],
        class_name=row["class_name"],
        person_id=row["person_id"],
        number=row["number"],
        name=row["name"],
        state=row["state"],
        roster_name=line.name if line else "",
        roster_class=row["line_class_name"],
        match=compare(line, class_id=row["class_id"], name=row["name"], person_id=row["person_id"]),
        line_id=line.id if line else None,
        line_class_id=line.class_id if line else None,
        is_readers=bool(row["is_readers"]),
        holder_id=line.person_id if line else None,
        time_zone=row["time_zone"],
        created_at=row["created_at"],
    )


async def roster_line(tx: Transaction, school_id: int, number: str) -> RosterLine | None:
    """Find the line with this student number in a school."""
    row = await tx.one(
        """SELECT id, class_id, number, name, person_id, suspended_at, removed_at FROM students
        WHERE school_id = :school AND number = :number""",
        school=school_id,
        number=clean_number(number),
    )
    if row is None:
        return None
    closed = row["suspended_at"] is not None or row["removed_at"] is not None
    return RosterLine(row["id"], row["class_id"], row["number"], row["name"], row["person_id"], closed=closed)


async def join(tx: Transaction, line_id: int, person_id: int, *, now: datetime) -> None:
    """Link a line of the roster with an account; raises `Conflict` where another one has it."""
    if not await tx.run(
        """UPDATE students SET person_id = :person, joined_at = :now, suspended_at = NULL, removed_at = NULL
        WHERE id = :id AND (person_id IS NULL OR person_id = :person)""",
        id=line_id,
        person=person_id,
        now=now,
    ):
        raise Conflict


async def put_on_roster(tx: Transaction, *, school_id: int, class_id: int, number: str, name: str) -> bool:
    """Write a line of the roster; an existing number gets the new class and name. Returns whether it is new."""
    known = await roster_line(tx, school_id, number)
    if known is None:
        await tx.run(
            """INSERT INTO students (school_id, class_id, number, name) VALUES (:school, :class_id, :number, :name)""",
            school=school_id,
            class_id=class_id,
            number=clean_number(number),
            name=name,
        )
        return True
    await tx.run(
        "UPDATE students SET class_id = :class_id, name = :name WHERE id = :id",
        class_id=class_id,
        name=name,
        id=known.id,
    )
    return False


async def ask_to_join(tx: Transaction, *, class_id: int, person_id: int, number: str, name: str, now: datetime) -> int:
    """Record a request; raises `AlreadyExists` where the person has an open one."""
    return await new_id(
        tx,
        """INSERT INTO join_requests (class_id, person_id, number, name, state, created_at)
        VALUES (:class_id, :person, :number, :name, 'waiting', :now) RETURNING id""",
        class_id=class_id,
        person=person_id,
        number=number,
        name=name,
        now=now,
    )


async def request_for_coordinator(tx: Transaction, request_id: int, person_id: int) -> JoinRequest:
    """Read a request that concerns a class which this coordinator covers; raises `NotFound`."""
    row = await tx.one(
        f"{_REQUEST} WHERE r.id = :id AND {_FOR_COORDINATOR}",
        id=request_id,
        person=person_id,
    )
    return _request(found(row))


async def requests_of_coordinator(tx: Transaction, person_id: int) -> list[JoinRequest]:
    """List the requests that wait for this coordinator, the oldest first."""
    rows = await tx.all(
        f"{_REQUEST} WHERE r.state = 'waiting' AND {_FOR_COORDINATOR} ORDER BY r.id",
        person=person_id,
    )
    return [_request(row) for row in rows]


async def coordinators_of_request(tx: Transaction, request_id: int) -> list[int]:
    """List who covers the class that is asked for, or the class in which the roster has the number."""
    rows = await tx.all(
        """SELECT DISTINCT cc.person_id FROM join_requests r JOIN classes c ON c.id = r.class_id
        LEFT JOIN students s ON s.school_id = c.school_id AND s.number = r.number
        JOIN class_coordinators cc ON cc.class_id = r.class_id OR cc.class_id = s.class_id
        JOIN coordinators k ON k.person_id = cc.person_id AND k.school_id = c.school_id AND k.suspended_at IS NULL
        WHERE r.id = :id ORDER BY cc.person_id""",
        id=request_id,
    )
    return [row["person_id"] for row in rows]


async def request_of_person(tx: Transaction, request_id: int, person_id: int) -> JoinRequest:
    """Read a person's own request; raises `NotFound`."""
    row = await tx.one(_REQUEST + "WHERE r.id = :id AND r.person_id = :person", id=request_id, person=person_id)
    return _request(found(row))


async def open_request(tx: Transaction, person_id: int) -> JoinRequest | None:
    """Read the request of a person that waits for an answer."""
    row = await tx.one(_REQUEST + "WHERE r.person_id = :person AND r.state = 'waiting'", person=person_id)
    return _request(row) if row else None


async def has_asked(tx: Transaction, *, class_id: int, person_id: int) -> bool:
    """Whether a person has ever asked to join a class."""
    row = await tx.one(
        "SELECT 1 AS there FROM join_requests WHERE class_id = :class_id AND person_id = :person LIMIT 1",
        class_id=class_id,
        person=person_id,
    )
    return row is not None


async def withdraw_request(tx: Transaction, person_id: int) -> JoinRequest | None:
    """Take a person's open request back, and return it."""
    request = await open_request(tx, person_id)
    if request is not None:
        await tx.run(
            "UPDATE join_requests SET state = 'replaced' WHERE id = :id AND state = 'waiting'",
            id=request.id,
        )
    return request


async def decide_request(
    tx: Transaction, request: JoinRequest, *, accepted: bool, decided_by: int, now: datetime
) -> None:
    """Accept or decline; raises `Conflict` if that is decided, or takes a number from a class that others cover.

    Accepting puts the person on the roster and lets them in; a number that another account has moves to this one.
    A name that the roster has under this number stays: it is the school's.
    """
    others = f"""AND NOT EXISTS (SELECT 1 FROM classes c JOIN students s ON s.school_id = c.school_id
        WHERE c.id = join_requests.class_id AND s.number = join_requests.number
        AND NOT {_COVERS.format("s.class_id")})"""
    if not await tx.run(
        f"""UPDATE join_requests SET state = :state, decided_by = :person, decided_at = :now
        WHERE id = :id AND state = 'waiting' {others if accepted else ""}""",
        state="accepted" if accepted else "declined",
        person=decided_by,
        now=now,
        id=request.id,
    ):
        raise Conflict
    if accepted:
        await tx.run(
            """UPDATE students SET person_id = NULL, former_person_id = person_id
            WHERE number = :number AND person_id <> :person
            AND school_id = (SELECT school_id FROM classes WHERE id = :class_id)""",
            number=request.number,
            person=request.person_id,
            class_id=request.class_id,
        )
        school = found(await tx.one("SELECT school_id FROM classes WHERE id = :id", id=request.class_id))["school_id"]
        name = request.roster_name or request.name
        await put_on_roster(tx, school_id=school, class_id=request.class_id, number=request.number, name=name)
        line = await roster_line(tx, school, request.number)
        if line is None:
            raise Conflict
        await join(tx, line.id, request.person_id, now=now)
