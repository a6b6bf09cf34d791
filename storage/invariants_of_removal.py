"""What holds of removals, and of how long a class keeps what was handed in."""

from __future__ import annotations

from domain.retention import YEARS
from storage.invariant import Invariant

_EMPTY = ("logs", "moments", "questions", "pulses", "flags", "excused_weeks")


def _any_of(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} x WHERE x.placement_id = pl.id)"


REMOVAL = (
    Invariant(
        "class_keeps_for_a_term",
        f"A class keeps what was handed in for {', '.join(map(str, YEARS[:-1]))} or {YEARS[-1]} years.",
        f"SELECT id AS class FROM classes WHERE kept_years NOT IN ({', '.join(map(str, YEARS))})",
    ),
    Invariant(
        "class_is_looked_at",
        "Every class is looked at by the schedule, which lets go what was kept for its term.",
        """SELECT c.id AS class FROM classes c WHERE NOT EXISTS (
            SELECT 1 FROM schedule x WHERE x.kind = 'retention' AND x.subject = c.id)""",
    ),
    Invariant(
        "emptied_placement_is_empty",
        "Of what was written during a placement that was emptied nothing is left.",
        f"""SELECT pl.id AS placement FROM placements pl WHERE pl.emptied_at IS NOT NULL
        AND ({" OR ".join(map(_any_of, _EMPTY))})""",
    ),
    Invariant(
        "removal_is_scheduled",
        "A removal that is asked for, or of which the school keeps a part, is looked at by the schedule.",
        """SELECT r.id AS removal FROM removals r WHERE r.state IN ('asked', 'kept') AND NOT EXISTS (
            SELECT 1 FROM schedule x WHERE x.kind = 'removal' AND x.subject = r.id)""",
    ),
    Invariant(
        "removal_ends_at_a_time",
        "A removal has the time of its end exactly where it was taken back or all of it is done.",
        "SELECT id AS removal FROM removals WHERE (state IN ('taken_back', 'done')) <> (ended_at IS NOT NULL)",
    ),
    Invariant(
        "removed_person_is_unknown",
        "Whoever was removed has no account, no role and no line of a roster any more.",
        """SELECT r.id AS removal, p.id AS person FROM removals r JOIN people p ON p.id = r.person_id
        WHERE r.state IN ('kept', 'done') AND (p.telegram_id IS NOT NULL OR p.agreed_version > 0
            OR EXISTS (SELECT 1 FROM students s WHERE s.person_id = p.id)
            OR EXISTS (SELECT 1 FROM mentors m WHERE m.person_id = p.id)
            OR EXISTS (SELECT 1 FROM coordinators k WHERE k.person_id = p.id))""",
    ),
)
