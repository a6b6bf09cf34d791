"""Students of a class as their coordinator sees them: lists, search, and what is done with an account."""

from __future__ import annotations

import pytest

from storage import people, schools, students
from tests.links import class_link
from tests.people import make_school, member

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


def said(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


async def on_roster(world, school, *names: str, class_id: int = 0) -> None:
    for index, name in enumerate(names):
        await world.database.transaction(
            lambda tx, name=name, index=index: students.put_on_roster(
                tx,
                school_id=school.id,
                class_id=class_id or school.class_id,
                number=f"{class_id or 9}5000{index}",
                name=name,
            )
        )


async def forge(member, data: str) -> None:
    """Press what no button of theirs carries."""
    await member.acts("press", message_id=(await member.card())["message_id"], data=data, force=True)


async def acts(world) -> list[str]:
    rows = await world.database.read(lambda tx: tx.all("SELECT act FROM acts WHERE act <> 'refused' ORDER BY id"))
    return [row["act"] for row in rows]


async def told(member) -> list[str]:
    """What the bot said since the member arrived."""
    return [message.get("text", "") for message in (await member.from_bot())[1:]]


async def open_card(school, name: str) -> None:
    await school.coordinator.sends("/students")
    await school.coordinator.presses(name)


# --- the list ---------------------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_list_says_who_has_joined_and_who_is_placed(world, language):
    """The head counts; five lines a page say joined or not, and where until when."""
    school = await make_school(world, language=language)
    await school.placed("Ann", "1", language)
    await school.add_student("Ben", "2", language)
    await on_roster(world, school, "Cid", "Dan", "Eve", "Fay")
    boss = school.coordinator
    await boss.sends("/students")
    text = await boss.reads()
    assert said(language, "6 on the list · 2 joined · 1 placed", "名单6人 · 已加入2人 · 已安排实习1人") in text
    assert said(language, "✅ Ann · 1 · City Hospital until 7 Feb", "✅ Ann · 1 · City Hospital，到2月7日") in text
    assert said(language, "✅ Ben · 2 · no placement", "✅ Ben · 2 · 未安排实习") in text
    assert said(language, "▫️ Cid · 950000 · not joined yet", "▫️ Cid · 950000 · 未加入") in text
    assert "Fay" not in text
    await boss.presses("▶")
    assert "Fay" in await boss.reads()
    assert "Ann" not in await boss.reads()
    await boss.presses("Fay")
    await boss.presses("◀ Nursing 2301")
    assert "Fay" in await boss.reads()


async def test_a_coordinator_of_several_classes_chooses_one(world):
    """The class list shows joined and listed; another class is a press away."""
    school = await make_school(world)
    await school.add_student("Ann", "1")
    boss = school.coordinator
    other = await world.database.transaction(
        lambda tx: schools.create_class(
            tx,
            school_id=school.id,
            name="Nursing 2302",
            specialty="",
            time_zone="Asia/Shanghai",
            coordinator_id=boss.id,
            now=world.clock(),
        )
    )
    await on_roster(world, school, "Ben", class_id=other)
    await boss.sends("/students")
    assert ["Nursing 2301 · 1 of 1", "Nursing 2302 · 0 of 1", "🏠 Overview"] == await boss.buttons()
    await boss.presses("2302")
    assert "Ben" in await boss.reads()
    await boss.presses("Other class")
    await boss.presses("2301")
    assert "Ann" in await boss.reads()


async def test_without_a_class_the_way_to_one_is_named(world):
    """A coordinator who covers no class is told to create one."""
    school = await make_school(world)
    colleague = await member(world, "Mr Sun")
    await world.database.transaction(lambda tx: schools.add_coordinator(tx, school.id, colleague.id))
    await colleague.sends("/students")
    assert "/classes" in await colleague.reads()


@LANGUAGES
async def test_typing_finds_a_student_by_name_or_number(world, language):
    """One who fits is opened, several are listed, and none is said so; then all can be shown again."""
    school = await make_school(world, language=language)
    await on_roster(world, school, "Ann Li", "Anna Sun", "Ben")
    boss = school.coordinator
    await boss.sends("/students")
    await boss.sends("ben")
    assert "👤 Ben" in await boss.reads()
    await boss.sends("50000")
    assert "👤 Ann Li" in await boss.reads()
    await boss.sends("ann")
    assert "Ann Li" in await boss.reads()
    assert "Anna Sun" in await boss.reads()
    assert "Ben ·" not in await boss.reads()
    await boss.sends("zoe")
    assert said(language, "Nobody in this class fits", "没有符合的学生") in await boss.reads()
    await boss.presses(said(language, "Show all", "显示全部"))
    assert "Ben ·" in await boss.reads()


async def test_a_list_does_not_take_the_text_of_an_open_form(world):
    """What is typed stays the answer of the form until somebody asks to search."""
    school = await make_school(world)
    student = await school.add_student("Ann", "1")
    boss = school.coordinator
    await open_card(school, "Ann")
    await boss.presses("Place")
    await boss.presses("City Hospital")
    await forge(boss, f"students:{school.class_id}:0:")
    await boss.sends("Ms Li")
    assert "First day?" in await boss.reads()
    await forge(boss, f"students.find:{school.class_id}:0:")
    await boss.sends("ann")
    assert "👤 Ann" in await boss.reads()
    assert student.student_id


async def test_a_sticker_in_the_search_is_answered(world):
    """Text is asked for, and the list stays."""
    school = await make_school(world)
    await on_roster(world, school, "Ann")
    await school.coordinator.sends("/students")
    await school.coordinator.acts("sticker")
    assert "Nursing 2301" in await school.coordinator.reads()


# --- who may ----------------------------------------------------------------------------------------------------


@LANGUAGES
async def test_other_coordinators_and_schools_reach_nothing(world, language):
    """Forged buttons of a colleague and of another school are answered as if nothing were there."""
    school = await make_school(world, language=language)
    student = await school.placed("Zoe", "1", language)
    other = await make_school(world, "Hillside", language=language, coordinator="Mr Wu", enterprise="Clinic")
    colleague = await member(world, "Mr Sun", language)
    await world.database.transaction(lambda tx: schools.add_coordinator(tx, school.id, colleague.id))
    for stranger in (other.coordinator, colleague):
        await stranger.sends("/menu")
        for data in (
            f"students:{school.class_id}:0:",
            f"students:{school.class_id}:0:1",
            f"students.find:{school.class_id}:0:",
            f"student:{student.student_id}:0:",
            f"student:{student.student_id}:0:remove",
            f"student.do:{student.student_id}:0:remove",
            f"student.do:{student.student_id}:0:suspend",
        ):
            await forge(stranger, data)
            assert said(language, "no longer open to you", "看不到了") in await stranger.toast(), data
            assert "Zoe" not in await stranger.transcript()
    assert [] == await acts(world)
    await forge(student, f"student.do:{student.student_id}:0:remove")
    assert said(language, "coordinators", "指导教师") in await student.toast()


async def test_an_act_that_no_button_carries_is_stale(world):
    """A forged act shows the student as they are."""
    school = await make_school(world)
    student = await school.add_student("Ann", "1")
    await open_card(school, "Ann")
    await forge(school.coordinator, f"student.do:{student.student_id}:0:promote")
    assert "out of date" in await school.coordinator.toast()
    assert [] == await acts(world)


# --- suspend ----------------------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_suspended_student_is_told_and_let_in_again(world, language):
    """Suspending is asked for once more; a double press does it once; the student hears of both."""
    school = await make_school(world, language=language)
    student, boss = await school.placed("Ann", "1", language), school.coordinator
    await open_card(school, "Ann")
    await boss.presses("⏸")
    assert said(language, "Suspend Ann?", "暂停Ann的使用？") in await boss.reads()
    question = (await boss.card())["message_id"]
    await boss.presses("⏸")
    assert said(language, "Suspended. The student has been told.", "已暂停，也通知了学生。") in await boss.toast()
    await boss.acts("press", message_id=question, data=f"student.do:{student.student_id}:0:suspend", force=True)
    assert said(language, "out of date", "已过期") in await boss.toast()
    assert ["student_suspended"] == await acts(world)
    (news,) = await told(student)
    assert (
        said(language, "Hello Ann, your access to Nursing 2301 is paused", "Ann，你在Nursing 2301的使用权限暂时停用了")
        in news
    )
    await student.sends("/placement")
    assert said(language, "Your access is paused", "你的使用权限已暂停") in await student.reads()
    await student.sends("what now?")
    assert said(language, "Your access is paused", "你的使用权限已暂停") in await student.reads()
    await open_card(school, "Ann")
    await boss.presses("▶️")
    assert said(language, "Welcome back, Ann!", "Ann，欢迎回来！") in await student.reads()
    await student.sends("/placement")
    assert "City Hospital" in await student.reads()
    assert ["student_suspended", "student_readmitted"] == await acts(world)


async def test_a_suspended_student_does_not_come_back_by_the_link(world):
    """The class link leads to the coordinator's yes, not past the suspension."""
    school = await make_school(world)
    student, boss = await school.add_student("Ann", "1000"), school.coordinator
    link = await class_link(world, school)
    await open_card(school, "Ann")
    await boss.presses("⏸")
    await boss.presses("⏸")
    await student.opens(link.address)
    if "name and student number" in await student.reads():
        await student.sends("Ann 1000")
        await student.presses("✅")
    await student.sends("/placement")
    assert "paused" in await student.reads()


# --- a new account ----------------------------------------------------------------------------------------------


@LANGUAGES
async def test_a_number_moves_to_a_new_account(world, language):
    """The old account is told and sees nothing; the new one joins by the class link and finds everything."""
    school = await make_school(world, language=language)
    old, boss = await school.placed("Ann Li", "1000", language), school.coordinator
    link = await class_link(world, school)
    await open_card(school, "Ann")
    await boss.presses("🔁")
    assert (
        said(language, "Move number 1000 (Ann Li) to a new account?", "把学号1000（Ann Li）转到新账号？")
        in await boss.reads()
    )
    await boss.presses("🔁")
    assert said(language, "waits for a new account", "正在等新账号") in await boss.reads()
    assert said(language, "is moving to a new account", "正在转到新账号") in await old.reads()
    await old.sends("/placement")
    assert "City Hospital" not in await old.reads()
    new = await member(world, "Ann", language)
    await new.opens(link.address)
    await new.sends("Ann Li 1000")
    await new.presses("✅")
    assert said(language, "Welcome to Nursing 2301, Ann Li!", "Ann Li，欢迎加入Nursing 2301！") in await new.reads()
    await new.sends("/placement")
    assert "City Hospital" in await new.reads()
    await open_card(school, "Ann")
    assert "↶" not in "".join(await boss.buttons())
    await old.opens(link.address)
    await old.sends("Ann Li 1000")
    await old.presses("✅")
    await old.sends("/placement")
    assert "City Hospital" not in await old.reads()


async def test_a_move_is_undone_while_nobody_has_joined(world):
    """The old account keeps the number and is welcomed back."""
    school = await make_school(world)
    old, boss = await school.placed("Ann", "1"), school.coordinator
    await open_card(school, "Ann")
    await boss.presses("🔁")
    await boss.presses("🔁")
    await boss.presses("Keep the old account")
    assert "has the number again" in await boss.toast()
    assert "Welcome back, Ann!" in await old.reads()
    await old.sends("/placement")
    assert "City Hospital" in await old.reads()
    assert ["student_number_freed", "student_account_kept"] == await acts(world)


# --- remove -----------------------------------------------------------------------------------------------------


async def menu_of(world, phone) -> list[str]:
    calls = await world.telegram.calls("setMyCommands")
    mine = [call for call in calls if call["parameters"].get("scope", {}).get("chat_id") == phone.phone.id]
    return [command["command"] for command in mine[-1]["parameters"]["commands"]]


@LANGUAGES
async def test_a_removed_student_needs_the_coordinators_yes_to_come_back(world, language):
    """Removal says what stays; the student is told, loses the menu, and the link alone lets nobody in."""
    school = await make_school(world, language=language)
    student, boss = await school.placed("Ann Li", "1000", language), school.coordinator
    link = await class_link(world, school)
    await open_card(school, "Ann")
    await boss.presses("🚫")
    assert (
        said(language, "Remove Ann Li (1000) from Nursing 2301?", "把Ann Li（1000）移出Nursing 2301？")
        in await boss.reads()
    )
    assert said(language, "until 7 Feb 2027 stays", "到2027年2月7日）不会变") in await boss.reads()
    await boss.presses("🚫")
    assert said(language, "🚫 Removed from the class", "🚫 已移出班级") in await boss.reads()
    assert said(language, "you are no longer in Nursing 2301", "你已不在Nursing 2301") in await student.reads()
    await student.opens(link.address)
    await student.sends("Ann Li 1000")
    await student.presses("✅")
    assert "⏳" in await student.reads()
    await boss.presses("✅")
    assert said(language, "Welcome to Nursing 2301, Ann Li!", "Ann Li，欢迎加入Nursing 2301！") in await student.reads()
    await student.sends("/placement")
    assert "City Hospital" in await student.reads()


async def test_a_removed_student_loses_the_student_menu(world):
    """The command menu no longer offers the log; after being taken back it does."""
    school = await make_school(world)
    student, boss = await school.add_student("Ann", "1"), school.coordinator
    await open_card(school, "Ann")
    await boss.presses("🚫")
    await boss.presses("🚫")
    assert "log" not in await menu_of(world, student)
    await boss.presses("↶")
    assert "Back in the class" in await boss.toast()
    assert "log" in await menu_of(world, student)
    assert ["student_removed", "student_taken_back"] == await acts(world)


async def test_a_line_that_nobody_joined_with_is_removed_and_taken_back(world):
    """There is nobody to tell; the number is shut and opened again."""
    school = await make_school(world)
    await on_roster(world, school, "Cid")
    boss = school.coordinator
    await open_card(school, "Cid")
    assert "🎒 Place" in await boss.buttons()
    assert "⏸ Suspend" not in await boss.buttons()
    await boss.presses("🚫")
    await boss.presses("🚫")
    await boss.presses("↶")
    assert "Not joined yet" in await boss.reads()


async def test_a_student_who_joined_elsewhere_does_not_lose_that(world):
    """Taken back into the first class, the account stays in the second and the number waits."""
    school = await make_school(world)
    other = await make_school(world, "Hillside", coordinator="Mr Wu", enterprise="Clinic")
    student, boss = await school.add_student("Ann", "1"), school.coordinator
    await open_card(school, "Ann")
    await boss.presses("🚫")
    await boss.presses("🚫")

    async def join_elsewhere(tx):
        await students.put_on_roster(tx, school_id=other.id, class_id=other.class_id, number="7", name="Ann")
        await students.join(tx, (await students.roster_line(tx, other.id, "7")).id, student.id, now=world.clock())

    await world.database.transaction(join_elsewhere)
    await boss.presses("↶")
    assert "Not joined yet" in await boss.reads()
    assert other.class_id == (await world.database.read(lambda tx: people.by_id(tx, student.id))).class_id
