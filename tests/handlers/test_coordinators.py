"""Colleagues at a school: suspended, let in again, removed by one another, and leaving a class."""

from __future__ import annotations

import pytest

from storage import people
from tests.links import add_class, add_coordinator, rows
from tests.people import make_school

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def said(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


async def forge(member, data: str) -> None:
    """Press what no button of theirs carries."""
    await member.acts("press", message_id=(await member.card())["message_id"], data=data, force=True)


async def open_colleague(school, name: str = "Mr Chen") -> None:
    boss = school.coordinator
    await boss.sends("/classes")
    await forge(boss, "colleagues:0:0:")
    await boss.presses("👤")
    await boss.presses(name)


async def acts(world) -> list[str]:
    return [row["act"] for row in await rows(world, "SELECT act FROM acts WHERE act <> 'refused' ORDER BY id")]


async def roles(world, member) -> frozenset:
    return (await world.database.read(lambda tx: people.by_id(tx, member.id))).roles


@LANGUAGES
async def test_a_colleague_is_suspended_and_let_in_again(world, language):
    """The question says what follows; the colleague hears of both and loses and gets back the menu."""
    school = await make_school(world, language=language)
    chen = await add_coordinator(world, school, "Mr Chen", language)
    await add_class(world, school, "Nursing 2302", chen.id)
    await open_colleague(school)
    await school.coordinator.presses("⏸")
    text = await school.coordinator.reads()
    assert said(language, "1 class then has nobody", "之后有1个班没有指导老师") in text
    question = (await school.coordinator.card())["message_id"]
    await school.coordinator.presses("⏸")
    assert said(language, "⏸ Suspended: sees no class", "⏸ 已暂停：恢复之前看不到班级") in (
        await school.coordinator.reads()
    )
    await school.coordinator.acts(
        "press", message_id=question, data=f"coordinator.do:{chen.id}:0:{school.id}.suspend", force=True
    )
    assert said(language, "your access as a coordinator of Riverside", "指导老师权限暂时停用了") in await chen.reads()
    assert frozenset() == await roles(world, chen)
    assert "classes" not in {entry["command"] for entry in (await chen.view())["commands"]}
    await school.coordinator.presses("▶️")
    assert said(language, "Welcome back, Mr Chen!", "Mr Chen，欢迎回来！") in await chen.reads()
    assert "classes" in {entry["command"] for entry in (await chen.view())["commands"]}
    assert ["coordinator_suspended", "coordinator_readmitted"] == await acts(world)


@LANGUAGES
async def test_a_removed_colleague_covers_nothing_and_is_told(world, language):
    """The classes are offered to the others; the posts are the school's still."""
    school = await make_school(world, language=language)
    chen = await add_coordinator(world, school, "Mr Chen", language, covers=False)
    await add_class(world, school, "Nursing 2302", chen.id)
    await open_colleague(school)
    await school.coordinator.presses("🚫")
    await school.coordinator.presses("🚫")
    assert said(language, "the only coordinator here", "只有你一位指导老师") in await school.coordinator.reads()
    assert said(language, "you no longer coordinate internships", "你不再担任Riverside College的实习指导教师") in (
        await chen.reads()
    )
    assert [] == await rows(world, "SELECT * FROM class_coordinators WHERE person_id = :id", id=chen.id)
    await school.coordinator.sends("/classes")
    assert "Nursing 2302" in " ".join(await school.coordinator.buttons())
    assert ["coordinator_removed"] == await acts(world)


async def test_nobody_acts_on_themselves_or_on_another_school(world):
    """So the last coordinator always stays; a suspended one can do nothing to the others."""
    school = await make_school(world)
    other = await make_school(world, "Lakeside", enterprise="Dock", coordinator="Mr Bo", mentor="Mr Tan")
    boss, chen = school.coordinator, await add_coordinator(world, school, "Mr Chen")
    for actor, target in ((boss, boss), (other.coordinator, boss), (school.mentor, boss)):
        await actor.sends("/menu")
        for act in ("suspend", "remove"):
            await forge(actor, f"coordinator.do:{target.id}:0:{school.id}.{act}")
    await open_colleague(school)
    await boss.presses("⏸")
    await boss.presses("⏸")
    await chen.sends("/menu")
    for act in ("suspend", "remove"):
        await forge(chen, f"coordinator.do:{boss.id}:0:{school.id}.{act}")
    await forge(boss, f"coordinator.do:{chen.id}:0:{school.id}.promote")
    assert "out of date" in await boss.toast()
    suspended = await rows(world, "SELECT person_id FROM coordinators WHERE suspended_at IS NOT NULL")
    assert [{"person_id": chen.id}] == suspended
    assert ["coordinator_suspended"] == await acts(world)


async def test_colleagues_come_in_pages(world):
    """Five on a page, in the list of the school and in that of a class."""
    school = await make_school(world)
    for number in range(6):
        await add_coordinator(world, school, f"Teacher {number}", covers=False)
    boss = school.coordinator
    await boss.sends("/classes")
    await forge(boss, "coordinators:0:0:")
    assert 5 == sum("Teacher" in label for label in await boss.buttons())
    await boss.presses("▶")
    assert ["Teacher 5"] == [label for label in await boss.buttons() if "Teacher" in label]
    await forge(boss, f"class.colleagues:{school.class_id}:0:")
    assert 5 == sum("Teacher" in label for label in await boss.buttons())
    await boss.presses("▶")
    assert ["➕ Teacher 5"] == [label for label in await boss.buttons() if "Teacher" in label]


@LANGUAGES
async def test_looking_after_a_class_ends_with_a_colleague_who_goes_on(world, language):
    """After a question; the colleague is told, and the last one cannot leave."""
    school = await make_school(world, language=language)
    chen, boss = await add_coordinator(world, school, "Mr Chen", language), school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses("🤝")
    await boss.presses("🚪")
    assert "Mr Chen" in await boss.reads()
    await boss.presses("🚪")
    assert said(language, "You have no class yet", "你还没有班级") in await boss.reads()
    assert said(language, "Ms Wang no longer looks after Nursing 2301", "Ms Wang不再负责Nursing 2301") in (
        await chen.reads()
    )
    await forge(chen, f"class.leave:{school.class_id}:0:yes")
    assert said(language, "Nobody else looks after Nursing 2301", "Nursing 2301只有你一位指导老师") in (
        await chen.toast()
    )
    assert [{"person_id": chen.id}] == await rows(world, "SELECT person_id FROM class_coordinators")
    assert ["class_left"] == await acts(world)


async def test_many_classes_without_anybody_have_pages(world):
    """Up to five are offered with the list, more behind a button of their own."""
    school = await make_school(world)
    for number in range(6):
        await add_class(world, school, f"Care {number}")
    boss = school.coordinator
    await boss.sends("/classes")
    assert [] == [label for label in await boss.buttons() if "Care" in label]
    await boss.presses("6 classes")
    assert 5 == sum("Care" in label for label in await boss.buttons())
    await boss.presses("▶")
    await boss.presses("Care 5")
    await boss.sends("/classes")
    assert 5 == sum("Take on Care" in label for label in await boss.buttons())


async def test_many_classes_have_pages_before_their_students(world):
    """Whose students to see is chosen from five at a time."""
    school = await make_school(world)
    for number in range(2, 8):
        await add_class(world, school, f"Nursing 230{number}", school.coordinator.id)
    await school.coordinator.sends("/students")
    assert 5 == sum("Nursing" in label for label in await school.coordinator.buttons())
    await school.coordinator.presses("▶")
    assert 2 == sum("Nursing" in label for label in await school.coordinator.buttons())
