"""Everything that is kept about one person, for that person: which rows of which table are theirs.

Each table is either in `RECORDS`, with the condition that makes a row somebody's own, or in `OF_NOBODY`, with the
reason why nobody is told of it. A column that points at a person is read as that person's name, so that no row tells
the account or the number of anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.records import Asked
from storage import files, schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from typing import Any

    from domain.files import StoredFile
    from storage.database import Snapshot, Transaction

PAGE = 500  # rows at a time

_LINES = "(SELECT s.id FROM students s WHERE s.person_id = :person)"
_PLACEMENTS = f"(SELECT pl.id FROM placements pl WHERE pl.student_id IN {_LINES})"
_LOGS = f"(SELECT l.id FROM logs l WHERE l.placement_id IN {_PLACEMENTS})"
_QUESTIONS = f"(SELECT q.id FROM questions q WHERE q.placement_id IN {_PLACEMENTS})"
_CALLS = f"(SELECT sc.id FROM sos_calls sc WHERE sc.student_id IN {_LINES})"
_APPLICATIONS = f"(SELECT a.id FROM applications a WHERE a.student_id IN {_LINES})"
# What a reviewer noted belongs to the student from the decision on; who opens a log again remarks on nothing.
_SAID = f"""EXISTS (SELECT 1 FROM reviews rv WHERE rv.revision_id = t.revision_id AND rv.reviewer_id = t.reviewer_id
    AND rv.decision <> 'reopened' AND rv.log_id IN {_LOGS})"""
_HEARD = f"(SELECT t.file_id FROM voices t WHERE {_SAID})"
_ENTERPRISE = "(SELECT e.name FROM enterprises e WHERE e.id = t.enterprise_id) AS enterprise"
_SCHOOL = "(SELECT k.name FROM schools k WHERE k.id = t.school_id) AS school"
_CLASS = "(SELECT c.name FROM classes c WHERE c.id = t.class_id) AS class"
# What was asked in a log; a class that has never changed it asks what is usual, and then this is empty.
_TEMPLATE = "(SELECT te.content FROM templates te WHERE te.id = t.template_id) AS template"
_POST = """(SELECT p.title FROM posts p WHERE p.id = t.post_id) AS post,
    (SELECT e.name FROM posts p JOIN enterprises e ON e.id = p.enterprise_id WHERE p.id = t.post_id) AS enterprise"""


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of a table (`t`) that are somebody's (`:person`), under a name that says in which way they are.

    `hides` names columns that say something about somebody else, or open a door; `more` are columns from other tables.
    """

    name: str
    table: str
    mine: str
    hides: tuple[str, ...] = ()
    more: str = ""


RECORDS: tuple[Record, ...] = (
    Record("person", "people", "t.id = :person"),
    # As a student.
    Record("student", "students", "t.person_id = :person", ("former_person_id",), f"{_SCHOOL}, {_CLASS}"),
    Record("join_requests", "join_requests", "t.person_id = :person", (), _CLASS),
    Record("applications", "applications", f"t.student_id IN {_LINES}", (), _POST),
    Record("placements", "placements", f"t.student_id IN {_LINES}", (), _ENTERPRISE),
    Record("excused_weeks", "excused_weeks", f"t.placement_id IN {_PLACEMENTS}"),
    Record("logs", "logs", f"t.placement_id IN {_PLACEMENTS}", (), _TEMPLATE),
    Record("log_sections", "log_sections", f"t.log_id IN {_LOGS}"),
    Record("log_files", "log_files", f"t.log_id IN {_LOGS}"),
    Record("revisions", "revisions", f"t.log_id IN {_LOGS}"),
    Record("reviews", "reviews", f"t.log_id IN {_LOGS}"),
    Record("remarks", "remarks", _SAID),
    Record("chips", "chips", _SAID),
    Record("phrases_said", "phrases_said", _SAID),
    Record("voices", "voices", _SAID),
    Record("voice_files", "files", f"t.id IN {_HEARD}", ("telegram_file_id",)),
    Record("moments", "moments", f"t.placement_id IN {_PLACEMENTS}"),
    Record(
        "moment_files",
        "moment_files",
        f"t.moment_id IN (SELECT mo.id FROM moments mo WHERE mo.placement_id IN {_PLACEMENTS})",
    ),
    Record("questions", "questions", f"t.placement_id IN {_PLACEMENTS}"),
    Record("pulses", "pulses", f"t.placement_id IN {_PLACEMENTS}"),
    Record("flags", "flags", f"t.placement_id IN {_PLACEMENTS}"),
    Record("sos_calls", "sos_calls", f"t.student_id IN {_LINES}"),
    Record("sos_steps", "sos_steps", f"t.call_id IN {_CALLS}"),
    # As a mentor or a coordinator: what they did themselves, without what it says about the student.
    Record("mentor", "mentors", "t.person_id = :person", (), f"{_ENTERPRISE}, {_SCHOOL}"),
    Record(
        "placements_mentored",
        "placements",
        "t.mentor_id = :person",
        ("student_id", "application_id", "ended_early", "end_reason"),
        _ENTERPRISE,
    ),
    Record("reviews_given", "reviews", "t.reviewer_id = :person"),
    Record("questions_answered", "questions", "t.answered_by = :person", ("placement_id", "text")),
    Record("hand_overs", "hand_overs", "t.mentor_id = :person"),
    Record("stood_in", "hand_overs", "t.stand_in_id = :person"),
    Record("logs_opened", "log_openings", "t.person_id = :person"),
    Record("remarks_given", "remarks", "t.reviewer_id = :person"),
    Record("chips_given", "chips", "t.reviewer_id = :person"),
    Record("phrases", "phrases", "t.person_id = :person"),
    Record("phrases_given", "phrases_said", "t.reviewer_id = :person"),
    Record("voices_given", "voices", "t.reviewer_id = :person"),
    Record("applications_decided", "applications", "t.decided_by = :person", ("student_id", "words"), _POST),
    Record("coordinator", "coordinators", "t.person_id = :person", (), _SCHOOL),
    Record("classes_covered", "class_coordinators", "t.person_id = :person", (), _CLASS),
    Record("templates_written", "templates", "t.created_by = :person", (), _CLASS),
    Record("invitations_made", "invitations", "t.created_by = :person", ("nonce", "code_hash"), _CLASS),
    Record("posts", "posts", "t.created_by = :person OR t.mentor_id = :person", (), _ENTERPRISE),
    Record("sos_calls_answered", "sos_calls", "t.taken_by = :person OR t.closed_by = :person", ("student_id",)),
    Record("flags_answered", "flags", "t.called_by = :person", ("placement_id", "cause")),
    Record("announcements_written", "announcements", "t.author_id = :person"),
    # As anybody.
    Record(
        "announcements_received",
        "announcement_recipients",
        "t.person_id = :person",
        (),
        """(SELECT p.name FROM announcements a JOIN people p ON p.id = a.author_id WHERE a.id = t.announcement_id)
            AS author,
        (SELECT a.text FROM announcements a WHERE a.id = t.announcement_id) AS text""",
    ),
    Record("files", "files", "t.owner_id = :person"),
    Record("open_forms", "drafts", "t.person_id = :person"),
    Record("removals", "removals", "t.person_id = :person"),
    Record("messages", "outbox", "t.person_id = :person", ("args", "unique_key", "failure")),
    Record("cards", "cards", "t.person_id = :person"),
    Record("acts", "acts", "t.actor_id = :person"),
    Record(
        "acts_about_me",
        "acts",
        f"""t.act <> 'refused' AND (
            (t.subject_kind = 'person' AND t.subject_id = :person)
            OR (t.subject_kind = 'student' AND t.subject_id IN {_LINES})
            OR (t.subject_kind = 'placement' AND t.subject_id IN {_PLACEMENTS})
            OR (t.subject_kind = 'application' AND t.subject_id IN {_APPLICATIONS})
            OR (t.subject_kind = 'question' AND t.subject_id IN {_QUESTIONS})
            OR (t.subject_kind = 'log' AND t.subject_id IN {_LOGS}))""",
    ),
)
FILES = frozenset(record.name for record in RECORDS if record.table == "files")
OF_NOBODY: dict[str, str] = {
    "schools": "a school is no person; its name stands with whoever belongs to it",
    "classes": "a class is no person; its name stands with whoever belongs to it",
    "enterprises": "an enterprise is no person; its name stands with whoever belongs to it",
    "school_enterprises": "which school works with which enterprise",
    "schedule": "when a placement or a person is looked at next, which follows from the other rows",
    "stale_copies": "which copies of files are to leave the folder; their files are gone already",
    "inbox": "what Telegram brought, as it came; it goes when it is handled, and its effect is in the other tables",
}


async def statements(tx: Transaction) -> dict[str, str]:
    """Return what reads each record, by its name; the columns are those that the database has."""
    tables = {table.name: table for table in await schema.tables(tx)}
    named = await schema.pointers_to(tx, "people")
    return {record.name: _statement(record, tables[record.table], named) for record in RECORDS}


def _statement(record: Record, table: schema.Table, named: set[tuple[str, str]]) -> str:
    columns = [
        f"(SELECT w.name FROM people w WHERE w.id = t.{name}) AS {name}" if (table.name, name) in named else f"t.{name}"
        for name, _ in table.columns
        if name not in record.hides
    ]
    if record.more:
        columns.append(record.more)
    return f"SELECT {', '.join(columns)} FROM {table.name} t WHERE {record.mine} ORDER BY 1, 2"


async def pages(tx: Snapshot, sql: str, person_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """Go through what one statement finds of a person, so many rows at a time."""
    async for page in tx.pages(sql, size=PAGE, person=person_id):
        yield [dict(row) for row in page]


async def files_of(tx: Transaction, person_id: int, *, after: int) -> list[StoredFile]:
    """List the files that a person sent, and what was said to them, behind the one with the id `after`."""
    rows = await tx.all(
        f"""SELECT {files.COLUMNS} FROM files f WHERE (f.owner_id = :person OR f.id IN {_HEARD}) AND f.id > :after
        ORDER BY f.id""",
        person=person_id,
        after=after,
    )
    return [files.as_file(row) for row in rows]


async def asked(tx: Transaction, card: str, person_id: int, *, since: datetime) -> list[Asked]:
    """List when a person asked since a moment, the oldest first; what could not be sent does not count."""
    rows = await tx.all(
        """SELECT created_at, state FROM outbox WHERE card = :card AND subject = :person
        AND (state = 'waiting' OR (state = 'sent' AND created_at > :since)) ORDER BY created_at""",
        card=card,
        person=person_id,
        since=since,
    )
    return [Asked(row["created_at"], row["state"] == "waiting") for row in rows]
