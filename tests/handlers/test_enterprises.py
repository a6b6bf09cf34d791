"""Enterprises: listed, added, linked where they are known already."""

from __future__ import annotations

import pytest

from storage import schools
from tests.links import rows
from tests.people import add_mentor, make_school

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "none": "No enterprise yet",
        "name": "What is the enterprise called?",
        "city": "In which city?",
        "skip": "Leave out",
        "add": "Add it",
        "added": "Added. Next: invite a mentor.",
        "linked": "I knew this enterprise already",
        "no_mentor": "No mentor yet",
        "mentors": "Mentors: Bob, Ms Li",
        "line": "City Hospital: 2 mentors",
        "only": "This is for the school's coordinators",
    },
    CHINESE: {
        "none": "还没有合作企业",
        "name": "企业叫什么？",
        "city": "在哪个城市？",
        "skip": "跳过",
        "add": "✅ 添加",
        "added": "已添加，接下来邀请企业导师。",
        "linked": "这家企业已有记录",
        "no_mentor": "还没有导师",
        "mentors": "企业导师：Bob、Ms Li",
        "line": "City Hospital：导师2人",
        "only": "这是实习指导教师用的功能",
    },
}


async def unlink(world):
    """Let no school work with any enterprise."""
    await world.database.transaction(lambda tx: tx.run("DELETE FROM school_enterprises"))


@BOTH
async def test_the_first_enterprise_takes_two_answers(world, language):
    """Without any enterprise the way to the first one is open; then the next step is to invite a mentor."""
    school, said = await make_school(world, language=language), SAYS[language]
    await unlink(world)
    boss = school.coordinator
    await boss.sends("/enterprises")
    assert said["none"] in await boss.reads()
    await boss.presses("➕")
    assert said["name"] in await boss.reads()
    await boss.sends("<Harbour> & Söhne 🚢")
    assert said["city"] in await boss.reads()
    await boss.sends("上海")
    await boss.presses(said["add"])
    assert said["added"] == await boss.toast()
    assert "<Harbour> & Söhne 🚢 · 上海" in await boss.reads()
    assert said["no_mentor"] in await boss.reads()
    assert "🔗" in (await boss.buttons())[0]


@BOTH
async def test_a_known_name_is_linked_and_not_doubled(world, language):
    """An enterprise that another school works with is the same one, however its name is written."""
    school, said = await make_school(world, language=language), SAYS[language]
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo", language=language)
    boss = other.coordinator
    await boss.sends("/enterprises")
    await boss.presses("➕")
    await boss.sends("city  HOSPITAL")
    await boss.presses(said["skip"])
    await boss.presses(said["add"])
    assert said["linked"] in await boss.toast()
    assert "City Hospital" in await boss.reads()
    assert said["no_mentor"] in await boss.reads()  # Ms Li is vouched for by the other school
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM enterprises")
    linked = await rows(
        world, "SELECT school_id FROM school_enterprises WHERE enterprise_id = :id ORDER BY 1", id=school.enterprise_id
    )
    assert [school.id, other.id] == [row["school_id"] for row in linked]


@BOTH
async def test_the_list_and_the_card_name_the_mentors(world, language):
    """A coordinator sees how many mentors there are and who they are."""
    school, said = await make_school(world, language=language), SAYS[language]
    await add_mentor(world, school.id, school.enterprise_id, "Bob", language)
    await school.coordinator.sends("/enterprises")
    assert said["line"] in await school.coordinator.reads()
    await school.coordinator.presses("City Hospital")
    assert said["mentors"] in await school.coordinator.reads()


async def test_enterprises_come_in_pages_of_five(world):
    """A list shows five enterprises, the others on the next page."""
    school = await make_school(world)

    async def work(tx):
        for number in range(6):
            place = await schools.enterprise_named(tx, f"Dock {number}", now=world.clock())
            await schools.link_enterprise(tx, school.id, place.id)

    await world.database.transaction(work)
    await school.coordinator.sends("/enterprises")
    assert 5 == sum(label.startswith(("City", "Dock")) for label in await school.coordinator.buttons())
    await school.coordinator.presses("▶")
    assert ["Dock 4", "Dock 5"] == [label for label in await school.coordinator.buttons() if label.startswith("Dock")]


async def test_a_name_that_is_too_long_or_a_sticker_is_asked_for_again(world):
    """What is no name is explained, and the question stays."""
    school = await make_school(world)
    await school.coordinator.sends("/enterprises")
    await school.coordinator.presses("➕")
    await school.coordinator.sends("x" * 101)
    assert "at most 100 fit" in await school.coordinator.reads()
    await school.coordinator.acts("sticker")
    assert "I need text here" in await school.coordinator.reads()
    assert SAYS[ENGLISH]["name"] in await school.coordinator.reads()


async def test_an_enterprise_is_added_once(world):
    """A second press on the last button adds nothing."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/enterprises")
    await boss.presses("➕")
    await boss.sends("Dock")
    await boss.presses("Leave out")
    check = await boss.card()
    await boss.presses("Add it")
    await boss.presses("Add it", check)
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM enterprises")


@BOTH
async def test_nobody_else_sees_an_enterprise(world, language):
    """A coordinator of another school sees it only after linking it, a mentor has no such list."""
    school = await make_school(world, language=language)
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo", language=language)
    await other.coordinator.sends("/start")
    card = await other.coordinator.card()
    for verb in ("enterprise", "invite.mentor", "invitations.enterprise"):
        data = f"{verb}:{school.enterprise_id}:0:"
        await other.coordinator.acts("press", message_id=card["message_id"], data=data, force=True)
        assert "City Hospital" not in await other.coordinator.reads()
    assert [] == await rows(world, "SELECT * FROM invitations")
    await school.mentor.sends("/enterprises")
    assert SAYS[language]["only"] in await school.mentor.reads()
