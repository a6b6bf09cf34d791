"""Classes and enterprises as their coordinators see and change them."""

from __future__ import annotations

from datetime import time

import pytest

from storage import classes, enterprises, schools, students
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.conftest import NOW
from tests.storage.school_people import make_cast


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def counted(database, cast, person=None):
    return await database.read(lambda tx: classes.for_coordinator(tx, cast.class_id, person or cast.boss))


async def test_a_class_counts_who_is_listed_in_and_waiting(database, cast):
    """The roster, those who have joined, and the requests that are open."""

    async def work(tx):
        for number in ("1", "2", "3"):
            await students.put_on_roster(tx, school_id=cast.school_id, class_id=cast.class_id, number=number, name="A")
        line = await students.roster_line(tx, cast.school_id, "1")
        await students.join(tx, line.id, cast.ann, now=NOW)
        await students.ask_to_join(tx, class_id=cast.class_id, person_id=cast.bob, number="9", name="Bob", now=NOW)

    await database.transaction(work)
    its = await counted(database, cast)
    assert ("Riverside", 3, 1, 1) == (its.school, its.listed, its.joined, its.waiting)
    assert [its] == await database.read(lambda tx: classes.of_coordinator(tx, cast.boss))


async def test_only_who_covers_a_class_sees_and_changes_it(database, cast):
    """A colleague who does not cover it and another school's coordinator get nothing."""
    for person in (cast.idle, cast.other_boss, cast.ann):
        assert cast.class_id not in {
            one.rules.id for one in await database.read(lambda tx, who=person: classes.of_coordinator(tx, who))
        }
        for work in (
            lambda tx, who=person: classes.for_coordinator(tx, cast.class_id, who),
            lambda tx, who=person: classes.change(tx, cast.class_id, who, name="Mine"),
            lambda tx, who=person: classes.allow_photos(tx, cast.class_id, who, allowed=False),
        ):
            with pytest.raises(NotFound):
                await database.transaction(work)


async def test_rules_are_changed_one_by_one(database, cast):
    """What is not named stays; a name that the school has is refused, and no other column can be reached."""
    await database.transaction(
        lambda tx: classes.change(tx, cast.class_id, cast.boss, due_weekday=4, due_time="18:30", answer_days=5)
    )
    rules = (await counted(database, cast)).rules
    assert ("Nursing 2301", 4, time(18, 30), 5) == (rules.name, rules.due_weekday, rules.due_time, rules.answer_days)
    await database.transaction(
        lambda tx: schools.create_class(
            tx, school_id=cast.school_id, name="Care", specialty="", time_zone="Asia/Shanghai", now=NOW
        )
    )
    with pytest.raises(AlreadyExists):
        await database.transaction(lambda tx: classes.change(tx, cast.class_id, cast.boss, name="Care"))
    with pytest.raises(ValueError, match="school_id"):
        await database.transaction(lambda tx: classes.change(tx, cast.class_id, cast.boss, school_id=2))


async def test_photos_are_switched_once(database, cast):
    """Switching to what is already so is a conflict."""
    await database.transaction(lambda tx: classes.allow_photos(tx, cast.class_id, cast.boss, allowed=False))
    assert not (await counted(database, cast)).rules.photos_allowed
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: classes.allow_photos(tx, cast.class_id, cast.boss, allowed=False))


async def test_colleagues_are_those_of_the_school(database, cast):
    """Who covers a class, who could, and who coordinates the school at all."""
    read = database.read
    assert ["Ms Wang"] == [one.name for one in await read(lambda tx: classes.covering(tx, cast.class_id))]
    assert ["Mr Chen"] == [one.name for one in await read(lambda tx: classes.colleagues_to_add(tx, cast.class_id))]
    assert ["Mr Chen", "Ms Wang"] == [one.name for one in await read(lambda tx: classes.colleagues(tx, cast.idle))]
    assert ["Mr Bo"] == [one.name for one in await read(lambda tx: classes.colleagues(tx, cast.other_boss))]


async def test_a_class_that_nobody_covers_is_claimed_once(database, cast):
    """It is offered to the school's coordinators only, and to nobody once somebody has it."""
    class_id = await database.transaction(
        lambda tx: schools.create_class(
            tx, school_id=cast.school_id, name="Care", specialty="", time_zone="Asia/Shanghai", now=NOW
        )
    )

    async def offered(person):
        return [one.rules.id for one in await database.read(lambda tx: classes.covered_by_nobody(tx, person))]

    assert [[class_id], [class_id], []] == [await offered(who) for who in (cast.boss, cast.idle, cast.other_boss)]
    with pytest.raises(NotFound):
        await database.transaction(lambda tx: classes.claim(tx, class_id, cast.other_boss))
    await database.transaction(lambda tx: classes.claim(tx, class_id, cast.idle))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: classes.claim(tx, class_id, cast.boss))
    assert [] == await offered(cast.boss)


async def test_an_enterprise_counts_the_mentors_that_the_school_vouches_for(database, cast):
    """Another school's mentors at the same enterprise are not counted or named."""

    async def work(tx):
        await schools.link_enterprise(tx, cast.other_school_id, cast.enterprise_id)
        for person, school in ((cast.ann, cast.school_id), (cast.bob, cast.other_school_id)):
            await schools.add_mentor(tx, person_id=person, enterprise_id=cast.enterprise_id, school_id=school)

    await database.transaction(work)
    for person, name, school in ((cast.boss, "Ann", cast.school_id), (cast.other_boss, "Bob", cast.other_school_id)):
        (its,) = await database.read(lambda tx, who=person: enterprises.of_coordinator(tx, who))
        assert (cast.enterprise_id, 1, 0) == (its.enterprise.id, its.mentors, its.posts)
        assert [name] == await database.read(lambda tx, who=person: enterprises.mentors(tx, cast.enterprise_id, who))
        assert school == await database.read(lambda tx, who=person: enterprises.school_of(tx, cast.enterprise_id, who))
    with pytest.raises(NotFound):
        await database.read(lambda tx: enterprises.school_of(tx, cast.enterprise_id, cast.ann))
    assert await database.read(lambda tx: enterprises.exists(tx, "city HOSPITAL"))
    assert not await database.read(lambda tx: enterprises.exists(tx, "Dock"))
    assert 0 == await database.read(lambda tx: enterprises.open_posts(tx, cast.enterprise_id))
