"""Pulses and flags in both kinds of database: said by the student, read by the school, by no mentor, not for ever."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from domain.pulse import KEPT_AFTER_END, Cause, removed_on, two_low
from domain.weeks import WEEK as SEVEN
from domain.weeks import at_local
from storage import placements, pulse, schedule, schools
from storage.errors import Conflict, NotFound
from tests.storage.announcement_people import NOW, WEEK, make_cast


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def placement_of(database, cast, name="a1"):
    return await database.read(lambda tx: placements.by_id(tx, cast.placed[name]))


async def weeks_read_by(database, cast, name, student="a1"):
    return await database.read(lambda tx: pulse.of_student(tx, cast.lines[student], cast.who[name], limit=9))


async def test_what_was_said_last_counts(database, cast):
    """A week has one pulse; words are added to what was said, and to nothing else."""
    its = await placement_of(database, cast)
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: pulse.write(tx, its.id, WEEK, "Fine"))
    for mood in (2, 4):
        await database.transaction(lambda tx, mood=mood: pulse.say(tx, its, WEEK, mood, now=NOW))
    await database.transaction(lambda tx: pulse.write(tx, its.id, WEEK, "Fine"))
    said = await database.read(lambda tx: pulse.of_placement(tx, its))
    assert [(WEEK, 1, 4, "Fine")] == [(each.week, each.number, each.mood, each.words) for each in said.values()]


async def test_who_reads_it(database, cast):
    """Whoever looks after the class; where nobody does, the school; never a mentor, a colleague or another school."""
    its = await placement_of(database, cast)
    await database.transaction(lambda tx: pulse.say(tx, its, WEEK, 2, now=NOW))
    flag_id = await database.transaction(lambda tx: pulse.raise_flag(tx, its, Cause.ASKED, now=NOW))

    async def seen():
        found = set()
        for name, person in cast.who.items():
            weeks = await weeks_read_by(database, cast, name)
            listed = await database.read(lambda tx, person=person: pulse.open_flags(tx, person, limit=9))
            counted = await database.read(lambda tx, person=person: pulse.count_flags(tx, person))
            try:
                await database.read(lambda tx, person=person: pulse.flag_for_coordinator(tx, flag_id, person))
            except NotFound:
                assert (0, 0, 0) == (len(weeks), len(listed), counted), name
            else:
                assert (1, 1, 1) == (len(weeks), len(listed), counted), name
                found.add(name)
        return found

    async def heard():
        return {one.name for one in await database.read(lambda tx: pulse.readers(tx, cast.lines["a1"]))}

    assert ({"Wang"}, {"Wang"}) == (await seen(), await heard())

    async def also_coordinates(tx):
        await schools.add_coordinator(tx, cast.school, cast.who["Li"])
        await schools.cover_class(tx, cast.classes["A"], cast.who["Li"])

    await database.transaction(also_coordinates)
    assert ({"Wang"}, {"Wang"}) == (await seen(), await heard())
    leave = "DELETE FROM class_coordinators WHERE class_id = :class AND person_id = :person"
    await database.transaction(lambda tx: tx.run(leave, **{"class": cast.classes["A"], "person": cast.who["Wang"]}))
    assert ({"Wang", "colleague"}, {"Wang", "colleague"}) == (await seen(), await heard())


async def test_one_flag_for_a_cause_and_one_call_for_all(database, cast):
    """While a flag is open there is no second; a call settles those of the placement, once."""
    its, wang = await placement_of(database, cast), cast.who["Wang"]

    async def raised(cause):
        return await database.transaction(lambda tx: pulse.raise_flag(tx, its, cause, now=NOW))

    first, second = await raised(Cause.ASKED), await raised(Cause.LOW_WEEKS)
    assert await raised(Cause.ASKED) is None
    flag = await database.read(lambda tx: pulse.flag_for_coordinator(tx, first, wang))
    assert [first, second] == await database.transaction(lambda tx: pulse.called(tx, flag, wang, now=NOW))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: pulse.called(tx, flag, wang, now=NOW))
    known = await database.read(lambda tx: pulse.flags_of_placement(tx, its.id))
    assert ["Wang", "Wang"] == [each.called_name for each in known]
    assert await raised(Cause.ASKED) not in {None, first, second}


async def test_what_is_over_is_deleted(database, cast):
    """Of a batch, that of placements which ended so long ago; the others are looked at on their own day."""
    old, new = await placement_of(database, cast), await placement_of(database, cast, "b1")
    for its in (old, new):
        await database.transaction(lambda tx, its=its: pulse.say(tx, its, WEEK, 2, now=NOW))
        await database.transaction(lambda tx, its=its: pulse.raise_flag(tx, its, Cause.ASKED, now=NOW))
    later = date(2027, 2, 28)
    await database.transaction(
        lambda tx: tx.run("UPDATE placements SET ends_on = :later WHERE id = :id", later=later, id=new.id)
    )
    moment = at_local(removed_on(old.ends_on), time(0), old.zone)

    async def remove(tx):
        assert await schedule.take(tx, pulse.PLAN, now=moment - timedelta(seconds=1), limit=9) is None
        batch = await schedule.take(tx, pulse.PLAN, now=moment, limit=9)
        return await pulse.remove_old(tx, batch, now=moment)

    following = await database.transaction(remove)
    assert {old.id: None, new.id: at_local(later + KEPT_AFTER_END, time(0), new.zone)} == following
    assert [] == await weeks_read_by(database, cast, "Wang")
    assert [2] == [each.mood for each in await weeks_read_by(database, cast, "Wang", "b1")]
    left = await database.read(lambda tx: tx.all("SELECT placement_id FROM flags"))
    assert [new.id] == [row["placement_id"] for row in left]


@pytest.mark.parametrize(
    ("moods", "low"),
    [((2, 1), True), ((2, 3), False), ((3, 2), False), ((2,), False), ((2, 2, 2), True)],
)
def test_two_hard_weeks_in_a_row(moods, low):
    """The week that is asked about and a neighbour."""
    known = {WEEK + SEVEN * number: mood for number, mood in enumerate(moods)}
    assert low is two_low(known, WEEK + SEVEN * (len(moods) - 1))
    assert low is two_low(known, WEEK)
