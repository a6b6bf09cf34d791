"""Thanks: what mentors were handed in and answered, read for a whole batch of those whose digest is due."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.thanks import Week
from storage.schedule import BATCH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from storage.database import Transaction
    from storage.schedule import Batch


async def weeks(tx: Transaction, batch: Batch, *, since: date, now: datetime) -> dict[int, list[Week]]:
    """Read how the weeks since a Monday went for each mentor of a batch.

    Each submission has the moment by which its class wanted an answer; of older ones that is not known, and they count
    as open. What was handed in again to the school, and what the school answered, is none of the mentor's. CROSS JOIN
    keeps SQLite at the mentors' own logs.
    """
    rows = await tx.all(
        f"""SELECT b.subject, l.week,
            max(CASE WHEN COALESCE(rv.created_at, :now) >= r.answer_by THEN 1 ELSE 0 END) AS missed,
            max(CASE WHEN rv.id IS NULL OR r.answer_by IS NULL THEN 1 ELSE 0 END) AS waits,
            max(CASE WHEN rv.reviewer_id = b.subject THEN 1 ELSE 0 END) AS own
        FROM {BATCH} CROSS JOIN placements pl CROSS JOIN logs l CROSS JOIN revisions r
        LEFT JOIN reviews pa ON pa.log_id = l.id AND pa.decision = 'passed'
        LEFT JOIN reviews rv ON rv.log_id = l.id AND rv.revision_id = r.id AND rv.decision <> 'reopened'
            AND (pa.id IS NULL OR rv.id <= pa.id)
        WHERE pl.mentor_id = b.subject AND l.placement_id = pl.id AND l.week >= :since
            AND r.log_id = l.id AND r.withdrawn_at IS NULL AND (pa.id IS NULL OR r.id <= pa.revision_id)
        GROUP BY b.subject, l.week""",
        **batch.bounds,
        since=since,
        now=now,
    )
    found: dict[int, list[Week]] = defaultdict(list)
    for row in rows:
        found[row["subject"]].append(Week(row["week"], bool(row["missed"]), bool(row["waits"]), bool(row["own"])))
    return found


async def students(tx: Transaction, batch: Batch, since: Mapping[int, datetime]) -> dict[int, int]:
    """Count whom each mentor has answered since a moment of their own."""
    rows = await tx.all(
        f"""SELECT b.subject, pl.student_id, rv.created_at FROM {BATCH} CROSS JOIN reviews rv
        JOIN logs l ON l.id = rv.log_id JOIN placements pl ON pl.id = l.placement_id
        WHERE rv.reviewer_id = b.subject AND rv.created_at >= :since AND rv.decision <> 'reopened'""",
        **batch.bounds,
        since=min(since.values()),
    )
    answered: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row["subject"] in since and row["created_at"] >= since[row["subject"]]:
            answered[row["subject"]].add(row["student_id"])
    return {id_: len(theirs) for id_, theirs in answered.items()}
