"""What holds of calls for help."""

from __future__ import annotations

from domain.sos import MOST_CLIMBS
from storage.invariant import Invariant


def _recorded(event: str) -> str:
    """Return the SQL that counts how often something happened in a call."""
    return f"(SELECT count(*) FROM sos_steps st WHERE st.call_id = sc.id AND st.event = '{event}')"


CARE = (
    Invariant(
        "sos_taken_by_somebody",
        "A call for help has whoever took it and whoever closed it exactly where somebody did.",
        """SELECT id AS sos FROM sos_calls WHERE (state = 'open') <> (taken_by IS NULL)
            OR (state = 'closed') <> (closed_by IS NOT NULL)""",
    ),
    Invariant(
        "sos_is_recorded",
        "Whatever happened in a call for help has its time: the call, each climb, who took it and who closed it.",
        f"""SELECT sc.id AS sos FROM sos_calls sc WHERE {_recorded("called")} <> 1
            OR {_recorded("climbed")} <> sc.climbs
            OR {_recorded("taken")} <> CASE WHEN sc.state = 'open' THEN 0 ELSE 1 END
            OR {_recorded("closed")} <> CASE WHEN sc.state = 'closed' THEN 1 ELSE 0 END""",
    ),
    Invariant(
        "sos_is_scheduled",
        "A call for help that nobody has taken and that can still climb is looked at by the schedule.",
        f"""SELECT sc.id AS sos FROM sos_calls sc WHERE sc.state = 'open' AND sc.climbs < {MOST_CLIMBS}
            AND NOT EXISTS (SELECT 1 FROM schedule x WHERE x.kind = 'sos' AND x.subject = sc.id)""",
    ),
)
