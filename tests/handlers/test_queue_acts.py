"""A queue cleared faster: approved together once each was opened, by student, and what comes back tomorrow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.weeks import WEEK
from tests.handed_in import hand_in, state_of, take_back
from tests.handlers.reminded import WEEK as FIRST
from tests.handlers.reminded import at
from tests.people import make_school

NAMES = ("Ada", "Bo", "Cai", "Dan", "Eva", "Fay")


@pytest.fixture
async def school(world):
    return await make_school(world)


async def some_logs(world, school, count: int):
    """Students with a log each, handed in an hour apart, of which nobody was told."""
    made = []
    for number, name in enumerate(NAMES[:count]):
        student = await school.placed(name, str(number))
        made.append((student, await hand_in(world, student, push=False)))
        world.clock.now += timedelta(hours=1)
    return made


async def states(world, made):
    return [(await state_of(world, log_id))[0] for _, log_id in made]


async def test_what_was_opened_is_approved_together(world, school):
    """One press approves exactly those that were opened; the students hear of it in a minute."""
    made, mentor = await some_logs(world, school, 3), school.mentor
    await mentor.sends("/queue")
    assert [] == [label for label in await mentor.buttons() if "Approve" in label]
    await mentor.presses("Ada · week 1")
    await mentor.presses("List")
    assert "handed in Monday 09:00 · 👁 opened" in await mentor.reads()
    assert [] == [label for label in await mentor.buttons() if "Approve" in label]
    await mentor.presses("Bo · week 1")
    await mentor.presses("List")
    await mentor.presses("Approve the 2 that you have opened")
    assert "✅ Approved: 2 logs. The students hear of it in a minute." == await mentor.toast()
    assert ["approved", "approved", "submitted"] == await states(world, made)
    assert "1 log waits for you" in await mentor.reads()
    await world.move(minutes=2)
    assert ["approved" in await student.reads() for student, _ in made] == [True, True, False]


async def test_they_are_taken_back_together(world, school):
    """As long as no student has heard of it, and not afterwards."""
    made, mentor = await some_logs(world, school, 2), school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · week 1")
    await mentor.presses("Later")  # opens the next one
    await mentor.presses("List")
    await mentor.presses("Approve the 2")
    assert ["approved", "approved"] == await states(world, made)
    card = await mentor.card()
    await mentor.presses("Undo 2 approvals")
    assert ["submitted", "submitted"] == await states(world, made)
    assert "2 logs wait for you" in await mentor.reads()
    await mentor.presses("Approve the 2")
    await world.move(minutes=2)
    await mentor.presses("Undo 2 approvals", card)
    assert ["approved", "approved"] == await states(world, made)


async def test_a_new_submission_is_not_what_was_opened(world, school):
    """A log that was taken back and handed in anew has to be opened again; the old button does nothing."""
    made, mentor = await some_logs(world, school, 2), school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · week 1")
    await mentor.presses("Later")
    await mentor.presses("List")
    card = await mentor.card()
    await take_back(world, *made[0])
    await hand_in(world, made[0][0], "Something else.", push=False)
    await mentor.presses("Approve the 2", card)
    assert ["submitted", "submitted"] == await states(world, made)
    assert 1 == (await mentor.reads()).count("👁")


async def test_a_queue_by_student(world, school):
    """A long queue is looked at by student, and the whole of it is one press away."""
    made, mentor = await some_logs(world, school, 5), school.mentor
    await mentor.sends("/queue")
    assert "👤 By student" not in await mentor.buttons()
    world.clock.now += WEEK
    await hand_in(world, made[1][0], push=False, week=FIRST + WEEK)
    await mentor.sends("/queue")
    await mentor.presses("By student")
    assert ["Ada (1)", "Bo (2)", "Cai (1)", "Dan (1)", "Eva (1)"] == (await mentor.buttons())[:5]
    await mentor.presses("Bo (2)")
    assert (await mentor.reads()).startswith("🧾 2 logs by Bo wait, the oldest first")
    assert ["Bo · week 1", "Bo · week 2", "☰ The whole queue"] == (await mentor.buttons())[:3]
    await mentor.presses("The whole queue")
    assert "6 logs wait for you" in await mentor.reads()


async def test_a_coordinator_looks_at_all_by_student(world, school):
    """The same for all that waits in one's classes."""
    await some_logs(world, school, 6)
    boss = school.coordinator
    await boss.sends("/queue")
    await boss.presses("All that wait in my classes (6)")
    await boss.presses("By student")
    await boss.presses("Next page")
    assert "Fay (1)" in await boss.buttons()
    await boss.presses("Fay (1)")
    assert "1 log by Fay waits" in await boss.reads()
    await boss.presses("The whole queue")
    assert "6 logs wait in your classes" in await boss.reads()


async def test_tomorrow(world, school):
    """A log comes back tomorrow at the mentor's hour, unless it is answered by then; the queue goes on."""
    await world.tick()
    made, mentor = await some_logs(world, school, 3), school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · week 1")
    await mentor.presses("Tomorrow")
    assert "💤 I bring it back Tuesday 09:00." == await mentor.toast()
    assert (await mentor.reads()).startswith("🧾 Bo")
    await mentor.presses("Tomorrow")
    await mentor.presses("List")
    assert "3 logs wait for you" in await mentor.reads()
    await mentor.presses("Bo · week 1")
    await mentor.presses("Approve")
    before = len(await mentor.from_bot())
    await world.move(at(1, "08:59"))
    assert before == len(await mentor.from_bot())
    await world.move(at(1, "09:00"))
    assert (await mentor.reads()).startswith("🧾 Ada")
    assert before + 1 == len(await mentor.from_bot())
    assert ["submitted", "approved", "submitted"] == await states(world, made)


async def test_a_pushed_card_comes_back_tomorrow(world, school):
    """It is folded until then; a second press does not bring it twice."""
    await world.tick()
    ann = await school.placed("Ann", "1")
    await hand_in(world, ann)
    mentor = school.mentor
    await mentor.presses("Later")
    card = await mentor.card()
    await mentor.presses("Tomorrow", card)
    assert "I bring it back Tuesday 09:00. Until then it stays in your queue." in await mentor.reads()
    await mentor.presses("Tomorrow", card)
    before = len(await mentor.from_bot())
    await world.move(at(1, "09:00"))
    assert before + 1 == len(await mentor.from_bot())
    assert (await mentor.reads()).startswith("🧾 Ann")


async def test_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh")
    await some_logs(world, school, 2)
    mentor = school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · 第1周")
    await mentor.presses("稍后")
    await mentor.presses("列表")
    assert 2 == (await mentor.reads()).count("👁 看过")
    await mentor.presses("看过的2篇全部通过")
    assert "✅ 已通过2篇，一分钟后通知学生。" == await mentor.toast()
    await mentor.presses("撤销刚通过的2篇")
    await mentor.presses("Bo · 第1周")
    await mentor.presses("明天再看")
    assert "💤 周二09:00再发给你。" == await mentor.toast()
