"""Questions: asked by a student, answered once by whoever may answer the student's logs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.questions import Question, State
from storage import logs, placements
from storage.database import found, new_id
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction

_SELECT = f"""SELECT q.id AS question_id, q.week, q.text, q.state, q.answer, q.answered_by, q.answered_at, q.told_at,
    q.asked_at, ap.name AS answerer, {placements.COLUMNS}
FROM questions q JOIN placements pl ON pl.id = q.placement_id {placements.JOINS}
LEFT JOIN people ap ON ap.id = q.answered_by"""
_A_WEEK = timedelta(days=8)  # of anybody's clock


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["question_id"],
        placement=placements.as_placement(row),
        week=row["week"],
        text=row["text"],
        state=State(row["state"]),
        answer=row["answer"],
        answered_by=row["answered_by"],
        answerer=row["answerer"] or "",
        answered_at=row["answered_at"],
        told_at=row["told_at"],
        asked_at=row["asked_at"],
    )


async def for_student(tx: Transaction, question_id: int, person_id: int) -> Question:
    """Read a student's own question; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE q.id = :id AND {placements.FOR_STUDENT}", id=question_id, person=person_id)
    return _question(found(row))


async def for_reviewer(tx: Transaction, question_id: int, person_id: int, *, today: date) -> Question:
    """Read a question of a student whose logs this person may answer; raises `NotFound`."""
    row = await tx.one(
        f"{_SELECT} WHERE q.id = :id AND {logs.FOR_REVIEWER}",
        id=question_id,
        person=person_id,
        since=today - logs.MENTOR_READS_ON,
    )
    return _question(found(row))


async def of_week(tx: Transaction, placement_id: int, week: date) -> list[Question]:
    """List what was asked in a placement's week, for the program's own rules, the oldest first."""
    rows = await tx.all(
        f"{_SELECT} WHERE q.placement_id = :id AND q.week = :week ORDER BY q.id", id=placement_id, week=week
    )
    return [_question(row) for row in rows]


async def open_of_placement(tx: Transaction, placement_id: int) -> list[int]:
    """List the questions of a placement that wait for an answer."""
    rows = await tx.all(
        "SELECT id FROM questions WHERE placement_id = :id AND state = 'open' ORDER BY id", id=placement_id
    )
    return [row["id"] for row in rows]


async def asked_lately(tx: Transaction, placement_id: int, *, now: datetime) -> list[datetime]:
    """List when questions of a placement were asked in the last days."""
    rows = await tx.all(
        "SELECT asked_at FROM questions WHERE placement_id = :id AND asked_at >= :since",
        id=placement_id,
        since=now - _A_WEEK,
    )
    return [row["asked_at"] for row in rows]


async def ask(tx: Transaction, placement_id: int, week: date, text: str, *, now: datetime) -> int:
    """Keep a question and return its id."""
    return await new_id(
        tx,
        """INSERT INTO questions (placement_id, week, text, state, asked_at)
        VALUES (:placement, :week, :text, 'open', :now) RETURNING id""",
        placement=placement_id,
        week=week,
        text=text,
        now=now,
    )


async def answer(tx: Transaction, question_id: int, person_id: int, words: str, *, now: datetime) -> None:
    """Keep the answer to a question; raises `Conflict` where it has one."""
    if not await tx.run(
        """UPDATE questions SET state = 'answered', answer = :words, answered_by = :person, answered_at = :now
        WHERE id = :id AND state = 'open'""",
        words=words,
        person=person_id,
        now=now,
        id=question_id,
    ):
        raise Conflict


async def tell(tx: Transaction, question_id: int, *, now: datetime) -> None:
    """Record that the coordinators were asked too; raises `Conflict` where they were, or there is an answer."""
    if not await tx.run(
        "UPDATE questions SET told_at = :now WHERE id = :id AND state = 'open' AND told_at IS NULL",
        now=now,
        id=question_id,
    ):
        raise Conflict
