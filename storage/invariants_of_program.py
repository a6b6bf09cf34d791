"""What holds of announcements, open forms, cards, files, the inbox, the outbox and the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain import reminders as rules
from storage import drafts, reminders
from storage.invariant import Invariant

if TYPE_CHECKING:
    from storage.database import Transaction
    from storage.invariant import Rows

AT_ONCE = 500  # ids in one query
REMINDED = {
    "placement": "placements",
    "mentor": "people",
    "coordinator": "people",
    "sos": "sos_calls",
    "pulse": "placements",
    "hand_over": "hand_overs",
    "retention": "classes",
    "emptying": "placements",
    "removal": "removals",
}

# The columns that hold a state, and the states.
_STATES = {
    "announcements": "('draft', 'sent', 'cancelled')",
    "applications": "('sent', 'accepted', 'declined', 'withdrawn', 'confirmed', 'refused')",
    "flags": "('open', 'called')",
    "join_requests": "('waiting', 'accepted', 'declined', 'replaced')",
    "logs": "('draft', 'submitted', 'approved', 'needs_info', 'returned')",
    "moments": "('offered', 'saved', 'kept', 'dropped')",
    "outbox": "('waiting', 'sent', 'settled', 'failed', 'stopped')",
    "posts": "('open', 'closed')",
    "questions": "('open', 'answered')",
    "removals": "('asked', 'taken_back', 'kept', 'done')",
    "sos_calls": "('open', 'taken', 'closed')",
}


def _missing_subjects(table: str, kind: str, known: Mapping[str, str], columns: str, *, or_none: bool) -> str:
    """Return the SQL of rows of a table whose subject is not there, by the kind of row."""
    none = "x.subject <> 0 AND " if or_none else ""
    return " UNION ALL ".join(
        f"""SELECT {columns} FROM {table} x WHERE x.{kind} = '{name}' AND {none}NOT EXISTS (
        SELECT 1 FROM {subjects} y WHERE y.id = x.subject)"""
        for name, subjects in known.items()
    )


async def _with_slots(tx: Transaction, rows: Rows, now: datetime | None) -> Rows:
    """Keep the placements about which somebody will be reminded, by the rules that plan it."""
    if now is None:
        return []
    broken: list[Mapping[str, Any]] = []
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        known = await reminders.rhythms(tx, [row["placement"] for row in some])
        broken += [row for row in some if rules.next_slot(known[row["placement"]], now) is not None]
    return broken


ANNOUNCEMENTS = (
    Invariant(
        "announcement_sent_at_a_time",
        "An announcement has the time of its sending exactly where it was sent, and then it has a text.",
        """SELECT id AS announcement FROM announcements WHERE (state = 'sent' AND (sent_at IS NULL OR text = ''))
            OR (state <> 'sent' AND sent_at IS NOT NULL)""",
    ),
    Invariant(
        "sent_announcement_has_readers",
        "An announcement has readers exactly where it was sent.",
        """SELECT a.id AS announcement FROM announcements a WHERE
            (a.state = 'sent') <> EXISTS (SELECT 1 FROM announcement_recipients r WHERE r.announcement_id = a.id)""",
    ),
    Invariant(
        "reader_gets_one_copy",
        "Each reader of an announcement has exactly one copy in the outbox.",
        """SELECT r.announcement_id AS announcement, r.person_id AS person FROM announcement_recipients r
        WHERE 1 <> (SELECT count(*) FROM outbox o WHERE o.card = 'announcement' AND o.subject = r.announcement_id
            AND o.person_id = r.person_id AND o.manner = 'push' AND o.priority > 0)""",
    ),
    Invariant(
        "copy_has_a_reader",
        "A copy of an announcement goes to one of its readers.",
        """SELECT o.id AS letter FROM outbox o WHERE o.card IN ('announcement', 'announcement_again')
        AND NOT EXISTS (SELECT 1 FROM announcement_recipients r
            WHERE r.announcement_id = o.subject AND r.person_id = o.person_id)""",
    ),
    Invariant(
        "author_is_no_reader",
        "Nobody gets their own announcement.",
        """SELECT a.id AS announcement FROM announcements a JOIN announcement_recipients r
        ON r.announcement_id = a.id AND r.person_id = a.author_id""",
    ),
    Invariant(
        "acknowledged_where_asked",
        "Only what asks for it is acknowledged.",
        """SELECT r.announcement_id AS announcement, r.person_id AS person FROM announcement_recipients r
        JOIN announcements a ON a.id = r.announcement_id WHERE r.acknowledged_at IS NOT NULL AND NOT a.acknowledge""",
    ),
    Invariant(
        "one_announcement_at_a_time",
        "An author has at most one announcement that is not sent yet.",
        """SELECT author_id AS person FROM announcements WHERE state = 'draft'
        GROUP BY author_id HAVING count(*) > 1""",
    ),
)

FORMS_AND_CARDS = (
    Invariant(
        "one_active_form",
        "A person is asked one thing at a time.",
        "SELECT person_id AS person FROM drafts WHERE active GROUP BY person_id HAVING count(*) > 1",
    ),
    Invariant(
        "form_about_something",
        "What a form is about is there.",
        _missing_subjects("drafts", "form", drafts.ABOUT, "x.person_id AS person, x.form, x.subject", or_none=True),
    ),
    Invariant(
        "one_card_a_message",
        "A message shows one card.",
        """SELECT person_id AS person, message_id AS message FROM cards
        GROUP BY person_id, message_id HAVING count(*) > 1""",
    ),
    Invariant(
        "file_kept_or_fetched",
        "A file whose copy is kept is not fetched again, and none is given up without a try.",
        """SELECT id AS file FROM files WHERE (sha256 IS NOT NULL AND next_try_at IS NOT NULL)
            OR (sha256 IS NULL AND next_try_at IS NULL AND attempts = 0)""",
    ),
)

PROGRAM = (
    Invariant(
        "states_known",
        "Every state is one that the program knows.",
        " UNION ALL ".join(
            f"SELECT '{table}' AS kind, id FROM {table} WHERE state NOT IN {states}"
            for table, states in _STATES.items()
        ),
    ),
    Invariant(
        "update_set_aside_once",
        "An update with a failure is finished, and one that failed three times has its failure.",
        """SELECT update_id AS update_id FROM inbox WHERE (failure IS NOT NULL AND finished_at IS NULL)
            OR (failure IS NULL AND finished_at IS NOT NULL AND attempts >= 3)""",
    ),
    Invariant(
        "letter_done_or_waiting",
        "A row of the outbox has the time at which it was done with exactly where it does not wait.",
        "SELECT id AS letter FROM outbox WHERE (state = 'waiting') <> (done_at IS NULL)",
    ),
    Invariant(
        "failed_letter_says_why",
        "A row of the outbox that failed has its failure.",
        "SELECT id AS letter FROM outbox WHERE state = 'failed' AND failure IS NULL",
    ),
    Invariant(
        "letter_has_a_manner",
        "A row of the outbox is a push or a refresh, with a priority from 0 to 3.",
        "SELECT id AS letter FROM outbox WHERE manner NOT IN ('push', 'refresh') OR priority < 0 OR priority > 3",
    ),
    Invariant(
        "scheduled_thing_exists",
        "What the schedule looks at is there.",
        _missing_subjects("schedule", "kind", REMINDED, "x.kind, x.subject", or_none=False),
    ),
    Invariant(
        "schedule_kind_known",
        "The schedule holds what somebody is reminded of or what is to go, and nothing else.",
        f"SELECT kind, subject FROM schedule WHERE kind NOT IN ({', '.join(map(repr, REMINDED))})",
    ),
    Invariant(
        "mentor_is_scheduled",
        "A mentor who may answer is looked at by the schedule.",
        """SELECT DISTINCT m.person_id AS person FROM mentors m WHERE m.suspended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM schedule x WHERE x.kind = 'mentor' AND x.subject = m.person_id)""",
    ),
    Invariant(
        "coordinator_is_scheduled",
        "A coordinator who may act is looked at by the schedule.",
        """SELECT DISTINCT k.person_id AS person FROM coordinators k WHERE k.suspended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM schedule x WHERE x.kind = 'coordinator' AND x.subject = k.person_id)""",
    ),
    Invariant(
        "placement_is_scheduled",
        "A placement with a reminder still to come is looked at by the schedule.",
        """SELECT pl.id AS placement FROM placements pl WHERE pl.ends_on >= :day AND NOT EXISTS (
            SELECT 1 FROM schedule x WHERE x.kind = 'placement' AND x.subject = pl.id)""",
        _with_slots,
    ),
)
