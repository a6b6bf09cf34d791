"""Mentors as the school that vouches for them sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import mentors, placements
from storage.database import open_database
from storage.errors import Conflict, NotFound
from tests.storage.post_people import NOW, TODAY, make_cast


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'mentors.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def mentor(database, cast, who=None):
    return await database.read(
        lambda tx: mentors.for_coordinator(
            tx, cast.mentor, who or cast.coordinator, enterprise_id=cast.enterprise_id, today=TODAY
        )
    )


async def test_a_mentor_is_seen_by_the_school_that_vouches(database, cast):
    """Another school gets nothing."""
    assert cast.mentor == (await mentor(database, cast)).person_id
    with pytest.raises(NotFound):
        await mentor(database, cast, cast.other_coordinator)
    assert [] == await database.read(
        lambda tx: mentors.of_enterprise(tx, cast.enterprise_id, cast.other_coordinator, today=TODAY)
    )


async def test_running_and_coming_placements_are_counted(database, cast):
    """A placement that is over does not need a mentor any more."""
    for days in (-40, 0, 40):
        await database.transaction(
            lambda tx, days=days: placements.create(
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
    known = await mentor(database, cast)
    assert 2 == known.students
    listed = await database.read(lambda tx: mentors.placements_of(tx, known, cast.coordinator, today=TODAY))
    assert 2 == len(listed)


async def test_each_change_needs_the_state_it_starts_from(database, cast):
    """Suspending twice is a conflict; another school changes nothing; a removed mentor is gone."""
    known = await mentor(database, cast)
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: mentors.suspend(tx, known, cast.other_coordinator, now=NOW))
    await database.transaction(lambda tx: mentors.suspend(tx, known, cast.coordinator, now=NOW))
    assert not await database.read(lambda tx: mentors.is_mentor(tx, cast.mentor, cast.enterprise_id))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: mentors.suspend(tx, known, cast.coordinator, now=NOW))
    await database.transaction(lambda tx: mentors.readmit(tx, known, cast.coordinator))
    assert await database.read(lambda tx: mentors.is_mentor(tx, cast.mentor, cast.enterprise_id))
    await database.transaction(lambda tx: mentors.remove(tx, known, cast.coordinator))
    with pytest.raises(NotFound):
        await mentor(database, cast)
