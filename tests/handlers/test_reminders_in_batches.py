"""Reminders that fall due together: planned in batches, each once, whatever happens between or within them."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.schedule import PUT_OFF, tick
from domain.people import Language
from handlers.access import NOTICE_VERSION
from storage import people, placements, schedule, schools, students
from storage.database import open_database
from storage.errors import Conflict, Unavailable
from tests.databases import KINDS
from tests.handlers.reminded import FRIDAY, LAST, NOON, WEEK, at, hand_in, rows, said
from tests.people import make_school, member

A_FEW = 3  # things in a batch


@pytest.fixture(autouse=True, params=KINDS)
def kind(request, monkeypatch):
    """The database on which the world runs."""
    monkeypatch.setattr("tests.conftest.KIND", request.param)


@pytest.fixture
async def school(world):
    return await make_school(world)


async def crowd(world, school, size):
    """So many students who have joined and are placed for twelve weeks; returns their phones by placement."""
    phones = [await world.phone(f"Student {n}") for n in range(size)]
    for phone in phones:
        await world.telegram.post(f"chats/{phone.id}/text", text="/help")
    await world.settle()
    now = world.clock()

    async def work(tx):
        placed = {}
        for n, phone in enumerate(phones):
            person = await people.meet(
                tx, telegram_id=phone.id, name=phone.name, language=Language.ENGLISH, time_zone="Asia/Shanghai", now=now
            )
            await people.agree(tx, person.id, version=NOTICE_VERSION, now=now)
            await students.put_on_roster(
                tx, school_id=school.id, class_id=school.class_id, number=str(n), name=phone.name
            )
            line = await students.roster_line(tx, school.id, str(n))
            await students.join(tx, line.id, person.id, now=now)
            placement_id = await placements.create(
                tx,
                student_id=line.id,
                enterprise_id=school.enterprise_id,
                mentor_id=school.mentor.id,
                starts_on=WEEK,
                ends_on=WEEK + timedelta(days=83),
                created_by=school.coordinator.id,
                now=now,
            )
            placed[placement_id] = phone
        return placed

    placed = await world.database.transaction(work)
    await world.move(minutes=1)  # each is on the schedule for its first reminder
    return placed


def in_batches(world, around=None, *, kind="placement", of=A_FEW):
    """Have things planned in batches of a few, each batch through `around(batch, plan)`."""
    planner = world.house.routes.planners[kind]

    async def plan(tx, batch, now):
        if around is not None:
            around(batch)
        return await planner.plan(tx, batch, now)

    world.house.routes.planners[kind] = replace(planner, plan=plan, at_once=of)


async def reminded(placed):
    """How many reminders each student got."""
    return [len(await said(phone)) for phone in placed.values()]


async def due_at(world, placement_id):
    row = await world.database.read(
        lambda tx: tx.one("SELECT due_at FROM schedule WHERE kind = 'placement' AND subject = :id", id=placement_id)
    )
    return row["due_at"]


async def test_three_hundred_due_at_once(world, school):
    """Three hundred students whose reminder falls due in one minute get exactly one each, in one tick."""
    placed = await crowd(world, school, 300)
    sizes = []
    in_batches(world, lambda batch: sizes.append(len(batch.entries)), of=70)
    await world.move(FRIDAY)
    assert [70, 70, 70, 70, 20] == sizes
    assert [1] * 300 == await reminded(placed)
    assert Counter({NOON: 300}) == Counter([await due_at(world, id_) for id_ in placed])


@pytest.mark.parametrize("error", [ValueError("a fault in a rule"), Conflict("of one thing")])
async def test_rule_that_fails_for_one(world, school, error, capsys):
    """A rule that fails for one placement puts that one off by an hour, with a record; everybody else is reminded."""
    placed = await crowd(world, school, 10)
    unlucky = list(placed)[4]
    fails = True

    def maybe(batch):
        if fails and unlucky in [entry.subject for entry in batch.entries]:
            raise error

    in_batches(world, maybe, of=8)
    await world.move(FRIDAY)
    expected = [int(id_ != unlucky) for id_ in placed]
    assert expected == await reminded(placed)
    assert FRIDAY + PUT_OFF == await due_at(world, unlucky)
    assert 1 == capsys.readouterr().out.count("schedule.failed")
    await world.move(minutes=1)
    assert expected == await reminded(placed)
    fails = False
    await world.move(FRIDAY + PUT_OFF)
    await world.move(NOON)
    assert [n + 1 for n in expected] == await reminded(placed)


async def test_rule_that_fails_for_all(world, school):
    """A rule that fails altogether is asked again in an hour, and the tick comes to its end."""
    placed = await crowd(world, school, 5)
    in_batches(world, lambda batch: 1 / 0)
    await world.move(FRIDAY)
    assert [FRIDAY + PUT_OFF] * 5 == [await due_at(world, id_) for id_ in placed]
    assert [0] * 5 == await reminded(placed)


async def test_ticks_at_once(world, school):
    """Three ticks in one program, and one of a second program on the same database, remind everybody once."""
    placed = await crowd(world, school, 11)
    in_batches(world)
    world.clock.now = FRIDAY
    other = await open_database(world.settings.database_url)
    try:
        second = replace(world.house, database=other)
        await asyncio.gather(tick(world.house), tick(second), tick(world.house), tick(second))
    finally:
        await other.close()
    await world.tick()
    assert [1] * 11 == await reminded(placed)
    assert 11 == len(await rows(world))


@pytest.mark.parametrize("when", ["between", "within"])
async def test_killed_in_the_middle(world, school, when):
    """A tick that ends between two batches, or in one of them, is taken up by the next; everybody is told once."""
    placed = await crowd(world, school, 8)
    batches = []

    def end(batch):
        batches.append(batch)
        if len(batches) == 2:
            if when == "within":
                raise Unavailable("the database is gone")
            ticking.cancel()

    in_batches(world, end)
    world.clock.now = FRIDAY
    ticking = asyncio.create_task(tick(world.house))
    with pytest.raises((asyncio.CancelledError, Unavailable)):
        await ticking
    await world.restart()
    assert 2 == len(batches)
    assert {"between": 2 * A_FEW, "within": A_FEW}[when] == len(await rows(world))
    await world.tick()
    assert [1] * 8 == await reminded(placed)
    assert 8 == len(await rows(world))


async def test_clock_that_jumps_back(world, school):
    """When the clock is set back after a reminder, the same moment comes a second time and the reminder does not."""
    placed = await crowd(world, school, 4)
    await world.move(FRIDAY)
    await world.move(FRIDAY - timedelta(hours=2))
    await world.move(FRIDAY)
    await world.move(minutes=1)
    assert [1] * 4 == await reminded(placed)
    await world.move(NOON)
    await world.move(NOON - timedelta(days=1))
    await world.move(LAST)
    assert [3] * 4 == await reminded(placed)


async def test_clock_that_jumps_back_between_batches(world, school):
    """Whoever had not had a turn when the clock was set back is reminded when the moment comes again."""
    placed = await crowd(world, school, 8)

    def back(batch):
        if world.clock.now == FRIDAY:
            world.clock.now = FRIDAY - timedelta(hours=1)

    in_batches(world, back)
    await world.move(FRIDAY)
    assert A_FEW == len(await rows(world))
    await world.move(FRIDAY + timedelta(minutes=1))
    assert [1] * 8 == await reminded(placed)


async def test_students_of_one_batch_are_judged_each_for_themselves(world, school):
    """In one batch one has handed in, one has a zone and one an hour of their own, one is suspended, one is excused."""
    placed = await crowd(world, school, 6)
    handed, abroad, late, suspended, excused, _ = placed

    async def change(tx):
        ids = {id_: (await placements.by_id(tx, id_)).student_person for id_ in placed}
        await people.set_time_zone(tx, ids[abroad], "America/New_York")
        await people.set_reminder_time(tx, ids[late], time(19, 30))
        for person_id in (ids[abroad], ids[late]):
            await schedule.replan_person(tx, person_id, world.clock())
        now = world.clock()
        await tx.run("UPDATE students SET suspended_at = :now WHERE person_id = :id", now=now, id=ids[suspended])
        by = school.coordinator.id
        await placements.excuse(tx, excused, WEEK, reason="ill", created_by=by, now=now)

    await world.database.transaction(change)
    await hand_in(world, handed)
    await world.move(minutes=1)
    await world.move(FRIDAY)
    assert [0, 0, 0, 0, 0, 1] == await reminded(placed)
    await world.move(at(4, "19:30"))
    assert [0, 0, 1, 0, 0, 1] == await reminded(placed)
    await world.move(at(4, "21:00"))  # abroad it is morning
    assert [0, 1, 1, 0, 0, 1] == await reminded(placed)
    await world.move(LAST)  # late: of the two of Sunday only the newer one goes; abroad it is night
    assert [0, 1, 2, 0, 0, 2] == await reminded(placed)


async def test_mentors_of_one_batch_are_judged_each_for_themselves(world, school):
    """On one Monday one mentor has nothing, one has fresh logs, and one of another zone is looked at later."""
    fresh, abroad = await school.add_mentor("Mr Qian"), await school.add_mentor("Ms Sun")

    async def move_away(tx):
        await people.set_time_zone(tx, abroad.id, "Europe/Berlin")
        await schedule.replan_person(tx, abroad.id, world.clock())

    await world.database.transaction(move_away)
    for number, mentor in enumerate((fresh, abroad)):
        student = await school.add_student(f"Student {number}", str(number))
        placement_id = await school.place(student, mentor)
        await world.move(at(6, "19:00"))
        await hand_in(world, placement_id)
    await world.move(at(7, "09:00"))
    assert [0, 1, 0] == [len(await said(mentor)) for mentor in (school.mentor, fresh, abroad)]
    await world.move(at(7, "16:00"))
    assert [0, 1, 1] == [len(await said(mentor)) for mentor in (school.mentor, fresh, abroad)]
    for day in range(8, 12):  # the digest came before the log was three days old, so it is nudged on one of these
        await world.move(at(day, "16:00"))
    assert [0, 2, 2] == [len(await said(mentor)) for mentor in (school.mentor, fresh, abroad)]


async def test_coordinators_of_one_batch(world, school):
    """Two coordinators of a class who are looked at in one minute both hear of a log, and neither a second time."""
    colleague = await member(world, "Ms Zhao")

    async def share(tx):
        await schools.add_coordinator(tx, school.id, colleague.id)
        await tx.run(
            "INSERT INTO class_coordinators (class_id, person_id) VALUES (:class_id, :person)",
            class_id=school.class_id,
            person=colleague.id,
        )
        await schedule.put(tx, "coordinator", colleague.id, world.clock())

    await world.database.transaction(share)
    student = await school.add_student("Ann", "1")
    await hand_in(world, await school.place(student, starts_on=date(2026, 11, 2)))
    for day in range(1, 12):
        await world.move(at(day, "09:00"))
    assert [1, 1] == [len(await said(coordinator)) for coordinator in (school.coordinator, colleague)]
