"""People: one record for a Telegram user, the roles that the tables give, and what they chose."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from domain.people import Language, Role
from storage import people, schedule, schools, students
from storage.errors import NotFound
from tests.storage.conftest import NOW


@pytest.fixture
async def school(database):
    """A school with a class and an enterprise."""

    async def work(tx):
        school = await schools.school_named(tx, "Riverside", time_zone="Asia/Shanghai", now=NOW)
        boss = await people.meet(
            tx, telegram_id=99, name="Ms Wang", language=Language.ENGLISH, time_zone="Asia/Shanghai", now=NOW
        )
        await schools.add_coordinator(tx, school.id, boss.id)
        class_id = await schools.create_class(
            tx, school_id=school.id, name="N1", specialty="Nursing", time_zone="Asia/Shanghai",
            coordinator_id=boss.id, now=NOW,
        )  # fmt: skip
        enterprise = await schools.enterprise_named(tx, "Hospital", now=NOW)
        await schools.link_enterprise(tx, school.id, enterprise.id)
        return school.id, class_id, enterprise.id, boss.id

    return await database.transaction(work)


async def again(database, person):
    return await database.read(lambda tx: people.by_id(tx, person.id))


async def enrol(database, school, person, number="1"):
    async def work(tx):
        await students.put_on_roster(tx, school_id=school[0], class_id=school[1], number=number, name="Ann")
        line = await students.roster_line(tx, school[0], number)
        await students.join(tx, line.id, person.id, now=NOW)

    await database.transaction(work)


async def test_a_telegram_user_is_met_once(database, meet):
    """However often and at the same time; what they chose meanwhile stays."""
    met = await asyncio.gather(*(meet(7) for _ in range(6)))
    assert 1 == len({person.id for person in met})
    await database.transaction(lambda tx: people.set_language(tx, met[0].id, Language.CHINESE))
    assert Language.CHINESE == (await meet(7, "Other")).language
    assert "Ann" == (await meet(7, "Other")).name


async def test_telegram_ids_fit(meet):
    """They have up to 52 bits."""
    assert 2**52 - 1 == (await meet(2**52 - 1)).telegram_id


async def test_nobody_is_none(database):
    """An unknown Telegram user is no one, an unknown id an error."""
    assert None is await database.read(lambda tx: people.by_telegram_id(tx, 5))
    with pytest.raises(NotFound):
        await database.read(lambda tx: people.by_id(tx, 5))


async def test_what_a_person_chose_is_kept(database, meet):
    """Language, zone, time of the reminder, name, agreement, stopping."""
    ann = await meet()
    assert (None, 0, None) == (ann.reminder_time, ann.agreed_version, ann.stopped_at)

    async def work(tx):
        await people.set_language(tx, ann.id, Language.CHINESE)
        await people.set_time_zone(tx, ann.id, "Europe/Berlin")
        await people.set_reminder_time(tx, ann.id, time(18, 30))
        await people.rename(tx, ann.id, "小安")
        await people.agree(tx, ann.id, version=3, now=NOW)
        await people.set_stopped(tx, ann.id, NOW)

    await database.transaction(work)
    ann = await again(database, ann)
    assert (Language.CHINESE, "Europe/Berlin", time(18, 30), "小安", 3, NOW) == (
        ann.language, ann.time_zone, ann.reminder_time, ann.name, ann.agreed_version, ann.stopped_at,
    )  # fmt: skip
    await database.transaction(lambda tx: people.set_reminder_time(tx, ann.id, None))
    await database.transaction(lambda tx: people.set_stopped(tx, ann.id, None))
    ann = await again(database, ann)
    assert (None, None) == (ann.reminder_time, ann.stopped_at)


async def test_roles_come_from_the_tables(database, meet, school):
    """A student joined, a mentor was vouched for, a coordinator covers; one person can be all three."""
    ann = await meet()
    assert frozenset() == ann.roles
    await enrol(database, school, ann)
    assert {Role.STUDENT} == (await again(database, ann)).roles
    await database.transaction(
        lambda tx: schools.add_mentor(tx, person_id=ann.id, enterprise_id=school[2], school_id=school[0])
    )
    await database.transaction(lambda tx: schools.add_coordinator(tx, school[0], ann.id))
    ann = await again(database, ann)
    assert set(Role) == ann.roles
    assert school[1] == ann.class_id
    assert not ann.suspended


@pytest.mark.parametrize("table", ["students", "mentors", "coordinators"])
async def test_a_suspended_role_is_none(database, meet, school, table):
    """Without it the person is known as suspended; other roles are left."""
    ann = await meet()
    await enrol(database, school, ann)
    await database.transaction(
        lambda tx: schools.add_mentor(tx, person_id=ann.id, enterprise_id=school[2], school_id=school[0])
    )
    await database.transaction(lambda tx: schools.add_coordinator(tx, school[0], ann.id))
    await database.transaction(
        lambda tx: tx.run(f"UPDATE {table} SET suspended_at = :now WHERE person_id = :id", now=NOW, id=ann.id)
    )
    ann = await again(database, ann)
    assert {role for role in Role if f"{role.value}s" != table} == ann.roles
    assert ann.suspended
    assert (table == "students") == (ann.student_id is None)


async def test_acts_are_recorded(database, meet):
    """Who did what to whom and when; the command line is nobody."""
    ann = await meet()
    for actor in (ann.id, None):
        await database.transaction(
            lambda tx, a=actor: people.record_act(
                tx, actor_id=a, act="join_accepted", subject_kind="person", subject_id=5, now=NOW
            )
        )
    rows = await database.read(lambda tx: tx.all("SELECT actor_id, act, subject_id, at FROM acts ORDER BY id"))
    assert [(ann.id, "join_accepted", 5, NOW), (None, "join_accepted", 5, NOW)] == [tuple(row) for row in rows]


async def test_whom_to_ask(database, meet, school):
    """A student's class and a mentor's school have coordinators; nobody asks themselves or somebody suspended."""
    ann, ben = await meet(), await meet(2, "Ben")
    assert [] == await database.read(lambda tx: people.helpers_of(tx, ann.id))
    await enrol(database, school, ann)
    await database.transaction(
        lambda tx: schools.add_mentor(tx, person_id=ben.id, enterprise_id=school[2], school_id=school[0])
    )
    for person in (ann, ben):
        assert ["Ms Wang"] == await database.read(lambda tx, p=person: people.helpers_of(tx, p.id))
    assert [] == await database.read(lambda tx: people.helpers_of(tx, school[3]))
    await database.transaction(lambda tx: tx.run("UPDATE coordinators SET suspended_at = :now", now=NOW))
    assert [] == await database.read(lambda tx: people.helpers_of(tx, ann.id))


async def test_a_change_replans_the_person(database, meet, school):
    """What is due later comes now, what is overdue stays, what belongs to others is left alone."""
    ann, ben = await meet(), await meet(2, "Ben")
    for person in (ann, ben):
        await database.transaction(
            lambda tx, p=person: schools.add_mentor(tx, person_id=p.id, enterprise_id=school[2], school_id=school[0])
        )

    async def work(tx):
        await schedule.put(tx, "mentor", ann.id, NOW + timedelta(days=3))
        await schedule.put(tx, "coordinator", school[3], NOW - timedelta(minutes=5))
        await schedule.put(tx, "mentor", ben.id, NOW + timedelta(days=3))
        await schedule.replan_person(tx, ann.id, NOW)
        await schedule.replan_person(tx, school[3], NOW)

    await database.transaction(work)
    entries = await database.read(lambda tx: schedule.due(tx, now=NOW, limit=10))
    assert [("coordinator", school[3], NOW - timedelta(minutes=5)), ("mentor", ann.id, NOW)] == [
        (entry.kind, entry.subject, entry.due_at) for entry in entries
    ]
