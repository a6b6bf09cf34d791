"""Who has not handed in: the students of a coordinator's classes who owe a week's log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain import weeks
from domain.logs import LogState
from domain.missing import ClassWeek, Owing, class_week
from storage import schools
from storage.database import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from storage.database import Transaction


async def of_coordinator(
    tx: Transaction, person_id: int, *, now: datetime, weeks_ago: int = 0, only: Collection[int] = ()
) -> list[ClassWeek]:
    """List the classes that a coordinator covers in their week as it is there now, or so many weeks earlier.

    Classes in which nobody owes a log are left out; `only` names the classes that are meant, if not all are.
    """
    covered = [its for its in await schools.classes_of_coordinator(tx, person_id) if not only or its.id in only]
    week_of = {its.id: weeks.week_of(now, its.zone) - weeks_ago * weeks.WEEK for its in covered}
    owing: dict[int, list[Owing]] = {}
    for week in sorted(set(week_of.values())):
        for class_id, entry in await _owing(tx, week, [key for key, its in week_of.items() if its == week]):
            owing.setdefault(class_id, []).append(entry)
    return [class_week(its, week_of[its.id], owing[its.id]) for its in covered if its.id in owing]


async def _owing(tx: Transaction, week: date, class_ids: Sequence[int]) -> list[tuple[int, Owing]]:
    names, values = placeholders("class", class_ids)
    rows = await tx.all(
        f"""SELECT pl.id, pl.starts_on, pl.ends_on, s.id AS student_id, s.person_id, s.name, s.class_id,
            p.stopped_at, p.time_zone, l.state
        FROM students s JOIN placements pl ON pl.student_id = s.id
        LEFT JOIN people p ON p.id = s.person_id
        LEFT JOIN logs l ON l.placement_id = pl.id AND l.week = :week
        WHERE s.class_id IN {names} AND s.suspended_at IS NULL AND s.removed_at IS NULL
        AND pl.starts_on <= :sunday AND pl.ends_on >= :week
        AND NOT EXISTS (SELECT 1 FROM excused_weeks x WHERE x.placement_id = pl.id AND x.week = :week)
        ORDER BY s.name, s.id, pl.id""",
        week=week,
        sunday=week + timedelta(days=6),
        **values,
    )
    return [(row["class_id"], _entry(row)) for row in rows if weeks.owed(row["starts_on"], row["ends_on"], week)]


def _entry(row: Mapping[str, Any]) -> Owing:
    return Owing(
        placement_id=row["id"],
        student_id=row["student_id"],
        person_id=row["person_id"],
        name=row["name"],
        handed_in=row["state"] not in {None, LogState.DRAFT.value},
        stopped=row["stopped_at"] is not None,
        zone=ZoneInfo(row["time_zone"]) if row["time_zone"] else None,
    )
