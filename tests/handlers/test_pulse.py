"""The pulse: one tap beside the receipt, for coordinators alone; two hard weeks or a wish have the student called."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.pulse import KEPT_AFTER_END
from domain.weeks import at_local
from storage import placements, schools
from storage.invariants import violations
from tests.handlers.reminded import FRIDAY, WEEK
from tests.links import add_coordinator, rows
from tests.people import make_school

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
SAYS = {
    "en": {
        "asks": "How was the week, all in all?",
        "who": "Seen by your coordinators only (Ms Wang), never by your mentor",
        "until": "Deleted on 8 May 2027, 90 days after your placement",
        "said": "2 of 5",
        "words": "Add a few words",
        "call": "Please call me",
        "low": "Ann (Nursing 2301) has had two hard weeks in a row",
        "asked": "Ann (Nursing 2301) asks for a call",
        "have": "I have called",
        "done": "Ms Wang has called",
        "submit": "Hand it in",
    },
    "zh-hans": {
        "asks": "这周过得怎么样？",
        "who": "只有你的指导老师（Ms Wang）能看到，企业导师和企业都看不到",
        "until": "实习结束90天后，也就是2027年5月8日，自动删除",
        "said": "2分（满分5分）",
        "words": "说几句",
        "call": "请老师打电话给我",
        "low": "Ann（Nursing 2301）连续两周过得不太好",
        "asked": "Ann（Nursing 2301）想请老师打个电话",
        "have": "我已联系",
        "done": "Ms Wang已经联系过",
        "submit": "提交",
    },
}
BOTH = pytest.mark.parametrize("language", SAYS)


async def count(person) -> int:
    return len(await person.from_bot())


async def pulses(world) -> list[tuple]:
    return [tuple(row.values()) for row in await rows(world, "SELECT week, mood, words FROM pulses ORDER BY week")]


async def say(person, placement_id, week, mood) -> None:
    """Press a button of a week, as it stands in an earlier message."""
    card = (await person.card())["message_id"]
    await person.acts("press", message_id=card, data=f"pulse.say:{placement_id}:0:{week}.{mood}", force=True)


@BOTH
async def test_one_tap_beside_the_receipt(world, language):
    """The receipt asks and says who sees it and for how long; the answer, with words, brings nobody a message."""
    says = SAYS[language]
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    await ann.presses(says["submit"])
    for part in (says["asks"], says["who"]):
        assert part in await ann.reads()
    before = [await count(one) for one in (ann, school.coordinator, school.mentor)]
    await ann.presses("🙁 2")
    assert says["said"] in await ann.reads()
    assert [(WEEK, 2, "")] == await pulses(world)
    await ann.presses(says["words"])
    assert before == [await count(one) for one in (ann, school.coordinator, school.mentor)]
    await ann.sends("Long shifts.")
    assert "“Long shifts.”" in await ann.reads()
    await ann.presses("😄 5")
    assert [(WEEK, 5, "Long shifts.")] == await pulses(world)
    assert before[1:] == [await count(one) for one in (school.coordinator, school.mentor)]
    assert [] == await world.database.read(lambda tx: violations(tx, now=world.clock()))


async def test_the_receipt_asks_once(world):
    """Once it is said, the receipt has only the way to it."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    await ann.presses("Hand it in")
    await ann.presses("🙂 4")
    await ann.presses("The log")
    assert "all in all" not in await ann.reads()
    await ann.presses("How was the week?")
    assert "4 of 5" in await ann.reads()


async def test_a_reminder_leads_to_it(world):
    """Who does not write can still say how the week is."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await ann.presses("How was the week?")
    await ann.presses("😞 1")
    assert [(WEEK, 1, "")] == await pulses(world)


@BOTH
async def test_two_hard_weeks_have_the_student_called(world, language):
    """The coordinators get a card once; "I have called" closes it for all; the mentor hears nothing."""
    says = SAYS[language]
    school = await make_school(world, language=language)
    ann = await school.add_student("Ann", "1", language)
    placement_id = await school.place(ann, starts_on=WEEK)
    chen, wang = await add_coordinator(world, school, "Mr Chen", language), school.coordinator
    await ann.sends("/menu")
    before = [await count(one) for one in (wang, chen, school.mentor)]
    await say(ann, placement_id, WEEK, 2)
    assert before == [await count(one) for one in (wang, chen, school.mentor)]
    await world.move(at_local(WEEK + timedelta(days=9), time(12), SHANGHAI))
    before = [await count(one) for one in (wang, chen, school.mentor)]
    for _press in range(2):
        await say(ann, placement_id, WEEK + timedelta(days=7), 1)
    assert [before[0] + 1, before[1] + 1, before[2]] == [await count(one) for one in (wang, chen, school.mentor)]
    assert says["low"] in await wang.reads()
    await wang.presses(says["have"])
    assert says["done"] in await wang.reads()
    assert says["done"] in await chen.reads()
    await say(ann, placement_id, WEEK + timedelta(days=7), 1)
    assert [("low_weeks", "called")] == [
        tuple(row.values()) for row in await rows(world, "SELECT cause, state FROM flags")
    ]
    (act,) = await rows(world, "SELECT actor_id, subject_id FROM acts WHERE act = 'flag_called'")
    assert (wang.id, ann.student_id) == (act["actor_id"], act["subject_id"])
    assert [] == await world.database.read(lambda tx: violations(tx, now=world.clock()))


@pytest.mark.parametrize(
    ("moods", "flags"),
    [((2, 2), 1), ((1, 3), 0), ((3, 1), 0), ((5, 5), 0), ((1, None, 1), 0), ((3, 2, 2), 1)],
)
async def test_two_in_a_row(world, moods, flags):
    """Only a hard week right behind a hard one counts."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann, starts_on=WEEK)
    await ann.sends("/menu")
    for number, mood in enumerate(moods):
        await world.move(at_local(WEEK + timedelta(days=7 * number + 4), time(12), SHANGHAI))
        if mood:
            await say(ann, placement_id, WEEK + timedelta(days=7 * number), mood)
    assert flags == len(await rows(world, "SELECT id FROM flags"))


@BOTH
async def test_a_wish_for_a_call(world, language):
    """One press asks; a second asks nobody again; the student sees that it was noted, and by whom it was done."""
    says = SAYS[language]
    school = await make_school(world, language=language)
    ann, wang = await school.placed("Ann", "1", language), school.coordinator
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    await ann.presses(says["submit"])
    before = await count(wang), await count(school.mentor)
    await ann.presses(says["call"])
    assert "/sos" in await ann.toast()
    await ann.presses(says["call"])
    assert (before[0] + 1, before[1]) == (await count(wang), await count(school.mentor))
    assert says["asked"] in await wang.reads()
    await wang.presses(says["have"])
    await ann.sends("/log")
    await ann.presses(says["call"])
    assert before[0] + 3 == await count(wang) + 1


async def test_at_night_a_wish_waits_for_the_morning(world):
    """It is no emergency: the card comes at 08:00 of the coordinator, and not if somebody has called by then."""
    school = await make_school(world)
    ann, bob, wang = await school.placed("Ann", "1"), await school.placed("Bob", "2"), school.coordinator
    await world.move(NIGHT)
    before = await count(wang)
    for student in (ann, bob):
        await student.sends("/log")
        await student.sends("I took blood pressure.")
        await student.presses("Hand it in")
        await student.presses("Please call me")
    assert before == await count(wang)
    await wang.sends("/menu")
    assert "2 students are to be called" in await wang.reads()
    await wang.presses("Care")
    await wang.presses("2 to call")
    await wang.presses("Bob")
    await wang.presses("I have called")
    before = await count(wang)
    await world.move(NIGHT + timedelta(hours=9))
    assert before + 1 == await count(wang)
    assert "Ann (Nursing 2301) asks for a call" in await wang.reads()


async def test_coordinators_read_how_the_weeks_were_and_mentors_do_not(world):
    """From the student's card; whoever mentors the student reads nothing, also as a coordinator of the class."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann, starts_on=WEEK)
    await ann.sends("/menu")
    await say(ann, placement_id, WEEK, 2)
    await ann.presses("Add a few words")
    await ann.sends("Nobody talks to me.")

    async def also_coordinates(tx):
        await schools.add_coordinator(tx, school.id, school.mentor.id)
        await schools.cover_class(tx, school.class_id, school.mentor.id)

    await world.database.transaction(also_coordinates)
    await ann.presses("Please call me")
    for reader, sees in ((school.coordinator, True), (school.mentor, False)):
        await reader.sends("/students")
        await reader.presses("Ann")
        await reader.presses("How the weeks were")
        assert sees is ("2 of 5, “Nobody talks to me.”" in await reader.reads())
        assert sees is ("asks for a call" in await reader.transcript())
    (flag,) = await rows(world, "SELECT id FROM flags")
    card = (await school.mentor.card())["message_id"]
    for verb in ("flag", "flag.called"):
        await school.mentor.acts("press", message_id=card, data=f"{verb}:{flag['id']}:0:", force=True)
        assert "no longer open to you" in await school.mentor.toast()


async def test_where_nobody_looks_after_the_class_the_school_hears(world):
    """A wish is nobody's no longer than there is somebody at the school."""
    school = await make_school(world)
    ann = await school.placed("Ann", "1")
    chen = await add_coordinator(world, school, "Mr Chen", covers=False)
    await world.database.transaction(
        lambda tx: tx.run("DELETE FROM class_coordinators WHERE class_id = :id", id=school.class_id)
    )
    await ann.sends("/log")
    await ann.sends("I took blood pressure.")
    await ann.presses("Hand it in")
    await ann.presses("Please call me")
    assert "Ann (Nursing 2301) asks for a call" in await chen.reads()
    await chen.presses("I have called")
    assert "Mr Chen has called" in await chen.reads()


@pytest.mark.parametrize("week", [WEEK - timedelta(days=7), WEEK + timedelta(days=7), date(1, 1, 1)])
async def test_only_weeks_that_can_be_written_are_answered(world, week):
    """Not one before the placement, and none that has not begun."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann, starts_on=WEEK)
    await ann.sends("/menu")
    await say(ann, placement_id, week.isoformat(), 3)
    assert "Nothing can be said about that week" in await ann.toast()
    assert [] == await pulses(world)


async def test_all_of_it_is_deleted_in_time(world):
    """Ninety days after the placement's last day, by the class's calendar, also where that day was moved."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann, starts_on=WEEK)
    await ann.sends("/menu")
    await say(ann, placement_id, WEEK, 2)
    await ann.presses("Please call me")
    placement = await world.database.read(lambda tx: placements.by_id(tx, placement_id))
    last = WEEK + timedelta(days=13)
    await world.move(at_local(last, time(12), SHANGHAI))
    await world.database.transaction(
        lambda tx: placements.end(tx, placement, ends_on=last, reason="moved", now=world.clock())
    )
    await world.move(at_local(last + KEPT_AFTER_END, time(0), SHANGHAI) - timedelta(minutes=1))
    assert 1 == len(await pulses(world))
    await world.move(minutes=1)
    assert [] == await pulses(world)
    assert [] == await rows(world, "SELECT id FROM flags")
    assert [] == await rows(world, "SELECT subject FROM schedule WHERE kind = 'pulse'")
