"""How much there is about somebody: what is theirs alone, and what the school keeps, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.removal import Kept, Own
from domain.retention import USUAL_YEARS, kept_until
from storage.database import found
from storage.erasing import named_by_submissions, unused_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from storage.database import Transaction

_PLACEMENTS = "(SELECT pl.id FROM placements pl WHERE pl.student_id = :student)"
NEVER_HANDED_IN = f"state = 'draft' AND placement_id IN {_PLACEMENTS}"


async def own(tx: Transaction, person_id: int, student_id: int | None) -> Own:
    """Count what goes with somebody's account."""
    row = found(
        await tx.one(
            f"""SELECT (SELECT count(*) FROM moments WHERE placement_id IN {_PLACEMENTS}) AS moments,
            (SELECT count(*) FROM logs WHERE {NEVER_HANDED_IN}) AS drafts,
            (SELECT count(*) FROM pulses WHERE placement_id IN {_PLACEMENTS}) AS pulses,
            (SELECT count(*) FROM applications a WHERE a.student_id = :student AND NOT EXISTS (
                SELECT 1 FROM placements pl WHERE pl.application_id = a.id)) AS applications,
            (SELECT count(DISTINCT mf.file_id) FROM moment_files mf JOIN moments mo ON mo.id = mf.moment_id
                WHERE mo.placement_id IN {_PLACEMENTS} AND NOT EXISTS (
                SELECT 1 FROM log_files lf WHERE lf.file_id = mf.file_id)) AS files""",
            student=student_id or 0,
        )
    )
    named = await named_by_submissions(tx, student_id or 0)
    unused = len(await unused_files(tx, person_id) - named)
    return Own(row["moments"], row["drafts"], row["pulses"], row["applications"], row["files"] + unused)


async def kept(tx: Transaction, person_id: int, student_id: int | None, *, today: date) -> Kept:
    """Count what stays with the school, and find the days until which it does."""
    row = found(
        await tx.one(
            f"""SELECT (SELECT count(*) FROM logs WHERE state <> 'draft' AND placement_id IN {_PLACEMENTS}) AS logs,
            (SELECT count(*) FROM sos_calls sc WHERE sc.student_id = :student) AS calls""",
            student=student_id or 0,
        )
    )
    placed = await _placed(tx, "pl.student_id = :about", student_id or 0)
    last = max((each["ends_on"] for each in placed), default=None)
    return Kept(
        logs=row["logs"],
        placements=len(placed),
        calls=row["calls"],
        until=_latest(placed),
        written_until=await written_until(tx, person_id),
        placed_until=last if last is not None and last >= today else None,
    )


async def terms(tx: Transaction, student_id: int, *, begun_by: date) -> dict[int, date]:
    """Return until when each placement of a student that had begun by a day is kept, by its id."""
    placed = await _placed(tx, "pl.student_id = :about", student_id)
    return {
        each["id"]: kept_until(each["ends_on"], each["kept_years"]) for each in placed if each["starts_on"] <= begun_by
    }


async def written_until(tx: Transaction, person_id: int) -> date | None:
    """Return until when records are kept of students for whom somebody mentored, answered or wrote; None for none."""
    answered = """pl.id IN (SELECT mp.id FROM placements mp WHERE mp.mentor_id = :about
        UNION SELECT l.placement_id FROM reviews rv JOIN logs l ON l.id = rv.log_id WHERE rv.reviewer_id = :about)"""
    days = [_latest(await _placed(tx, answered, person_id))]
    row = await tx.one(
        "SELECT sent_at FROM announcements WHERE author_id = :about AND state = 'sent' ORDER BY sent_at DESC LIMIT 1",
        about=person_id,
    )
    days.append(kept_until(row["sent_at"].date(), USUAL_YEARS) if row else None)
    return max((day for day in days if day is not None), default=None)


async def _placed(tx: Transaction, condition: str, about: int) -> list[Mapping[str, Any]]:
    return await tx.all(
        f"""SELECT pl.id, pl.starts_on, pl.ends_on, c.kept_years FROM placements pl
        JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id WHERE {condition} ORDER BY pl.id""",
        about=about,
    )


def _latest(placed: Iterable[Mapping[str, Any]]) -> date | None:
    return max((kept_until(each["ends_on"], each["kept_years"]) for each in placed), default=None)
