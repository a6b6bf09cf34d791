"""Weekly logs: written section by section, submitted as revisions, read by whoever has a part in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain import templates
from domain.logs import Decision, Log, LogFile, LogState, Revision, Section
from storage import files, placements, remarks, schedule
from storage.database import found
from storage.errors import Conflict, NotFound
from storage.templates import OF_WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.hours import Days
    from domain.placements import Placement
    from storage.database import Transaction

# A mentor reads and answers for so long after a placement's end: two weeks for the last log, two for the answer.
MENTOR_READS_ON = timedelta(days=28)

_COLUMNS = f"""l.id AS log_id, l.week, l.state, l.hours, l.first_submitted_at, l.submitted_at, l.decided_at,
    l.nudged_at, l.escalated_at, l.school_since, l.late_reason, l.day_hours,
    l.version AS log_version, te.content AS template,
    EXISTS (SELECT 1 FROM questions q WHERE q.placement_id = l.placement_id AND q.week = l.week) AS asked,
    {placements.COLUMNS}"""
_FROM = f"""FROM logs l JOIN placements pl ON pl.id = l.placement_id {placements.JOINS}
    LEFT JOIN templates te ON te.id = l.template_id"""
SELECT = f"SELECT {_COLUMNS} {_FROM}"
# A row for each section that is written, one where there is none.
_WHOLE = f"""SELECT {_COLUMNS}, ls.section, ls.text,
    (SELECT count(*) FROM log_files lf WHERE lf.log_id = l.id) AS files,
    (SELECT count(*) FROM moments mo WHERE mo.placement_id = pl.id AND mo.week = l.week AND mo.state = 'saved')
    AS moments
{_FROM} LEFT JOIN log_sections ls ON ls.log_id = l.id """
# Who may read and answer a log that was handed in: needs the parameters :person and :since.
FOR_REVIEWER = f"(({placements.FOR_MENTOR} AND pl.ends_on >= :since) OR {placements.FOR_COORDINATOR})"

# When a log was handed in, by submissions that were not taken back: needs the parameter :id.
_STANDING = "SELECT r.submitted_at FROM revisions r WHERE r.log_id = :id AND r.withdrawn_at IS NULL"


async def _whole(tx: Transaction, condition: str, **parameters: Any) -> Log | None:
    rows = await tx.all(f"{_WHOLE} WHERE {condition}", **parameters)
    if not rows:
        return None
    there = {row["section"]: row["text"] for row in rows}
    texts = {section: there[section] for section in Section if section in there}
    attached = await _files(tx, rows[0]["log_id"]) if rows[0]["files"] else ()
    return replace(as_log(rows[0], texts, attached), moments=rows[0]["moments"])


async def _files(tx: Transaction, log_id: int) -> tuple[LogFile, ...]:
    rows = await tx.all(
        f"""SELECT {files.COLUMNS}, lf.caption FROM log_files lf JOIN files f ON f.id = lf.file_id
        WHERE lf.log_id = :id ORDER BY f.id""",
        id=log_id,
    )
    return tuple(LogFile(files.as_file(row), row["caption"]) for row in rows)


def as_log(
    row: Mapping[str, Any], sections: Mapping[Section, str] | None = None, attached: tuple[LogFile, ...] = ()
) -> Log:
    """Make the record of a row of SELECT."""
    return Log(
        id=row["log_id"],
        placement=placements.as_placement(row),
        week=row["week"],
        state=LogState(row["state"]),
        hours=row["hours"],
        first_submitted_at=row["first_submitted_at"],
        submitted_at=row["submitted_at"],
        decided_at=row["decided_at"],
        nudged_at=row["nudged_at"],
        escalated_at=row["escalated_at"],
        late_reason=row["late_reason"],
        asked=bool(row["asked"]),
        days=tuple(json.loads(row["day_hours"])) if row["day_hours"] else (),
        school_since=row["school_since"],
        version=row["log_version"],
        template=templates.parse(row["template"]),
        sections=sections or {},
        files=attached,
    )


# --- reading ----------------------------------------------------------------------------------------------------


async def for_student(tx: Transaction, log_id: int, person_id: int) -> Log:
    """Read a student's own log, whole; raises `NotFound`."""
    log = await _whole(tx, f"l.id = :id AND {placements.FOR_STUDENT}", id=log_id, person=person_id)
    if log is None:
        raise NotFound
    return log


async def of_week(tx: Transaction, placement_id: int, week: date) -> Log | None:
    """Find a placement's log of a week, whole, for the program's own rules."""
    return await _whole(tx, "pl.id = :id AND l.week = :week", id=placement_id, week=week)


async def of_person(tx: Transaction, person_id: int) -> list[Log]:
    """List a student's own logs without their texts and files, the newest week first."""
    rows = await tx.all(f"{SELECT} WHERE {placements.FOR_STUDENT} ORDER BY l.week DESC, l.id DESC", person=person_id)
    return [as_log(row) for row in rows]


async def waiting_of_placement(tx: Transaction, placement_id: int) -> list[tuple[int, int]]:
    """List the logs of a placement that wait for its mentor, each with the number of its newest submission."""
    rows = await tx.all(
        """SELECT l.id, (SELECT count(*) FROM revisions r WHERE r.log_id = l.id) AS newest FROM logs l
        WHERE l.placement_id = :id AND l.state = 'submitted' AND l.school_since IS NULL ORDER BY l.week""",
        id=placement_id,
    )
    return [(row["id"], row["newest"]) for row in rows]


async def state_of_week(tx: Transaction, placement_id: int, week: date) -> LogState | None:
    """Return only the state of a placement's log of a week; None where nothing was begun."""
    row = await tx.one("SELECT state FROM logs WHERE placement_id = :id AND week = :week", id=placement_id, week=week)
    return LogState(row["state"]) if row else None


async def revisions(tx: Transaction, log_id: int) -> list[Revision]:
    """List the submissions of a log, the oldest first."""
    rows = await tx.all(
        """SELECT id, log_id, number, content, submitted_at, withdrawn_at FROM revisions
        WHERE log_id = :id ORDER BY number""",
        id=log_id,
    )
    return [_revision(row) for row in rows]


def _revision(row: Mapping[str, Any]) -> Revision:
    content = json.loads(row["content"])
    sections = {Section(name): text for name, text in content["sections"].items()}
    return Revision(
        row["id"], row["log_id"], row["number"], sections, content["hours"], row["submitted_at"], row["withdrawn_at"]
    )


# --- writing ----------------------------------------------------------------------------------------------------


async def begin(tx: Transaction, placement: Placement, week: date, *, now: datetime) -> Log:
    """Return the log of a week, begun with the template of that week if there is none; there is never a second one."""
    await tx.run(
        f"""INSERT INTO logs (placement_id, week, state, template_id, created_at)
        VALUES (:placement, :week, 'draft', ({OF_WEEK}), :now) ON CONFLICT (placement_id, week) DO NOTHING""",
        placement=placement.id,
        class_id=placement.rules.id,
        week=week,
        now=now,
    )
    log = await of_week(tx, placement.id, week)
    if log is None:
        raise NotFound
    return log


def _touch(tx: Transaction, log: Log) -> None:
    """Raise `Conflict` unless the student may write in the log, which was read in this unit."""
    if not log.is_open:
        raise Conflict
    held = "UPDATE logs SET version = version + 1 WHERE id = :id AND state = :state"
    tx.later(held, id=log.id, state=log.state.value)


async def write(tx: Transaction, log: Log, section: Section, text: str, *, message_id: int | None = None) -> Log:
    """Keep the text of a section and return the log as it is then; `message_id` is the message it came from."""
    _touch(tx, log)
    tx.later(
        """INSERT INTO log_sections (log_id, section, text, message_id) VALUES (:id, :section, :text, :message)
        ON CONFLICT (log_id, section) DO UPDATE SET text = excluded.text, message_id = excluded.message_id""",
        id=log.id,
        section=section.value,
        text=text,
        message=message_id,
    )
    written = {**log.sections, section: text}
    return replace(log, version=log.version + 1, sections={its: written[its] for its in Section if its in written})


async def section_of_message(tx: Transaction, log_id: int, message_id: int) -> Section | None:
    """Return the section that a message was the answer to."""
    row = await tx.one(
        "SELECT section FROM log_sections WHERE log_id = :id AND message_id = :message", id=log_id, message=message_id
    )
    return Section(row["section"]) if row else None


async def set_hours(tx: Transaction, log: Log, hours: float | None, days: Days = ()) -> Log:
    """Keep the hours of the week, and those of its days where they are known, and return the log as it is then."""
    _touch(tx, log)
    kept = json.dumps(days) if days else ""
    tx.later("UPDATE logs SET hours = :hours, day_hours = :days WHERE id = :id", hours=hours, days=kept, id=log.id)
    return replace(log, version=log.version + 1, hours=hours, days=days)


async def attach(tx: Transaction, log: Log, file_id: int, *, caption: str = "") -> Log:
    """Add a file to a log and return the log in its version of then."""
    _touch(tx, log)
    await tx.run(
        "INSERT INTO log_files (log_id, file_id, caption) VALUES (:id, :file, :caption)",
        id=log.id,
        file=file_id,
        caption=caption,
    )
    return replace(log, version=log.version + 1)


async def detach(tx: Transaction, log: Log, file_id: int) -> None:
    """Take a file out of a log; its copy stays with the revisions that had it."""
    _touch(tx, log)
    await tx.run("DELETE FROM log_files WHERE log_id = :id AND file_id = :file", id=log.id, file=file_id)


async def submit(tx: Transaction, log: Log, *, now: datetime) -> int:
    """Submit the log as it is, keep it as a revision and return the revision's number; raises `Conflict`."""
    if not log.is_open or not await tx.run(
        """UPDATE logs SET state = 'submitted', first_submitted_at = COALESCE(first_submitted_at, :now),
            submitted_at = :now, decided_at = NULL, nudged_at = NULL, escalated_at = NULL, school_since = :school,
            version = version + 1
        WHERE id = :id AND state = :state AND version = :version""",
        now=now,
        school=now if log.with_school else None,
        id=log.id,
        state=log.state.value,
        version=log.version,
    ):
        raise Conflict
    row = await tx.one(
        """INSERT INTO revisions (log_id, number, content, submitted_at, answer_by)
        SELECT :id, COALESCE(MAX(r.number), 0) + 1, :content, :now, :answer_by FROM revisions r WHERE r.log_id = :id
        RETURNING number""",
        id=log.id,
        content=json.dumps(log.content(), ensure_ascii=False),
        now=now,
        answer_by=now + timedelta(days=log.placement.rules.answer_days),
    )
    number = int(found(row)["number"])
    if number > 1:
        await remarks.follow(tx, log.id, number)
    await schedule.put(tx, placements.PLAN, log.placement.id, now)
    return number


async def withdraw(tx: Transaction, log: Log, *, now: datetime) -> LogState:
    """Take a submission back before anybody decides, and return the state that it had before; raises `Conflict`.

    What a mentor has passed on is decided on: it is the school's.
    """
    earlier = await tx.one("SELECT decision FROM reviews WHERE log_id = :id ORDER BY id DESC LIMIT 1", id=log.id)
    decision = Decision(earlier["decision"]) if earlier else None
    back_to = _before(decision)
    if decision is Decision.PASSED or not await tx.run(
        """UPDATE logs SET state = :back, version = version + 1
        WHERE id = :id AND state = 'submitted' AND version = :version""",
        back=back_to.value,
        id=log.id,
        version=log.version,
    ):
        raise Conflict
    await tx.run(
        """UPDATE revisions SET withdrawn_at = :now WHERE log_id = :id
        AND number = (SELECT max(r.number) FROM revisions r WHERE r.log_id = :id)""",
        now=now,
        id=log.id,
    )
    await tx.run(
        f"""UPDATE logs SET first_submitted_at = ({_STANDING} ORDER BY r.number LIMIT 1),
            submitted_at = ({_STANDING} ORDER BY r.number DESC LIMIT 1),
            decided_at = (SELECT rv.created_at FROM reviews rv WHERE rv.log_id = :id ORDER BY rv.id DESC LIMIT 1)
        WHERE id = :id""",
        id=log.id,
    )
    await schedule.put(tx, placements.PLAN, log.placement.id, now)
    return back_to


def _before(decision: Decision | None) -> LogState:
    if decision is Decision.NEEDS_INFO:
        return LogState.NEEDS_INFO
    return LogState.RETURNED if decision else LogState.DRAFT
