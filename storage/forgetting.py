"""Carries a removal out: first what is somebody's alone, with the account; in time also what the school kept.

A person's row stays, empty, since acts and answers name it by its id; a name stays only while what was written under it
is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.removal import NOBODY
from storage import erasing, inbox
from storage.removal_counts import NEVER_HANDED_IN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from domain.removal import Removal
    from storage.database import Transaction

# Columns that point at people. Whose rows these are alone is deleted with the account; the others name an id.
GOES: tuple[tuple[str, str], ...] = (
    ("cards", "person_id"),
    ("class_coordinators", "person_id"),
    ("coordinators", "person_id"),
    ("drafts", "person_id"),
    ("join_requests", "person_id"),
    ("log_openings", "person_id"),
    ("mentors", "person_id"),
    ("phrases", "person_id"),
)
STAYS: dict[str, tuple[str, ...]] = {
    "what they did or decided, for those whose records it is in": (
        "acts.actor_id",
        "applications.decided_by",
        "chips.reviewer_id",
        "excused_weeks.created_by",
        "flags.called_by",
        "invitations.created_by",
        "join_requests.decided_by",
        "phrases_said.reviewer_id",
        "placements.created_by",
        "placements.mentor_id",
        "questions.answered_by",
        "remarks.reviewer_id",
        "reviews.reviewer_id",
        "sos_calls.closed_by",
        "sos_calls.taken_by",
        "sos_steps.person_id",
        "templates.created_by",
        "voices.reviewer_id",
    ),
    "what was announced and to whom it went, which is the school's": (
        "announcements.author_id",
        "announcement_recipients.person_id",
    ),
    "that a letter went, without its words": ("outbox.person_id",),
    "files that a record of the school names": ("files.owner_id",),
    "that somebody stood in for somebody": (
        "hand_overs.mentor_id",
        "hand_overs.stand_in_id",
        "placements.stand_in_id",
    ),
    "that it was asked for and carried out": ("removals.person_id", "removals.released_by", "removals.said_by"),
    "emptied here": ("posts.created_by", "posts.mentor_id", "students.former_person_id", "students.person_id"),
}
_OF_STUDENT = "placement_id IN (SELECT pl.id FROM placements pl WHERE pl.student_id = :root)"
# Applications that led nowhere.
_UNPLACED = """student_id = :root
    AND NOT EXISTS (SELECT 1 FROM placements pl WHERE pl.application_id = applications.id)"""


async def forget_own(tx: Transaction, removal: Removal, *, name: str, now: datetime) -> None:
    """Delete what is somebody's alone, and their account; they are called `name` from now on."""
    person, student = removal.person_id, removal.student_id or 0
    telegram_id = await _account(tx, person)
    names = await _names(tx, person, student)
    for table, condition in (
        ("logs", NEVER_HANDED_IN.replace(":student", ":root")),
        ("moments", _OF_STUDENT),
        ("pulses", _OF_STUDENT),
        ("flags", _OF_STUDENT),
        ("applications", _UNPLACED),
    ):
        await erasing.erase(tx, table, condition, student, student_id=student)
    await tx.run("UPDATE applications SET words = '' WHERE student_id = :student", student=student)
    await _forget_unsaid(tx, person)
    for table, column in GOES:
        await tx.run(f"DELETE FROM {table} WHERE {column} = :person", person=person)
    for table, column in (
        ("students", "person_id"),
        ("students", "former_person_id"),
        ("posts", "mentor_id"),
        ("posts", "created_by"),
    ):
        await tx.run(f"UPDATE {table} SET {column} = NULL WHERE {column} = :person", person=person)
    await tx.run("DELETE FROM schedule WHERE kind IN ('mentor', 'coordinator') AND subject = :person", person=person)
    named = await erasing.named_by_submissions(tx, student)
    await erasing.drop_files(tx, await erasing.unused_files(tx, person) - named)
    await _forget_letters(tx, person, names, now)
    if telegram_id is not None:
        await inbox.forget_sender(tx, telegram_id)
    await _empty_person(tx, person, name, now)


async def _account(tx: Transaction, person_id: int) -> int | None:
    row = await tx.one("SELECT telegram_id FROM people WHERE id = :id", id=person_id)
    return row["telegram_id"] if row else None


async def _names(tx: Transaction, person_id: int, student_id: int) -> set[str]:
    rows = await tx.all(
        "SELECT name FROM people WHERE id = :person UNION SELECT name FROM students WHERE id = :student",
        person=person_id,
        student=student_id,
    )
    return {row["name"] for row in rows} - {"", NOBODY}


async def _forget_unsaid(tx: Transaction, person_id: int) -> None:
    """Delete what a reviewer only noted, and an author never sent."""
    for table in ("remarks", "chips", "phrases_said", "voices"):
        await tx.run(
            f"""DELETE FROM {table} WHERE reviewer_id = :person AND NOT EXISTS (SELECT 1 FROM reviews rv
            WHERE rv.revision_id = {table}.revision_id AND rv.reviewer_id = {table}.reviewer_id)""",
            person=person_id,
        )
    await tx.run("DELETE FROM announcements WHERE author_id = :person AND state <> 'sent'", person=person_id)


async def _forget_letters(tx: Transaction, person_id: int, names: Iterable[str], now: datetime) -> None:
    """Let nothing go to somebody any more, and leave no words in what went to them, nor their name in what is done."""
    await tx.run(
        "UPDATE outbox SET state = 'settled', done_at = :now WHERE person_id = :person AND state = 'waiting'",
        person=person_id,
        now=now,
    )
    await tx.run("UPDATE outbox SET args = '{}' WHERE person_id = :person AND args <> '{}'", person=person_id)
    for name in names:
        sought = name.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        await tx.run(
            "UPDATE outbox SET args = '{}' WHERE state <> 'waiting' AND args LIKE :sought ESCAPE '!'",
            sought=f"%{sought}%",
        )


async def _empty_person(tx: Transaction, person_id: int, name: str, now: datetime) -> None:
    await tx.run(
        """UPDATE people SET telegram_id = NULL, name = :name, language = 'en', time_zone = 'UTC',
            reminder_time = NULL, keeps_all = FALSE, digest_days = '0', agreed_version = 0, agreed_at = NULL,
            stopped_at = :now
        WHERE id = :person""",
        person=person_id,
        name=name,
        now=now,
    )


async def forget_name(tx: Transaction, person_id: int) -> None:
    """Take the name off what somebody wrote; it is kept no longer than that."""
    await tx.run(
        "UPDATE people SET name = :name WHERE id = :person AND telegram_id IS NULL", name=NOBODY, person=person_id
    )


async def forget_placement(tx: Transaction, placement_id: int, student_id: int) -> None:
    """Delete what the school kept of a placement, and the placement."""
    await erasing.erase(tx, "placements", "id = :root", placement_id, student_id=student_id)
    await erasing.erase(tx, "applications", _UNPLACED, student_id, student_id=student_id)


async def forget_line(tx: Transaction, student_id: int) -> None:
    """Delete a student's line of the roster with all that there is; one that somebody has joined with stays."""
    await tx.run("UPDATE removals SET student_id = NULL WHERE student_id = :student", student=student_id)
    await erasing.erase(tx, "students", "id = :root AND person_id IS NULL", student_id, student_id=student_id)
