"""Reviews in the storage: decided once, read by whom they concern, kept with what they answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.logs import Decision, LogState, Section
from domain.reviews import CODE, READY, coded
from storage import logs, outbox, placements, reviews, schools
from storage.errors import Conflict, NotFound
from tests.handed_in import WROTE, answer, hand_in, take_back
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ming(school):
    return await school.placed("Ming", "1")


def today(world):
    return world.clock().date()


async def read(world, log_id: int, person):
    return await world.database.read(lambda tx: reviews.for_reviewer(tx, log_id, person.id, today=today(world)))


async def decide(world, log, person, decision: Decision, words: str = "") -> int:
    return await world.database.transaction(
        lambda tx: reviews.decide(tx, log, person.id, decision, words, now=world.clock())
    )


async def test_a_decision_changes_the_state_and_keeps_what_it_answered(world, school, ming):
    """The review belongs to the latest submission, and the act is recorded."""
    log_id = await hand_in(world, ming, push=False)
    log = (await read(world, log_id, school.mentor)).log
    await decide(world, log, school.mentor, Decision.NEEDS_INFO, CODE + "steps")
    after = await read(world, log_id, school.mentor)
    assert LogState.NEEDS_INFO is after.log.state
    assert [(1, Decision.NEEDS_INFO, "code:steps", "Ms Li")] == [
        (review.revision, review.decision, review.words, review.reviewer) for review in after.reviews
    ]
    acts = await world.database.read(lambda tx: tx.all("SELECT actor_id, act, subject_kind, subject_id FROM acts"))
    assert (school.mentor.id, "log_needs_info", "log", log_id) in [tuple(act) for act in acts]


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.NEEDS_INFO, Decision.RETURNED])
async def test_the_second_decision_on_a_submission_is_refused(world, school, ming, decision):
    """Two reviewers who both read it waiting: the second gets a conflict, and there is one review."""
    log_id = await hand_in(world, ming, push=False)
    log = (await read(world, log_id, school.mentor)).log
    await decide(world, log, school.mentor, Decision.APPROVED)
    with pytest.raises(Conflict):
        await decide(world, log, school.coordinator, decision, "no")
    assert 1 == len((await read(world, log_id, school.mentor)).reviews)


async def test_a_log_taken_back_cannot_be_decided_on(world, school, ming):
    """Nor one that was taken back and handed in anew since it was read."""
    log_id = await hand_in(world, ming, push=False)
    log = (await read(world, log_id, school.mentor)).log
    await take_back(world, ming, log_id)
    with pytest.raises(Conflict):
        await decide(world, log, school.mentor, Decision.APPROVED)
    await hand_in(world, ming, "Something else.", push=False)
    with pytest.raises(Conflict):
        await decide(world, log, school.mentor, Decision.APPROVED)


async def test_a_reviewer_reads_what_was_handed_in(world, school, ming):
    """What the student writes after a return stays the student's own until it is handed in."""
    log_id = await hand_in(world, ming, push=False, learned="Cuffs.")
    log = (await read(world, log_id, school.mentor)).log
    await decide(world, log, school.mentor, Decision.RETURNED, "More, please.")

    async def write(tx):
        await logs.write(tx, await logs.for_student(tx, log_id, ming.id), Section.DONE, "half a sen")

    await world.database.transaction(write)
    seen = await read(world, log_id, school.mentor)
    assert {Section.DONE: WROTE, Section.LEARNED: "Cuffs."} == seen.log.sections
    assert 1 == seen.number


async def test_a_draft_is_its_students_alone(world, school, ming):
    """Never handed in: not there. Taken back: there without its content."""

    async def begin(tx):
        placement = (await placements.of_person(tx, ming.id))[0]
        return (await logs.begin(tx, placement, placement.starts_on, now=world.clock())).id

    log_id = await world.database.transaction(begin)
    with pytest.raises(NotFound):
        await read(world, log_id, school.mentor)
    await hand_in(world, ming, push=False)
    await take_back(world, ming, log_id)
    assert (await read(world, log_id, school.mentor)).number is None


async def test_a_resubmission_taken_back_leaves_the_times_of_the_answered_one(world, school, ming):
    """The log is as it was when the mentor asked: submitted, and decided on, at the same times."""
    log_id = await hand_in(world, ming, push=False)
    await decide(world, (await read(world, log_id, school.mentor)).log, school.mentor, Decision.NEEDS_INFO, "Why?")
    before = await world.database.read(lambda tx: logs.for_student(tx, log_id, ming.id))
    world.clock.now += timedelta(hours=1)
    await answer(world, ming, log_id, "Because")
    await take_back(world, ming, log_id)
    after = await world.database.read(lambda tx: logs.for_student(tx, log_id, ming.id))
    assert before.decided_at is not None
    assert (before.state, before.first_submitted_at, before.submitted_at, before.decided_at) == (
        after.state,
        after.first_submitted_at,
        after.submitted_at,
        after.decided_at,
    )


async def test_only_a_coordinator_of_the_class_reopens(world, school, ming):
    """An approved log goes back to its student; the approval stays in the history."""
    log_id = await hand_in(world, ming, push=False)
    await decide(world, (await read(world, log_id, school.mentor)).log, school.mentor, Decision.APPROVED)
    log = (await read(world, log_id, school.mentor)).log

    async def reopen(tx, person):
        return await reviews.reopen(tx, log, person.id, "Wrong week.", now=world.clock())

    with pytest.raises(NotFound):
        await world.database.transaction(lambda tx: reopen(tx, school.mentor))
    await world.database.transaction(lambda tx: reopen(tx, school.coordinator))
    seen = await read(world, log_id, school.mentor)
    assert (LogState.RETURNED, [Decision.APPROVED, Decision.REOPENED]) == (
        seen.log.state,
        [review.decision for review in seen.reviews],
    )
    with pytest.raises(Conflict):
        await world.database.transaction(lambda tx: reopen(tx, school.coordinator))


async def test_undo_leaves_nothing(world, school, ming):
    """An approval whose answer is held back can be undone as if it had not been; afterwards it is a conflict."""
    log_id = await hand_in(world, ming, push=False)
    log = (await read(world, log_id, school.mentor)).log
    review_id = await decide(world, log, school.mentor, Decision.APPROVED)

    async def undo(tx):
        seen = await reviews.for_reviewer(tx, log_id, school.mentor.id, today=today(world))
        await reviews.undo(tx, seen.log, seen.last, now=world.clock())

    with pytest.raises(Conflict):
        await world.database.transaction(undo)

    async def hold(tx):
        later = world.clock().replace(hour=23)
        key = reviews.answer_key(review_id)
        await outbox.add(tx, ming.id, "log_answer", log_id, now=world.clock(), due_at=later, unique_key=key)

    await world.database.transaction(hold)
    await world.database.transaction(undo)
    seen = await read(world, log_id, school.mentor)
    assert (LogState.SUBMITTED, ()) == (seen.log.state, seen.reviews)
    assert 0 == await world.database.read(
        lambda tx: _count(tx, "SELECT count(*) AS n FROM outbox WHERE card = 'log_answer'")
    )


async def _count(tx, sql: str) -> int:
    return (await tx.one(sql))["n"]


async def test_the_queue_is_oldest_first_and_everybodys_own(world, school, ming):
    """A mentor's own students; for the coordinator on request all, and by itself what has waited for a week."""
    first = await hand_in(world, ming, push=False)
    world.clock.now = world.clock().replace(hour=5)
    hong = await school.placed("Hong", "2")
    second = await hand_in(world, hong, push=False)

    async def queue(person, **more):
        waiting = await world.database.read(lambda tx: reviews.queue(tx, person.id, today=today(world), **more))
        counted = await world.database.read(lambda tx: reviews.count_waiting(tx, person.id, today=today(world), **more))
        assert counted == len(waiting)
        return [log.id for log in waiting]

    assert [first, second] == await queue(school.mentor)
    assert [] == await queue(school.coordinator)
    assert [first, second] == await queue(school.coordinator, everything=True)
    await world.database.transaction(
        lambda tx: tx.run("UPDATE logs SET escalated_at = :now WHERE id = :id", now=world.clock(), id=second)
    )
    assert [second] == await queue(school.coordinator)
    assert [] == await queue(ming)


async def test_the_history_is_the_students_own(world, school, ming):
    """A student lists the answers to their own logs and reads no others."""
    log_id = await hand_in(world, ming, push=False)
    hong = await school.placed("Hong", "2")
    await decide(world, (await read(world, log_id, school.mentor)).log, school.mentor, Decision.RETURNED, "Hours?")
    mine = await world.database.read(lambda tx: reviews.of_student(tx, ming.id))
    assert [(1, "Hours?", Decision.RETURNED)] == [(f.week_number, f.review.words, f.review.decision) for f in mine]
    assert [] == await world.database.read(lambda tx: reviews.of_student(tx, hong.id))
    assert [] == await world.database.read(lambda tx: reviews.of_log(tx, log_id, hong.id))


async def test_a_word_is_added_once(world, school, ming):
    """A decision that has words keeps them."""
    log_id = await hand_in(world, ming, push=False)
    await decide(world, (await read(world, log_id, school.mentor)).log, school.mentor, Decision.APPROVED)
    review = (await read(world, log_id, school.mentor)).last
    await world.database.transaction(lambda tx: reviews.add_words(tx, review, "Good."))
    with pytest.raises(Conflict):
        await world.database.transaction(lambda tx: reviews.add_words(tx, review, "Better."))


def test_only_known_codes_are_ready_reasons():
    """What somebody typed that looks like a code is their words."""
    assert "steps" == coded(CODE + "steps")
    assert [None, None, None] == [coded("steps"), coded(CODE + "nonsense"), coded("")]
    assert all(coded(CODE + code) == code for codes in READY.values() for code in codes)


async def test_a_mentor_of_another_school_reads_nothing_here(world, school, ming):
    """Suspended by the student's school, the mentor whom another school keeps does not hold the log back."""
    log_id = await hand_in(world, ming, push=False)

    async def only_the_other_school(tx):
        other = await schools.school_named(tx, "Hillside", time_zone="Asia/Shanghai", now=world.clock())
        await schools.add_mentor(tx, person_id=school.mentor.id, enterprise_id=school.enterprise_id, school_id=other.id)
        await tx.run("UPDATE mentors SET suspended_at = :now WHERE school_id = :id", now=world.clock(), id=school.id)

    await world.database.transaction(only_the_other_school)
    for person, waiting in ((school.mentor, []), (school.coordinator, [log_id])):
        listed = await world.database.read(lambda tx, who=person: reviews.queue(tx, who.id, today=today(world)))
        assert waiting == [log.id for log in listed]
