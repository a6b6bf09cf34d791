"""The second stage: what a mentor approves goes on to the school, where the class wants that, and stays there.

`logs.school_since` says since when a log is the school's to answer. It is set once, when the mentor's approval passes
the log on, and moved by each submission after it, so that what the school gave back comes straight to the school.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.logs import Decision
from domain.waiting import ANSWERS_COUNTED
from storage.database import found, placeholders
from storage.errors import Conflict
from storage.schools import coordinators_of_class

if TYPE_CHECKING:
    from domain.logs import Log
    from storage.database import Transaction


async def approval(tx: Transaction, log: Log, reviewer_id: int) -> Decision:
    """Return what it is when somebody approves a log now: the last word, or one that passes it on to the school.

    Whoever looks after the class speaks for the school, and where nobody does the mentor's word is enough.
    """
    if log.with_school or not log.placement.rules.second_stage:
        return Decision.APPROVED
    of_school = await coordinators_of_class(tx, log.placement.rules.id)
    return Decision.PASSED if of_school and reviewer_id not in of_school else Decision.APPROVED


async def pass_on(tx: Transaction, log: Log, *, now: datetime) -> None:
    """Let a log wait for the school, which has not been reminded of it; raises `Conflict`."""
    if not await tx.run(
        """UPDATE logs SET school_since = :now, nudged_at = NULL, escalated_at = NULL, version = version + 1
        WHERE id = :id AND state = 'submitted' AND school_since IS NULL AND version = :version""",
        now=now,
        id=log.id,
        version=log.version,
    ):
        raise Conflict


async def carried(tx: Transaction, log: Log) -> tuple[int | None, float | None]:
    """Return the stars of the mentor who passed a log on, and the hours they confirmed if these are still the same."""
    if not log.with_school:
        return None, None
    row = found(await tx.one("SELECT stars, hours FROM reviews WHERE log_id = :id AND decision = 'passed'", id=log.id))
    return row["stars"], row["hours"] if row["hours"] == log.hours else None


async def latest_waits(tx: Transaction, class_id: int) -> list[timedelta]:
    """List how long the newest answers of a class's coordinators took, each from when they had the log."""
    names, values = placeholders("person", await coordinators_of_class(tx, class_id))
    rows = await tx.all(
        f"""SELECT pa.created_at AS passed_at, r.submitted_at, rv.created_at
        FROM (SELECT id, log_id, revision_id, created_at FROM reviews WHERE reviewer_id IN {names}
            AND decision NOT IN ('reopened', 'passed') ORDER BY id DESC LIMIT :newest) rv
        JOIN revisions r ON r.id = rv.revision_id
        LEFT JOIN reviews pa ON pa.log_id = rv.log_id AND pa.decision = 'passed' AND pa.revision_id = rv.revision_id""",
        **values,
        newest=ANSWERS_COUNTED,
    )
    return [row["created_at"] - (row["passed_at"] or row["submitted_at"]) for row in rows]
