"""Placing students directly: from their card or the overview, by buttons and by typing, and what everyone reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage import placements, schools, students
from tests.links import class_link
from tests.people import make_school, member

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def said(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


async def forge(member, data: str) -> None:
    """Press what no button of theirs carries."""
    await member.acts("press", message_id=(await member.card())["message_id"], data=data, force=True)


async def placed(world, student_id: int) -> list[placements.Placement]:
    return await world.database.read(lambda tx: placements.of_student(tx, student_id))


async def acts(world) -> list[str]:
    rows = await world.database.read(lambda tx: tx.all("SELECT act FROM acts WHERE act <> 'refused' ORDER BY id"))
    return [row["act"] for row in rows]


async def begin(school, name: str = "Ann") -> None:
    """Open the form for a student and answer where and with whom."""
    boss = school.coordinator
    await boss.sends("/students")
    await boss.presses(name)
    await boss.presses("🎒")
    await boss.presses("City Hospital")
    await boss.presses("Ms Li")


# --- placing ----------------------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_student_is_placed_and_everyone_reads_what_comes_next(world, language):
    """From the student's card with two typed words; student and mentor get the days and the next step."""
    school = await make_school(world, language=language)
    ann, boss = await school.add_student("Ann", "1", language), school.coordinator
    await begin(school)
    await boss.sends(said(language, "next Monday", "下周一"))
    await boss.sends(said(language, "12 weeks", "12周"))
    assert said(language, "First day: 23 Nov 2026", "开始：2026年11月23日") in await boss.reads()
    assert said(language, "Last day: 14 Feb 2027", "结束：2027年2月14日") in await boss.reads()
    await boss.presses("✅")
    assert (
        said(language, "Placed. Student and mentor get a message.", "已安排，学生和导师会收到通知。")
        in await boss.toast()
    )
    assert said(language, "Begins on Monday, 23 Nov 2026", "2026年11月23日（周一）开始") in await boss.reads()
    text = await ann.reads()
    assert said(language, "Your placement is arranged!", "你的实习安排好了！") in text
    assert "City Hospital" in text
    assert said(language, "23 Nov 2026 – 14 Feb 2027", "2026年11月23日至2027年2月14日") in text
    assert said(language, "Mentor: Ms Li", "企业导师：Ms Li") in text
    assert (
        said(
            language,
            "Week 1 · 23–29 Nov, by Sunday 29 Nov, 20:00",
            "第1周（11月23日至29日）的周志，11月29日（周日）20:00前提交",
        )
        in text
    )
    text = await school.mentor.reads()
    assert (
        said(
            language,
            "You now mentor Ann (Nursing 2301) at City Hospital",
            "请你带Ann（Nursing 2301），在City Hospital实习",
        )
        in text
    )
    assert ["placement_made"] == await acts(world)


async def test_everyone_reads_in_their_own_language(world):
    """An English coordinator, a Chinese student."""
    school = await make_school(world)
    ann = await school.add_student("张小明", "1", "zh-hans")
    await begin(school, "张小明")
    await school.coordinator.sends("2026-11-16")
    await school.coordinator.presses("8 weeks")
    await school.coordinator.presses("✅")
    assert "你的实习安排好了！" in await ann.reads()
    assert "You now mentor 张小明" in await school.mentor.reads()


async def test_from_the_overview_the_student_is_found_by_typing(world):
    """Only students without a placement are offered; a part of the name or the number is enough."""
    school = await make_school(world)
    await school.placed("Ann", "1000")
    await school.add_student("Ben", "2000")
    await school.add_student("Cid", "3000")
    boss = school.coordinator
    await boss.sends("/menu")
    await boss.presses("Place a student")
    assert ["Ben · 2000", "Cid · 3000", "✖ Cancel"] == await boss.buttons()
    await boss.sends("ann")
    assert "list" in await boss.reads()
    await boss.sends("300")
    assert "Cid · 3000" in await boss.reads()
    await boss.presses("City Hospital")
    await boss.presses("No mentor yet")
    await boss.presses("Monday 23 Nov")
    await boss.presses("26 weeks")
    await boss.presses("✅")
    assert "the school answers the logs" in await boss.reads()


@LANGUAGES
async def test_days_that_make_no_placement_are_refused_with_the_reason(world, language):
    """Long ago, far ahead, before the start, over two years and what cannot be read; nothing typed is lost."""
    school = await make_school(world, language=language)
    ann, boss = await school.add_student("Ann", "1", language), school.coordinator
    await begin(school)
    for text, english, chinese in (
        ("2025-06-01", "1 Jun 2025 is more than a year ago", "2025年6月1日已经超过一年了"),
        ("2036-11-16", "more than two years ahead", "在两年以后了"),
        ("soon", "I can't read that as a day", "我没看懂这个日期"),
        ("2027-02-30", "I can't read that as a day", "我没看懂这个日期"),
    ):
        await boss.sends(text)
        assert said(language, english, chinese) in await boss.reads(), text
        assert "City Hospital" in await boss.reads()
    await boss.sends("2026-11-16")
    for text, english, chinese in (
        ("2026-11-15", "15 Nov 2026 is before the first day, 16 Nov 2026", "2026年11月15日早于开始日期2026年11月16日"),
        ("2028-12-01", "more than two years, the longest", "超过两年了"),
        ("?", "as a day or a length", "请写日期或时长"),
    ):
        await boss.sends(text)
        assert said(language, english, chinese) in await boss.reads(), text
    await boss.acts("sticker")
    assert [] == await placed(world, ann.student_id)
    await boss.sends("10 weeks")
    await boss.presses("✅")
    assert date(2027, 1, 24) == (await placed(world, ann.student_id))[0].ends_on


@LANGUAGES
async def test_a_second_place_at_the_same_time_is_refused(world, language):
    """The other placement is named with its days; the form keeps its answers."""
    school = await make_school(world, language=language)
    ann, boss = await school.add_student("Ann", "1", language), school.coordinator
    await begin(school)
    await boss.sends("2026-11-16")
    await boss.sends("2027-01-31")
    await school.place(ann, starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 1))
    await boss.presses("✅")
    assert (
        said(
            language,
            "Ann is at City Hospital from 1 Jan 2027 to 1 Mar 2027",
            "Ann从2027年1月1日到2027年3月1日已安排在City Hospital",
        )
        in await boss.toast()
    )
    assert 1 == len(await placed(world, ann.student_id))
    await boss.presses("✏️ " + said(language, "Last day", "结束"))
    await boss.sends("2026-12-31")
    await boss.presses("✅")
    assert 2 == len(await placed(world, ann.student_id))


async def test_pressing_twice_places_once(world):
    """The second press finds the form finished."""
    school = await make_school(world)
    ann, boss = await school.add_student("Ann", "1"), school.coordinator
    await begin(school)
    await boss.sends("2026-11-16")
    await boss.presses("8 weeks")
    card = await boss.card()
    done = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await boss.presses("✅")
    await boss.acts("press", message_id=card["message_id"], data=done, force=True)
    assert "out of date" in await boss.toast()
    assert 1 == len(await placed(world, ann.student_id))
    assert ["placement_made"] == await acts(world)


async def test_another_enterprise_asks_for_its_mentor(world):
    """What depends on a changed answer is asked again: the mentor, and the last day after another first day."""
    school = await make_school(world)
    await school.add_student("Ann", "1")
    boss = school.coordinator

    async def add_clinic(tx):
        clinic = await schools.enterprise_named(tx, "Clinic", now=world.clock())
        await schools.link_enterprise(tx, school.id, clinic.id)

    await world.database.transaction(add_clinic)
    await begin(school)
    await boss.sends("2026-11-16")
    await boss.presses("8 weeks")
    await boss.presses("✏️ Enterprise")
    await boss.presses("Clinic")
    assert "Who is the mentor there?" in await boss.reads()
    assert ["No mentor yet: I answer the logs", "◀ Back", "✖ Cancel"] == await boss.buttons()
    await boss.presses("No mentor yet")
    await boss.presses("✏️ First day")
    await boss.sends("2026-12-01")
    assert "Last day?" in await boss.reads()


async def test_a_form_is_gone_on_with_after_a_restart(world):
    """What was answered is still there, from the overview and from the student's card."""
    school = await make_school(world)
    await school.add_student("Ann", "1")
    boss = school.coordinator
    await begin(school)
    await world.restart()
    await boss.sends("/menu")
    await boss.presses("placing a student")
    assert "First day?" in await boss.reads()
    await boss.sends("/students")
    await boss.presses("Ann")
    await boss.presses("🎒")
    assert "First day?" in await boss.reads()
    await boss.presses("✖")
    assert "No placement yet" in await boss.reads()


async def test_a_mentor_who_left_meanwhile_is_asked_for_again(world):
    """Suspended between the question and the last press: nothing is placed."""
    school = await make_school(world)
    ann, boss = await school.add_student("Ann", "1"), school.coordinator
    await begin(school)
    await boss.sends("2026-11-16")
    await boss.presses("8 weeks")
    await world.database.transaction(lambda tx: tx.run("UPDATE mentors SET suspended_at = :now", now=world.clock()))
    await boss.presses("✅")
    assert "choose the mentor again" in await boss.toast()
    assert [] == await placed(world, ann.student_id)


async def test_nothing_to_place_is_said(world):
    """Without an unplaced student, and without an enterprise, the next step is named."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/menu")
    await boss.presses("Place a student")
    assert "has a placement" in await boss.toast()
    await school.add_student("Ann", "1")
    await world.database.transaction(lambda tx: tx.run("DELETE FROM school_enterprises"))
    await boss.presses("Place a student")
    assert "/enterprises" in await boss.toast()


async def test_a_student_placed_before_joining_finds_it_after(world):
    """The coordinator reads that the student has not joined; the class link leads to the placement."""
    school = await make_school(world)
    boss = school.coordinator
    await world.database.transaction(
        lambda tx: students.put_on_roster(
            tx, school_id=school.id, class_id=school.class_id, number="1000", name="Ann Li"
        )
    )
    await begin(school)
    await boss.sends("2026-11-16")
    await boss.presses("8 weeks")
    await boss.presses("✅")
    assert "Ann Li has not joined yet" in await boss.reads()
    ann = await member(world, "Ann")
    await ann.opens((await class_link(world, school)).address)
    await ann.sends("Ann Li 1000")
    await ann.presses("✅")
    await ann.sends("/placement")
    assert "City Hospital" in await ann.reads()


# --- who may ----------------------------------------------------------------------------------------------------


@LANGUAGES
async def test_other_coordinators_and_schools_reach_nothing(world, language):
    """Forged buttons of a colleague and of another school change and show nothing."""
    school = await make_school(world, language=language)
    zoe = await school.placed("Zoe", "1", language)
    placement_id = (await placed(world, zoe.student_id))[0].id
    other = await make_school(world, "Hillside", language=language, coordinator="Mr Wu", enterprise="Clinic")
    colleague = await member(world, "Mr Sun", language)
    await world.database.transaction(lambda tx: schools.add_coordinator(tx, school.id, colleague.id))
    for stranger in (other.coordinator, colleague):
        await stranger.sends("/menu")
        for data in (
            f"place:{zoe.student_id}:0:",
            f"placement:{placement_id}:0:",
            f"placement.mentors:{placement_id}:0:",
            f"placement.mentor:{placement_id}:1:0",
            f"placement.end:{placement_id}:0:",
            f"placement.cancel:{placement_id}:1:",
            f"placement.excuse:{placement_id}:0:",
            f"placement.unexcuse:{placement_id}:0:2026-11-16",
        ):
            await forge(stranger, data)
            assert said(language, "no longer open to you", "看不到了") in await stranger.toast(), data
            assert "Zoe" not in await stranger.transcript()
    assert [] == await acts(world)


# --- the student's own view -------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_student_sees_where_they_are_placed(world, language):
    """None, then one that comes, runs and is over, from the command and from the overview."""
    school = await make_school(world, language=language)
    ann = await school.add_student("Ann", "1", language)
    await ann.sends("/placement")
    assert said(language, "You have none yet", "还没有安排") in await ann.reads()
    await school.place(ann, starts_on=date(2026, 11, 23), ends_on=date(2026, 12, 31))
    await ann.sends("/menu")
    await ann.presses("🎒")
    assert said(language, "Begins on Monday, 23 Nov 2026", "2026年11月23日（周一）开始") in await ann.reads()
    world.clock.now += timedelta(days=10)
    await ann.sends("/placement")
    assert said(language, "Week 1 of 6", "第1周，共6周") in await ann.reads()
    assert said(language, "📝 This week's log", "📝 本周周志") in await ann.buttons()
    world.clock.now += timedelta(days=50)
    await ann.sends("/placement")
    assert said(language, "Ended on 31 Dec 2026", "2026年12月31日已结束") in await ann.reads()


async def test_a_coordinator_has_no_placement_of_their_own(world):
    """The command says whose it is."""
    school = await make_school(world)
    await school.coordinator.sends("/placement")
    assert "students" in await school.coordinator.reads()
