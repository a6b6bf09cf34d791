"""Requests to join: one open for each person, seen by who covers the class, decided once."""

from __future__ import annotations

import pytest

from domain.roster import Match
from storage import schools, students
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.conftest import NOW
from tests.storage.school_people import make_cast


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def ask(database, cast, person=None, number="20230115", name="Ann"):
    return await database.transaction(
        lambda tx: students.ask_to_join(
            tx, class_id=cast.class_id, person_id=person or cast.ann, number=number, name=name, now=NOW
        )
    )


async def enrol(database, cast, name="Ann", number="20230115", person=None):
    async def work(tx):
        await students.put_on_roster(tx, school_id=cast.school_id, class_id=cast.class_id, number=number, name=name)
        line = await students.roster_line(tx, cast.school_id, number)
        if person:
            await students.join(tx, line.id, person, now=NOW)
        return line.id

    return await database.transaction(work)


async def decide(database, cast, request, *, accepted):
    async def work(tx):
        its = await students.request_for_coordinator(tx, request, cast.boss)
        await students.decide_request(tx, its, accepted=accepted, decided_by=cast.boss, now=NOW)

    await database.transaction(work)


async def test_a_person_has_one_open_request(database, cast):
    """A second one needs the first to be taken back."""
    first = await ask(database, cast)
    with pytest.raises(AlreadyExists):
        await ask(database, cast, number="2")
    withdrawn = await database.transaction(lambda tx: students.withdraw_request(tx, cast.ann))
    assert first == withdrawn.id
    assert await database.transaction(lambda tx: students.withdraw_request(tx, cast.ann)) is None
    second = await ask(database, cast, number="2")
    assert second == (await database.read(lambda tx: students.open_request(tx, cast.ann))).id
    assert await database.read(lambda tx: students.has_asked(tx, class_id=cast.class_id, person_id=cast.ann))
    assert not await database.read(lambda tx: students.has_asked(tx, class_id=cast.class_id, person_id=cast.bob))


async def test_a_request_is_seen_by_who_covers_the_class_and_who_made_it(database, cast):
    """Nobody else gets it."""
    request = await ask(database, cast)
    assert "Ann" == (await database.read(lambda tx: students.request_for_coordinator(tx, request, cast.boss))).name
    assert "Ann" == (await database.read(lambda tx: students.request_of_person(tx, request, cast.ann))).name
    for person in (cast.idle, cast.other_boss, cast.ann):
        with pytest.raises(NotFound):
            await database.read(lambda tx, who=person: students.request_for_coordinator(tx, request, who))
        assert [] == await database.read(lambda tx, who=person: students.requests_of_coordinator(tx, who))
    with pytest.raises(NotFound):
        await database.read(lambda tx: students.request_of_person(tx, request, cast.bob))


async def test_a_request_says_what_the_roster_has(database, cast):
    """It is compared with the roster as it is when it is read."""
    request = await ask(database, cast)

    async def match():
        return (await database.read(lambda tx: students.request_for_coordinator(tx, request, cast.boss))).match

    assert Match.UNKNOWN is await match()
    await enrol(database, cast, "Anna")
    assert Match.OTHER_NAME is await match()
    await enrol(database, cast, "Ann")
    assert Match.SAME is await match()
    await enrol(database, cast, "Ann", person=cast.bob)
    assert Match.TAKEN is await match()


async def test_a_request_is_decided_once(database, cast):
    """A yes puts the person on the roster and in; a second decision is a conflict."""
    request = await ask(database, cast)
    await decide(database, cast, request, accepted=True)
    line = await database.read(lambda tx: students.roster_line(tx, cast.school_id, "20230115"))
    assert ("Ann", cast.ann) == (line.name, line.person_id)
    with pytest.raises(Conflict):
        await decide(database, cast, request, accepted=False)


async def test_a_no_changes_nothing_on_the_roster(database, cast):
    """After a no the person is out and may ask again."""
    await enrol(database, cast, "Anna")
    await decide(database, cast, await ask(database, cast), accepted=False)
    line = await database.read(lambda tx: students.roster_line(tx, cast.school_id, "20230115"))
    assert ("Anna", None) == (line.name, line.person_id)
    await ask(database, cast)


async def test_a_number_moves_with_its_line(database, cast):
    """The line keeps its id and name, remembers the former account, and has the new one."""
    line = await enrol(database, cast, "Anna", person=cast.bob)
    await decide(database, cast, await ask(database, cast), accepted=True)
    (row,) = await database.read(lambda tx: tx.all("SELECT id, name, person_id, former_person_id FROM students"))
    assert (line, "Anna", cast.ann, cast.bob) == tuple(row)


async def test_numbers_are_kept_in_one_writing(database, cast):
    """Width, case and spaces do not make a second line."""
    await enrol(database, cast, number="n-2301")
    await enrol(database, cast, "Anna", number="Ｎ-23 01")
    (row,) = await database.read(lambda tx: tx.all("SELECT number, name FROM students"))
    assert ("N-2301", "Anna") == tuple(row)


async def test_a_line_of_another_class_is_moved_only_by_who_covers_it(database, cast):
    """The storage itself refuses a yes of anybody else, also of one who read the request before."""
    request = await ask(database, cast)
    stale = await database.read(lambda tx: students.request_for_coordinator(tx, request, cast.boss))

    async def enrol_elsewhere(tx):
        class_id = await schools.create_class(
            tx,
            school_id=cast.school_id,
            name="Nursing 2302",
            specialty="",
            time_zone="Asia/Shanghai",
            coordinator_id=cast.idle,
            now=NOW,
        )
        await students.put_on_roster(tx, school_id=cast.school_id, class_id=class_id, number="20230115", name="Ann")
        return class_id

    class_id = await database.transaction(enrol_elsewhere)
    with pytest.raises(Conflict):
        await database.transaction(
            lambda tx: students.decide_request(tx, stale, accepted=True, decided_by=cast.boss, now=NOW)
        )
    line = await database.read(lambda tx: students.roster_line(tx, cast.school_id, "20230115"))
    assert (class_id, None) == (line.class_id, line.person_id)
    theirs = await database.read(lambda tx: students.request_for_coordinator(tx, request, cast.idle))
    await database.transaction(
        lambda tx: students.decide_request(tx, theirs, accepted=True, decided_by=cast.idle, now=NOW)
    )
    line = await database.read(lambda tx: students.roster_line(tx, cast.school_id, "20230115"))
    assert (cast.class_id, cast.ann) == (line.class_id, line.person_id)
