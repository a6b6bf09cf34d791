"""Handing over: to a colleague or to the coordinators, for a week or until a day, and back again."""

from __future__ import annotations

import pytest

from storage import placements, reviews, schools
from storage.errors import NotFound
from storage.invariants import violations
from tests.handed_in import hand_in, state_of
from tests.handlers.reminded import at, said
from tests.people import add_mentor, make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def hand_over(mentor, to="Mr Zhao"):
    await mentor.sends("/menu")
    await mentor.presses("Hand over")
    await mentor.presses(to)


async def reads_log(world, person, log_id):
    """Whether somebody may read a log."""
    try:
        await world.database.read(lambda tx: reviews.for_reviewer(tx, log_id, person.id, today=world.clock().date()))
    except NotFound:
        return False
    return True


async def sound(world):
    return await world.database.read(lambda tx: violations(tx, now=world.clock()))


async def test_two_presses_hand_over_for_a_week(world, school):
    """From the overview: what waits and what comes goes to the colleague, and both see it."""
    zhao = await school.add_mentor("Mr Zhao")
    ann = await school.placed("Ann", "1")
    waiting = await hand_in(world, ann, push=False)
    assert not await reads_log(world, zhao, waiting)
    before = len((await school.mentor.view())["callback_answers"])
    await hand_over(school.mentor)
    assert 2 == len((await school.mentor.view())["callback_answers"]) - before
    assert "Handed over. I have told them." == await school.mentor.toast()
    assert "🤝 Mr Zhao answers your students' logs until 23 Nov." == await school.mentor.reads()
    assert (
        "🤝 Ms Li asks you to answer their students' logs until 23 Nov.\n"
        "New ones come to you here; after that day it ends by itself.\n"
        "🧾 1 log waits for your answer"
    ) == await zhao.reads()
    assert ["🧾 Answer them", "↩️ Give back to Ms Li", "🏠 Overview"] == await zhao.buttons()
    await school.mentor.sends("/queue")
    assert "Nothing waits for you" in await school.mentor.reads()
    assert await reads_log(world, school.mentor, waiting)
    await zhao.sends("/queue")
    assert "1 log waits for you" in await zhao.reads()
    bob = await school.placed("Bob", "2")  # placed with Ms Li meanwhile
    fresh = await hand_in(world, bob)
    assert (await zhao.reads()).startswith("🧾 Bob")
    await zhao.presses("Approve")
    assert ("approved", 1) == await state_of(world, fresh)
    assert "Bob" not in await school.mentor.transcript()
    await zhao.sends("/menu")
    assert "🤝 You answer for Ms Li until 23 Nov." in await zhao.reads()
    await school.mentor.sends("/menu")
    assert "🤝 Mr Zhao answers your students' logs until 23 Nov." in await school.mentor.reads()
    assert [] == await sound(world)


async def test_the_student_sees_who_has_the_log(world, school):
    """The card names who stands in and for whom."""
    await school.add_mentor("Mr Zhao")
    ann = await school.placed("Ann", "1")
    log_id = await hand_in(world, ann)
    await hand_over(school.mentor)
    await ann.sends("/menu")
    card = await ann.card()
    await ann.acts("press", message_id=card["message_id"], data=f"log.show:{log_id}:0:", force=True)
    assert "is with Mr Zhao since" in await ann.reads()
    assert "🤝 Mr Zhao stands in for Ms Li." in await ann.reads()


async def test_taking_back_is_one_press(world, school):
    """Then everything is as before: who stood in reads nothing any more, and their cards say so."""
    zhao = await school.add_mentor("Mr Zhao")
    ann = await school.placed("Ann", "1")
    await hand_over(school.mentor)
    log_id = await hand_in(world, ann)
    assert await reads_log(world, zhao, log_id)
    await school.mentor.presses("answer them myself again")
    assert "Welcome back. The logs come to you again." == await school.mentor.toast()
    assert "Who answers your students' logs until 23 Nov?" in await school.mentor.reads()
    assert not await reads_log(world, zhao, log_id)
    assert "🤝 Ms Li answers their students' logs again. Thank you for standing in." in await zhao.transcript()
    await school.mentor.sends("/queue")
    assert "1 log waits for you" in await school.mentor.reads()
    await zhao.sends("/queue")
    assert "Nothing waits for you" in await zhao.reads()
    card = await zhao.card()
    await zhao.acts("press", message_id=card["message_id"], data=f"review.open:{log_id}:0:", force=True)
    assert "no longer open to you" in await zhao.toast()
    assert [] == await sound(world)


async def test_it_ends_by_itself(world, school):
    """At the end of the last day; the mentor hears of it in the morning, with what waits."""
    zhao = await school.add_mentor("Mr Zhao")
    ann = await school.placed("Ann", "1")
    await hand_over(school.mentor)
    log_id = await hand_in(world, ann)
    await world.move(at(7, "23:59"))
    assert await reads_log(world, zhao, log_id)
    await world.move(at(8, "00:00"))
    assert not await reads_log(world, zhao, log_id)
    assert "yourself again" not in await school.mentor.transcript()
    await world.move(at(8, "08:00"))
    assert "🤝 You answer your students' logs yourself again." in await school.mentor.transcript()
    assert "Thank you for standing in." in await zhao.transcript()
    assert [] == await sound(world)


async def test_reminders_go_to_who_stands_in(world, school):
    """Digest and nudge of what waits are the colleague's meanwhile, and the student's too."""
    zhao = await school.add_mentor("Mr Zhao")
    ann = await school.placed("Ann", "1")
    await hand_over(school.mentor)
    await hand_in(world, ann, push=False)
    before = len(await said(zhao))
    await world.move(at(3, "09:00"))
    assert "1 weekly log has been waiting for a while" in (await said(zhao))[before]
    assert "waiting for a while" not in await school.mentor.transcript()
    await world.move(at(7, "09:00"))
    assert "wait" in (await said(zhao))[before + 1]
    assert "⏳ 1 weekly log has waited too long" in await school.coordinator.reads()
    assert "with Mr Zhao of City Hospital since 16 Nov" in await school.coordinator.reads()


async def test_without_a_colleague_the_coordinators_answer(world, school):
    """Another enterprise's mentor, a suspended one and one who is away themselves are not asked."""
    other = await make_school(world, "Hill", enterprise="Other", mentor="Mr Hill")
    await world.database.transaction(lambda tx: schools.link_enterprise(tx, school.id, other.enterprise_id))
    await add_mentor(world, school.id, other.enterprise_id, "Mr Far")
    shut = await school.add_mentor("Mr Shut")
    await world.database.transaction(
        lambda tx: tx.run("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", now=world.clock(), id=shut.id)
    )
    ann = await school.placed("Ann", "1")
    await hand_over(school.mentor, "To the coordinators")
    assert "🤝 The coordinators answer your students' logs until 23 Nov." == await school.mentor.reads()
    assert "🤝 Ms Li has no time until 23 Nov" in await school.coordinator.reads()
    await hand_in(world, ann)
    assert (await school.coordinator.reads()).startswith("🧾 Ann")
    await school.coordinator.sends("/queue")
    assert "1 log waits for you" in await school.coordinator.reads()
    await world.move(at(7, "09:00"))
    assert "Ms Li of City Hospital has handed over to you" in await school.coordinator.transcript()
    await school.mentor.sends("/menu")
    await school.mentor.presses("Hand over")
    await school.mentor.presses("myself again")
    await world.settle()
    assert "Ms Li answers their students' logs again" in await school.coordinator.transcript()
    assert [] == await sound(world)


async def test_until_another_day(world, school):
    """The last day moves by a day or a week, never into the past and not further than eight weeks."""
    await school.add_mentor("Mr Zhao")
    mentor = school.mentor
    await mentor.sends("/menu")
    await mentor.presses("Hand over")
    await mentor.presses("+ 1 week")
    await mentor.presses("− 1 day")
    assert "until 29 Nov?" in await mentor.reads()
    for _ in range(6):
        await mentor.presses("+ 1 week")
    assert "until 10 Jan?" in await mentor.reads()
    await mentor.presses("+ 1 day")
    assert "until 11 Jan?" in await mentor.reads()
    assert [] == [label for label in await mentor.buttons() if label.startswith("+")]
    await mentor.presses("Mr Zhao")
    assert "until 11 Jan." in await mentor.reads()


async def test_presses_twice_and_late(world, school):
    """A second press, and one on a card of another day, do nothing but show how it is."""
    zhao = await school.add_mentor("Mr Zhao")
    await school.placed("Ann", "1")
    await school.mentor.sends("/menu")
    await school.mentor.presses("Hand over")
    card = await school.mentor.card()
    await school.mentor.presses("Mr Zhao", card)
    await school.mentor.presses("Mr Zhao", card)
    assert "Mr Zhao answers your students' logs until 23 Nov." in await school.mentor.reads()
    card = await zhao.card()
    await zhao.presses("Give back to Ms Li", card)
    assert "Given back. I tell Ms Li." == await zhao.toast()
    await zhao.presses("Give back to Ms Li", card)
    assert "You answer your students' logs yourself again." in await school.mentor.reads()
    assert 1 == (await world.database.read(lambda tx: tx.one("SELECT count(*) AS n FROM hand_overs")))["n"]
    assert [] == await sound(world)


async def test_who_stands_in_reads_only_what_is_handed_over(world, school):
    """Neither the logs of other mentors nor, of a suspended colleague, anything."""
    zhao, chen = await school.add_mentor("Mr Zhao"), await school.add_mentor("Ms Chen")
    ann, bob = await school.placed("Ann", "1"), await school.add_student("Bob", "2")
    await school.place(bob, chen)
    hers, his = await hand_in(world, ann, push=False), await hand_in(world, bob, push=False)
    await hand_over(school.mentor)
    assert [True, False] == [await reads_log(world, zhao, log_id) for log_id in (hers, his)]
    await zhao.sends("/menu")
    await zhao.presses("My students")
    assert "Ann" in await zhao.reads()
    assert "Bob" not in await zhao.reads()
    await world.database.transaction(
        lambda tx: tx.run("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", now=world.clock(), id=zhao.id)
    )
    assert not await reads_log(world, zhao, hers)
    await school.coordinator.sends("/queue")
    assert "1 log waits for you" in await school.coordinator.reads()


async def test_a_student_who_changes_hands_meanwhile(world, school):
    """With another mentor named by the coordinator the student is not handed over any more."""
    zhao, chen = await school.add_mentor("Mr Zhao"), await school.add_mentor("Ms Chen")
    ann = await school.placed("Ann", "1")
    log_id = await hand_in(world, ann, push=False)
    await hand_over(school.mentor)

    async def change(tx):
        await placements.set_mentor(tx, (await placements.of_person(tx, ann.id))[0], chen.id)

    await world.database.transaction(change)
    assert [False, True] == [await reads_log(world, person, log_id) for person in (zhao, chen)]
    assert [] == await sound(world)


async def test_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh", mentor="李老师")
    zhao = await school.add_mentor("赵师傅", "zh")
    await school.placed("小明", "1", "zh")
    await school.mentor.sends("/menu")
    await school.mentor.presses("请人代批")
    assert "到11月23日为止，由谁代你批阅？" in await school.mentor.reads()
    await school.mentor.presses("赵师傅")
    assert "🤝 到11月23日为止，由赵师傅代你批阅。" == await school.mentor.reads()
    assert "李老师请你代为批阅学生的周志，到11月23日为止。" in await zhao.reads()
    await zhao.presses("交还给李老师")
    assert "已交还，我会告诉李老师。" == await zhao.toast()
    assert "🤝 从现在起，学生的周志又由你自己批阅了。" in await school.mentor.reads()
