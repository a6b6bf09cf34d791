"""Reminders through the phones: when they come, what they say, when they stop, and that each exists once."""

from __future__ import annotations

import asyncio
import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.schedule import tick
from domain.logs import Section
from domain.weeks import at_local
from storage import logs, outbox, people, placements, schedule
from tests.people import make_school

WEEK = date(2026, 11, 16)  # the world begins on this Monday, at 09:00 in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, clock: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment `day` days after the first Monday."""
    return at_local(WEEK + timedelta(days=day), time.fromisoformat(clock), zone)


FRIDAY, NOON, LAST = at(4, "17:00"), at(6, "12:00"), at(6, "18:00")


@pytest.fixture
async def school(world):
    return await make_school(world)


async def rows(world, card="log_reminder"):
    """What the outbox holds of a card: the moment that it was for, and what became of it."""
    found = await world.database.read(
        lambda tx: tx.all("SELECT unique_key, state, args FROM outbox WHERE card = :card ORDER BY id", card=card)
    )
    return [(row["unique_key"].split(":", 3)[-1], row["state"]) for row in found]


async def read_placement(world, placement_id):
    return await world.database.read(lambda tx: placements.by_id(tx, placement_id))


async def write(world, placement_id, week=WEEK, text="Measured blood pressure."):
    """Write the log of a week and leave it open."""

    async def work(tx):
        log = await logs.begin(tx, await placements.by_id(tx, placement_id), week, now=world.clock())
        await logs.write(tx, log, Section.DONE, text)
        return await logs.of_week(tx, placement_id, week)

    return await world.database.transaction(work)


async def hand_in(world, placement_id, week=WEEK):
    """Hand in the log of a week."""
    log = await write(world, placement_id, week)
    await world.database.transaction(lambda tx: logs.submit(tx, log, now=world.clock()))
    return log.id


async def decide(world, log_id, state="approved"):
    """Answer a log, as far as reminders see it."""
    await world.database.transaction(
        lambda tx: tx.run(
            "UPDATE logs SET state = :state, decided_at = :now WHERE id = :id",
            state=state,
            now=world.clock(),
            id=log_id,
        )
    )


async def said(phone):
    """The bot's messages since the first, which answered /help."""
    return [message["text"] for message in (await phone.from_bot())[1:]]


# --- to students ------------------------------------------------------------------------------------------------


async def test_three_reminders(world, school):
    """A student who writes nothing is reminded on Friday at 17:00, on Sunday at noon and at 18:00, then left alone."""
    ann = await school.add_student("Ann", "1")
    await school.place(ann)
    await world.move(FRIDAY - timedelta(minutes=1))
    assert [] == await said(ann)
    await world.move(FRIDAY)
    assert [
        "⏰ Week 1 · 16–22 Nov\nYour weekly log is due Sunday 20:00 (in 2 days).\n"
        "A few lines are enough to begin; each answer is saved at once."
    ] == await said(ann)
    assert ["✍️ Write it", "💤 Remind me later"] == await ann.buttons()
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
    assert ["✍️ 写周志", "💤 晚点提醒我"] == await ming.buttons()
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
    """A log that was handed in is not reminded of, wherever it is by then; a week taken back is again."""
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
    seen = []
    while world.clock() < at_local(sunday, time(23), its):
        await world.move(minutes=30)
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
        "⏰ Week 1 · 16–22 Nov is still open\nThe log was due Sunday 22 Nov, 20:00; you can hand it in until 21 Feb.\n"
        "A few lines are enough to begin; each answer is saved at once."
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
        "⏰ 第1周（11月16日至22日）的周志还可以补交。\n11月22日（周日）20:00已截止，最晚可以补到2月21日。\n"
        "先写几句就行，每写一段都会马上保存。"
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
    """An excused week is not reminded of, also when the reminder was written already; the next one is."""
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
    """A suspended student hears nothing, also of a reminder that was written before."""
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


# --- put off ----------------------------------------------------------------------------------------------------


async def test_snooze(world, school):
    """One press puts the reminder off by three hours, and the card says so; a second press changes nothing."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await world.move(minutes=10)
    old = await ann.card()
    await ann.presses("Remind me later")
    assert "Next reminder: Friday 20:10" == await ann.toast()
    assert (await ann.reads()).endswith("💤 Next reminder: Friday 20:10")
    assert ["✍️ Write it"] == await ann.buttons()
    await world.move(minutes=1)
    data = old["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await ann.acts("press", message_id=old["message_id"], data=data, force=True)
    assert "Noted already: I will remind you." == await ann.toast()
    await world.move(at(4, "20:10"))
    assert 2 == len(await said(ann))
    assert ["✍️ Write it", "💤 Remind me later"] == await ann.buttons()
    assert 2 == len(await rows(world))


async def test_snooze_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh")
    ming = await school.placed("小明", "1", "zh")
    await world.move(FRIDAY)
    await ming.presses("晚点提醒我")
    assert "好的，周五20:00再提醒你" == await ming.toast()
    assert (await ming.reads()).endswith("💤 周五20:00再提醒你")


async def test_snooze_late_in_the_evening(world, school):
    """A reminder put off so late that it would come at night comes in the morning."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await world.move(at(4, "21:50"))
    await ann.presses("Remind me later")
    assert "Next reminder: Saturday 08:00" == await ann.toast()
    await world.move(at(5, "01:00"))
    assert 1 == len(await said(ann))
    await world.move(at(5, "08:00"))
    assert 2 == len(await said(ann))


async def test_snooze_up_to_the_next_reminder(world, school):
    """Where the next regular reminder comes at about that time, there is no second one beside it."""
    ann = await school.placed("Ann", "1")
    await world.move(NOON)
    await world.move(at(6, "15:00"))
    await ann.presses("Remind me later")
    assert "Next reminder: Sunday 18:00" == await ann.toast()
    await world.move(at(6, "17:59"))
    assert 1 == len(await said(ann))
    await world.move(LAST)
    assert 2 == len(await said(ann))


async def test_snooze_after_handing_in(world, school):
    """Putting off the reminder of a log that is handed in by then gets a clear answer."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(FRIDAY)
    await hand_in(world, placement_id)
    await ann.presses("Remind me later")
    assert (await ann.toast()).startswith("This week needs no reminder any more")
    await world.move(at(4, "20:00"))
    assert 1 == len(await said(ann))


async def test_no_snooze_before_the_deadline(world, school):
    """Within the last hour there is nothing to put off."""
    ann = await school.placed("Ann", "1")
    await world.move(hours=1)
    await world.move(at(6, "19:30"))
    assert ["✍️ Write it"] == await ann.buttons()


async def test_foreign_reminder(world, school):
    """A reminder's button in somebody else's hands does nothing."""
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    await world.move(FRIDAY)
    card = await bob.card()
    button = (await ann.card())["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await bob.acts("press", message_id=card["message_id"], data=button, force=True)
    assert "This is not here any more, or not yours to see." == await bob.toast()
    assert 2 == len(await rows(world))


# --- to mentors -------------------------------------------------------------------------------------------------


async def waiting_students(world, school, names=("Ann", "Bob")):
    """Students with a log that they handed in now; returns the logs' ids."""
    found = []
    for number, name in enumerate(names):
        student = await school.add_student(name, str(number))
        found.append(await hand_in(world, await school.place(student)))
    return found


async def test_digest(world, school):
    """On Monday at 09:00 a mentor hears what waits, once; when nothing waits, nothing."""
    await world.move(hours=1)
    await world.move(at(6, "19:00"))
    await waiting_students(world, school)
    await world.move(at(7, "08:59"))
    assert [] == await said(school.mentor)
    await world.move(at(7, "09:00"))
    assert [
        "🧾 2 weekly logs wait for your answer:\n"
        "• Ann, week 1, handed in 22 Nov (14 hours ago)\n"
        "• Bob, week 1, handed in 22 Nov (14 hours ago)\n"
        "The oldest comes first, and a good one takes one press."
    ] == await said(school.mentor)
    assert ["🧾 Answer them"] == await school.mentor.buttons()
    await asyncio.gather(tick(world.house), tick(world.house))
    await world.move(minutes=1)
    assert 1 == len(await rows(world, "mentor_digest"))


async def test_digest_in_chinese(world):
    """The same in Chinese; of many the first five are named."""
    school = await make_school(world, language="zh", mentor="李老师", class_name="护理2301", enterprise="市人民医院")
    await world.move(at(6, "19:00"))
    await waiting_students(world, school, ["小明", "小红", "小刚", "小丽", "小华", "小军", "小芳"])
    await world.move(at(7, "09:00"))
    assert (
        "🧾 有 7 篇周志等你批阅：\n"
        "• 小明，第1周，11月22日提交，已过14小时\n"
        "• 小红，第1周，11月22日提交，已过14小时\n"
        "• 小刚，第1周，11月22日提交，已过14小时\n"
        "• 小丽，第1周，11月22日提交，已过14小时\n"
        "• 小华，第1周，11月22日提交，已过14小时\n"
        "……还有 2 篇\n"
        "先交的排在前面，没问题的按一下就通过。"
    ) == await school.mentor.reads()


async def test_nothing_waits(world, school):
    """A mentor whose logs are all answered hears nothing, the whole week."""
    ids = await waiting_students(world, school)
    for log_id in ids:
        await decide(world, log_id)
    for day in range(14):
        await world.move(at(day, "09:00"))
    assert [] == await said(school.mentor)


async def test_nudge(world, school):
    """A log unanswered for three days is nudged on the next workday, once, also when the tick is late."""
    await world.move(at(1, "10:00"))
    await waiting_students(world, school, ["Ann"])
    for day in (2, 3):
        await world.move(at(day, "09:00"))
    await world.move(at(4, "08:59"))
    assert [] == await said(school.mentor)
    await world.move(at(4, "11:30"))
    await world.move(at(7, "09:00"))
    assert [
        "🧾 1 weekly log has waited for three days or more:\n"
        "• Ann, week 1, handed in 17 Nov (3 days ago)\n"
        "One line from you is enough. After seven days the coordinator hears of it and can answer in your place.",
        "🧾 1 weekly log waits for your answer:\n"
        "• Ann, week 1, handed in 17 Nov (6 days ago)\n"
        "The oldest comes first, and a good one takes one press.",
    ] == await said(school.mentor)
    for day in (8, 9, 10, 11):
        await world.move(at(day, "09:00"))
    assert 1 == len(await rows(world, "mentor_nudge"))


async def test_nudge_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh", mentor="李老师")
    await waiting_students(world, school, ["小明"])
    await world.move(at(3, "09:00"))
    assert [
        "🧾 有 1 篇周志已经等了三天以上：\n"
        "• 小明，第1周，11月16日提交，已过3天\n"
        "回一句就够了。满七天我会告诉指导老师，老师可以代为批阅。"
    ] == await said(school.mentor)


async def test_digest_counts_as_nudge(world, school):
    """What has waited for three days when the digest comes is not nudged again on the next day."""
    await world.move(at(3, "08:00"))
    await waiting_students(world, school, ["Ann"])
    await world.move(at(4, "09:00"))
    for day in range(7, 12):
        await world.move(at(day, "09:00"))
    assert (1, 0) == (len(await rows(world, "mentor_digest")), len(await rows(world, "mentor_nudge")))


async def test_at_most_three_a_week(world, school):
    """However many logs grow old on different days, a mentor hears of them three times a week at most."""
    students = [await school.add_student(f"Student {n}", str(n)) for n in range(5)]
    for day, student in enumerate(students):
        placement_id = await school.place(student)
        await world.move(at(day, "08:00"))
        await hand_in(world, placement_id)
    for day in range(5, 14):
        await world.move(at(day, "09:00"))
    pushed = await rows(world, "mentor_digest") + await rows(world, "mentor_nudge")
    days = sorted(key[-10:] for key, _ in pushed)
    assert 3 >= len([day for day in days if "2026-11-23" <= day <= "2026-11-29"])


async def test_resubmission_is_nudged_anew(world, school):
    """A log that comes back from the student waits from then on."""
    (log_id,) = await waiting_students(world, school, ["Ann"])
    await world.move(at(3, "09:00"))
    await decide(world, log_id, "returned")
    await world.move(at(3, "12:00"))

    async def again(tx):
        log = await logs.for_student(tx, log_id, await _student_of(tx, log_id))
        await logs.submit(tx, log, now=world.clock())

    await world.database.transaction(again)
    await world.move(at(4, "09:00"))
    assert 1 == len(await rows(world, "mentor_nudge"))
    await world.move(at(7, "09:00"))
    assert "handed in 19 Nov" in await school.mentor.reads()


async def _student_of(tx, log_id):
    row = await tx.one(
        """SELECT s.person_id FROM logs l JOIN placements pl ON pl.id = l.placement_id
        JOIN students s ON s.id = pl.student_id WHERE l.id = :id""",
        id=log_id,
    )
    return row["person_id"]


async def test_mentor_outage(world, school):
    """After an outage from Sunday to Wednesday a mentor gets one message: what is oldest, else what waits."""
    await world.move(at(4, "10:00"))
    await waiting_students(world, school)
    await world.move(at(9, "12:00"))
    assert 1 == len(await said(school.mentor))
    assert "have waited for three days or more" in await school.mentor.reads()


async def test_missed_digest(world, school):
    """When Monday's digest was missed and nothing is old, the digest comes as soon as it can."""
    await world.move(hours=1)
    await world.move(at(6, "12:00"))
    await waiting_students(world, school)
    await world.move(at(8, "12:00"))
    assert "2 weekly logs wait for your answer" in await school.mentor.reads()


async def test_mentor_who_is_not_there_any_more(world, school):
    """A mentor who was suspended hears nothing of students."""
    await waiting_students(world, school)
    await world.database.transaction(lambda tx: tx.run("UPDATE mentors SET suspended_at = :now", now=world.clock()))
    for day in range(1, 8):
        await world.move(at(day, "09:00"))
    assert [] == await said(school.mentor)


async def test_mentors_own_time(world, school):
    """A mentor chooses when the day's message comes; it never comes at night."""
    await world.move(hours=1)

    async def choose(tx):
        await people.set_reminder_time(tx, school.mentor.id, time(7))
        await schedule.replan_person(tx, school.mentor.id, world.clock())

    await world.database.transaction(choose)
    await waiting_students(world, school)
    await world.move(at(7, "07:59"))
    assert [] == [text for text in await said(school.mentor) if "wait for your answer" in text]
    await world.move(at(7, "08:00"))
    assert "2 weekly logs wait for your answer" in await school.mentor.reads()


# --- to coordinators --------------------------------------------------------------------------------------------


async def test_escalation(world, school):
    """After seven days the coordinator hears who waits for whom since when, once for each submission."""
    await waiting_students(world, school, ["Ann"])
    for day in range(1, 7):
        await world.move(at(day, "09:00"))
    assert [] == await said(school.coordinator)
    await world.move(at(7, "09:00"))
    assert [
        "⏳ 1 weekly log has waited a week or more for an answer:\n"
        "• Ann (Nursing 2301), week 1: with Ms Li of City Hospital since 16 Nov\n"
        "You can answer them yourself, or speak with the mentor."
    ] == await said(school.coordinator)
    assert ["🧾 Answer them", "👤 Ann"] == await school.coordinator.buttons()
    for day in range(8, 21):
        await world.move(at(day, "09:00"))
    assert 1 == len(await rows(world, "escalation"))


async def test_escalation_in_chinese(world):
    """The same in Chinese; a mentor who stopped the bot and one who is not named are told apart."""
    school = await make_school(
        world, language="zh", mentor="李老师", class_name="护理2301", enterprise="市人民医院", coordinator="王老师"
    )
    await waiting_students(world, school, ["小明", "小红"])

    async def change(tx):
        await people.set_stopped(tx, school.mentor.id, world.clock())
        last = await tx.one("SELECT id FROM placements ORDER BY id DESC LIMIT 1")
        await tx.run("UPDATE placements SET mentor_id = NULL WHERE id = :id", id=last["id"])

    await world.database.transaction(change)
    await world.move(at(7, "09:00"))
    assert [
        "⏳ 有 2 篇周志提交满一周还没有批阅：\n"
        "• 小明（护理2301）第1周：11月16日交给市人民医院的李老师，对方已停用机器人\n"
        "• 小红（护理2301）第1周：11月16日提交，市人民医院还没有指定企业导师\n"
        "你可以代为批阅，也可以联系企业导师。"
    ] == await said(school.coordinator)


async def test_escalation_to_colleagues(world, school):
    """Every coordinator of the class hears of it once, each at their own time."""
    other = await make_school(world, "Other College", coordinator="Ms Zhao", class_name="Other", enterprise="Other")

    async def share(tx):
        await tx.run(
            "INSERT INTO coordinators (person_id, school_id) VALUES (:p, :s)", p=other.coordinator.id, s=school.id
        )
        await tx.run(
            "INSERT INTO class_coordinators (class_id, person_id) VALUES (:c, :p)",
            c=school.class_id,
            p=other.coordinator.id,
        )
        await people.set_reminder_time(tx, other.coordinator.id, time(15))
        await schedule.replan_person(tx, other.coordinator.id, world.clock())

    await world.database.transaction(share)
    await waiting_students(world, school, ["Ann"])
    for day in range(1, 15):
        await world.move(at(day, "09:00"))
        await world.move(at(day, "15:00"))
    assert 1 == len(await said(school.coordinator))
    assert 1 == len(await said(other.coordinator))


async def test_escalations_make_one_message_a_day(world, school):
    """Logs of one day are listed together; a new one on the next workday makes a new message with all."""
    await waiting_students(world, school, ["Ann", "Bob"])
    await world.move(at(0, "12:00"))
    carl = await school.add_student("Carl", "9")
    await hand_in(world, await school.place(carl))
    await world.move(at(7, "09:00"))
    await world.move(at(8, "09:00"))
    texts = await said(school.coordinator)
    assert 2 == len(texts)
    assert texts[0].startswith("⏳ 2 weekly logs")
    assert texts[1].startswith("⏳ 3 weekly logs")


async def test_answered_before_the_coordinator_hears(world, school):
    """What is answered within the week reaches no coordinator."""
    (log_id,) = await waiting_students(world, school, ["Ann"])
    await world.move(at(6, "12:00"))
    await decide(world, log_id)
    for day in range(7, 12):
        await world.move(at(day, "09:00"))
    assert [] == await said(school.coordinator)


async def test_joining_puts_people_on_the_schedule(world, school):
    """A new mentor and a new coordinator are looked at from the moment at which they come in."""
    left = await world.database.read(lambda tx: tx.all("SELECT kind, subject FROM schedule ORDER BY kind"))
    expected = [("coordinator", school.coordinator.id), ("mentor", school.mentor.id)]
    assert expected == [(row["kind"], row["subject"]) for row in left]
