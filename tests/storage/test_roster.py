"""The roster as coordinators keep it: who sees which line, and what each change needs and leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.students import Standing
from storage import placements, roster, students
from storage.database import open_database
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.post_people import NOW, TODAY, make_cast


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'roster.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def line(database, cast):
    return await database.read(lambda tx: roster.for_coordinator(tx, cast.student_id, cast.coordinator, today=TODAY))


async def change(database, cast, act, **more):
    student = await line(database, cast)
    await database.transaction(lambda tx: act(tx, student, **more))
    return await line(database, cast)


async def test_only_the_coordinator_of_a_class_sees_its_students(database, cast):
    """Another school's coordinator, a mentor and the student get nothing."""
    for stranger in (cast.other_coordinator, cast.mentor, cast.student):
        with pytest.raises(NotFound):
            await database.read(lambda tx, who=stranger: roster.for_coordinator(tx, cast.student_id, who, today=TODAY))
        assert [] == await database.read(lambda tx, who=stranger: roster.of_class(tx, cast.class_id, who, today=TODAY))
    assert ["Ann"] == [
        student.name
        for student in await database.read(lambda tx: roster.of_class(tx, cast.class_id, cast.coordinator, today=TODAY))
    ]


async def test_a_student_is_shown_with_the_placement_that_runs_or_comes_next(database, cast):
    """One that is over does not count; of two ahead the nearer one does."""

    async def place(days: int) -> int:
        return await database.transaction(
            lambda tx: placements.create(
                tx,
                student_id=cast.student_id,
                enterprise_id=cast.enterprise_id,
                mentor_id=cast.mentor,
                starts_on=TODAY + timedelta(days=days),
                ends_on=TODAY + timedelta(days=days + 20),
                created_by=cast.coordinator,
                now=NOW,
            )
        )

    await place(-60)
    assert (await line(database, cast)).placement_id is None
    await place(60)
    nearer = await place(30)
    assert nearer == (await line(database, cast)).placement_id
    assert [] == await database.read(lambda tx: roster.unplaced(tx, cast.coordinator, today=TODAY))


async def test_each_change_needs_the_state_it_starts_from(database, cast):
    """Suspending twice, freeing a free number, removing twice are conflicts."""
    assert Standing.JOINED == (await line(database, cast)).standing
    assert Standing.SUSPENDED == (await change(database, cast, roster.suspend, now=NOW)).standing
    with pytest.raises(Conflict):
        await change(database, cast, roster.suspend, now=NOW)
    assert Standing.JOINED == (await change(database, cast, roster.readmit)).standing
    assert Standing.FREED == (await change(database, cast, roster.free_number)).standing
    with pytest.raises(Conflict):
        await change(database, cast, roster.free_number)
    assert cast.student == (await change(database, cast, roster.keep_account)).person_id
    removed = await change(database, cast, roster.remove, now=NOW)
    assert (Standing.REMOVED, None, cast.student) == (removed.standing, removed.person_id, removed.former_person_id)
    with pytest.raises(Conflict):
        await change(database, cast, roster.remove, now=NOW)
    assert (Standing.JOINED, cast.student) == (
        (await change(database, cast, roster.take_back)).standing,
        (await line(database, cast)).person_id,
    )


async def test_an_account_that_has_another_line_meanwhile_does_not_come_back(database, cast):
    """Taking a student back opens the number for a new account; keeping the old one is refused."""

    async def move_elsewhere(tx):
        await students.put_on_roster(tx, school_id=1, class_id=cast.class_id, number="2", name="Ann")
        await students.join(tx, (await students.roster_line(tx, 1, "2")).id, cast.student, now=NOW)

    await change(database, cast, roster.remove, now=NOW)
    await database.transaction(move_elsewhere)
    back = await change(database, cast, roster.take_back)
    assert (Standing.WAITING, None) == (back.standing, back.person_id)
    await database.transaction(
        lambda tx: tx.run("UPDATE students SET former_person_id = :p WHERE number = '1'", p=cast.student)
    )
    with pytest.raises(AlreadyExists):
        await change(database, cast, roster.keep_account)


async def test_a_line_is_read_by_whoever_has_or_had_it(database, cast):
    """The former account may be told what became of it; nobody else may."""
    await change(database, cast, roster.free_number)
    assert "Ann" == (await database.read(lambda tx: roster.of_account(tx, cast.student_id, cast.student)))["name"]
    with pytest.raises(NotFound):
        await database.read(lambda tx: roster.of_account(tx, cast.student_id, cast.other_student))
