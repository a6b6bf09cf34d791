"""Applications for posts: sent by a student, answered by the enterprise, confirmed by the school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.posts import BEFORE, Application, ApplicationState, Post, Reason
from storage import mentors, posts, schools
from storage.database import found, new_id, placeholders
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.database import Transaction

_SELECT = f"""SELECT a.id, a.student_id, s.person_id AS student_person, s.name AS student, s.number, s.class_id,
    c.name AS class_name, c.school_id, a.words, a.state, a.reason, d.name AS decider, a.created_at, {posts.COLUMNS}
FROM applications a JOIN posts p ON p.id = a.post_id {posts.JOINS}
JOIN students s ON s.id = a.student_id JOIN classes c ON c.id = s.class_id
LEFT JOIN people d ON d.id = a.decided_by """

# Conditions behind _SELECT, each with the parameter :person.
_MINE = "s.person_id = :person AND s.suspended_at IS NULL"
# A mentor may be another school's; the student's school vouches when it confirms, and until then can only shut one out.
_ACTS_AS_MENTOR = """(EXISTS (SELECT 1 FROM mentors mm WHERE mm.person_id = p.mentor_id
    AND mm.enterprise_id = p.enterprise_id AND mm.suspended_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM mentors shut WHERE shut.person_id = p.mentor_id
    AND shut.enterprise_id = p.enterprise_id AND shut.school_id = c.school_id AND shut.suspended_at IS NOT NULL))"""
_MENTOR = f"(p.mentor_id = :person AND {_ACTS_AS_MENTOR})"
_NO_MENTOR = f"NOT {_ACTS_AS_MENTOR}"
_COORDINATOR = """EXISTS (SELECT 1 FROM class_coordinators cc JOIN coordinators k ON k.person_id = cc.person_id
    AND k.school_id = c.school_id AND k.suspended_at IS NULL
    WHERE cc.class_id = c.id AND cc.person_id = :person)"""
_ANSWERS = f"({_MENTOR} OR ({_NO_MENTOR} AND {_COORDINATOR}))"
_WAITS_FOR_ME = f"""s.person_id IS NOT NULL AND s.suspended_at IS NULL AND ((a.state = 'sent' AND {_ANSWERS})
    OR (a.state = 'accepted' AND {_COORDINATOR}))"""


def _application(row: Mapping[str, Any]) -> Application:
    return Application(
        id=row["id"],
        post=posts.as_post(row),
        student_id=row["student_id"],
        student_person=row["student_person"],
        student=row["student"],
        number=row["number"],
        class_id=row["class_id"],
        class_name=row["class_name"],
        school_id=row["school_id"],
        words=row["words"],
        state=ApplicationState(row["state"]),
        reason=row["reason"],
        decider=row["decider"] or "",
        created_at=row["created_at"],
    )


async def send(tx: Transaction, *, post_id: int, student_id: int, words: str, now: datetime) -> int:
    """Record an application and return its id; raises `AlreadyExists` beside one that is open or succeeded."""
    return await new_id(
        tx,
        """INSERT INTO applications (post_id, student_id, words, state, created_at)
        VALUES (:post_id, :student_id, :words, 'sent', :now) RETURNING id""",
        post_id=post_id,
        student_id=student_id,
        words=words,
        now=now,
    )


async def move(
    tx: Transaction, application_id: int, to: ApplicationState, *, by: int, reason: str = "", now: datetime
) -> None:
    """Bring an application into its next state; raises `Conflict` where that does not follow from the one it is in.

    Whoever calls has read it for the person who decides.
    """
    names, before = placeholders("before", (state.value for state in BEFORE[to]))
    if not await tx.run(
        f"""UPDATE applications SET state = :state, reason = :reason, decided_by = :by, decided_at = :now,
            version = version + 1 WHERE id = :id AND state IN {names}""",
        state=to.value,
        reason=reason,
        by=by,
        now=now,
        id=application_id,
        **before,
    ):
        raise Conflict


async def withdraw_others(tx: Transaction, application: Application, *, by: int, now: datetime) -> list[Application]:
    """Withdraw what else a student who is placed now has open, and return it as it was."""
    rows = await tx.all(
        _SELECT + "WHERE a.student_id = :student AND a.id <> :id AND a.state IN ('sent', 'accepted') ORDER BY a.id",
        student=application.student_id,
        id=application.id,
    )
    others = [_application(row) for row in rows]
    for other in others:
        await move(tx, other.id, ApplicationState.WITHDRAWN, by=by, reason=Reason.PLACED.value, now=now)
    return others


# --- reading ----------------------------------------------------------------------------------------------------


async def for_student(tx: Transaction, application_id: int, person_id: int) -> Application:
    """Read one's own application; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE a.id = :id AND {_MINE}", id=application_id, person=person_id)
    return _application(found(row))


async def for_answer(tx: Transaction, application_id: int, person_id: int) -> Application:
    """Read an application that this person answers: the post's mentor, or without one the class's coordinators."""
    row = await tx.one(f"{_SELECT} WHERE a.id = :id AND {_ANSWERS}", id=application_id, person=person_id)
    return _application(found(row))


async def for_staff(tx: Transaction, application_id: int, person_id: int) -> Application:
    """Read an application as the post's mentor or a coordinator of the student's class; raises `NotFound`."""
    row = await tx.one(
        f"{_SELECT} WHERE a.id = :id AND ({_MENTOR} OR {_COORDINATOR})", id=application_id, person=person_id
    )
    return _application(found(row))


async def for_coordinator(tx: Transaction, application_id: int, person_id: int) -> Application:
    """Read an application of a student in a class that this coordinator covers; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE a.id = :id AND {_COORDINATOR}", id=application_id, person=person_id)
    return _application(found(row))


async def of_student(tx: Transaction, person_id: int, *, limit: int, offset: int = 0) -> list[Application]:
    """List one's own applications, the newest first."""
    rows = await tx.all(
        f"{_SELECT} WHERE {_MINE} ORDER BY a.id DESC LIMIT :limit OFFSET :offset",
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [_application(row) for row in rows]


async def newest_for_post(tx: Transaction, post_id: int, person_id: int) -> Application | None:
    """Find one's own newest application for a post."""
    row = await tx.one(
        f"{_SELECT} WHERE p.id = :post AND {_MINE} ORDER BY a.id DESC LIMIT 1", post=post_id, person=person_id
    )
    return _application(row) if row else None


async def waiting_for(
    tx: Transaction, person_id: int, *, post_id: int = 0, limit: int, offset: int = 0
) -> list[Application]:
    """List what waits for this person's answer or confirmation, the oldest first; 0 means of any post."""
    rows = await tx.all(
        f"""{_SELECT} WHERE {_WAITS_FOR_ME} {"AND p.id = :post" if post_id else ""}
        ORDER BY a.id LIMIT :limit OFFSET :offset""",
        person=person_id,
        limit=limit,
        offset=offset,
        **({"post": post_id} if post_id else {}),
    )
    return [_application(row) for row in rows]


async def waits(tx: Transaction, person_id: int, *, post_id: int = 0) -> int:
    """Count what `waiting_for` lists."""
    row = await tx.one(
        f"""SELECT count(*) AS n FROM applications a JOIN posts p ON p.id = a.post_id
        JOIN students s ON s.id = a.student_id JOIN classes c ON c.id = s.class_id
        WHERE {_WAITS_FOR_ME} {"AND p.id = :post" if post_id else ""}""",
        person=person_id,
        **({"post": post_id} if post_id else {}),
    )
    return int(found(row)["n"])


async def managed_posts(tx: Transaction, person_id: int, *, limit: int, offset: int = 0) -> list[tuple[Post, int]]:
    """List one's own posts, the open ones and the newest first, with how many applications wait for one's answer."""
    rows = await tx.all(
        f"""SELECT {posts.COLUMNS}, (SELECT count(*) FROM applications a
            JOIN students s ON s.id = a.student_id JOIN classes c ON c.id = s.class_id
            WHERE a.post_id = p.id AND {_WAITS_FOR_ME}) AS waiting
        FROM posts p {posts.JOINS} WHERE {posts.MANAGED}
        ORDER BY p.state DESC, p.id DESC LIMIT :limit OFFSET :offset""",
        person=person_id,
        limit=limit,
        offset=offset,
    )
    return [(posts.as_post(row), row["waiting"]) for row in rows]


async def places_given(tx: Transaction, post_id: int) -> int:
    """Count the students who are accepted or confirmed for a post."""
    row = await tx.one(
        "SELECT count(*) AS n FROM applications WHERE post_id = :post AND state IN ('accepted', 'confirmed')",
        post=post_id,
    )
    return int(found(row)["n"])


async def placement_of(tx: Transaction, application_id: int) -> int | None:
    """Return the id of the placement that grew out of an application."""
    row = await tx.one("SELECT id FROM placements WHERE application_id = :id", id=application_id)
    return int(row["id"]) if row else None


async def answerers(tx: Transaction, application: Application) -> list[int]:
    """List the ids of the people who answer an application."""
    mentor, enterprise = application.post.mentor_id, application.post.enterprise_id
    if mentor is not None and await mentors.is_mentor(tx, mentor, enterprise, school_id=application.school_id):
        return [mentor]
    return await schools.coordinators_of_class(tx, application.class_id)


async def unanswered_of_mentor(
    tx: Transaction, mentor_id: int, enterprise_id: int, coordinator_id: int
) -> list[Application]:
    """List what students of this coordinator's school have sent for a mentor's posts and nobody has answered."""
    rows = await tx.all(
        f"""{_SELECT} JOIN coordinators k ON k.school_id = c.school_id AND k.person_id = :person
            AND k.suspended_at IS NULL
        WHERE p.mentor_id = :mentor AND p.enterprise_id = :enterprise AND a.state = 'sent'
        AND s.person_id IS NOT NULL AND s.suspended_at IS NULL ORDER BY a.id""",
        mentor=mentor_id,
        enterprise=enterprise_id,
        person=coordinator_id,
    )
    return [_application(row) for row in rows]


async def sent_to_mentor(tx: Transaction, mentor_id: int) -> list[Application]:
    """List what students of any school have sent for a mentor's posts and nobody has answered."""
    rows = await tx.all(
        f"""{_SELECT} WHERE p.mentor_id = :mentor AND a.state = 'sent' AND s.person_id IS NOT NULL
        AND s.suspended_at IS NULL ORDER BY a.id""",
        mentor=mentor_id,
    )
    return [_application(row) for row in rows]
