"""What holds of schools and their people, of invitations, posts and applications."""

from __future__ import annotations

from domain.waiting import TERMS
from storage.invariant import Invariant

SCHOOLS = (
    Invariant(
        "class_of_students_school",
        "A student's class belongs to the student's school.",
        """SELECT s.id AS student, c.id AS class FROM students s JOIN classes c ON c.id = s.class_id
        WHERE c.school_id <> s.school_id""",
    ),
    Invariant(
        "class_covered_by_own_school",
        "Whoever covers a class coordinates its school.",
        """SELECT cc.class_id AS class, cc.person_id AS person FROM class_coordinators cc
        JOIN classes c ON c.id = cc.class_id WHERE NOT EXISTS (
            SELECT 1 FROM coordinators k WHERE k.person_id = cc.person_id AND k.school_id = c.school_id)""",
    ),
    Invariant(
        "school_has_coordinator",
        "A school that ever had a coordinator has one who can act.",
        """SELECT s.id AS school FROM schools s WHERE EXISTS (SELECT 1 FROM coordinators k WHERE k.school_id = s.id)
        AND NOT EXISTS (SELECT 1 FROM coordinators k WHERE k.school_id = s.id AND k.suspended_at IS NULL)""",
    ),
    Invariant(
        "one_line_a_person",
        "A person has at most one line of a roster.",
        """SELECT person_id AS person FROM students WHERE person_id IS NOT NULL
        GROUP BY person_id HAVING count(*) > 1""",
    ),
    Invariant(
        "line_says_when_joined",
        "A line of the roster with an account says when it joined.",
        "SELECT id AS student FROM students WHERE person_id IS NOT NULL AND joined_at IS NULL",
    ),
    Invariant(
        "removed_line_has_no_account",
        "A line that was taken out of its class has no account.",
        "SELECT id AS student FROM students WHERE removed_at IS NOT NULL AND person_id IS NOT NULL",
    ),
    Invariant(
        "join_request_decided",
        "A request to join has whoever decided on it exactly where somebody did.",
        """SELECT id AS request FROM join_requests
        WHERE (state IN ('accepted', 'declined') AND (decided_by IS NULL OR decided_at IS NULL))
            OR (state NOT IN ('accepted', 'declined') AND (decided_by IS NOT NULL OR decided_at IS NOT NULL))""",
    ),
    Invariant(
        "mentor_at_partner",
        "A school vouches for mentors only at enterprises with which it works.",
        """SELECT m.person_id AS person, m.enterprise_id AS enterprise, m.school_id AS school FROM mentors m
        WHERE NOT EXISTS (SELECT 1 FROM school_enterprises se
            WHERE se.school_id = m.school_id AND se.enterprise_id = m.enterprise_id)""",
    ),
    Invariant(
        "agreement_has_time",
        "Whoever agreed to the privacy notice did so at a known time.",
        """SELECT id AS person FROM people
        WHERE (agreed_version > 0 AND agreed_at IS NULL) OR (agreed_version = 0 AND agreed_at IS NOT NULL)""",
    ),
    Invariant(
        "digest_on_weekdays",
        "Everybody has one to three weekdays on which a mentor hears of all that waits.",
        """SELECT id AS person FROM people
        WHERE ltrim(digest_days, '0123456') <> '' OR length(digest_days) NOT IN (1, 2, 3)""",
    ),
    Invariant(
        "class_rules_possible",
        "A class has a weekday on which logs are due, and expects answers within a term.",
        f"""SELECT id AS class FROM classes WHERE due_weekday < 0 OR due_weekday > 6
            OR answer_days NOT IN ({", ".join(map(str, TERMS))})""",
    ),
)

INVITATIONS = (
    Invariant(
        "invitation_not_overused",
        "An invitation is never used more often than it allows.",
        "SELECT id AS invitation FROM invitations WHERE uses_left < 0 OR uses < 0",
    ),
    Invariant(
        "invitation_leads_somewhere",
        "An invitation names the class, or the enterprise, that its kind leads to, and no other.",
        """SELECT id AS invitation FROM invitations
        WHERE (kind = 'class' AND (class_id IS NULL OR enterprise_id IS NOT NULL))
            OR (kind = 'mentor' AND (enterprise_id IS NULL OR class_id IS NOT NULL))
            OR (kind = 'coordinator' AND (class_id IS NOT NULL OR enterprise_id IS NOT NULL))""",
    ),
    Invariant(
        "invitation_of_own_school",
        "An invitation leads to a class of its school.",
        """SELECT i.id AS invitation FROM invitations i JOIN classes c ON c.id = i.class_id
        WHERE c.school_id <> i.school_id""",
    ),
)

APPLICATIONS = (
    Invariant(
        "application_decided",
        "An application has whoever decided on it exactly where somebody did.",
        """SELECT id AS application FROM applications
        WHERE (state = 'sent' AND (decided_by IS NOT NULL OR decided_at IS NOT NULL))
            OR (state <> 'sent' AND (decided_by IS NULL OR decided_at IS NULL))""",
    ),
    Invariant(
        "no_to_application_says_why",
        "An enterprise that declines an application says why.",
        "SELECT id AS application FROM applications WHERE state = 'declined' AND reason = ''",
    ),
    Invariant(
        "confirmed_application_places",
        "A confirmed application has its placement.",
        """SELECT a.id AS application FROM applications a WHERE a.state = 'confirmed'
        AND NOT EXISTS (SELECT 1 FROM placements pl WHERE pl.application_id = a.id)""",
    ),
    Invariant(
        "placement_from_application",
        "A placement that grew out of an application is that student's, at the post's enterprise, and confirmed.",
        """SELECT pl.id AS placement, a.id AS application FROM placements pl
        JOIN applications a ON a.id = pl.application_id JOIN posts p ON p.id = a.post_id
        WHERE a.state <> 'confirmed' OR a.student_id <> pl.student_id OR p.enterprise_id <> pl.enterprise_id""",
    ),
    Invariant(
        "application_is_recorded",
        "Whoever accepted, declined or confirmed an application is recorded.",
        """SELECT a.id AS application FROM applications a WHERE a.state IN ('accepted', 'declined', 'confirmed')
        AND NOT EXISTS (SELECT 1 FROM acts t WHERE t.subject_kind = 'application' AND t.subject_id = a.id
            AND t.actor_id = a.decided_by AND t.act = 'application_' || a.state)""",
    ),
)
