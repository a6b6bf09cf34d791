"""What holds of placements, log templates, weekly logs, their revisions and reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.lateness import LIMIT
from domain.logs import EXTRAS
from domain.templates import is_possible, parse
from storage.invariant import Invariant, before_its_week, no_monday

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Transaction
    from storage.invariant import Rows

# The submission of a log that counts: the newest one that its student has not taken back.
_STANDS = "(SELECT max(s.number) FROM revisions s WHERE s.log_id = l.id AND s.withdrawn_at IS NULL)"
_NEWEST = "(SELECT max(n.number) FROM revisions n WHERE n.log_id = l.id)"
_LAST_REVIEW = "(SELECT max(v.id) FROM reviews v WHERE v.log_id = l.id)"


def _decided(state: str, *decisions: str) -> str:
    """Return the SQL of logs in a state that their last review, of the submission that counts, did not bring about."""
    named = ", ".join(f"'{decision}'" for decision in decisions)
    return f"""SELECT l.id AS log FROM logs l WHERE l.state = '{state}' AND NOT EXISTS (
        SELECT 1 FROM reviews rv JOIN revisions r ON r.id = rv.revision_id
        WHERE rv.id = {_LAST_REVIEW} AND rv.decision IN ({named}) AND r.number = {_STANDS})"""


PLACEMENTS = (
    Invariant(
        "placement_days_in_order",
        "A placement does not end before it starts.",
        "SELECT id AS placement FROM placements WHERE ends_on < starts_on",
    ),
    Invariant(
        "placements_apart",
        "No two placements of one student share a day.",
        """SELECT a.id AS placement, b.id AS other FROM placements a JOIN placements b ON b.student_id = a.student_id
        AND b.id > a.id AND b.starts_on <= a.ends_on AND b.ends_on >= a.starts_on""",
    ),
    Invariant(
        "placement_at_partner",
        "A placement is at an enterprise with which the student's school works.",
        """SELECT pl.id AS placement FROM placements pl JOIN students s ON s.id = pl.student_id
        WHERE NOT EXISTS (SELECT 1 FROM school_enterprises se
            WHERE se.school_id = s.school_id AND se.enterprise_id = pl.enterprise_id)""",
    ),
    Invariant(
        "early_end_has_reason",
        "A placement that was ended early says why, and no other one does.",
        """SELECT id AS placement FROM placements
        WHERE (ended_early AND end_reason = '') OR (NOT ended_early AND end_reason <> '')""",
    ),
    Invariant(
        "hand_over_followed",
        "A placement is handed over exactly while its mentor has handed over, and only to who stands in for them.",
        """SELECT pl.id AS placement FROM placements pl LEFT JOIN hand_overs h ON h.mentor_id = pl.mentor_id
            AND h.ended_at IS NULL WHERE (h.id IS NULL AND (pl.handed_over OR pl.stand_in_id IS NOT NULL))
            OR (h.id IS NOT NULL AND (NOT pl.handed_over OR pl.stand_in_id <> h.stand_in_id
                OR (h.stand_in_id IS NULL AND pl.stand_in_id IS NOT NULL)))""",
    ),
    Invariant(
        "hand_over_will_end",
        "A hand-over that holds is to somebody else and is looked at by the schedule when it ends.",
        """SELECT h.id AS hand_over FROM hand_overs h WHERE h.stand_in_id = h.mentor_id OR (h.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM schedule x WHERE x.kind = 'hand_over' AND x.subject = h.id))""",
    ),
    Invariant(
        "excused_week_is_monday",
        "An excused week is named by its Monday.",
        "SELECT min(placement_id) AS placement, week AS day FROM excused_weeks GROUP BY week",
        no_monday,
    ),
)


async def _not_possible(_tx: Transaction, rows: Rows, _now: datetime | None) -> Rows:
    """Keep the templates that no coordinator could have made, without what they say."""
    return [{"template": row["template"]} for row in rows if not _can_be_made(row["content"])]


def _can_be_made(content: str) -> bool:
    try:
        return is_possible(parse(content))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


TEMPLATES = (
    Invariant(
        "templates_counted",
        "The versions of a class's log template are numbered from 1 without a gap.",
        "SELECT class_id AS class FROM templates GROUP BY class_id HAVING min(number) <> 1 OR max(number) <> count(*)",
    ),
    Invariant(
        "template_begins_on_monday",
        "A version of a log template holds from a Monday on.",
        "SELECT min(id) AS template, valid_from AS day FROM templates GROUP BY valid_from",
        no_monday,
    ),
    Invariant(
        "template_possible",
        "A log template asks for nothing that a coordinator cannot ask for.",
        "SELECT id AS template, content FROM templates",
        _not_possible,
    ),
    Invariant(
        "log_has_template_of_its_time",
        "A log keeps a template that held in its week, of a class of its student's school.",
        """SELECT l.id AS log FROM logs l JOIN templates t ON t.id = l.template_id JOIN classes c ON c.id = t.class_id
        JOIN placements pl ON pl.id = l.placement_id JOIN students s ON s.id = pl.student_id
        WHERE t.valid_from > l.week OR c.school_id <> s.school_id""",
    ),
    Invariant(
        "own_question_of_its_template",
        "An answer to a question of a class's own is in a log whose template asks it.",
        f"""SELECT ls.log_id AS log FROM log_sections ls JOIN logs l ON l.id = ls.log_id
        LEFT JOIN templates t ON t.id = l.template_id
        WHERE ls.section IN ({", ".join(f"'{section}'" for section in EXTRAS)})
        AND (t.id IS NULL OR t.content NOT LIKE '%"' || ls.section || '"%')""",
    ),
)

LOGS = (
    Invariant(
        "log_week_is_monday",
        "A log's week is named by its Monday.",
        "SELECT min(id) AS log, week AS day FROM logs GROUP BY week",
        no_monday,
    ),
    Invariant(
        "one_log_a_week",
        "A placement has at most one log of a week.",
        """SELECT a.id AS log, b.id AS other FROM logs a JOIN logs b
        ON b.placement_id = a.placement_id AND b.week = a.week AND b.id > a.id""",
    ),
    Invariant(
        "log_after_its_placement",
        "No log is of a week after the end of its placement, unless that was moved to an earlier day.",
        """SELECT l.id AS log FROM logs l JOIN placements pl ON pl.id = l.placement_id
        WHERE l.week > pl.ends_on AND NOT pl.ended_early""",
    ),
    Invariant(
        "log_before_its_placement",
        "No log is of a week before the one in which its placement starts.",
        """SELECT l.id AS log, l.week AS day, pl.starts_on FROM logs l JOIN placements pl ON pl.id = l.placement_id
        WHERE l.week < pl.starts_on""",
        before_its_week,
    ),
    Invariant(
        "draft_log_never_handed_in",
        "A log that is a draft has no submission that counts, no review, and no time of either.",
        f"""SELECT l.id AS log FROM logs l WHERE l.state = 'draft' AND ({_STANDS} IS NOT NULL
        OR {_LAST_REVIEW} IS NOT NULL OR l.submitted_at IS NOT NULL OR l.first_submitted_at IS NOT NULL)""",
    ),
    Invariant(
        "submitted_log_waits",
        "The newest submission of a log that waits counts and has no review, but for the one that passed it on.",
        f"""SELECT l.id AS log FROM logs l WHERE l.state = 'submitted' AND NOT EXISTS (
        SELECT 1 FROM revisions r WHERE r.log_id = l.id AND r.number = {_NEWEST} AND r.withdrawn_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM reviews rv WHERE rv.revision_id = r.id AND rv.decision <> 'passed'))""",
    ),
    Invariant(
        "log_is_the_schools",
        "A log is the school's exactly where a mentor has passed it on, and has waited there since then or later.",
        """SELECT l.id AS log FROM logs l LEFT JOIN reviews p ON p.log_id = l.id AND p.decision = 'passed'
        WHERE (l.school_since IS NULL) <> (p.id IS NULL) OR l.school_since < p.created_at""",
    ),
    Invariant(
        "approved_log_has_approval",
        "The last review of an approved log approves the submission that counts.",
        _decided("approved", "approved"),
    ),
    Invariant(
        "asked_log_has_question",
        "The last review of a log that needs more asks for it.",
        _decided("needs_info", "needs_info"),
    ),
    Invariant(
        "returned_log_has_return",
        "The last review of a returned log returns it, or opens it again.",
        _decided("returned", "returned", "reopened"),
    ),
    Invariant(
        "first_submission_kept",
        "A log's first submission is the time of the oldest one that was not withdrawn.",
        """SELECT l.id AS log FROM logs l LEFT JOIN revisions r ON r.log_id = l.id AND r.number =
            (SELECT min(s.number) FROM revisions s WHERE s.log_id = l.id AND s.withdrawn_at IS NULL)
        WHERE (r.id IS NULL AND l.first_submitted_at IS NOT NULL)
            OR (r.id IS NOT NULL AND (l.first_submitted_at IS NULL OR l.first_submitted_at <> r.submitted_at))""",
    ),
    Invariant(
        "last_submission_kept",
        "A log's submission is the time of the newest one that was not withdrawn.",
        f"""SELECT l.id AS log FROM logs l LEFT JOIN revisions r ON r.log_id = l.id AND r.number = {_STANDS}
        WHERE (r.id IS NULL AND l.submitted_at IS NOT NULL)
            OR (r.id IS NOT NULL AND (l.submitted_at IS NULL OR l.submitted_at <> r.submitted_at))""",
    ),
    Invariant(
        "decision_time_kept",
        "A log has the time of a decision exactly while a decision holds.",
        """SELECT id AS log FROM logs WHERE (state IN ('draft', 'submitted') AND decided_at IS NOT NULL)
            OR (state NOT IN ('draft', 'submitted') AND decided_at IS NULL)""",
    ),
    Invariant(
        "handed_in_says_what_was_done",
        "A log that was handed in says what was done.",
        """SELECT l.id AS log FROM logs l WHERE l.state IN ('submitted', 'approved') AND NOT EXISTS (
            SELECT 1 FROM log_sections ls WHERE ls.log_id = l.id AND ls.section = 'done' AND ls.text <> '')""",
    ),
    Invariant(
        "log_within_limits",
        "A log has at most ten files, and hours from 0 to 100.",
        """SELECT l.id AS log FROM logs l WHERE l.hours < 0 OR l.hours > 100
            OR (SELECT count(*) FROM log_files lf WHERE lf.log_id = l.id) > 10""",
    ),
    Invariant(
        "late_reason_is_short",
        f"Why a log is late takes at most {LIMIT} characters.",
        f"SELECT id AS log FROM logs WHERE length(late_reason) > {LIMIT}",
    ),
    Invariant(
        "moment_in_its_week",
        "A moment is kept under the Monday of its week.",
        "SELECT min(id) AS moment, week AS day FROM moments GROUP BY week",
        no_monday,
    ),
    Invariant(
        "moment_says_something",
        "A moment has a text or files, not both.",
        """SELECT mo.id AS moment FROM moments mo WHERE (mo.text <> '') =
            EXISTS (SELECT 1 FROM moment_files mf WHERE mf.moment_id = mo.id)""",
    ),
)

REVIEWS = (
    Invariant(
        "revisions_counted",
        "The submissions of a log are numbered from 1 without a gap.",
        """SELECT log_id AS log FROM revisions GROUP BY log_id
        HAVING min(number) <> 1 OR max(number) <> count(*)""",
    ),
    Invariant(
        "answer_wanted_afterwards",
        "An answer to a submission is wanted after it, where it is known when.",
        "SELECT id AS revision FROM revisions WHERE answer_by <= submitted_at",
    ),
    Invariant(
        "revision_follows_answer",
        "A submission that was neither withdrawn nor reviewed is the newest of its log.",
        """SELECT r.log_id AS log, r.id AS revision FROM revisions r WHERE r.withdrawn_at IS NULL
        AND EXISTS (SELECT 1 FROM revisions n WHERE n.log_id = r.log_id AND n.number > r.number)
        AND NOT EXISTS (SELECT 1 FROM reviews rv WHERE rv.revision_id = r.id)""",
    ),
    Invariant(
        "review_of_own_log",
        "A review is of a submission of the log that it names, and not of a withdrawn one.",
        """SELECT rv.id AS review FROM reviews rv JOIN revisions r ON r.id = rv.revision_id
        WHERE r.log_id <> rv.log_id OR r.withdrawn_at IS NOT NULL""",
    ),
    Invariant(
        "no_says_why",
        "A review that gives a log back says why.",
        "SELECT id AS review FROM reviews WHERE decision NOT IN ('approved', 'passed') AND words = ''",
    ),
    Invariant(
        "remark_says_something",
        "A remark on a section has words.",
        "SELECT revision_id AS revision, reviewer_id AS person FROM remarks WHERE text = ''",
    ),
    Invariant(
        "voice_is_its_reviewers",
        "A voice note of a reviewer is a recording that they sent.",
        """SELECT vo.revision_id AS revision, vo.reviewer_id AS person FROM voices vo JOIN files f ON f.id = vo.file_id
        WHERE f.kind <> 'voice' OR f.owner_id <> vo.reviewer_id""",
    ),
    Invariant(
        "phrases_within_limits",
        "A person keeps at most eight phrases, each of 1 to 80 characters, and at most one that was deleted.",
        """SELECT person_id AS person FROM phrases GROUP BY person_id HAVING count(dropped_at) > 1
            OR count(*) - count(dropped_at) > 8 OR min(length(text)) < 1 OR max(length(text)) > 80""",
    ),
    Invariant(
        "approvals_are_rated",
        "Only an approval has stars, from 1 to 5, or confirmed hours.",
        """SELECT id AS review FROM reviews WHERE stars < 1 OR stars > 5
            OR (decision NOT IN ('approved', 'passed') AND (stars IS NOT NULL OR hours IS NOT NULL))""",
    ),
    Invariant(
        "review_is_recorded",
        "Whoever decided on a log is recorded with what they did.",
        """SELECT rv.id AS review FROM reviews rv WHERE NOT EXISTS (SELECT 1 FROM acts a WHERE a.subject_kind = 'log'
        AND a.subject_id = rv.log_id AND a.actor_id = rv.reviewer_id AND a.act = 'log_' || rv.decision)""",
    ),
)
