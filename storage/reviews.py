"""Reviews: what waits for whom, decisions that are made once, and the history that students and schools read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain import templates, weeks
from domain.logs import Decision, Log, LogFile, LogState, Review, Section
from domain.reviews import Earlier, Feedback, Submission
from storage import files, logs, outbox, people, placements, schedule, schools, second_stage
from storage.database import found, new_id, placeholders
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction

_REVIEW = """SELECT rv.id, rv.log_id, r.number AS revision, rv.reviewer_id, p.name AS reviewer, rv.decision, rv.words,
    rv.stars, rv.hours, rv.language, rv.created_at, l.week, pl.starts_on, te.content AS template
FROM reviews rv JOIN revisions r ON r.id = rv.revision_id JOIN people p ON p.id = rv.reviewer_id
JOIN logs l ON l.id = rv.log_id JOIN placements pl ON pl.id = l.placement_id
LEFT JOIN templates te ON te.id = l.template_id """
# Where no mentor answers, a log waits for the coordinators, and also where one has not answered for so long that they
# heard of it.
_MINE = f"""(({placements.FOR_ANSWERER} AND pl.ends_on >= :since AND l.school_since IS NULL)
    OR ({placements.FOR_COORDINATOR} AND (l.school_since IS NOT NULL OR l.escalated_at IS NOT NULL
        OR NOT {placements.MENTOR_ANSWERS})))"""
# Whom somebody may answer at all. What is the school's is only read by its mentor.
_ANY = f"""(({placements.FOR_MENTOR} AND pl.ends_on >= :since AND l.school_since IS NULL)
    OR {placements.FOR_COORDINATOR})"""
_AFTER = {
    Decision.APPROVED: LogState.APPROVED,
    Decision.NEEDS_INFO: LogState.NEEDS_INFO,
    Decision.RETURNED: LogState.RETURNED,
    Decision.REOPENED: LogState.RETURNED,
}


def answer_key(review_id: int) -> str:
    """Return the unique key of the message that takes a decision to the student."""
    return f"answer:{review_id}"


def closing_key(review_id: int) -> str:
    """Return the unique key of the refresh that ends the time for undoing a decision."""
    return f"closing:{review_id}"


# --- reading ----------------------------------------------------------------------------------------------------


async def for_reviewer(tx: Transaction, log_id: int, person_id: int, *, today: date) -> Submission:
    """Read what a log's mentor or a coordinator of its class may see of it; raises `NotFound`.

    That is the latest submission that was not withdrawn, never what the student is writing just now.
    """
    row = await tx.one(
        f"""{logs.SELECT} WHERE l.id = :id AND {logs.FOR_REVIEWER}
        AND EXISTS (SELECT 1 FROM revisions rr WHERE rr.log_id = l.id)""",
        id=log_id,
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    submission = await _as_submitted(tx, logs.as_log(found(row)))
    decisions = await tx.all(_REVIEW + "WHERE rv.log_id = :id ORDER BY rv.id", id=log_id)
    return replace(submission, reviews=tuple(map(_review, decisions)))


async def _as_submitted(tx: Transaction, log: Log) -> Submission:
    rows = await tx.all(
        """SELECT id, number, content, submitted_at FROM revisions WHERE log_id = :id AND withdrawn_at IS NULL
        ORDER BY number DESC LIMIT 2""",
        id=log.id,
    )
    if not rows:
        return Submission(log, None, ())
    content = json.loads(rows[0]["content"])
    written = {Section(name): text for name, text in content["sections"].items()}
    captions = {int(file_id): caption for file_id, caption in content["files"]}
    names, values = placeholders("file", captions)
    found_files = await tx.all(f"SELECT {files.COLUMNS} FROM files f WHERE f.id IN {names} ORDER BY f.id", **values)
    attached = tuple(LogFile(files.as_file(line), captions[line["id"]]) for line in found_files)
    whole = replace(
        log,
        sections={section: written[section] for section in Section if section in written},
        hours=content["hours"],
        days=tuple(content.get("days", ())),
        files=attached,
        submitted_at=rows[0]["submitted_at"],
    )
    before = _earlier(json.loads(rows[1]["content"])) if len(rows) > 1 else None
    return Submission(whole, int(rows[0]["number"]), (), revision_id=rows[0]["id"], before=before)


def _earlier(content: Mapping[str, Any]) -> Earlier:
    sections = {Section(name): text for name, text in content["sections"].items()}
    return Earlier(sections, content["hours"], frozenset(int(file_id) for file_id, _caption in content["files"]))


def _review(row: Mapping[str, Any]) -> Review:
    kept = ("id", "log_id", "revision", "reviewer_id", "reviewer", "words", "created_at", "stars", "hours", "language")
    return Review(**{name: row[name] for name in kept}, decision=Decision(row["decision"]))


async def of_log(tx: Transaction, log_id: int, person_id: int) -> list[Review]:
    """List every decision on a student's own log, the oldest first."""
    rows = await tx.all(
        f"""{_REVIEW} JOIN students s ON s.id = pl.student_id
        WHERE rv.log_id = :id AND {placements.FOR_STUDENT} ORDER BY rv.id""",
        id=log_id,
        person=person_id,
    )
    return [_review(row) for row in rows]


async def of_student(tx: Transaction, person_id: int) -> list[Feedback]:
    """List the decisions on a student's own logs, the newest first."""
    rows = await tx.all(
        f"{_REVIEW} JOIN students s ON s.id = pl.student_id WHERE {placements.FOR_STUDENT} ORDER BY rv.id DESC",
        person=person_id,
    )
    return [
        Feedback(
            _review(row), row["week"], weeks.number(row["starts_on"], row["week"]), templates.parse(row["template"])
        )
        for row in rows
    ]


async def queue(tx: Transaction, person_id: int, *, today: date, everything: bool = False) -> list[Log]:
    """List the logs, without their texts, that wait for this person, the oldest first.

    A mentor answers their own students; a coordinator what is at its second stage, and those who have no mentor that
    reads, or none who has answered for a week; with `everything` all that wait in their classes.
    """
    rows = await tx.all(
        f"""{logs.SELECT} WHERE l.state = 'submitted' AND {_ANY if everything else _MINE}
        ORDER BY l.submitted_at, l.id""",
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return [logs.as_log(row) for row in rows]


async def count_waiting(tx: Transaction, person_id: int, *, today: date, everything: bool = False) -> int:
    """Count what `queue` lists."""
    row = await tx.one(
        f"""SELECT count(*) AS n FROM logs l JOIN placements pl ON pl.id = l.placement_id {placements.JOINS}
        WHERE l.state = 'submitted' AND {_ANY if everything else _MINE}""",
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return int(found(row)["n"])


async def name_of_student(tx: Transaction, student_id: int, person_id: int, *, today: date) -> str:
    """Return the name of a student whose logs this person may read; raises `NotFound`."""
    row = await tx.one(
        f"""SELECT s.name FROM students s JOIN classes c ON c.id = s.class_id
        WHERE s.id = :id AND ({placements.FOR_COORDINATOR} OR EXISTS (
            SELECT 1 FROM placements pl WHERE pl.student_id = s.id AND pl.ends_on >= :since
            AND {placements.FOR_MENTOR}))""",
        id=student_id,
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return str(found(row)["name"])


async def logs_of_student(tx: Transaction, student_id: int, person_id: int, *, today: date) -> list[Log]:
    """List the logs of a student that were handed in and that this person may read, the newest week first."""
    rows = await tx.all(
        f"""{logs.SELECT} WHERE pl.student_id = :id AND l.submitted_at IS NOT NULL AND {logs.FOR_REVIEWER}
        ORDER BY l.week DESC, l.id DESC""",
        id=student_id,
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return [logs.as_log(row) for row in rows]


async def states_of_placement(tx: Transaction, placement_id: int) -> dict[date, tuple[LogState, bool]]:
    """Return the states of a placement's logs that were handed in, by their weeks, and whether each is the school's."""
    rows = await tx.all(
        "SELECT week, state, school_since FROM logs WHERE placement_id = :id AND submitted_at IS NOT NULL",
        id=placement_id,
    )
    return {row["week"]: (LogState(row["state"]), row["school_since"] is not None) for row in rows}


async def coordinates(tx: Transaction, log_id: int, person_id: int) -> bool:
    """Whether this person is a coordinator of the log's class."""
    row = await tx.one(f"{logs.SELECT} WHERE l.id = :id AND {placements.FOR_COORDINATOR}", id=log_id, person=person_id)
    return row is not None


async def readers(tx: Transaction, log: Log) -> list[int]:
    """List who may have a card of this log besides its student."""
    placement = log.placement
    mentors = [person for person in (placement.mentor_id, placement.stand_in_id) if person is not None]
    return [*mentors, *await schools.coordinators_of_class(tx, log.placement.rules.id)]


# --- deciding ---------------------------------------------------------------------------------------------------


async def decide(
    tx: Transaction, log: Log, reviewer_id: int, decision: Decision, words: str = "", *, now: datetime
) -> int:
    """Decide on the submission that `log` was read with and return the review's id.

    Raises `Conflict` where somebody else decided, or the student took it back, meanwhile; `NotFound` where the log is
    the school's and the reviewer is not of the class's coordinators.
    """
    if log.with_school and not await coordinates(tx, log.id, reviewer_id):
        raise NotFound
    stars, hours = await second_stage.carried(tx, log) if decision is Decision.APPROVED else (None, None)
    if decision is Decision.PASSED:
        await second_stage.pass_on(tx, log, now=now)
    else:
        await _settle(tx, log, decision, now=now)
    revision = await tx.one(
        "SELECT id FROM revisions WHERE log_id = :id AND withdrawn_at IS NULL ORDER BY number DESC LIMIT 1", id=log.id
    )
    review_id = await new_id(
        tx,
        """INSERT INTO reviews (log_id, revision_id, reviewer_id, decision, words, language, stars, hours,
            created_at)
        SELECT :log, :revision, p.id, :decision, :words, p.language, :stars, :hours, :now FROM people p
        WHERE p.id = :reviewer RETURNING id""",
        log=log.id,
        revision=found(revision)["id"],
        reviewer=reviewer_id,
        decision=decision.value,
        words=words,
        stars=stars,
        hours=hours,
        now=now,
    )
    await _record(tx, log, reviewer_id, f"log_{decision.value}", now)
    return review_id


async def _settle(tx: Transaction, log: Log, decision: Decision, *, now: datetime) -> None:
    before = LogState.APPROVED if decision is Decision.REOPENED else LogState.SUBMITTED
    if not await tx.run(
        """UPDATE logs SET state = :after, decided_at = :now, version = version + 1
        WHERE id = :id AND state = :before AND version = :version""",
        after=_AFTER[decision].value,
        before=before.value,
        now=now,
        id=log.id,
        version=log.version,
    ):
        raise Conflict


async def reopen(tx: Transaction, log: Log, coordinator_id: int, words: str, *, now: datetime) -> int:
    """Give an approved log back to its student, which only a coordinator may; raises `NotFound` or `Conflict`."""
    if not await coordinates(tx, log.id, coordinator_id):
        raise NotFound
    return await decide(tx, log, coordinator_id, Decision.REOPENED, words, now=now)


async def undo(tx: Transaction, log: Log, review: Review, *, now: datetime) -> None:
    """Take an approval back, also from the school; raises `Conflict` once an answer has gone or was given there."""
    back, is_so = "state = 'submitted', decided_at = NULL", "state = 'approved'"
    if review.decision is Decision.PASSED:
        back, is_so = "school_since = NULL, nudged_at = NULL, escalated_at = NULL", "state = 'submitted'"
    if not await outbox.take_back(tx, answer_key(review.id), now=now) or not await tx.run(
        f"UPDATE logs SET {back}, version = version + 1 WHERE id = :id AND {is_so} AND version = :version",
        id=log.id,
        version=log.version,
    ):
        raise Conflict
    await outbox.take_back(tx, closing_key(review.id), now=now)
    await tx.run("DELETE FROM reviews WHERE id = :id", id=review.id)
    await _record(tx, log, review.reviewer_id, "log_decision_undone", now)


async def add_words(tx: Transaction, review: Review, words: str) -> None:
    """Add a word to a decision that has none; raises `Conflict`."""
    if not await tx.run("UPDATE reviews SET words = :words WHERE id = :id AND words = ''", words=words, id=review.id):
        raise Conflict


async def _record(tx: Transaction, log: Log, actor_id: int, act: str, now: datetime) -> None:
    await people.record_act(tx, actor_id=actor_id, act=act, subject_kind="log", subject_id=log.id, now=now)
    await schedule.put(tx, placements.PLAN, log.placement.id, now)
