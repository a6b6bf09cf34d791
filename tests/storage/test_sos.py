"""Calls for help in both kinds of database: one at a time, taken once, read by the school and by no mentor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.sos import ANSWER_WITHIN, State, StepKind
from storage import schedule, schools, sos
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.announcement_people import NOW, TODAY, make_cast


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def call(database, cast, name="a1") -> int:
    return await database.transaction(lambda tx: sos.call(tx, cast.lines[name], cast.who[name], now=NOW))


async def readers(database, cast, call_id) -> set[str]:
    """Everybody who may read a call as a coordinator."""
    found = set()
    for name, person in cast.who.items():
        try:
            await database.read(lambda tx, person=person: sos.for_coordinator(tx, call_id, person))
        except NotFound:
            continue
        found.add(name)
    return found


async def test_a_call_is_its_students_and_the_classs_until_it_climbs(database, cast):
    """Then it is the whole school's; never another school's, a mentor's or another student's."""
    call_id = await call(database, cast)
    its = await database.read(lambda tx: sos.for_student(tx, call_id, cast.who["a1"]))
    assert ("a1", "A", State.OPEN, 0, False) == (
        its.student_name,
        its.class_name,
        its.state,
        its.climbs,
        its.whole_school,
    )
    with pytest.raises(NotFound):
        await database.read(lambda tx: sos.for_student(tx, call_id, cast.who["a2"]))
    assert {"Wang"} == await readers(database, cast, call_id)
    await database.transaction(lambda tx: sos.climb(tx, its, now=NOW))
    assert {"Wang", "colleague"} == await readers(database, cast, call_id)
    listed = {}
    for name in ("Wang", "colleague", "foreigner", "Li"):
        listed[name] = await database.read(lambda tx, who=cast.who[name]: sos.of_coordinator(tx, who, limit=5))
    assert {"Wang": 1, "colleague": 1, "foreigner": 0, "Li": 0} == {name: len(its) for name, its in listed.items()}


async def test_whoever_mentors_the_student_reads_nothing(database, cast):
    """Also as a coordinator who covers the class."""

    async def work(tx):
        await schools.add_coordinator(tx, cast.school, cast.who["Li"])
        await schools.cover_class(tx, cast.classes["A"], cast.who["Li"])
        return await sos.call(tx, cast.lines["a1"], cast.who["a1"], now=NOW)

    call_id = await database.transaction(work)
    its = await database.read(lambda tx: sos.for_student(tx, call_id, cast.who["a1"]))
    await database.transaction(lambda tx: sos.climb(tx, its, now=NOW))
    assert {"Wang", "colleague"} == await readers(database, cast, call_id)
    known = await database.read(lambda tx: sos.helpers(tx, cast.lines["a1"]))
    assert {"Wang", "colleague"} == {one.name for one in known}
    assert 0 == await database.read(lambda tx: sos.count_open(tx, cast.who["Li"]))


async def test_whoever_stands_in_for_the_mentor_reads_nothing(database, cast):
    """Also as a coordinator of the school, once the call has climbed."""
    stand_in = "UPDATE placements SET stand_in_id = :person WHERE id = :id"
    await database.transaction(lambda tx: tx.run(stand_in, person=cast.who["colleague"], id=cast.placed["a1"]))
    call_id = await call(database, cast)
    its = await database.read(lambda tx: sos.for_student(tx, call_id, cast.who["a1"]))
    await database.transaction(lambda tx: sos.climb(tx, its, now=NOW))
    assert {"Wang"} == await readers(database, cast, call_id)


async def test_one_at_a_time(database, cast):
    """A student has one call that is not closed; afterwards there can be another."""
    first = await call(database, cast)
    with pytest.raises(AlreadyExists):
        await call(database, cast)
    wang = cast.who["Wang"]

    async def finish(tx):
        its = await sos.for_coordinator(tx, first, wang)
        await sos.take(tx, its, wang, now=NOW)
        await sos.close(tx, its, wang, "Safe", now=NOW)

    await database.transaction(finish)
    assert first != await call(database, cast)
    under_way = await database.read(lambda tx: sos.under_way(tx, cast.who["a1"]))
    assert (first, State.OPEN) != (under_way.id, under_way.state)


async def test_it_is_taken_once_and_closed_once(database, cast):
    """The second press is a conflict, and so is closing what nobody has taken."""
    call_id, wang = await call(database, cast), cast.who["Wang"]
    its = await database.read(lambda tx: sos.for_coordinator(tx, call_id, wang))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: sos.close(tx, its, wang, "Safe", now=NOW))
    await database.transaction(lambda tx: sos.take(tx, its, wang, now=NOW))
    for again in (
        lambda tx: sos.take(tx, its, wang, now=NOW),
        lambda tx: sos.climb(tx, its, now=NOW),
    ):
        with pytest.raises(Conflict):
            await database.transaction(again)
    await database.transaction(lambda tx: sos.close(tx, its, wang, "Safe", now=NOW))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: sos.close(tx, its, wang, "Safe", now=NOW))
    steps = await database.read(lambda tx: sos.steps(tx, call_id))
    assert [
        (StepKind.CALLED, "a1", ""),
        (StepKind.TAKEN, "Wang", ""),
        (StepKind.CLOSED, "Wang", "Safe"),
    ] == [(step.kind, step.name, step.words) for step in steps]


async def test_it_is_looked_at_in_ten_minutes_while_nobody_has_taken_it(database, cast):
    """The batch of the schedule holds the calls that are open; taking one takes it off."""
    one, other = await call(database, cast), await call(database, cast, "b1")
    wang, later = cast.who["Wang"], NOW + ANSWER_WITHIN

    async def due(tx):
        assert await schedule.take(tx, sos.PLAN, now=later - timedelta(seconds=1), limit=9) is None
        batch = await schedule.take(tx, sos.PLAN, now=later, limit=9)
        return {entry.subject for entry in batch.entries}, set(await sos.unanswered(tx, batch))

    assert ({one, other}, {one, other}) == await database.transaction(due)
    its = await database.read(lambda tx: sos.for_coordinator(tx, one, wang))
    await database.transaction(lambda tx: sos.take(tx, its, wang, now=NOW))
    assert ({other}, {other}) == await database.transaction(due)


async def test_the_schools_number(database, cast):
    """Its coordinators set it, another school's cannot, and its students read it."""
    for name, wanted in (("foreigner", Conflict), ("Li", Conflict)):
        with pytest.raises(wanted):
            await database.transaction(
                lambda tx, name=name: sos.set_school_number(tx, cast.school, cast.who[name], "110")
            )
    assert await database.read(lambda tx: sos.school_number(tx, cast.who["a1"])) is None
    await database.transaction(lambda tx: sos.set_school_number(tx, cast.school, cast.who["Wang"], "021-1234"))
    assert ("Riverside", "021-1234") == await database.read(lambda tx: sos.school_number(tx, cast.who["a1"]))
    assert await database.read(lambda tx: sos.school_number(tx, cast.who["x1"])) is None
    assert [(cast.school, "Riverside", "021-1234")] == await database.read(
        lambda tx: sos.numbers_of_coordinator(tx, cast.who["Wang"])
    )


async def test_where_a_student_is(database, cast):
    """The enterprise of a day; nothing before, after, or without a placement."""
    known = {}
    for name, day in (("a1", TODAY), ("a1", date(2027, 3, 1)), ("a2", TODAY)):
        known[name, day] = await database.read(
            lambda tx, line=cast.lines[name], day=day: sos.whereabouts(tx, line, day)
        )
    assert ["Hospital", "", ""] == list(known.values())
