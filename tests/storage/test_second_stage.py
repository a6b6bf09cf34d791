"""The second stage in the storage, on both kinds of database: who has a log, what is kept, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.logs import Decision, LogState, Section
from storage import classes, hand_overs, logs, outbox, reminders, reviews, schedule, second_stage, thanks
from storage import reminder_plans as plans
from storage.errors import AlreadyExists, Conflict, NotFound
from storage.invariants import violations
from storage.invariants_of_rounds import LOGS, REVIEWS
from tests.storage.announcement_people import NOW, TODAY, WEEK, make_cast
from tests.storage.test_waiting import hand_in, queued

DAY = timedelta(days=1)


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def read(database, cast, log_id, name="Li"):
    return await database.read(lambda tx: reviews.for_reviewer(tx, log_id, cast.who[name], today=TODAY))


async def decide(database, cast, log_id, decision, name="Li", *, words="", now=NOW):
    """Decide on a log as it is now, with the message about an approval held back; return the review's id."""
    log = (await read(database, cast, log_id, name)).log

    async def work(tx):
        review_id = await reviews.decide(tx, log, cast.who[name], decision, words, now=now)
        key = reviews.answer_key(review_id)
        await outbox.add(tx, cast.who["a1"], "log", log_id, now=now, due_at=now + timedelta(minutes=1), unique_key=key)
        return review_id

    return await database.transaction(work)


async def kept(database, log_id):
    row = await database.read(
        lambda tx: tx.one("SELECT state, school_since, decided_at FROM logs WHERE id = :id", id=log_id)
    )
    return row["state"], row["school_since"], row["decided_at"]


async def hold(database):
    """See that of logs and reviews everything holds that always does."""
    broken = await database.read(violations)
    assert [] == [one for one in broken if one.name in {its.name for its in (*LOGS, *REVIEWS)}]


async def test_the_policy_is_off_until_it_is_wanted(database, cast):
    """Only who covers the class changes it, and the same again is a conflict."""
    class_id, wang = cast.classes["A"], cast.who["Wang"]
    assert not (await database.read(lambda tx: classes.for_coordinator(tx, class_id, wang))).rules.second_stage

    def want(name, *, wanted):
        return database.transaction(lambda tx: classes.want_second_stage(tx, class_id, cast.who[name], wanted=wanted))

    await want("Wang", wanted=True)
    assert (await database.read(lambda tx: classes.for_coordinator(tx, class_id, wang))).rules.second_stage
    with pytest.raises(Conflict):
        await want("Wang", wanted=True)
    with pytest.raises(NotFound):
        await want("Li", wanted=False)


async def test_what_an_approval_is(database, cast):
    """A mentor's passes on where the class wants it and somebody looks after it; a coordinator's is the last word."""
    log_id = await hand_in(database, cast, "a1")

    async def approval(name):
        log = (await read(database, cast, log_id, name)).log
        return await database.read(lambda tx: second_stage.approval(tx, log, cast.who[name]))

    assert Decision.APPROVED is await approval("Li")
    await database.transaction(lambda tx: tx.run("UPDATE classes SET second_stage = TRUE"))
    assert [Decision.PASSED, Decision.APPROVED] == [await approval(name) for name in ("Li", "Wang")]
    await database.transaction(lambda tx: tx.run("DELETE FROM class_coordinators"))
    assert Decision.APPROVED is await approval("Li")


async def test_passing_on_and_back(database, cast):
    """The queue changes hands with the mentor's approval and its undoing; what was marked begins anew."""
    log_id = await hand_in(database, cast, "a1")
    before = await queued(database, cast, "Wang")
    await database.transaction(lambda tx: tx.run("UPDATE logs SET nudged_at = :now, escalated_at = :now", now=NOW))
    await decide(database, cast, log_id, Decision.PASSED, now=NOW + DAY)
    assert ("submitted", NOW + DAY, None) == await kept(database, log_id)
    assert ([], [log_id]) == (await queued(database, cast, "Li"), await queued(database, cast, "Wang"))
    its = await read(database, cast, log_id)
    assert (None, None) == (its.log.nudged_at, its.log.escalated_at)
    await hold(database)
    await database.transaction(lambda tx: reviews.undo(tx, its.log, its.last, now=NOW + DAY))
    assert ("submitted", None, None) == await kept(database, log_id)
    assert ([log_id], before) == (await queued(database, cast, "Li"), await queued(database, cast, "Wang"))
    await hold(database)


async def test_a_log_is_passed_on_once(database, cast):
    """A second mentor who read it waiting gets a conflict; the database itself keeps one such review a log."""
    log_id = await hand_in(database, cast, "a1")
    log = (await read(database, cast, log_id)).log
    await decide(database, cast, log_id, Decision.PASSED)
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: reviews.decide(tx, log, cast.who["Li"], Decision.PASSED, now=NOW))
    with pytest.raises(AlreadyExists):
        await database.transaction(
            lambda tx: tx.run(
                """INSERT INTO reviews (log_id, revision_id, reviewer_id, decision, created_at)
                SELECT log_id, revision_id, reviewer_id, decision, created_at FROM reviews"""
            )
        )


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.RETURNED, Decision.NEEDS_INFO])
async def test_only_the_school_answers_at_its_stage(database, cast, decision):
    """A mentor reads it and may not decide, nor finds it among what waits."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED)
    with pytest.raises(NotFound):
        await decide(database, cast, log_id, decision, words="no")
    for everything in (False, True):
        waiting = await database.read(
            lambda tx, e=everything: reviews.queue(tx, cast.who["Li"], today=TODAY, everything=e)
        )
        assert [] == waiting
    await decide(database, cast, log_id, decision, "Wang", words="yes")
    assert decision.value == (await kept(database, log_id))[0]
    await hold(database)


async def test_undo_once_the_school_has_answered(database, cast):
    """It is a conflict, and nothing changes."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED)
    its = await read(database, cast, log_id)
    await decide(database, cast, log_id, Decision.APPROVED, "Wang")
    now = await read(database, cast, log_id)
    for log in (its.log, now.log):
        with pytest.raises(Conflict):
            await database.transaction(lambda tx, log=log: reviews.undo(tx, log, its.last, now=NOW))
    assert 2 == len((await read(database, cast, log_id)).reviews)


async def test_the_schools_approval_is_undone_to_its_stage(database, cast):
    """The log waits for the school again; the mentor's approval stays."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED)
    await decide(database, cast, log_id, Decision.APPROVED, "Wang")
    its = await read(database, cast, log_id)
    await database.transaction(lambda tx: reviews.undo(tx, its.log, its.last, now=NOW))
    assert ("submitted", NOW, None) == await kept(database, log_id)
    assert [Decision.PASSED] == [review.decision for review in (await read(database, cast, log_id)).reviews]
    await hold(database)


@pytest.mark.parametrize("decision", [Decision.RETURNED, Decision.NEEDS_INFO])
async def test_what_comes_back_is_the_schools(database, cast, decision):
    """It waits there since it was handed in again; taken back it is as the school left it, and the schools still."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED)
    with pytest.raises(Conflict):
        await _withdraw(database, cast, log_id)
    await decide(database, cast, log_id, decision, "Wang", words="Why?", now=NOW + DAY)
    await _hand_in_again(database, cast, log_id, NOW + 2 * DAY)
    assert ("submitted", NOW + 2 * DAY, None) == await kept(database, log_id)
    assert ([], [log_id]) == (await queued(database, cast, "Li"), await queued(database, cast, "Wang"))
    await hold(database)
    await _withdraw(database, cast, log_id)
    assert (decision.value, NOW + DAY) == (await kept(database, log_id))[::2]
    await _hand_in_again(database, cast, log_id, NOW + 3 * DAY)
    await decide(database, cast, log_id, Decision.APPROVED, "Wang")
    await hold(database)


async def _withdraw(database, cast, log_id):
    log = await database.read(lambda tx: logs.for_student(tx, log_id, cast.who["a1"]))
    return await database.transaction(lambda tx: logs.withdraw(tx, log, now=NOW + 3 * DAY))


async def _hand_in_again(database, cast, log_id, now):
    async def work(tx):
        log = await logs.for_student(tx, log_id, cast.who["a1"])
        section = Section.ANSWER if log.state is LogState.NEEDS_INFO else Section.DONE
        await logs.write(tx, log, section, "Because.")
        await logs.submit(tx, await logs.for_student(tx, log_id, cast.who["a1"]), now=now)

    await database.transaction(work)


async def test_taken_back_at_the_moment_at_which_it_is_passed_on(database, cast):
    """Whoever comes second gets a conflict."""
    log_id = await hand_in(database, cast, "a1")
    log = await database.read(lambda tx: logs.for_student(tx, log_id, cast.who["a1"]))
    await decide(database, cast, log_id, Decision.PASSED)
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: logs.withdraw(tx, log, now=NOW))
    assert "submitted" == (await kept(database, log_id))[0]


async def test_reminders_follow_the_log(database, cast):
    """The mentor is not told of it any more; the coordinators are, and its term begins with the school."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED, now=NOW + 2 * DAY)
    later = NOW + 10 * DAY
    assert [] == await database.read(
        lambda tx: reminders.waiting_for_mentor(tx, cast.who["Li"], until=later, today=TODAY)
    )
    found = await database.read(lambda tx: reminders.waiting_for_coordinator(tx, cast.who["Wang"], until=later))
    assert [(log_id, NOW + 2 * DAY)] == [(one.log_id, one.since) for one in found]

    async def planned(tx, now):
        piles = await plans.piles(tx, await _batch(tx, "mentor", cast.who["Li"]), now=now, since=TODAY)
        return piles, await plans.escalations(tx, await _batch(tx, "coordinator", cast.who["Wang"]), now=now)

    assert ([], {}) == await database.transaction(lambda tx: planned(tx, NOW + 9 * DAY - timedelta(seconds=1)))
    assert ([], {cast.who["Wang"]: [None]}) == await database.transaction(lambda tx: planned(tx, NOW + 9 * DAY))


async def test_arrivals_are_marked_once(database, cast):
    """The first coordinator who is told marks them; a hand-over of the mentor's leaves the mark alone."""
    log_id = await hand_in(database, cast, "a1")
    wang = cast.who["Wang"]

    async def look(tx):
        return await plans.arrivals(tx, await _batch(tx, "coordinator", wang), now=NOW + DAY)

    def arrivals():
        return database.transaction(look)

    assert {} == await arrivals()
    await decide(database, cast, log_id, Decision.PASSED)
    assert {wang: [None]} == await arrivals()
    for at in (NOW, NOW + DAY):
        await database.transaction(lambda tx, at=at: plans.mark_arrived(tx, [(wang, at)], now=NOW + DAY))
    await database.transaction(
        lambda tx: hand_overs.begin(tx, cast.who["Li"], None, last_day=TODAY, ends_at=NOW + DAY, now=NOW)
    )
    assert {wang: [NOW]} == await arrivals()


async def _batch(tx, kind, person):
    """One person whose check is due."""
    await schedule.put(tx, kind, person, NOW)
    return await schedule.take(tx, kind, now=NOW, limit=9)


async def test_how_long_the_school_takes(database, cast):
    """Its answers are counted from the mentor's approval, or from the submission that came straight to it."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED, now=NOW + 5 * DAY)
    await decide(database, cast, log_id, Decision.RETURNED, "Wang", words="Why?", now=NOW + 6 * DAY)
    await _hand_in_again(database, cast, log_id, NOW + 7 * DAY)
    await decide(database, cast, log_id, Decision.APPROVED, "Wang", now=NOW + 9 * DAY)
    waits = await database.read(lambda tx: second_stage.latest_waits(tx, cast.classes["A"]))
    assert [DAY, 2 * DAY] == sorted(waits)
    assert [] == await database.read(lambda tx: second_stage.latest_waits(tx, 987_654))


async def test_the_school_is_not_held_against_the_mentor(database, cast):
    """How long it takes, and what waits there, neither ends nor opens the row of weeks answered in time."""
    log_id = await hand_in(database, cast, "a1")
    await decide(database, cast, log_id, Decision.PASSED, now=NOW + DAY)
    await decide(database, cast, log_id, Decision.RETURNED, "Wang", words="Why?", now=NOW + 9 * DAY)
    await _hand_in_again(database, cast, log_id, NOW + 10 * DAY)

    async def weeks(tx):
        batch = await _batch(tx, "mentor", cast.who["Li"])
        return await thanks.weeks(tx, batch, since=WEEK, now=NOW + 30 * DAY)

    assert [(False, False, True)] == [
        (week.missed, week.waits, week.own) for week in (await database.transaction(weeks))[cast.who["Li"]]
    ]


@pytest.mark.parametrize(("hours", "carried"), [(None, (4, 38.0)), (36, (4, None))])
async def test_the_mentors_stars_and_hours_are_carried_on(database, cast, hours, carried):
    """The school's approval has them too; hours only while they are those that the mentor confirmed."""
    log_id = await hand_in(database, cast, "a1")
    await database.transaction(lambda tx: tx.run("UPDATE logs SET hours = 38"))
    await database.transaction(
        lambda tx: tx.run("UPDATE revisions SET content = REPLACE(content, :old, :new)", old="null", new="38.0")
    )
    await decide(database, cast, log_id, Decision.PASSED)
    await database.transaction(lambda tx: tx.run("UPDATE reviews SET stars = 4, hours = 38"))
    await decide(database, cast, log_id, Decision.RETURNED, "Wang", words="Why?")
    if hours is not None:
        await database.transaction(lambda tx: tx.run("UPDATE logs SET hours = :hours", hours=float(hours)))
    await _hand_in_again(database, cast, log_id, NOW + DAY)
    await decide(database, cast, log_id, Decision.APPROVED, "Wang")
    last = (await read(database, cast, log_id)).last
    assert carried == (last.stars, last.hours)
    returned = (await read(database, cast, log_id)).reviews[1]
    assert (None, None) == (returned.stars, returned.hours)
    await hold(database)
