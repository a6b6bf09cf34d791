"""The digest: at a mentor's own time, with thanks and the ways on; never a word about what was not in time."""

from __future__ import annotations

import pytest

from domain.logs import Decision
from domain.weeks import WEEK as A_WEEK
from storage import people, reviews
from tests.handlers.reminded import WEEK, at, hand_in, rows, said
from tests.people import make_school


@pytest.fixture
async def school(world):
    school = await make_school(world)
    await world.tick()  # the check of the Monday on which the world begins is done
    return school


async def answer(world, mentor, log_id, decision=Decision.APPROVED):
    """Answer a log as its mentor does."""

    async def work(tx):
        log = (await reviews.for_reviewer(tx, log_id, mentor.id, today=world.clock().date())).log
        await reviews.decide(tx, log, mentor.id, decision, "Why?" if decision else "", now=world.clock())

    await world.database.transaction(work)


async def weeks_in_time(world, school, placement_id, number, *, first=0):
    """So many weeks, each handed in on its Friday at noon and answered on the next day."""
    for week in range(first, first + number):
        await world.move(at(7 * week + 4, "12:00"))
        log_id = await hand_in(world, placement_id, WEEK + week * A_WEEK)
        await world.move(at(7 * week + 5, "12:00"))
        await answer(world, school.mentor, log_id)


async def test_the_ways_on(world, school):
    """The queue, the oldest log itself, another time, and handing over are one press away."""
    ann = await school.place(await school.add_student("Ann <i>", "1"))
    await world.move(at(6, "19:00"))
    await hand_in(world, ann)
    await world.move(at(7, "09:00"))
    assert [
        "🧾 Answer them",
        "▶️ The oldest: Ann <i>, week 1",
        "🕘 Another time",
        "🤝 Hand over",
    ] == await school.mentor.buttons()
    card = await school.mentor.card()
    await school.mentor.presses("The oldest")
    assert "Measured blood pressure." in await school.mentor.reads()
    await school.mentor.presses("Approve")
    await school.mentor.presses("The oldest", card)
    assert "🌱 Nothing waits for you" in await school.mentor.reads()


async def test_another_day_in_two_presses(world, school):
    """Wednesday is added with one press on the digest and one on the day; Monday goes with a third."""
    ann = await school.place(await school.add_student("Ann", "1"))
    await world.move(at(6, "19:00"))
    await hand_in(world, ann)
    await world.move(at(7, "09:00"))
    await school.mentor.presses("Another time")
    assert "Now: Monday, 09:00" in await school.mentor.reads()
    await school.mentor.presses("Monday")
    assert "One day has to stay" in await school.mentor.toast()
    card = await school.mentor.card()
    await school.mentor.presses("Wednesday")
    await school.mentor.presses("Wednesday", card)
    assert "Now: Monday, Wednesday, 09:00" in await school.mentor.reads()
    assert "✓ Wednesday" in await school.mentor.buttons()
    await world.move(at(9, "09:00"))
    assert 2 == len(await rows(world, "mentor_digest"))
    assert "1 weekly log waits for your answer" in await school.mentor.reads()


async def test_three_days_are_the_most(world, school):
    """A fourth day is refused with what to do; the message budget holds whatever is chosen."""
    await world.database.transaction(lambda tx: people.set_digest_days(tx, school.mentor.id, (0, 2, 4)))
    await school.mentor.sends("/settings")
    assert "Monday, Wednesday, Friday, 09:00" in await school.mentor.reads()
    await school.mentor.presses("Another time")
    await school.mentor.presses("Sunday")
    assert "3 days a week are the most" in await school.mentor.toast()
    ids = [await school.place(await school.add_student(f"S{n}", str(n))) for n in range(5)]
    for day, placement_id in enumerate(ids):
        await world.move(at(day, "08:00"))
        await hand_in(world, placement_id)
    for day in range(5, 14):
        await world.move(at(day, "09:00"))
    pushed = await rows(world, "mentor_digest") + await rows(world, "mentor_nudge")
    assert 3 == len([key for key, _ in pushed if "2026-11-23" <= key[-10:] <= "2026-11-29"])


async def test_an_hour_and_a_weekend(world, school):
    """A mentor who reads on Saturday evening gets it then, and on Monday nothing."""
    ann = await school.place(await school.add_student("Ann", "1"))
    await school.mentor.sends("/settings")
    await school.mentor.presses("Another time")
    for label in ("Saturday", "✓ Monday", "20:00"):
        await school.mentor.presses(label)
    assert "Now: Saturday, 20:00" in await school.mentor.reads()
    before = len(await said(school.mentor))
    await world.move(at(4, "12:00"))
    await hand_in(world, ann)
    await world.move(at(5, "19:59"))
    assert before == len(await said(school.mentor))
    await world.move(at(5, "20:00"))
    assert "1 weekly log waits for your answer" in await school.mentor.reads()
    await world.move(at(7, "19:59"))
    assert [1, 0] == [len(await rows(world, card)) for card in ("mentor_digest", "mentor_nudge")]
    await world.move(at(7, "20:00"))
    await world.move(at(12, "19:59"))
    assert [1, 1] == [len(await rows(world, card)) for card in ("mentor_digest", "mentor_nudge")]


async def test_quiet_hours_cannot_be_chosen(world, school):
    """A made-up button with an hour of the night changes nothing."""
    await school.mentor.sends("/settings")
    await school.mentor.presses("Another time")
    card = await school.mentor.card()
    for data in ("digest.time:0:0:2300", "digest.time:0:0:x", "digest.day:0:0:7.1", "digest.day:0:0:1.2"):
        await school.mentor.acts("press", message_id=card["message_id"], data=data, force=True)
    assert "Now: Monday, 09:00" in await school.mentor.reads()


async def test_thanks_for_weeks_in_a_row(world, school):
    """After weeks in which everybody had an answer in time the digest says so, and how many had one since the last."""
    ann, bob = [await school.place(await school.add_student(name, name)) for name in ("Ann", "Bob")]
    await weeks_in_time(world, school, ann, 2)
    await world.move(at(13, "19:00"))
    await hand_in(world, bob, WEEK + A_WEEK)
    await world.move(at(14, "09:00"))
    assert "weeks in a row" not in await school.mentor.reads()  # the second week is still open
    assert "🙏 1 student has had an answer from you since 23 Nov." in await school.mentor.reads()
    await world.move(at(14, "12:00"))
    last = await world.database.read(lambda tx: tx.one("SELECT max(id) AS id FROM logs"))
    await answer(world, school.mentor, last["id"])
    await weeks_in_time(world, school, ann, 1, first=2)
    await world.move(at(20, "19:00"))
    await hand_in(world, bob, WEEK + 2 * A_WEEK)
    await world.move(at(21, "09:00"))
    assert (await school.mentor.reads()).endswith(
        "\n\n🙏 2 students have had an answer from you since 30 Nov.\n"
        "🌱 2 weeks in a row everyone had an answer in time. Thank you."
    )


async def test_a_row_that_ended_is_not_spoken_of(world, school):
    """After a week in which somebody waited too long the digest says nothing about any row."""
    ann, bob = [await school.place(await school.add_student(name, name)) for name in ("Ann", "Bob")]
    await weeks_in_time(world, school, ann, 3)
    await world.move(at(21, "12:00"))
    log_id = await hand_in(world, ann, WEEK + 3 * A_WEEK)
    await world.move(at(25, "12:00"))
    await answer(world, school.mentor, log_id)
    await world.move(at(27, "19:00"))
    await hand_in(world, bob, WEEK + 3 * A_WEEK)
    await world.move(at(28, "09:00"))
    assert "1 weekly log waits for your answer" in await school.mentor.reads()
    for word in ("row", "🌱", "late", "broken"):
        assert word not in await school.mentor.reads()


async def test_what_others_answered_is_not_thanked_for(world, school):
    """A week that the coordinator answered in the mentor's place neither counts nor is held against anybody."""
    ann, bob = [await school.place(await school.add_student(name, name)) for name in ("Ann", "Bob")]
    await weeks_in_time(world, school, ann, 2)
    await world.move(at(18, "12:00"))
    log_id = await hand_in(world, ann, WEEK + 2 * A_WEEK)
    await answer(world, school.coordinator, log_id)
    await world.move(at(20, "19:00"))
    await hand_in(world, bob, WEEK + 3 * A_WEEK)
    await world.move(at(21, "09:00"))
    assert "🌱 2 weeks in a row" in await school.mentor.reads()
    assert "🙏" not in await school.mentor.reads()


async def test_thanks_alone_every_four_weeks(world, school):
    """Who never keeps anybody waiting gets no digest, but a word after four weeks, once, and after eight."""
    ann = await school.place(await school.add_student("Ann", "1"))
    await weeks_in_time(world, school, ann, 3)
    await world.move(at(21, "09:00"))
    assert [] == await said(school.mentor)
    await weeks_in_time(world, school, ann, 1, first=3)
    await world.move(at(28, "09:00"))
    assert [
        (
            "🙏 1 student has had an answer from you since 7 Dec.\n"
            "🌱 4 weeks in a row everyone had an answer in time. Thank you.\n"
            "🧾 No log waits for your answer."
        )
    ] == await said(school.mentor)
    await world.move(at(35, "09:00"))  # a week without logs
    assert 1 == len(await said(school.mentor))
    await weeks_in_time(world, school, ann, 3, first=5)
    await world.move(at(56, "09:00"))
    assert 1 == len(await said(school.mentor))
    await weeks_in_time(world, school, ann, 1, first=8)
    await world.move(at(63, "09:00"))
    assert "🌱 8 weeks in a row" in await school.mentor.reads()


async def test_thanks_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh", mentor="李老师")
    await world.tick()
    ann = await school.place(await school.add_student("小明", "1", "zh"))
    bob = await school.place(await school.add_student("小红", "2", "zh"))
    await weeks_in_time(world, school, ann, 2)
    await world.move(at(13, "19:00"))
    await hand_in(world, bob, WEEK + 2 * A_WEEK)
    await world.move(at(14, "09:00"))
    text = await school.mentor.reads()
    assert text.endswith("\n\n🙏 11月23日以来，你批阅了1位学生的周志。\n🌱 连续2周，每位学生都按时收到了批阅，谢谢！")
    assert "▶️ 最早一篇：小红第3周" in await school.mentor.buttons()
    await school.mentor.presses("换个时间")
    assert "现在是：周一 09:00" in await school.mentor.reads()
    await school.mentor.presses("周三")
    assert "现在是：周一、周三 09:00" in await school.mentor.reads()


async def test_submissions_of_before_are_not_judged(world, school):
    """Of a submission from before the term was noted nothing is known: it neither counts nor ends a row."""
    ann, bob = [await school.place(await school.add_student(name, name)) for name in ("Ann", "Bob")]
    await weeks_in_time(world, school, ann, 1)
    await world.database.transaction(lambda tx: tx.run("UPDATE revisions SET answer_by = NULL"))
    await weeks_in_time(world, school, ann, 2, first=1)
    await world.move(at(20, "19:00"))
    await hand_in(world, bob, WEEK + 3 * A_WEEK)
    await world.move(at(21, "09:00"))
    assert "🌱 2 weeks in a row" in await school.mentor.reads()
