"""Who has not handed in, from the coordinator's phone, and what the reminded students get."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage import placements
from tests.people import Member, SchoolOf, make_school

WEEK = date(2026, 11, 16)
NIGHT = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)  # 22:30 in Shanghai


async def hand_in(world, school: SchoolOf, student: Member, state: str = "submitted", week: date = WEEK) -> None:
    """Let a student's log of a week be there."""

    async def work(tx):
        placement = (await placements.of_student(tx, student.student_id))[0]
        await tx.run(
            """INSERT INTO logs (placement_id, week, state, first_submitted_at, submitted_at, created_at)
            VALUES (:id, :week, :state, :now, :now, :now)""",
            id=placement.id,
            week=week,
            state=state,
            now=world.clock(),
        )

    await world.database.transaction(work)


@pytest.mark.parametrize(
    ("language", "door", "title", "block", "remind", "reminded", "again"),
    [
        (
            "en",
            "Not handed in",
            "📋 2 students have not handed in yet · 16–22 Nov",
            "Nursing 2301 · 2 of 3 · due Sunday 20:00 (in 6 days)\n1. Ann\n2. Bob",
            "Remind 2 students",
            "Reminded: 2",
            "reminded today",
        ),
        (
            "zh-hans",
            "谁还没交",
            "📋 本周还有2人没交周志（11月16日至22日）",
            "Nursing 2301 · 3人中2人未交 · 周日20:00截止，还有6天\n1. Ann\n2. Bob",
            "提醒这2人",
            "已提醒2人",
            "今天已经提醒过",
        ),
    ],
)
async def test_one_press_shows_who_and_another_reminds_them(
    world, language, door, title, block, remind, reminded, again
):
    """The names come class by class; a second reminder on the same day sends nothing and says so."""
    school = await make_school(world, language=language)
    students = [await school.placed(name, name, language) for name in ("Ann", "Bob", "Cid")]
    await hand_in(world, school, students[2])
    wang = school.coordinator
    await wang.sends("/menu")
    await wang.presses(door)
    assert (await wang.reads()).startswith(f"{title}\n\n{block}")
    before = [len(await one.from_bot()) for one in students]
    await wang.presses(remind)
    assert reminded == await wang.toast()
    await wang.presses(remind)
    assert again in await wang.toast()
    assert [1, 1, 0] == [len(await one.from_bot()) - b for one, b in zip(students, before, strict=True)]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            (
                "🔔 City Hospital · Week 1 · 16–22 Nov: your log is still open, due Sunday 20:00 (in 6 days).",
                "Ms Wang would like to read how it went.",
            ),
        ),
        (
            "zh-hans",
            (
                "🔔 City Hospital · 第1周（11月16日至22日）的周志还没交，周日20:00截止，还有6天。",
                "Ms Wang想看看你这周的情况",
            ),
        ),
    ],
)
async def test_the_reminder_says_who_asks_which_week_and_until_when(world, language, lines):
    """One press on it opens that week's log."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1", language)
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("Remind")
    for line in lines:
        assert line in await ann.reads()
    await ann.presses("📝")
    assert ("Week 1" if language == "en" else "第1周") in await ann.reads()


async def test_a_reminder_that_waited_is_dropped_once_the_log_is_in(world):
    """Who hands in before the reminder could be sent gets none."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await world.telegram.post("faults", method="sendMessage", error="500", chat_id=ann.phone.id)
    before = len(await ann.from_bot())
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("Remind")
    await hand_in(world, school, ann)
    await world.move(minutes=1)
    assert before == len(await ann.from_bot())


async def test_the_next_day_they_can_be_reminded_again(world):
    """One reminder a day is the limit, by the class's calendar."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("Remind")
    before = len(await ann.from_bot())
    await world.move(days=1)
    pushed = len(await ann.from_bot())
    await school.coordinator.presses("Remind")
    assert "Reminded: 1" == await school.coordinator.toast()
    assert (before, 1) == (pushed, len(await ann.from_bot()) - pushed)


@pytest.mark.parametrize(
    ("code", "says", "asking"),
    [("en", "reminded at 08:00", "would like to read"), ("zh-hans", "早上08:00", "想看看你这周的情况")],
)
async def test_at_night_the_reminder_waits_for_the_morning(world, code, says, asking):
    """What a coordinator asks between 22:00 and 08:00 of the student comes at 08:00, and the press says so."""
    school = await make_school(world, language=code)
    ann = await school.placed("Ann", "1", code)

    async def asked() -> int:
        return sum(asking in message.get("text", "") for message in await ann.from_bot())

    await world.move(NIGHT)
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("🔔")
    assert says in await school.coordinator.toast()
    before = await asked()
    local = world.clock().astimezone(ZoneInfo("Asia/Shanghai"))
    morning = local.replace(hour=8, minute=0, second=0, microsecond=0)
    await world.move(morning if local.hour < 8 else morning + timedelta(days=1))
    assert (0, 1) == (before, await asked())


async def test_who_cannot_be_reminded_is_marked(world):
    """Somebody without an account and somebody who stopped the bot are named, and nothing is sent to them."""
    school = await make_school(world)
    bob = await school.placed("Bob", "2")
    await bob.acts("block")
    ann = await school.placed("Ann", "1")

    async def leave(tx):
        await tx.run("UPDATE students SET person_id = NULL WHERE id = :id", id=ann.student_id)

    await world.database.transaction(leave)
    await school.coordinator.sends("/missing")
    text = await school.coordinator.reads()
    assert "1. Ann (has not joined here yet)\n2. Bob (stopped the bot)" in text
    assert not any("Remind" in label for label in await school.coordinator.buttons())


async def test_all_handed_in_is_good_news(world):
    """With nobody missing there is no one to remind, and an old button says so."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await school.coordinator.sends("/missing")
    await hand_in(world, school, ann)
    await school.coordinator.presses("Remind")
    assert "Everybody has handed in by now" in await school.coordinator.toast()
    await school.coordinator.sends("/missing")
    assert "📋 Everybody has handed in · 16–22 Nov\n\n✅ Nursing 2301 · 1 of 1 handed in" == (
        await school.coordinator.reads()
    )


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Nobody in your classes owes a log"), ("zh-hans", "没有人要交周志")]
)
async def test_with_nobody_placed_nothing_is_owed(world, language, says):
    """Students without a placement are no debtors."""
    school = await make_school(world, language=language)
    await school.add_student("Ann", "1")
    await school.coordinator.sends("/missing")
    assert says in await school.coordinator.reads()


async def test_earlier_weeks_can_be_looked_at(world):
    """Last week's list names its own dates; from there one comes back to this week."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    await school.place(ann, starts_on=date(2026, 11, 9))
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("The week before")
    text = await school.coordinator.reads()
    assert text.startswith("📋 1 student has not handed in · 9–15 Nov")
    assert "was due" in text
    await school.coordinator.presses("Remind 1 student")
    assert "Week 1 · 9–15 Nov: your log is still open" in await ann.reads()
    await school.coordinator.presses("This week")
    assert "16–22 Nov" in await school.coordinator.reads()


async def test_twenty_names_fill_a_page(world):
    """The numbers go on over the next page, under the class's name again."""
    school = await make_school(world)
    for number in range(22):
        await school.placed(f"S{number:02}", f"1{number:02}")
    await school.coordinator.sends("/missing")
    assert "20. S19" in await school.coordinator.reads()
    await school.coordinator.presses("Next page")
    text = await school.coordinator.reads()
    assert "Nursing 2301 · 22 of 22" in text
    assert "21. S20\n22. S21" in text


async def test_they_can_be_written_to(world):
    """From the list an announcement begins that is for those very students."""
    school = await make_school(world)
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    await hand_in(world, school, bob)
    await school.coordinator.sends("/missing")
    await school.coordinator.presses("Write to them")
    assert "To: students who have not handed in this week" in await school.coordinator.reads()
    await school.coordinator.sends("Is anything in the way?")
    await school.coordinator.presses("Send to 1 person")
    assert "Is anything in the way?" in await ann.reads()
    assert "Is anything in the way?" not in await bob.transcript()


async def test_only_coordinators_see_it(world):
    """Students and mentors, and a coordinator of another school, see none of the names."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    for one in (ann, school.mentor):
        await one.sends("/missing")
        assert "for the school's coordinators" in await one.reads()
    other = await make_school(world, "Hillside College", coordinator="Mr Sun")
    await other.coordinator.sends("/missing")
    assert "Ann" not in await other.coordinator.reads()
