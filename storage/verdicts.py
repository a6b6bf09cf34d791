"""Verdicts: the one decision on a log that its card shows, for whoever has been allowed to read the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.logs import Decision, Review

if TYPE_CHECKING:
    from storage.database import Transaction


async def latest(tx: Transaction, log_id: int) -> Review | None:
    """Return the last decision on a log."""
    return await _one(tx, "WHERE rv.log_id = :id ORDER BY rv.id DESC LIMIT 1", log_id)


async def passed_on(tx: Transaction, log_id: int) -> Review | None:
    """Return the approval with which a mentor passed a log on to the school."""
    return await _one(tx, "WHERE rv.log_id = :id AND rv.decision = 'passed'", log_id)


async def _one(tx: Transaction, which: str, log_id: int) -> Review | None:
    row = await tx.one(
        f"""SELECT rv.id, rv.log_id, r.number AS revision, rv.reviewer_id, p.name AS reviewer, rv.decision, rv.words,
            rv.stars, rv.hours, rv.language, rv.created_at
        FROM reviews rv JOIN revisions r ON r.id = rv.revision_id JOIN people p ON p.id = rv.reviewer_id {which}""",
        id=log_id,
    )
    return Review(**{**dict(row), "decision": Decision(row["decision"])}) if row else None
