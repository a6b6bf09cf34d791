"""Invitations: who may see them, how often they are used, and what somebody is where they lead."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain.invitations import InvitationKind, Standing
from storage import invitations, roster, schools, students
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.conftest import NOW
from tests.storage.school_people import make_cast


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def made(database, cast, kind=InvitationKind.CLASS, uses=1, number=1):
    """An open invitation of the school."""
    where = {
        InvitationKind.CLASS: {"class_id": cast.class_id},
        InvitationKind.MENTOR: {"enterprise_id": cast.enterprise_id},
        InvitationKind.COORDINATOR: {},
    }
    return await database.transaction(
        lambda tx: invitations.create(
            tx,
            kind,
            school_id=cast.school_id,
            nonce=f"nonce-{number}",
            code_hash=f"hash-{number}",
            uses=uses,
            expires_at=NOW + timedelta(days=21),
            created_by=cast.boss,
            now=NOW,
            **where[kind],
        )
    )


async def seen_by(database, invitation, person) -> bool:
    """Whether a person may read an invitation."""
    try:
        await database.read(lambda tx: invitations.for_coordinator(tx, invitation, person))
    except NotFound:
        return False
    return True


async def test_an_invitation_is_found_by_its_hash_with_its_names(database, cast):
    """The record says where it leads, who made it, and which zone holds there."""
    await made(database, cast)
    its = await database.read(lambda tx: invitations.by_code_hash(tx, "hash-1"))
    assert ("Riverside", "Nursing 2301", "", "Ms Wang", "Europe/Berlin") == (
        its.school,
        its.class_name,
        its.enterprise,
        its.inviter,
        its.time_zone,
    )
    assert await database.read(lambda tx: invitations.by_code_hash(tx, "hash-2")) is None
    with pytest.raises(AlreadyExists):
        await made(database, cast)


@pytest.mark.parametrize(
    ("kind", "idle"),
    [(InvitationKind.CLASS, False), (InvitationKind.MENTOR, True), (InvitationKind.COORDINATOR, True)],
)
async def test_only_who_answers_for_it_sees_an_invitation(database, cast, kind, idle):
    """A class's link is for those who cover the class, the others for the school's coordinators."""
    invitation = await made(database, cast, kind)
    assert await seen_by(database, invitation, cast.boss)
    assert idle == await seen_by(database, invitation, cast.idle)
    assert not await seen_by(database, invitation, cast.other_boss)
    assert not await seen_by(database, invitation, cast.ann)


async def test_a_suspended_coordinator_sees_none(database, cast):
    """Suspension takes every invitation out of sight."""
    invitation = await made(database, cast)
    await database.transaction(
        lambda tx: tx.run("UPDATE coordinators SET suspended_at = :now WHERE person_id = :p", now=NOW, p=cast.boss)
    )
    assert not await seen_by(database, invitation, cast.boss)


async def test_a_link_is_used_as_often_as_allowed(database, cast):
    """Of many who use it at the same time only as many come in as it allows."""
    invitation = await made(database, cast, uses=2)

    async def use() -> bool:
        try:
            await database.transaction(lambda tx: invitations.use(tx, invitation, now=NOW))
        except Conflict:
            return False
        return True

    assert 2 == sum(await asyncio.gather(*(use() for _ in range(5))))
    its = await database.read(lambda tx: invitations.by_id(tx, invitation))
    assert (2, 0) == (its.uses, its.uses_left)


async def test_an_expired_or_revoked_link_is_not_used(database, cast):
    """Expiry counts to the moment; revoking twice is a conflict."""
    invitation = await made(database, cast, uses=3)
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: invitations.use(tx, invitation, now=NOW + timedelta(days=21)))
    await database.transaction(lambda tx: invitations.revoke(tx, invitation, now=NOW))
    for work in (invitations.use, invitations.revoke):
        with pytest.raises(Conflict):
            await database.transaction(lambda tx, work=work: work(tx, invitation, now=NOW))


async def test_open_links_are_listed_where_they_lead(database, cast):
    """Used, expired and revoked links are not listed, nor those of other places."""
    first = await made(database, cast, number=1)
    second = await made(database, cast, number=2)
    mentor = await made(database, cast, InvitationKind.MENTOR, number=3)
    colleague = await made(database, cast, InvitationKind.COORDINATOR, number=4)

    async def listed(person, now=NOW):
        return await database.read(
            lambda tx: _all_lists(tx, cast, person, now),
        )

    assert [[second, first], [mentor], [colleague]] == await listed(cast.boss)
    assert [[], [mentor], [colleague]] == await listed(cast.idle)
    assert [[], [], []] == await listed(cast.other_boss)
    assert [[], [], []] == await listed(cast.boss, NOW + timedelta(days=21))
    await database.transaction(lambda tx: invitations.revoke(tx, second, now=NOW))
    await database.transaction(lambda tx: invitations.use(tx, mentor, now=NOW))
    assert [[first], [], [colleague]] == await listed(cast.boss)
    assert colleague == await database.read(lambda tx: invitations.made_by(tx, cast.boss))
    assert 0 == await database.read(lambda tx: invitations.made_by(tx, cast.idle))


async def _all_lists(tx, cast, person, now):
    return [
        [one.id for one in its]
        for its in (
            await invitations.of_class(tx, cast.class_id, person, now=now),
            await invitations.of_enterprise(tx, cast.enterprise_id, person, now=now),
            await invitations.of_colleagues(tx, person, now=now),
        )
    ]


async def standing(database, invitation, person):
    async def work(tx):
        return await invitations.standing(tx, await invitations.by_id(tx, invitation), person)

    return await database.read(work)


async def test_a_students_standing_is_known(database, cast):
    """Outside, inside, in another class, or suspended."""
    invitation = await made(database, cast)
    assert Standing.OUTSIDE is await standing(database, invitation, cast.ann)

    async def join(tx):
        await students.put_on_roster(tx, school_id=cast.school_id, class_id=cast.class_id, number="1", name="Ann")
        line = await students.roster_line(tx, cast.school_id, "1")
        await students.join(tx, line.id, cast.ann, now=NOW)
        await students.put_on_roster(
            tx, school_id=cast.other_school_id, class_id=cast.other_class_id, number="1", name="Bob"
        )
        line = await students.roster_line(tx, cast.other_school_id, "1")
        await students.join(tx, line.id, cast.bob, now=NOW)
        return await roster.of_class(tx, cast.class_id, cast.boss, today=NOW.date())

    (student,) = await database.transaction(join)
    assert Standing.INSIDE is await standing(database, invitation, cast.ann)
    assert Standing.ELSEWHERE is await standing(database, invitation, cast.bob)
    await database.transaction(lambda tx: roster.suspend(tx, student, now=NOW))
    assert Standing.SUSPENDED is await standing(database, invitation, cast.ann)


async def test_a_mentors_and_a_coordinators_standing_is_known(database, cast):
    """It counts for the enterprise and the school of the link only."""
    mentor = await made(database, cast, InvitationKind.MENTOR, number=1)
    colleague = await made(database, cast, InvitationKind.COORDINATOR, number=2)
    await database.transaction(
        lambda tx: schools.add_mentor(
            tx, person_id=cast.ann, enterprise_id=cast.enterprise_id, school_id=cast.school_id
        )
    )
    assert [Standing.INSIDE, Standing.OUTSIDE] == [
        await standing(database, invitation, cast.ann) for invitation in (mentor, colleague)
    ]
    assert [Standing.INSIDE, Standing.OUTSIDE] == [
        await standing(database, colleague, person) for person in (cast.boss, cast.other_boss)
    ]
    await database.transaction(lambda tx: tx.run("UPDATE mentors SET suspended_at = :now", now=NOW))
    assert Standing.SUSPENDED is await standing(database, mentor, cast.ann)
