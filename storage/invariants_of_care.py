"""What holds of questions, calls for help, pulses and flags."""

from __future__ import annotations

from domain.pulse import BEST, WORST
from domain.sos import MOST_CLIMBS
from storage.invariant import Invariant, no_monday


def _recorded(event: str) -> str:
    """Return the SQL that counts how often something happened in a call."""
    return f"(SELECT count(*) FROM sos_steps st WHERE st.call_id = sc.id AND st.event = '{event}')"


CARE = (
    Invariant(
        "question_in_its_week",
        "A question is kept under the Monday of its week.",
        "SELECT min(id) AS question, week AS day FROM questions GROUP BY week",
        no_monday,
    ),
    Invariant(
        "question_answered_by_somebody",
        "A question has words, whoever answered it and when exactly where somebody did.",
        """SELECT id AS question FROM questions WHERE (state = 'answered') <> (answered_by IS NOT NULL)
            OR (state = 'answered') <> (answered_at IS NOT NULL) OR (state = 'answered') <> (answer <> '')""",
    ),
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
    Invariant(
        "pulse_in_its_week",
        "A pulse is kept under the Monday of its week.",
        "SELECT min(id) AS pulse, week AS day FROM pulses GROUP BY week",
        no_monday,
    ),
    Invariant(
        "pulse_within_bounds",
        f"A week felt from {WORST} to {BEST}.",
        f"SELECT id AS pulse FROM pulses WHERE mood < {WORST} OR mood > {BEST}",
    ),
    Invariant(
        "pulse_is_deleted_in_time",
        "A placement with pulses or flags is looked at by the schedule, which deletes them when their time is over.",
        """SELECT pl.id AS placement FROM placements pl WHERE (EXISTS (
            SELECT 1 FROM pulses pu WHERE pu.placement_id = pl.id) OR EXISTS (
            SELECT 1 FROM flags f WHERE f.placement_id = pl.id))
        AND NOT EXISTS (SELECT 1 FROM schedule x WHERE x.kind = 'pulse' AND x.subject = pl.id)""",
    ),
    Invariant(
        "flag_called_by_somebody",
        "A flag has whoever called and when exactly where somebody did.",
        """SELECT id AS flag FROM flags WHERE (state = 'called') <> (called_by IS NOT NULL)
            OR (state = 'called') <> (called_at IS NOT NULL)""",
    ),
)
