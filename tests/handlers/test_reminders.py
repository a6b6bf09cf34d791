"""Reminders to students: when they come, what they say, when they stop, and that each exists once."""

from __future__ import annotations

import asyncio
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.schedule import tick
from domain.logs import Decision
from domain.weeks import at_local
from storage import logs, people, placements, reviews, schedule
from tests.handlers.reminded import FRIDAY, LAST, NOON, WEEK, at, decide, hand_in, rows, said, write
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def test_three_reminders(world, school):
    """A student who writes nothing is reminded on Friday at 17:00, on Sunday at noon and at 18:00, then left alone."""
    ann = await school.add_student("Ann", "1")
    await school.place(ann)
    await world.move(FRIDAY - timedelta(minutes=1))
    assert [] == await said(ann)
    await world.move(FRIDAY)
    assert [
        (
            "⏰ Week 1 · 16–22 Nov\nYour weekly log is due Sunday 20:00 (in 2 days).\n"
            "A few lines are enough to begin; each answer is saved at once."
        )
    ] == await said(ann)
    assert ["✍️ Write it", "💤 Remind me later", "💛 How was the week?"] == await ann.buttons()
    await world.move(NOON)
    assert "due Sunday 20:00 (in 8 hours)" in await ann.reads()
    await world.move(LAST)
    assert "due Sunday 20:00 (in 2 hours)" in await ann.reads()
    await world.move(at(10, "12:00"))
    assert 3 == len(await said(ann))
    await world.move(at(11, "17:00"))
    assert "Week 2 · 23–29 Nov" in await ann.reads()
    assert 4 == len(await rows(world))


async def test_three_reminders_in_chinese(world):
    """The same in Chinese, worded as a school's notice would be."""
    school = await make_school(world, language="zh-hans")
    ming = await school.placed("小明", "1", "zh-hans")
    await world.move(FRIDAY)
    assert [
        "⏰ 第1周（11月16日至22日）的周志，周日20:00截止，还有2天。\n先写几句就行，每写一段都会马上保存。"
    ] == await said(ming)
    assert ["✍️ 写周志", "💤 晚点提醒我", "💛 这周怎么样？"] == await ming.buttons()
    await world.move(NOON)
    await world.move(LAST)
    assert "还有2小时" in await ming.reads()
    assert 3 == len(await said(ming))


async def test_reminder_opens_the_log(world, school):
    """The reminder's first button opens that week's log."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await ann.presses("Write it")
    assert "What did you do this week?" in await ann.reads()


async def test_begun_log(world, school):
    """Who has begun hears that it is saved, and goes on from there."""
    ann = await school.add_student("Ann", "1")
    await write(world, await school.place(ann))
    await world.move(FRIDAY)
    assert "What you have written so far is saved (24 characters)." in await ann.reads()
    assert "✍️ Go on writing" in await ann.buttons()


@pytest.mark.parametrize("state", ["submitted", "approved", "needs_info", "returned"])
async def test_stops_at_submission(world, school, state):
    """A log that was handed in is not reminded of, wherever it is by then."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    log_id = await hand_in(world, placement_id)
    await decide(world, log_id, state)
    await world.move(FRIDAY)
    await world.move(NOON)
    await world.move(LAST)
    assert [] == await said(ann)
    assert [] == await rows(world)


async def test_handed_in_while_the_row_waits(world, school):
    """A reminder that is written but not sent yet is not sent once the log is handed in."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    world.clock.now = FRIDAY
    await world.telegram.post("faults", method="sendMessage", error="500", times=1)
    await world.tick()
    await hand_in(world, placement_id)
    await world.move(minutes=5)
    assert [] == await said(ann)
    assert ["settled"] == [state for _, state in await rows(world)]


async def test_withdrawn(world, school):
    """Who takes the log back is reminded again."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await hand_in(world, placement_id)
    await world.move(FRIDAY)
    await world.database.transaction(
        lambda tx: _withdraw(tx, placement_id, FRIDAY),
    )
    await world.move(NOON)
    assert 1 == len(await said(ann))


async def _withdraw(tx, placement_id, now):
    log = await logs.of_week(tx, placement_id, WEEK)
    await logs.withdraw(tx, log, now=now)


async def test_personal_time(world, school):
    """The hour that a student chose replaces Friday 17:00; one in the night comes the evening before."""
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")

    async def choose(tx):
        for student, clock in ((ann, time(19, 30)), (bob, time(23, 0))):
            await people.set_reminder_time(tx, student.id, clock)
            await schedule.replan_person(tx, student.id, world.clock())

    await world.database.transaction(choose)
    await world.move(hours=1)
    await world.move(FRIDAY)
    assert [] == await said(ann) + await said(bob)
    await world.move(at(4, "19:30"))
    assert 1 == len(await said(ann))
    assert [] == await said(bob)
    await world.move(at(4, "21:45"))
    assert 1 == len(await said(bob))


async def test_night_of_a_reader_elsewhere(world, school):
    """A student in New York hears in the evening there, with the deadline on the clock there."""
    ann = await school.placed("Ann", "1")
    zone = ZoneInfo("America/New_York")

    async def travel(tx):
        await people.set_time_zone(tx, ann.id, zone.key)
        await schedule.replan_person(tx, ann.id, world.clock())

    await world.database.transaction(travel)
    await world.move(hours=1)
    await world.move(at(3, "21:44", zone))
    assert [] == await said(ann)
    await world.move(at(3, "21:45", zone))
    assert "Sunday 07:00 (in 3 days)" in await ann.reads()
    await world.move(at(5, "21:45", zone))
    assert "Sunday 07:00 (in 9 hours)" in await ann.reads()
    assert 2 == len(await said(ann))


@pytest.mark.parametrize(
    ("zone", "sunday"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
    ],
)
async def test_daylight_saving(world, zone, sunday):
    """Where the clock is changed on the Sunday itself, the reminders keep to what the wall shows, each once."""
    its = ZoneInfo(zone)
    world.clock.now = at_local(sunday - timedelta(days=6), time(9), its)
    school = await make_school(world, zone=zone)
    ann = await school.placed("Ann", "1")
    await world.database.transaction(lambda tx: people.set_time_zone(tx, ann.id, zone))
    await world.move(at_local(sunday - timedelta(days=2), time(12), its))
    seen = []
    while world.clock() < at_local(sunday, time(23), its):
        await world.move(hours=1)
        if len(await said(ann)) > len(seen):
            seen.append(f"{world.clock().astimezone(its):%a %H:%M}")
    assert ["Fri 17:00", "Sun 12:00", "Sun 18:00"] == seen
    assert "due Sunday 20:00 (in 2 hours)" in await ann.reads()


async def test_restart_at_the_due_minute(world, school):
    """A restart in the minute in which a reminder is due neither loses nor repeats it."""
    ann = await school.placed("Ann", "1")
    world.clock.now = FRIDAY
    await world.restart()
    await tick(world.house)
    await world.restart()
    await world.tick()
    await world.move(seconds=30)
    assert 1 == len(await rows(world))
    assert 1 == len(await said(ann))


async def test_two_ticks_at_once(world, school):
    """Two workers that tick in the same moment write each reminder once."""
    students = [await school.placed(f"Student {n}", str(n)) for n in range(5)]
    world.clock.now = FRIDAY
    await asyncio.gather(tick(world.house), tick(world.house), tick(world.house))
    await world.tick()
    assert 5 == len(await rows(world))
    assert [1] * 5 == [len(await said(student)) for student in students]


async def test_planned_anew_in_the_due_minute(world, school):
    """A change in the very minute of a reminder, before the tick came, neither loses nor repeats it."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(hours=1)
    world.clock.now = FRIDAY + timedelta(seconds=20)
    await world.database.transaction(lambda tx: schedule.put(tx, "placement", placement_id, world.clock()))
    await world.move(seconds=10)
    await world.database.transaction(lambda tx: schedule.put(tx, "placement", placement_id, FRIDAY))
    await world.move(seconds=10)
    assert [("2026-11-20T09:00:00+00:00", "sent")] == [(key[-25:], state) for key, state in await rows(world)]
    assert 1 == len(await said(ann))


async def test_outage(world, school):
    """After an outage over all three times only the newest reminder goes, and says that the week is still open."""
    ann = await school.placed("Ann", "1")
    await world.move(hours=1)
    await world.stop()
    world.clock.now = at(7, "09:30")
    await world.start()
    await world.tick()
    assert [
        (
            "⏰ Week 1 · 16–22 Nov is still open\n"
            "The log was due Sunday 22 Nov, 20:00; you can hand it in until 21 Feb.\n"
            "A few lines are enough to begin; each answer is saved at once."
        )
    ] == await said(ann)
    assert 1 == len(await rows(world))
    await world.move(at(11, "17:00"))
    assert "Week 2 · 23–29 Nov" in await ann.reads()


async def test_outage_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh")
    ming = await school.placed("小明", "1", "zh")
    await world.move(hours=1)
    await world.move(at(7, "09:30"))
    assert [
        (
            "⏰ 第1周（11月16日至22日）的周志还可以补交。\n11月22日（周日）20:00已截止，最晚可以补到2月21日。\n"
            "先写几句就行，每写一段都会马上保存。"
        )
    ] == await said(ming)


async def test_outage_until_the_night(world, school):
    """What became due during an outage that ends at night waits until the morning."""
    ann = await school.placed("Ann", "1")
    await world.move(hours=1)
    await world.move(at(4, "23:30"))
    await world.move(at(5, "07:59"))
    assert [] == await said(ann)
    await world.move(at(5, "08:00"))
    assert "due Sunday 20:00 (in 1 day)" in await ann.reads()
    assert 1 == len(await rows(world))


async def test_outage_of_telegram(world, school):
    """While Telegram is away reminders do not pile up: when it is back, only the newest one goes."""
    ann = await school.placed("Ann", "1")
    await world.move(hours=1)
    await world.telegram.post("faults", method="sendMessage", error="502", times=30)
    for moment in (FRIDAY, NOON, LAST):
        await world.move(moment)
    assert [] == await said(ann)
    await world.telegram.delete("faults")
    await world.move(minutes=30)
    assert 1 == len(await said(ann))
    assert ["settled", "settled", "sent"] == [state for _, state in await rows(world)]


async def test_excused_week(world, school):
    """An excused week is not reminded of; the next one is."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(hours=1)
    await world.database.transaction(
        lambda tx: placements.excuse(
            tx, placement_id, WEEK, reason="ill", created_by=school.coordinator.id, now=world.clock()
        )
    )
    for moment in (FRIDAY, NOON, LAST):
        await world.move(moment)
    assert [] == await said(ann)
    await world.move(at(11, "17:00"))
    assert "Week 2 · 23–29 Nov" in await ann.reads()


async def test_weeks_of_under_three_days(world, school):
    """First and last weeks of two days are not reminded of, and after the end nothing comes; the entry is gone."""
    ann = await school.add_student("Ann", "1")
    await school.place(ann, starts_on=date(2026, 11, 21), ends_on=date(2026, 12, 1))
    for day in range(30):
        await world.move(at(day, "12:00"))
        await world.move(at(day, "18:00"))
    assert ["2026-11-27", "2026-11-29", "2026-11-29"] == [key[-25:-15] for key, _ in await rows(world)]
    left = await world.database.read(lambda tx: tx.all("SELECT subject FROM schedule WHERE kind = 'placement'"))
    assert [] == [row["subject"] for row in left]


async def test_ended_early(world, school):
    """After an early end the weeks behind it are not reminded of."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(FRIDAY)

    async def end(tx):
        placement = await placements.by_id(tx, placement_id)
        await placements.end(tx, placement, ends_on=date(2026, 11, 17), reason="moved", now=FRIDAY)

    await world.database.transaction(end)
    await world.move(NOON)
    await world.move(LAST)
    assert 1 == len(await said(ann))


async def test_changed_deadline(world, school):
    """When the class's deadline moves, so do the reminders; what lies before the change does not come again."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)

    async def change(tx):
        await tx.run("UPDATE classes SET due_weekday = 5, due_time = '16:00'")
        await placements.replan_class(tx, school.class_id, now=FRIDAY)

    await world.database.transaction(change)
    await world.move(minutes=1)
    assert 1 == len(await said(ann))
    await world.move(at(5, "12:00"))
    assert "due Saturday 16:00 (in 4 hours)" in await ann.reads()
    await world.move(at(5, "14:00"))
    assert "due Saturday 16:00 (in 2 hours)" in await ann.reads()
    await world.move(NOON)
    await world.move(LAST)
    assert 3 == len(await said(ann))


async def test_noon_is_spared(world, school):
    """A student who got two answers this week is not reminded at noon between the first time and the last."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann, starts_on=date(2026, 11, 2))
    for weeks_ago in (2, 1):
        log_id = await hand_in(world, placement_id, WEEK - timedelta(days=7 * weeks_ago))
        await world.move(hours=1)
        await world.database.transaction(lambda tx, id_=log_id: _approve(tx, id_, school.mentor.id, world.clock()))
    for moment in (FRIDAY, NOON, LAST):
        await world.move(moment)
    assert [FRIDAY.isoformat(), LAST.isoformat()] == [key for key, _ in await rows(world)]
    assert 2 == len(await said(ann))


async def _approve(tx, log_id, mentor_id, now):
    submission = await reviews.for_reviewer(tx, log_id, mentor_id, today=now.date())
    await reviews.decide(tx, submission.log, mentor_id, Decision.APPROVED, now=now)


async def test_late_placement(world, school):
    """Who is placed, or joins, after a reminder's time is not reminded of the past."""
    ann = await school.add_student("Ann", "1")
    await world.move(at(6, "13:00"))
    await school.place(ann, starts_on=date(2026, 11, 2))
    await world.move(minutes=1)
    assert [] == await said(ann)
    await world.move(LAST)
    assert "Week 3 · 16–22 Nov" in await ann.reads()


async def test_suspended(world, school):
    """A suspended student hears nothing."""
    ann = await school.placed("Ann", "1")
    await world.database.transaction(lambda tx: tx.run("UPDATE students SET suspended_at = :now", now=world.clock()))
    await world.move(FRIDAY)
    assert [] == await said(ann)
    assert [] == await rows(world)


async def test_person_who_stopped_the_bot(world, school):
    """Who stopped the bot is left alone, and is reminded again after coming back."""
    ann = await school.placed("Ann", "1")
    await ann.acts("block")
    for moment in (FRIDAY, NOON, LAST):
        await world.move(moment)
    assert [] == await rows(world)
    await world.move(at(8, "12:00"))
    await ann.acts("unblock")
    await ann.sends("/help")
    await world.move(at(11, "17:00"))
    assert "Week 2 · 23–29 Nov" in await ann.reads()
