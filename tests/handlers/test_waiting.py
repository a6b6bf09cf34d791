"""Nobody waits in the dark: where a log is, how long that takes, and who is reminded of it when."""

from __future__ import annotations

import pytest

from domain.logs import Decision, LogState
from domain.weeks import WEEK as A_WEEK
from storage import logs, people, placements, reviews
from tests.handlers.reminded import WEEK, at, hand_in, rows, said
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def handed_in(world, school, name="Ann", language="en"):
    """A student and the id of a log that they handed in now."""
    student = await school.add_student(name, name, language)
    return student, await hand_in(world, await school.place(student))


async def answered(world, mentor, placement_id, *days: float):
    """Logs of earlier weeks, each handed in and approved by the mentor so many days later."""
    start = world.clock()
    for number, wait in enumerate(days):
        log_id = await hand_in(world, placement_id, WEEK + number * A_WEEK)
        world.clock.now += wait * (at(1, "00:00") - at(0, "00:00"))

        async def approve(tx, log_id=log_id):
            today = world.clock().date()
            log = (await reviews.for_reviewer(tx, log_id, mentor.id, today=today)).log
            await reviews.decide(tx, log, mentor.id, Decision.APPROVED, now=world.clock())

        await world.database.transaction(approve)
        world.clock.now = start


async def open_log(student, log_id):
    """Have the card of a log drawn anew, as its button in the list of weeks does it."""
    await student.sends("/menu")
    card = await student.card()
    await student.acts("press", message_id=card["message_id"], data=f"log.show:{log_id}:0:", force=True)
    return await student.reads()


@pytest.mark.parametrize(
    ("language", "usual"), [("en", "🕓 Usually answered within 2 days."), ("zh", "🕓 一般2天内批阅。")]
)
async def test_the_usual_time(world, school, language, usual):
    """From three answers on the card says how long answers usually take: the median of the newest ten, in days."""
    other = await school.add_student("Old", "9")
    placement = await school.place(other)
    student, log_id = await handed_in(world, school, language=language)
    await answered(world, school.mentor, placement, 1.5, 1.5)
    assert usual not in await open_log(student, log_id)
    third = await school.place(await school.add_student("Older", "8"))
    await answered(world, school.mentor, third, 5)
    assert usual in await open_log(student, log_id)
    fourth = await school.place(await school.add_student("Oldest", "7"))
    await answered(world, school.mentor, fourth, *[0.1] * 10)
    assert usual not in await open_log(student, log_id)
    assert ("within 1 day" if language == "en" else "一般1天内") in await student.reads()


async def test_a_nudge(world, school):
    """After the term the student has the mentor reminded, once in three days, in the bot's own name."""
    await world.move(at(1, "10:00"))
    student, log_id = await handed_in(world, school)
    assert "📨 Week 1" in await open_log(student, log_id)
    assert [] == [label for label in await student.buttons() if "🔔" in label]
    await world.move(at(4, "08:00"))
    assert [] == [label for label in await student.buttons() if "🔔" in label]
    world.clock.now = at(4, "10:00")  # nothing has ticked since
    await open_log(student, log_id)
    assert "🔔 Remind Ms Li" in await student.buttons()
    await student.presses("Remind Ms Li")
    assert "in my own name" in await student.toast()
    assert "🔔 I reminded Ms Li (Friday 10:00)." in await student.reads()
    assert [] == [label for label in await student.buttons() if "🔔" in label]
    await world.tick()
    assert [
        (
            "🧾 1 weekly log has been waiting for a while:\n"
            "• Ann, week 1, handed in 17 Nov (3 days ago)\n"
            "One line from you is enough. In a few days the coordinator hears of it and can answer in your place."
        )
    ] == await said(school.mentor)
    assert 1 == len(await rows(world, "mentor_nudge"))


async def test_the_second_time_the_coordinators_hear_of_it(world, school):
    """Three days after the mentor was reminded, by itself or not, the student's button goes to the coordinators."""
    student, log_id = await handed_in(world, school)
    await world.move(at(3, "09:00"))
    assert 1 == len(await said(school.mentor))
    await open_log(student, log_id)
    assert "🔔 I reminded Ms Li (Thursday 09:00)." in await student.reads()
    assert [] == [label for label in await student.buttons() if "🔔" in label]
    await world.move(at(6, "12:00"))
    await open_log(student, log_id)
    await student.presses("Tell my coordinators")
    assert "queue now" in await student.toast()
    assert "🏫 Your coordinators know that it waits (Sunday 12:00)" in await student.reads()
    await school.coordinator.sends("/queue")
    assert "1 log waits for you" in await school.coordinator.reads()
    before = len(await said(school.coordinator))
    await world.move(at(7, "09:00"))
    texts = (await said(school.coordinator))[before:]
    assert ["⏳ 1 weekly log has waited too long for an answer:"] == [text.split("\n")[0] for text in texts]
    for day in range(8, 15):
        await world.move(at(day, "09:00"))
    assert 1 == len(await rows(world, "escalation"))


async def test_nobody_hears_twice(world, school):
    """Where the mentor is written to anyway, or was today, the student hears when; nothing is sent a second time."""
    ann, ann_log = await handed_in(world, school)
    world.clock.now = at(0, "12:00")
    bob, bob_log = await handed_in(world, school, "Bob")
    await world.move(at(3, "09:00"))
    await open_log(ann, ann_log)
    assert "I reminded Ms Li" in await ann.reads()
    world.clock.now = at(3, "13:00")
    await open_log(bob, bob_log)
    await bob.presses("Remind Ms Li")
    assert "I write to Ms Li anyway (Friday 09:00), and your log is on the list." == await bob.toast()
    assert 1 == len(await said(school.mentor))
    await world.move(at(4, "09:00"))
    assert "Bob" in await school.mentor.reads()
    assert "I reminded Ms Li (Friday 09:00)" in await open_log(bob, bob_log)
    assert 2 == len(await rows(world, "mentor_nudge"))


async def test_two_presses_make_one_message(world, school):
    """The second press on the same button finds that it is done; one of an earlier submission does nothing."""
    student, log_id = await handed_in(world, school)
    world.clock.now = at(3, "10:00")
    await open_log(student, log_id)
    card = await student.card()
    await student.presses("Remind Ms Li", card)
    await student.presses("Remind Ms Li", card)
    assert "I reminded Ms Li" in await student.reads()
    assert 1 == len(await rows(world, "mentor_nudge"))


async def test_where_no_mentor_can_be_reached(world, school):
    """Without a mentor, or with one who stopped the bot, the first reminder goes to the coordinators."""
    ann, ann_log = await handed_in(world, school)
    bob, bob_log = await handed_in(world, school, "Bob")

    async def change(tx):
        placement = (await placements.of_person(tx, bob.id))[0]
        await placements.set_mentor(tx, placement, None)
        await people.set_stopped(tx, school.mentor.id, world.clock())

    await world.database.transaction(change)
    world.clock.now = at(3, "10:00")
    assert "with Ms Li" in await open_log(ann, ann_log)
    await ann.presses("Tell my coordinators")
    assert "with your coordinator since" in await open_log(bob, bob_log)
    await bob.presses("Tell my coordinators")
    await world.move(at(4, "09:00"))
    assert "⏳ 2 weekly logs have waited too long" in await school.coordinator.reads()
    assert [] == await rows(world, "mentor_nudge")


async def test_a_resubmission_begins_anew(world, school):
    """What was asked about the submission before does not count any more."""
    student, log_id = await handed_in(world, school)
    world.clock.now = at(3, "10:00")
    await open_log(student, log_id)
    await student.presses("Remind Ms Li")

    async def again(tx):
        log = await logs.for_student(tx, log_id, student.id)
        await logs.withdraw(tx, log, now=world.clock())
        log = await logs.for_student(tx, log_id, student.id)
        assert LogState.DRAFT is log.state
        await logs.submit(tx, log, now=world.clock())

    await world.database.transaction(again)
    assert "🔔" not in await open_log(student, log_id)
    world.clock.now = at(8, "10:00")
    await open_log(student, log_id)
    assert "🔔 Remind Ms Li" in await student.buttons()


async def test_a_class_has_its_own_term(world, school):
    """A coordinator sets the term in the class's rules, and from then on it decides about reminders and the queue."""
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    assert "⏳ Answers within 3 days, or I remind the mentor" in await school.coordinator.reads()
    await school.coordinator.presses("Change class")
    await school.coordinator.presses("Answers within")
    await school.coordinator.presses("1 day")
    await school.coordinator.presses("Save")
    assert "⏳ Answers within 1 day, or I remind the mentor" in await school.coordinator.reads()
    await handed_in(world, school)
    await world.move(at(1, "09:00"))
    assert "1 weekly log has been waiting" in await school.mentor.reads()
    await school.mentor.sends("/queue")
    assert "⏰ Ann" in await school.mentor.reads()
    before = len(await said(school.coordinator))
    await world.move(at(4, "09:00"))
    assert before == len(await said(school.coordinator))
    await world.move(at(7, "09:00"))
    assert "⏳ 1 weekly log has waited too long" in await school.coordinator.reads()


async def test_a_nudge_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh", mentor="李老师")
    student, log_id = await handed_in(world, school, "小明", "zh")
    world.clock.now = at(3, "10:00")
    await open_log(student, log_id)
    await student.presses("提醒李老师")
    assert "不会说是你催的" in await student.toast()
    assert "🔔 我已提醒李老师（周四10:00）。" in await student.reads()
    world.clock.now = at(6, "10:00")
    await open_log(student, log_id)
    await student.presses("告诉指导老师")
    assert "🏫 指导老师已知道这篇在等批阅（周日10:00），可以代为批阅。" in await student.reads()
