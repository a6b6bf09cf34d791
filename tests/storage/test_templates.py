"""Log templates: versions in their order, and the one that a log of each week begins with."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.logs import Decision, Section
from domain.templates import USUAL, Question, Version
from storage import logs, moments, placements, reviews, templates
from storage.errors import Conflict
from tests.storage.announcement_people import NOW, WEEK, make_cast

NEXT = WEEK + timedelta(days=7)
LATER = WEEK + timedelta(days=14)
SHORT = replace(USUAL, least=20)
OWN = SHORT.with_question(Section.EXTRA1, Question("Which rule?", required=True))


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def write(database, cast, template, *, after, valid_from=NEXT, name="A"):
    await database.transaction(
        lambda tx: templates.write(
            tx, cast.classes[name], template, after=after, valid_from=valid_from, by=cast.who["Wang"], now=NOW
        )
    )


async def of_week(database, cast, week, name="A"):
    return await database.read(lambda tx: templates.of_class(tx, cast.classes[name], week=week))


async def begin(database, cast, week, student="a1"):
    async def work(tx):
        placement = await placements.by_id(tx, cast.placed[student])
        return await logs.begin(tx, placement, week, now=NOW)

    return await database.transaction(work)


async def test_a_class_that_never_changed_it_has_the_usual_one(database, cast):
    """It has the number 0, so that the first version is 1."""
    its = await of_week(database, cast, WEEK)
    assert (Version(0, None, USUAL), None) == (its.now, its.coming)


async def test_a_change_holds_from_its_week_on(database, cast):
    """Until then the earlier one holds; another class's is not read."""
    await write(database, cast, SHORT, after=0)
    its = await of_week(database, cast, WEEK)
    assert (USUAL, Version(1, NEXT, SHORT)) == (its.now.template, its.coming)
    await write(database, cast, OWN, after=1)
    its = await of_week(database, cast, WEEK)
    assert (USUAL, Version(2, NEXT, OWN)) == (its.now.template, its.coming)
    its = await of_week(database, cast, NEXT)
    assert (Version(2, NEXT, OWN), None) == (its.now, its.coming)
    assert USUAL == (await of_week(database, cast, NEXT, "B")).newest.template


async def test_one_of_two_changes_at_once_is_made(database, cast):
    """Both were made of the same version, so the second would undo the first unseen."""
    await write(database, cast, SHORT, after=0)
    made = await asyncio.gather(
        *(write(database, cast, template, after=1) for template in (OWN, USUAL)), return_exceptions=True
    )
    assert [Conflict] == [type(each) for each in made if each is not None]
    assert 2 == (await of_week(database, cast, WEEK)).newest.number


async def test_a_log_keeps_the_template_of_its_week(database, cast):
    """One begun before the change, and one of an earlier week that is begun after it."""
    this = await begin(database, cast, WEEK)
    await write(database, cast, SHORT, after=0)
    await write(database, cast, OWN, after=1, valid_from=LATER)
    assert USUAL == (await begin(database, cast, WEEK)).template
    assert USUAL == (await database.read(lambda tx: logs.of_week(tx, this.placement.id, WEEK))).template
    assert [SHORT, OWN] == [(await begin(database, cast, week)).template for week in (NEXT, LATER)]
    assert USUAL == (await begin(database, cast, LATER, "b1")).template
    mine = await database.read(lambda tx: logs.of_person(tx, cast.who["a1"]))
    assert [OWN, SHORT, USUAL] == [log.template for log in mine]


async def test_a_moment_knows_what_its_week_is_asked(database, cast):
    """By the template of its week, or by that of the log as soon as there is one."""
    placement = cast.placed["a1"]
    made = [
        await database.transaction(
            lambda tx, week=week: moments.offer(tx, placement_id=placement, week=week, text="Saw a birth", now=NOW)
        )
        for week in (WEEK, NEXT)
    ]
    await begin(database, cast, NEXT)
    await write(database, cast, OWN, after=0, valid_from=WEEK)

    async def asked(moment):
        return (await database.read(lambda tx: moments.for_student(tx, moment, cast.who["a1"]))).template

    assert [OWN, USUAL] == [await asked(moment) for moment in made]


async def test_a_reviewer_and_the_history_have_the_words_of_the_question(database, cast):
    """With whatever was handed in comes the template that it answers."""
    await write(database, cast, OWN, after=0, valid_from=WEEK)
    begun, ann, mentor = await begin(database, cast, WEEK), cast.who["a1"], cast.who["Li"]

    async def hand_in(tx):
        for section in (Section.DONE, Section.EXTRA1):
            await logs.write(tx, await logs.for_student(tx, begun.id, ann), section, "Washed my hands")
        await logs.submit(tx, await logs.for_student(tx, begun.id, ann), now=NOW)

    await database.transaction(hand_in)
    read = await database.read(lambda tx: reviews.for_reviewer(tx, begun.id, mentor, today=WEEK))
    assert (OWN, "Washed my hands") == (read.log.template, read.log.sections[Section.EXTRA1])
    await database.transaction(lambda tx: reviews.decide(tx, read.log, mentor, Decision.APPROVED, now=NOW))
    (given,) = await database.read(lambda tx: reviews.of_student(tx, ann))
    assert OWN == given.template
