"""Remarks: what a reviewer notes about a submission while reading it, and adds to an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.logs import Section
from domain.remarks import CHIPS, Remarks
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from domain.logs import Review
    from storage.database import Transaction


# --- reading ----------------------------------------------------------------------------------------------------


async def noted(tx: Transaction, revision_id: int, reviewer_id: int) -> Remarks:
    """Read what a reviewer has noted about a submission so far."""
    rows = await tx.all(
        """SELECT section, text FROM remarks WHERE revision_id = :revision AND reviewer_id = :reviewer
        UNION ALL SELECT '', code FROM chips WHERE revision_id = :revision AND reviewer_id = :reviewer""",
        revision=revision_id,
        reviewer=reviewer_id,
    )
    return _as_remarks(rows)


async def of_review(tx: Transaction, review: Review) -> Remarks:
    """Read what goes with a decision, which the reader has been allowed to read.

    Who opens a log again, perhaps after approving the same submission, remarks on nothing.
    """
    rows = await tx.all(
        """SELECT m.section AS section, m.text AS text FROM remarks m JOIN reviews rv ON rv.revision_id = m.revision_id
            AND rv.reviewer_id = m.reviewer_id WHERE rv.id = :id AND rv.decision <> 'reopened'
        UNION ALL SELECT '', c.code FROM chips c JOIN reviews rv ON rv.revision_id = c.revision_id
            AND rv.reviewer_id = c.reviewer_id WHERE rv.id = :id AND rv.decision <> 'reopened'""",
        id=review.id,
    )
    return _as_remarks(rows)


def _as_remarks(rows: Sequence[Mapping[str, Any]]) -> Remarks:
    texts = {row["section"]: row["text"] for row in rows if row["section"]}
    codes = {row["text"] for row in rows if not row["section"]}
    return Remarks(
        {section: texts[section.value] for section in Section if section.value in texts},
        tuple(code for code in CHIPS if code in codes),
    )


# --- noting -----------------------------------------------------------------------------------------------------


async def write(tx: Transaction, revision_id: int, reviewer_id: int, section: Section, text: str) -> None:
    """Keep a remark on a section, instead of the one there was."""
    await tx.run(
        """INSERT INTO remarks (revision_id, reviewer_id, section, text)
        VALUES (:revision, :reviewer, :section, :text)
        ON CONFLICT (revision_id, reviewer_id, section) DO UPDATE SET text = excluded.text""",
        revision=revision_id,
        reviewer=reviewer_id,
        section=section.value,
        text=text,
    )


async def drop(tx: Transaction, revision_id: int, reviewer_id: int, section: Section) -> None:
    """Take a remark on a section out again."""
    await tx.run(
        "DELETE FROM remarks WHERE revision_id = :revision AND reviewer_id = :reviewer AND section = :section",
        revision=revision_id,
        reviewer=reviewer_id,
        section=section.value,
    )


async def choose(tx: Transaction, revision_id: int, reviewer_id: int, code: str, *, chosen: bool) -> None:
    """Choose a ready remark, or leave it out; the same again changes nothing."""
    sql = "DELETE FROM chips WHERE revision_id = :revision AND reviewer_id = :reviewer AND code = :code"
    if chosen:
        sql = """INSERT INTO chips (revision_id, reviewer_id, code) VALUES (:revision, :reviewer, :code)
            ON CONFLICT (revision_id, reviewer_id, code) DO NOTHING"""
    await tx.run(sql, revision=revision_id, reviewer=reviewer_id, code=code)


async def follow(tx: Transaction, log_id: int, number: int) -> None:
    """Bring what was noted about a submission that its student took back to the one that takes its place."""
    for table in ("remarks", "chips"):
        await tx.run(
            f"""UPDATE {table} SET revision_id = (SELECT n.id FROM revisions n WHERE n.log_id = :log
                AND n.number = :number)
            WHERE revision_id IN (SELECT r.id FROM revisions r WHERE r.log_id = :log AND r.number = :earlier
                AND r.withdrawn_at IS NOT NULL)""",
            log=log_id,
            number=number,
            earlier=number - 1,
        )


# --- with an approval -------------------------------------------------------------------------------------------


async def rate(tx: Transaction, review: Review, stars: int | None) -> None:
    """Give an approval stars, or none; raises `Conflict` where it has been undone."""
    sql = "UPDATE reviews SET stars = :stars WHERE id = :id AND decision IN ('approved', 'passed')"
    if not await tx.run(sql, stars=stars, id=review.id):
        raise Conflict


async def confirm_hours(tx: Transaction, review: Review, hours: float | None) -> None:
    """Confirm the hours with an approval, or leave them open; raises `Conflict` where it has been undone."""
    sql = "UPDATE reviews SET hours = :hours WHERE id = :id AND decision IN ('approved', 'passed')"
    if not await tx.run(sql, hours=hours, id=review.id):
        raise Conflict
