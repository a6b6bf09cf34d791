"""Mentors of an enterprise as the school sees them: suspended, let in again, removed, and whom that leaves without."""

from __future__ import annotations

import pytest

from storage import people
from tests.people import make_school

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def said(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


async def forge(member, data: str) -> None:
    """Press what no button of theirs carries."""
    await member.acts("press", message_id=(await member.card())["message_id"], data=data, force=True)


async def open_list(school) -> None:
    await school.coordinator.sends("/enterprises")
    await school.coordinator.presses("City Hospital")
    await school.coordinator.presses("🧑‍🏫")


async def acts(world) -> list[str]:
    rows = await world.database.read(lambda tx: tx.all("SELECT act FROM acts WHERE act <> 'refused' ORDER BY id"))
    return [row["act"] for row in rows]


@LANGUAGES
async def test_mentors_are_listed_with_their_students(world, language):
    """From the enterprise's card; each with the number of students, and a card of their own."""
    school = await make_school(world, language=language)
    await school.placed("Ann", "1", language)
    await school.add_mentor("Mr Zhao", language)
    boss = school.coordinator
    await open_list(school)
    text = await boss.reads()
    assert said(language, "✅ Ms Li · 1 student", "✅ Ms Li · 1名学生") in text
    assert said(language, "✅ Mr Zhao · 0 students", "✅ Mr Zhao · 0名学生") in text
    await boss.presses("Zhao")
    assert said(language, "Mentors no student", "目前没有带") in await boss.reads()
    await boss.presses("◀")
    await boss.presses("Ms Li")
    assert said(language, "Mentors 1 student of your school.", "正在带你们学校的1名学生。") in await boss.reads()


@LANGUAGES
async def test_a_suspended_mentor_sees_no_students_until_let_in_again(world, language):
    """The question names the students whose logs then wait; the mentor hears of both; a double press does it once."""
    school = await make_school(world, language=language)
    await school.placed("Ann", "1", language)
    boss, mentor = school.coordinator, school.mentor
    await open_list(school)
    await boss.presses("Ms Li")
    await boss.presses("⏸")
    assert said(language, "1 student's logs then wait", "之后1名学生的周志没有导师批阅") in await boss.reads()
    question = (await boss.card())["message_id"]
    await boss.presses("⏸")
    await boss.acts(
        "press", message_id=question, data=f"mentor.do:{mentor.id}:0:{school.enterprise_id}.suspend", force=True
    )
    assert said(language, "out of date", "已过期") in await boss.toast()
    assert said(language, "⏸ Suspended: sees no students", "⏸ 已暂停：恢复之前看不到学生") in await boss.reads()
    assert said(
        language, "your access as a mentor of City Hospital is paused", "你在City Hospital的导师权限暂时停用了"
    ) in (await mentor.reads())
    person = await world.database.read(lambda tx: people.by_id(tx, mentor.id))
    assert frozenset() == person.roles
    await boss.presses("▶️")
    assert said(language, "Welcome back, Ms Li!", "Ms Li，欢迎回来！") in await mentor.reads()
    assert ["mentor_suspended", "mentor_readmitted"] == await acts(world)


@LANGUAGES
async def test_a_removed_mentor_leaves_students_who_are_told(world, language):
    """The question says how many then need another mentor; the school answers until then."""
    school = await make_school(world, language=language)
    ann = await school.placed("Ann", "1", language)
    await school.placed("Ben", "2", language)
    boss, mentor = school.coordinator, school.mentor
    await open_list(school)
    await boss.presses("Ms Li")
    await boss.presses("🚫")
    assert said(language, "2 students then need another mentor", "有2名学生需要另选导师") in await boss.reads()
    await boss.presses("🚫")
    assert said(language, "Nobody has joined yet", "还没有导师加入") in await boss.reads()
    assert (
        said(language, "you are no longer a mentor of City Hospital", "你不再担任City Hospital的企业导师")
        in await mentor.reads()
    )
    assert said(language, "You have no mentor at City Hospital for the moment", "暂时没有企业导师") in await ann.reads()
    await ann.sends("/placement")
    assert said(language, "the school answers the logs", "由指导老师批阅") in await ann.reads()
    assert ["placement_mentor_changed", "placement_mentor_changed", "mentor_removed"] == await acts(world)


async def test_another_school_reaches_no_mentor(world):
    """Forged buttons are answered as if nothing were there, also by a school that works with the same enterprise."""
    school = await make_school(world)
    other = await make_school(world, "Hillside", coordinator="Mr Wu", mentor="Mr Zhao")
    mentor = school.mentor
    await other.coordinator.sends("/menu")
    for data in (
        f"mentor:{mentor.id}:0:{school.enterprise_id}",
        f"mentor.do:{mentor.id}:0:{school.enterprise_id}.remove",
        f"mentor.do:{mentor.id}:0:{school.enterprise_id}.suspend",
        f"mentor.do:{mentor.id}:0:x",
    ):
        await forge(other.coordinator, data)
        assert "no longer open to you" in await other.coordinator.toast(), data
    await forge(other.coordinator, f"mentors:{other.enterprise_id}:0:")
    assert "Mr Zhao" in await other.coordinator.reads()
    assert "Ms Li" not in await other.coordinator.reads()
    assert [] == await acts(world)


async def test_an_act_that_no_button_carries_is_stale(world):
    """A forged act shows the mentor as they are."""
    school = await make_school(world)
    await open_list(school)
    await forge(school.coordinator, f"mentor.do:{school.mentor.id}:0:{school.enterprise_id}.promote")
    assert "out of date" in await school.coordinator.toast()
