"""Placements: days that do not overlap, who reads them, and changes that need the version they start from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage import placements
from storage.database import open_database
from storage.errors import Conflict, NotFound
from tests.storage.post_people import NOW, TODAY, make_cast

MONDAY = date(2026, 11, 16)


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'placements.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def place(database, cast, first=0, last=83):
    return await database.transaction(
        lambda tx: placements.create(
            tx,
            student_id=cast.student_id,
            enterprise_id=cast.enterprise_id,
            mentor_id=cast.mentor,
            starts_on=TODAY + timedelta(days=first),
            ends_on=TODAY + timedelta(days=last),
            created_by=cast.coordinator,
            now=NOW,
        )
    )


async def read(database, placement_id):
    return await database.read(lambda tx: placements.by_id(tx, placement_id))


@pytest.mark.parametrize(("first", "last"), [(0, 83), (83, 90), (-5, 0), (10, 20), (-5, 100), (5, 4)])
async def test_a_student_is_in_one_place_at_a_time(database, cast, first, last):
    """A day in common with another placement, or an end before the start, is a conflict; the day after is free."""
    await place(database, cast)
    with pytest.raises(Conflict):
        await place(database, cast, first, last)
    await place(database, cast, 84, 90)


async def test_a_placement_is_read_by_those_who_have_a_part_in_it(database, cast):
    """Its student, its mentor and the class's coordinator read it; the other school's do not."""
    placement_id = await place(database, cast)
    for reader, person, stranger in (
        (placements.for_student, cast.student, cast.other_student),
        (placements.for_mentor, cast.mentor, cast.other_mentor),
        (placements.for_coordinator, cast.coordinator, cast.other_coordinator),
    ):
        found = await database.read(lambda tx, r=reader, p=person: r(tx, placement_id, p))
        assert placement_id == found.id
        with pytest.raises(NotFound):
            await database.read(lambda tx, r=reader, p=stranger: r(tx, placement_id, p))


async def test_a_change_needs_the_version_it_was_read_in(database, cast):
    """Of two changes made from the same card the second is a conflict."""
    placement = await read(database, await place(database, cast))
    await database.transaction(lambda tx: placements.set_mentor(tx, placement, None))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: placements.set_mentor(tx, placement, cast.mentor))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: placements.end(tx, placement, ends_on=TODAY, reason="closed", now=NOW))


async def test_a_placement_ends_earlier_and_never_later(database, cast):
    """The reason is kept, and the days after are free for another placement."""
    placement = await read(database, await place(database, cast))
    for wrong in (placement.ends_on, placement.starts_on - timedelta(days=1)):
        with pytest.raises(Conflict):
            await database.transaction(
                lambda tx, day=wrong: placements.end(tx, placement, ends_on=day, reason="closed", now=NOW)
            )
    await database.transaction(lambda tx: placements.end(tx, placement, ends_on=TODAY, reason="closed", now=NOW))
    ended = await read(database, placement.id)
    assert (TODAY, True, "closed") == (ended.ends_on, ended.ended_early, ended.end_reason)
    await place(database, cast, 1, 20)


async def test_only_what_has_not_begun_is_cancelled(database, cast):
    """A coming placement leaves nothing behind; a running one stays."""
    running = await read(database, await place(database, cast, 0, 20))
    coming = await read(database, await place(database, cast, 30, 60))
    await database.transaction(
        lambda tx: placements.excuse(tx, coming.id, MONDAY, reason="@holiday", created_by=cast.coordinator, now=NOW)
    )
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: placements.cancel(tx, running, today=TODAY))
    await database.transaction(lambda tx: placements.cancel(tx, coming, today=TODAY))
    left = await database.read(lambda tx: placements.of_student(tx, cast.student_id))
    assert [running.id] == [placement.id for placement in left]


async def test_excused_weeks_are_kept_and_taken_back(database, cast):
    """A second reason replaces the first."""
    placement_id = await place(database, cast)
    for reason in ("@holiday", "@illness"):
        await database.transaction(
            lambda tx, why=reason: placements.excuse(
                tx, placement_id, MONDAY, reason=why, created_by=cast.coordinator, now=NOW
            )
        )
    assert {MONDAY: "@illness"} == await database.read(lambda tx: placements.excused(tx, placement_id))
    await database.transaction(lambda tx: placements.unexcuse(tx, placement_id, MONDAY, now=NOW))
    assert {} == await database.read(lambda tx: placements.excused(tx, placement_id))
