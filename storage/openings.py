"""Openings: which submissions a reviewer has opened, so that several can be approved together, and which were."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from domain.reviews import HOLD

if TYPE_CHECKING:
    from storage.database import Transaction


async def note(tx: Transaction, log_id: int, person_id: int) -> None:
    """Note that somebody has opened the newest submission of a log."""
    tx.later(
        """INSERT INTO log_openings (person_id, log_id, revision)
        SELECT CAST(:person AS BIGINT), r.log_id, max(r.number) FROM revisions r WHERE r.log_id = :log GROUP BY r.log_id
        ON CONFLICT (person_id, log_id) DO UPDATE SET revision = excluded.revision""",
        person=person_id,
        log=log_id,
    )


async def opened(tx: Transaction, person_id: int) -> set[int]:
    """Return the logs that wait for an answer and whose submission, as it is now, somebody has opened."""
    rows = await tx.all(
        """SELECT l.id FROM log_openings lo JOIN logs l ON l.id = lo.log_id
        WHERE lo.person_id = :person AND l.state = 'submitted'
        AND lo.revision = (SELECT max(r.number) FROM revisions r WHERE r.log_id = l.id)""",
        person=person_id,
    )
    return {row["id"] for row in rows}


async def approved_just_now(tx: Transaction, person_id: int, *, now: datetime) -> list[int]:
    """List the logs that somebody has approved and of which the students have not heard yet."""
    rows = await tx.all(
        """SELECT rv.log_id FROM reviews rv WHERE rv.reviewer_id = :person AND rv.decision IN ('approved', 'passed')
        AND rv.created_at > :since ORDER BY rv.id""",
        person=person_id,
        since=now - HOLD,
    )
    return [row["log_id"] for row in rows]
