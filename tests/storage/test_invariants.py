"""The invariants: a school with a past breaks none, and each finds what breaks it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import all_routes
from domain.announcements import Audience
from domain.invitations import InvitationKind
from domain.logs import Decision, Section
from domain.posts import ApplicationState, PostDetails
from domain.pulse import Cause
from domain.templates import USUAL, Question
from storage import (
    announcements,
    applications,
    cards,
    drafts,
    files,
    invitations,
    logs,
    moments,
    people,
    phrases,
    placements,
    posts,
    pulse,
    questions,
    remarks,
    removals,
    reviews,
    schedule,
    sos,
    templates,
)
from storage.errors import AlreadyExists
from storage.invariants import INVARIANTS, Violation, violations
from storage.invariants_of_program import REMINDED
from tests.storage.announcement_people import NOW, WEEK, make_cast

LAST = date(2027, 1, 31)
LATER = NOW + timedelta(hours=1)
# How each invariant is broken, in the records that `school_with_a_past` makes; ids are found by the SQL itself.
BREAKS = {
    "class_of_students_school": "UPDATE classes SET school_id = 2 WHERE name = 'A'",
    "class_covered_by_own_school": "DELETE FROM coordinators WHERE school_id = 2",
    "school_has_coordinator": "UPDATE coordinators SET suspended_at = :now WHERE school_id = 2",
    "line_says_when_joined": "UPDATE students SET joined_at = NULL",
    "removed_line_has_no_account": "UPDATE students SET removed_at = :now",
    "join_request_decided": """INSERT INTO join_requests (class_id, person_id, number, name, state, created_at)
        VALUES (1, 1, '77', 'Ann', 'accepted', :now)""",
    "mentor_at_partner": "DELETE FROM school_enterprises",
    "agreement_has_time": "UPDATE people SET agreed_version = 1",
    "digest_on_weekdays": "UPDATE people SET digest_days = '07'",
    "class_rules_possible": "UPDATE classes SET due_weekday = 7",
    "invitation_not_overused": "UPDATE invitations SET uses_left = -1",
    "invitation_leads_somewhere": "UPDATE invitations SET class_id = NULL",
    "invitation_of_own_school": "UPDATE invitations SET school_id = 2",
    "application_decided": "UPDATE applications SET decided_by = NULL",
    "no_to_application_says_why": "UPDATE applications SET state = 'declined'",
    "confirmed_application_places": "UPDATE placements SET application_id = NULL",
    "placement_from_application": "UPDATE applications SET state = 'refused'",
    "application_is_recorded": "DELETE FROM acts WHERE subject_kind = 'application'",
    "placement_days_in_order": "UPDATE placements SET ends_on = :long_ago",
    "placements_apart": """INSERT INTO placements (student_id, enterprise_id, starts_on, ends_on, created_at)
        SELECT student_id, enterprise_id, ends_on, ends_on, created_at FROM placements""",
    "placement_at_partner": "DELETE FROM school_enterprises",
    "early_end_has_reason": "UPDATE placements SET ended_early = TRUE",
    "hand_over_followed": "UPDATE placements SET handed_over = TRUE",
    "hand_over_will_end": """INSERT INTO hand_overs (mentor_id, last_day, ends_at, created_at)
        SELECT mentor_id, ends_on, :later, :now FROM placements WHERE mentor_id IS NOT NULL LIMIT 1""",
    "excused_week_is_monday": "UPDATE excused_weeks SET week = :tuesday",
    "templates_counted": "UPDATE templates SET number = number + 10",
    "template_begins_on_monday": "UPDATE templates SET valid_from = :tuesday",
    "template_possible": """UPDATE templates SET content = '{"least": -1}'""",
    "log_has_template_of_its_time": "UPDATE logs SET week = :long_ago WHERE state = 'draft'",
    "own_question_of_its_template": "UPDATE logs SET template_id = NULL",
    "log_week_is_monday": "UPDATE logs SET week = :tuesday WHERE state = 'draft'",
    "log_after_its_placement": "UPDATE placements SET ends_on = :long_ago",
    "log_before_its_placement": "UPDATE logs SET week = :long_ago WHERE state = 'draft'",
    "draft_log_never_handed_in": "UPDATE logs SET state = 'draft'",
    "submitted_log_waits": "UPDATE logs SET state = 'submitted'",
    "log_is_the_schools": "UPDATE logs SET school_since = :now",
    "approved_log_has_approval": "UPDATE logs SET state = 'approved'",
    "asked_log_has_question": "UPDATE logs SET state = 'needs_info'",
    "returned_log_has_return": "UPDATE logs SET state = 'returned'",
    "first_submission_kept": "UPDATE logs SET first_submitted_at = :later",
    "last_submission_kept": "UPDATE logs SET submitted_at = NULL",
    "decision_time_kept": "UPDATE logs SET decided_at = NULL",
    "handed_in_says_what_was_done": "DELETE FROM log_sections",
    "log_within_limits": "UPDATE logs SET hours = 101",
    "late_reason_is_short": f"UPDATE logs SET late_reason = '{'x' * 201}'",
    "moment_in_its_week": "UPDATE moments SET week = :tuesday",
    "moment_says_something": "UPDATE moments SET text = ''",
    "revisions_counted": "UPDATE revisions SET number = number + 10",
    "answer_wanted_afterwards": "UPDATE revisions SET answer_by = submitted_at",
    "revision_follows_answer": "DELETE FROM reviews",
    "review_of_own_log": "UPDATE revisions SET withdrawn_at = :now",
    "no_says_why": "UPDATE reviews SET words = ''",
    "remark_says_something": "UPDATE remarks SET text = ''",
    "voice_is_its_reviewers": "UPDATE voices SET file_id = (SELECT max(id) FROM files WHERE kind <> 'voice')",
    "phrases_within_limits": "UPDATE phrases SET text = ''",
    "approvals_are_rated": "UPDATE reviews SET stars = 6",
    "review_is_recorded": "DELETE FROM acts",
    "question_in_its_week": "UPDATE questions SET week = :tuesday",
    "question_answered_by_somebody": "UPDATE questions SET answer = ''",
    "sos_taken_by_somebody": "UPDATE sos_calls SET taken_by = NULL",
    "sos_is_recorded": "DELETE FROM sos_steps",
    "sos_is_scheduled": "DELETE FROM schedule WHERE kind = 'sos'",
    "pulse_in_its_week": "UPDATE pulses SET week = :tuesday",
    "pulse_within_bounds": "UPDATE pulses SET mood = 6",
    "pulse_is_deleted_in_time": "DELETE FROM schedule WHERE kind = 'pulse'",
    "flag_called_by_somebody": "UPDATE flags SET called_by = NULL",
    "class_keeps_for_a_term": "UPDATE classes SET kept_years = 2",
    "class_is_looked_at": "DELETE FROM schedule WHERE kind = 'retention'",
    "emptied_placement_is_empty": "UPDATE placements SET emptied_at = :now",
    "removal_is_scheduled": "DELETE FROM schedule WHERE kind = 'removal'",
    "removal_ends_at_a_time": "UPDATE removals SET ended_at = :now",
    "removed_person_is_unknown": "UPDATE removals SET state = 'kept'",
    "announcement_sent_at_a_time": "UPDATE announcements SET sent_at = NULL",
    "sent_announcement_has_readers": "DELETE FROM announcement_recipients",
    "reader_gets_one_copy": "DELETE FROM outbox",
    "copy_has_a_reader": "DELETE FROM announcement_recipients",
    "author_is_no_reader": "UPDATE announcements SET author_id = (SELECT min(person_id) FROM announcement_recipients)",
    "acknowledged_where_asked": "UPDATE announcement_recipients SET acknowledged_at = :now",
    "one_announcement_at_a_time": "UPDATE announcements SET state = 'draft'",
    "form_about_something": "UPDATE drafts SET subject = 999999",
    "one_card_a_message": "UPDATE cards SET message_id = 1",
    "file_kept_or_fetched": """INSERT INTO files (owner_id, kind, telegram_file_id, created_at)
        VALUES (1, 'photo', 'x', :now)""",
    "states_known": "UPDATE moments SET state = 'thrown'",
    "update_set_aside_once": "INSERT INTO inbox (update_id, body, failure, received_at) VALUES (1, '{}', 'F', :now)",
    "letter_done_or_waiting": "UPDATE outbox SET state = 'sent'",
    "failed_letter_says_why": "UPDATE outbox SET state = 'failed', done_at = :now",
    "letter_has_a_manner": "UPDATE outbox SET priority = 4",
    "scheduled_thing_exists": "UPDATE schedule SET subject = subject + 999999 WHERE kind = 'placement'",
    "schedule_kind_known": "UPDATE schedule SET kind = 'weather' WHERE kind = 'placement'",
    "mentor_is_scheduled": "DELETE FROM schedule WHERE kind = 'mentor'",
    "coordinator_is_scheduled": "DELETE FROM schedule WHERE kind = 'coordinator'",
    "placement_is_scheduled": "DELETE FROM schedule",
}
# What a constraint refuses already; the SQL is tried on a copy of the table that has none.
REFUSED = {
    "one_line_a_person": ("students", "UPDATE students SET person_id = 1"),
    "one_log_a_week": ("logs", "UPDATE logs SET week = (SELECT min(week) FROM logs), placement_id = 1"),
    "one_active_form": ("drafts", "UPDATE drafts SET person_id = 1, active = TRUE"),
}


class Undone(Exception):
    """Ends a transaction without its changes."""


async def school_with_a_past(tx) -> None:
    """A student placed through an application, with one log answered twice and one begun; an announcement; a form."""
    cast = await make_cast(tx)
    for person in cast.who.values():
        await schedule.replan_person(tx, person, NOW)
    await _apply_and_place(tx, cast)
    await _write_two_logs(tx, cast)
    await _call_for_help(tx, cast)
    await _ask_for_a_call(tx, cast)
    wang, a1 = cast.who["Wang"], cast.who["a1"]
    begun = await announcements.begin(tx, author_id=wang, school_id=cast.school, audience=Audience(), now=NOW)
    await announcements.write(tx, await announcements.of_author(tx, begun, wang), "Hello")
    its = await announcements.of_author(tx, begun, wang)
    await announcements.want_acknowledgement(tx, its, wanted=False)
    readers = [cast.who["a1"], cast.who["a2"]]
    await announcements.send(tx, await announcements.of_author(tx, begun, wang), readers, now=NOW)
    await announcements.begin(tx, author_id=wang, school_id=cast.school, audience=Audience(), now=NOW)
    await removals.ask(tx, cast.who["a2"], due_at=LATER, eve=LATER, now=NOW)
    for person in (wang, a1):
        await drafts.activate(tx, person, "students", subject=cast.classes["A"], step="find", now=NOW)
    await cards.remember(tx, wang, "home", 0, 1)
    await cards.remember(tx, wang, "class", cast.classes["A"], 2)
    await moments.offer(tx, placement_id=cast.placed["a1"], week=WEEK, text="Saw a birth", now=NOW)
    question = await questions.ask(tx, cast.placed["a1"], WEEK, "Which vein?", now=NOW)
    await questions.answer(tx, question, cast.who["Li"], "The blue one", now=LATER)
    await questions.ask(tx, cast.placed["a1"], WEEK, "And then?", now=NOW)
    await invitations.create(
        tx,
        InvitationKind.CLASS,
        school_id=cast.school,
        class_id=cast.classes["A"],
        nonce="n",
        code_hash="h",
        uses=1,
        expires_at=LATER,
        now=NOW,
    )


async def _apply_and_place(tx, cast) -> None:
    """a2 applies, is accepted by the coordinator and confirmed."""
    wang, line = cast.who["Wang"], cast.lines["a2"]
    hospital = cast.enterprises["Hospital"]
    post = await posts.publish(tx, hospital, PostDetails("Nurse"), mentor_id=None, created_by=wang, now=NOW)
    application = await applications.send(tx, post_id=post, student_id=line, words="", now=NOW)
    for state in (ApplicationState.ACCEPTED, ApplicationState.CONFIRMED):
        await applications.move(tx, application, state, by=wang, now=NOW)
        await people.record_act(
            tx, actor_id=wang, act=f"application_{state}", subject_kind="application", subject_id=application, now=NOW
        )
    await placements.create(
        tx,
        student_id=line,
        enterprise_id=hospital,
        mentor_id=None,
        starts_on=WEEK,
        ends_on=LAST,
        created_by=wang,
        application_id=application,
        now=NOW,
    )


async def _write_two_logs(tx, cast) -> None:
    """a1's week was returned, handed in again and approved; handed in, taken back and begun is that of the next."""
    a1, mentor = cast.who["a1"], cast.who["Li"]
    placement = await placements.by_id(tx, cast.placed["a1"])
    own = USUAL.with_question(Section.EXTRA1, Question("Which rule?", required=True))
    for number, valid_from in enumerate((WEEK, WEEK + timedelta(days=14))):
        await templates.write(
            tx, placement.rules.id, own, after=number, valid_from=valid_from, by=cast.who["Wang"], now=NOW
        )
    for week in (WEEK, WEEK + timedelta(days=7)):
        begun = await logs.begin(tx, placement, week, now=NOW)
        await logs.write(tx, begun, Section.DONE, "Took blood pressure")
        await logs.write(tx, begun, Section.EXTRA1, "Wash your hands")
        await logs.submit(tx, await logs.for_student(tx, begun.id, a1), now=NOW)
    await logs.withdraw(tx, await logs.for_student(tx, begun.id, a1), now=NOW)
    first = await logs.of_week(tx, placement.id, WEEK)
    read = await reviews.for_reviewer(tx, first.id, mentor, today=WEEK)
    await remarks.write(tx, read.revision_id, mentor, Section.DONE, "How often?")
    await remarks.choose(tx, read.revision_id, mentor, "specific", chosen=True)
    spoken = await files.add(tx, owner_id=mentor, kind="voice", telegram_file_id="v", now=NOW)
    await remarks.speak(tx, read.revision_id, mentor, None, file_id=spoken, seconds=42)
    await files.add(tx, owner_id=mentor, kind="document", telegram_file_id="d", now=NOW)
    await remarks.say(tx, read.revision_id, mentor, await phrases.add(tx, mentor, "Which arm?", now=NOW))
    await reviews.decide(tx, first, mentor, Decision.RETURNED, "Say more", now=NOW)
    await logs.submit(tx, await logs.for_student(tx, first.id, a1), now=LATER)
    await logs.withdraw(tx, await logs.for_student(tx, first.id, a1), now=LATER)
    await logs.submit(tx, await logs.for_student(tx, first.id, a1), now=LATER)
    again = await logs.for_student(tx, first.id, a1)
    await reviews.decide(tx, again, mentor, Decision.APPROVED, now=LATER)
    approval = (await reviews.for_reviewer(tx, first.id, mentor, today=WEEK)).last
    await remarks.rate(tx, approval, 5)
    await placements.excuse(tx, placement.id, WEEK + timedelta(days=14), reason="ill", created_by=a1, now=NOW)


async def _call_for_help(tx, cast) -> None:
    """a1 called and somebody took care of it; nobody has taken the second call."""
    a1, line, wang = cast.who["a1"], cast.lines["a1"], cast.who["Wang"]
    for is_over in (True, False):
        call = await sos.for_student(tx, await sos.call(tx, line, a1, now=NOW), a1)
        await sos.climb(tx, call, now=LATER)
        if is_over:
            await sos.take(tx, call, wang, now=LATER)
            await sos.close(tx, call, wang, "Is with her aunt", now=LATER)


async def _ask_for_a_call(tx, cast) -> None:
    """a1 said how a week was and asked for a call twice; one was made."""
    placement, wang = await placements.by_id(tx, cast.placed["a1"]), cast.who["Wang"]
    await pulse.say(tx, placement, WEEK, 2, now=NOW)
    first = await pulse.raise_flag(tx, placement, Cause.ASKED, now=NOW)
    await pulse.called(tx, await pulse.flag_for_coordinator(tx, first, wang), wang, now=NOW)
    await pulse.raise_flag(tx, placement, Cause.ASKED, now=NOW)


@pytest.fixture
async def past(database):
    await database.transaction(school_with_a_past)
    return database


async def broken_by(database, sql: str) -> list[Violation]:
    """What is broken while a change is made, which is undone again."""
    found: list[Violation] = []
    values = {"now": NOW, "later": LATER, "tuesday": WEEK + timedelta(days=1), "long_ago": date(2020, 1, 6)}

    async def work(tx):
        found.clear()
        asked = {name: value for name, value in values.items() if re.search(rf":{name}\b", sql)}
        assert await tx.run(sql, **asked) > 0, sql
        found.extend(await violations(tx, now=NOW))
        raise Undone

    with pytest.raises(Undone):
        await database.transaction(work)
    return found


async def test_a_school_with_a_past_breaks_none(past):
    """What the storage makes keeps all of them, with a time and without."""
    for now in (NOW, None):
        assert [] == await past.read(lambda tx, now=now: violations(tx, now=now))


async def test_each_invariant_finds_what_breaks_it(past):
    """For each there is a change that it finds, and says of which record."""
    silent = {name for name, sql in BREAKS.items() if name not in {v.name for v in await broken_by(past, sql)}}
    assert set() == silent
    assert {one.name for one in INVARIANTS} == {*BREAKS, *REFUSED}
    assert len(INVARIANTS) == len({one.name for one in INVARIANTS})


@pytest.mark.parametrize("name", REFUSED)
async def test_what_a_constraint_refuses_would_be_found(past, name):
    """The constraint refuses the change; in a table without constraints the invariant finds it."""
    table, sql = REFUSED[name]
    with pytest.raises(AlreadyExists):
        await past.transaction(lambda tx: tx.run(sql))
    found = []

    async def work(tx):
        await tx.run(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}")
        await tx.run(sql)
        found.extend(await tx.all(next(one.sql for one in INVARIANTS if one.name == name)))
        raise Undone

    with pytest.raises(Undone):
        await past.transaction(work)
    assert found


async def test_a_violation_says_which_record_and_nothing_else(past):
    """One line with the kind and id of each record; days and texts are not in it."""
    (found,) = await broken_by(past, "UPDATE logs SET week = :tuesday WHERE state = 'draft'")
    assert "log_week_is_monday: log 2" == str(found)


async def test_what_is_to_come_is_not_owed_by_the_past(past):
    """A placement whose reminders are all over needs no place in the schedule."""
    later = NOW + timedelta(days=365)

    async def work(tx):
        await tx.run("DELETE FROM schedule WHERE kind = 'placement'")
        assert [] == await violations(tx, now=later)
        raise Undone

    with pytest.raises(Undone):
        await past.transaction(work)


def test_every_form_and_reminder_has_its_subject():
    """What a room registers is known here, so that a new one is not forgotten."""
    routes = all_routes()
    about_nothing = {"phrases", "post_new", "post_offer", "post_search", "settings"}
    assert set(routes.forms) - about_nothing == set(drafts.ABOUT)
    assert set(routes.planners) == set(REMINDED)


def test_they_are_written_down():
    """docs/invariants.md has every name with its sentence, in the same order, and nothing else."""
    text = (Path(__file__).parents[2] / "docs" / "invariants.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    assert [(one.name, one.sentence) for one in INVARIANTS] == written
