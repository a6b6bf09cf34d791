"""Waiting and handing over in the storage, on both kinds of database: who answers, who reads, what is overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.logs import Decision, Section
from storage import hand_overs, logs, openings, placements, reminders, reviews, schedule, waiting
from storage import reminder_plans as plans
from storage.errors import Conflict, NotFound
from storage.invariants import violations
from tests.storage.announcement_people import NOW, TODAY, WEEK, make_cast

DAY = timedelta(days=1)
LAST = TODAY + 7 * DAY


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def hand_in(database, cast, name, *, week=WEEK, now=NOW):
    """Hand in somebody's log and return its id."""

    async def work(tx):
        log = await logs.begin(tx, await placements.by_id(tx, cast.placed[name]), week, now=now)
        await logs.write(tx, log, Section.DONE, "Measured blood pressure.")
        await logs.submit(tx, await logs.for_student(tx, log.id, cast.who[name]), now=now)
        return log.id

    return await database.transaction(work)


async def decide(database, cast, log_id, decision, *, now):
    async def work(tx):
        log = (await reviews.for_reviewer(tx, log_id, cast.who["Li"], today=TODAY)).log
        await reviews.decide(tx, log, cast.who["Li"], decision, "Why?", now=now)

    await database.transaction(work)


async def hand_over(database, cast, mentor="Li", stand_in="idle"):
    return await database.transaction(
        lambda tx: hand_overs.begin(
            tx,
            cast.who[mentor],
            cast.who[stand_in] if stand_in else None,
            last_day=LAST,
            ends_at=NOW + 8 * DAY,
            now=NOW,
        )
    )


async def queued(database, cast, name):
    found = await database.read(lambda tx: reviews.queue(tx, cast.who[name], today=TODAY))
    return [log.id for log in found]


async def reads(database, cast, name, log_id):
    try:
        await database.read(lambda tx: reviews.for_reviewer(tx, log_id, cast.who[name], today=TODAY))
    except NotFound:
        return False
    return True


async def test_latest_waits(database, cast):
    """The newest ten answers of a reviewer, each from the submission that it answers; a reopening is none."""
    for number in range(12):
        log_id = await hand_in(database, cast, "a1", week=WEEK + number * 7 * DAY)
        await decide(database, cast, log_id, Decision.RETURNED, now=NOW + number * DAY)
    waits = await database.read(lambda tx: waiting.latest_waits(tx, cast.who["Li"]))
    assert [number * DAY for number in reversed(range(2, 12))] == waits
    assert [] == await database.read(lambda tx: waiting.latest_waits(tx, cast.who["idle"]))


async def test_a_class_decides_what_is_overdue(database, cast):
    """A log in a class with another term is overdue at another time, for mentors and for coordinators."""
    log_id = await hand_in(database, cast, "a1")
    await database.transaction(
        lambda tx: tx.run("UPDATE classes SET answer_days = 5 WHERE id = :id", id=cast.classes["A"])
    )

    async def overdue(after):
        async def work(tx):
            await schedule.put(tx, "mentor", cast.who["Li"], NOW)
            await schedule.put(tx, "coordinator", cast.who["Wang"], NOW)
            mentors = await schedule.take(tx, "mentor", now=NOW, limit=9)
            bosses = await schedule.take(tx, "coordinator", now=NOW, limit=9)
            piles = await plans.piles(tx, mentors, now=NOW + after, since=WEEK)
            told = await plans.escalations(tx, bosses, now=NOW + after)
            return [pile.fresh for pile in piles], told.get(cast.who["Wang"], [])

        return await database.transaction(work)

    moment = timedelta(seconds=1)
    assert ([False], []) == await overdue(5 * DAY - moment)
    assert ([True], []) == await overdue(5 * DAY)
    assert ([True], []) == await overdue(9 * DAY - moment)
    assert ([True], [None]) == await overdue(9 * DAY)
    await database.transaction(lambda tx: plans.mark_nudged(tx, [(cast.who["Li"], WEEK)], now=NOW + 4 * DAY))
    assert ([True], []) == await overdue(5 * DAY)
    await database.transaction(lambda tx: plans.mark_nudged(tx, [(cast.who["Li"], WEEK)], now=NOW + 5 * DAY))
    assert ([False], []) == await overdue(5 * DAY)
    assert await database.transaction(lambda tx: waiting.tell_coordinators(tx, log_id, now=NOW + 2 * DAY))
    assert not await database.transaction(lambda tx: waiting.tell_coordinators(tx, log_id, now=NOW + 3 * DAY))
    assert ([False], [NOW + 2 * DAY]) == await overdue(5 * DAY)


async def test_who_answers(database, cast):
    """The mentor, or who stands in; neither a mentor who is suspended nor one long after the placement's end."""

    async def answers(today=TODAY):
        async def work(tx):
            return await waiting.answerer(tx, await placements.by_id(tx, cast.placed["a1"]), today=today)

        found = await database.read(work)
        return found and found.name

    assert "Li" == await answers()
    assert await answers(TODAY + 365 * DAY) is None
    await hand_over(database, cast)
    assert "idle" == await answers()
    await database.transaction(
        lambda tx: tx.run("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", now=NOW, id=cast.who["idle"])
    )
    assert await answers() is None


async def test_handing_over_and_back(database, cast):
    """Queue, reminders and reading follow; the mentor goes on reading; other students are not touched."""
    hers, others = await hand_in(database, cast, "a1"), await hand_in(database, cast, "c1")
    assert [([hers], True), ([others], False)] == [
        (await queued(database, cast, name), await reads(database, cast, name, hers)) for name in ("Li", "idle")
    ]
    begun = await hand_over(database, cast)
    with pytest.raises(Conflict):
        await hand_over(database, cast)
    assert [([], True), ([hers, others], True)] == [
        (await queued(database, cast, name), await reads(database, cast, name, hers)) for name in ("Li", "idle")
    ]
    assert not await reads(database, cast, "Li", others)
    assert not await reads(database, cast, "Zhao", hers)
    assert [hers, others] == [
        one.log_id
        for one in await database.read(
            lambda tx: reminders.waiting_for_mentor(tx, cast.who["idle"], until=NOW, today=TODAY)
        )
    ]
    placement = await database.read(lambda tx: placements.by_id(tx, cast.placed["a1"]))
    assert (cast.who["idle"], "idle", "Li") == (placement.answerer_id, placement.stand_in_name, placement.mentor_name)
    assert [cast.who["idle"]] == await database.read(lambda tx: placements.reviewers(tx, placement))
    await database.transaction(lambda tx: hand_overs.end(tx, begun, now=NOW + DAY))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: hand_overs.end(tx, begun, now=NOW + DAY))
    assert [([hers], True), ([others], False)] == [
        (await queued(database, cast, name), await reads(database, cast, name, hers)) for name in ("Li", "idle")
    ]
    again = await hand_over(database, cast, stand_in=None)
    assert again.id != begun.id
    assert [hers] == await queued(database, cast, "Wang")
    assert [[cast.classes["A"]], []] == [
        await database.read(lambda tx, who=who: hand_overs.classes_without(tx, cast.who[who], today=TODAY))
        for who in ("Li", "Zhao")
    ]


async def test_who_may_stand_in(database, cast):
    """Others of the same enterprise and school; not of another one, not who is away or has stopped the bot."""

    async def colleagues(of="Li"):
        found = await database.read(lambda tx: hand_overs.colleagues(tx, cast.who[of]))
        return [name for _, name in found]

    assert (["idle"], ["Li"], [], []) == (
        await colleagues(),
        await colleagues("idle"),
        await colleagues("Zhao"),
        await colleagues("of X"),
    )
    await hand_over(database, cast, "idle", None)
    assert [] == await colleagues()


async def test_a_placement_that_comes_or_goes_meanwhile(database, cast):
    """A new one of an absent mentor is handed over too; one that gets another mentor is not any more."""
    await hand_over(database, cast)

    async def work(tx):
        new = await placements.create(
            tx,
            student_id=cast.lines["a2"],
            enterprise_id=cast.enterprises["Hospital"],
            mentor_id=cast.who["Li"],
            starts_on=WEEK,
            ends_on=LAST,
            created_by=None,
            now=NOW,
        )
        await placements.set_mentor(tx, await placements.by_id(tx, cast.placed["a1"]), None)
        return await placements.by_id(tx, new), await placements.by_id(tx, cast.placed["a1"])

    new, old = await database.transaction(work)
    assert (True, cast.who["idle"]) == (new.handed_over, new.answerer_id)
    assert (False, None) == (old.handed_over, old.answerer_id)
    broken = await database.read(violations)
    assert [] == [one for one in broken if one.name.startswith("hand_over")]


async def test_openings(database, cast):
    """What was opened counts until the student hands in anew, and until it is answered."""
    log_id, me = await hand_in(database, cast, "a1"), cast.who["Li"]

    async def opened():
        return await database.read(lambda tx: openings.opened(tx, me))

    async def note():
        await database.transaction(lambda tx: openings.note(tx, log_id, me))

    async def again(tx):
        await logs.withdraw(tx, await logs.for_student(tx, log_id, cast.who["a1"]), now=NOW)
        await logs.submit(tx, await logs.for_student(tx, log_id, cast.who["a1"]), now=NOW)

    assert set() == await opened()
    await note()
    await note()
    assert {log_id} == await opened()
    await database.transaction(again)
    assert set() == await opened()
    await note()
    assert {log_id} == await opened()
    log = (await database.read(lambda tx: reviews.for_reviewer(tx, log_id, me, today=TODAY))).log
    await database.transaction(lambda tx: reviews.decide(tx, log, me, Decision.APPROVED, now=NOW))
    assert set() == await opened()
    just_now = [
        await database.read(lambda tx, now=now: openings.approved_just_now(tx, me, now=now))
        for now in (NOW + timedelta(seconds=59), NOW + timedelta(seconds=60))
    ]
    assert [[log_id], []] == just_now
