"""Coming in: links, the privacy notice, who one is, the roster, and every way in which that can go differently."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.invitations import derive_code
from handlers.access import NOTICE_VERSION
from storage import invitations, roster
from tests.links import (
    add_class,
    class_link,
    coordinator_link,
    enrol,
    mentor_link,
    rows,
)
from tests.people import make_school, member

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "agree": "Agree",
        "yes": "That's right",
        "again": "Write it again",
        "keep": "Use “Ann”",
        "invites": "Ms Wang invites you to Nursing 2301",
        "kept": "What is kept about you",
        "ask": "name and student number",
        "check": "Please check: Zhang Xiaoming, student number 20230115, Nursing 2301",
        "welcome": "Welcome to Nursing 2301, Zhang Xiaoming",
        "malformed": "not complete",
        "unknown": "don't know this link",
        "used": "used already",
        "expired": "has expired",
        "revoked": "withdrawn by the school",
        "inside": "You are a mentor of City Hospital already",
        "mentor": "Ms Wang of Riverside College invites you to mentor students at City Hospital",
        "mentor_in": "Welcome, Ann! You mentor students at City Hospital now",
        "came": "Ann has come in as a mentor of City Hospital",
        "coordinator": "Ms Wang invites you to coordinate internships at Riverside College",
        "coordinator_in": "You coordinate internships at Riverside College now",
        "first_class": "Create your first class",
        "text_wanted": "I need text here",
        "too_long": "at most 200 fit",
    },
    CHINESE: {
        "agree": "同意并继续",
        "yes": "没错",
        "again": "重新填写",
        "keep": "就用“Ann”",
        "invites": "Ms Wang邀请你加入Nursing 2301",
        "kept": "关于你的信息",
        "ask": "姓名和学号",
        "check": "核对一下：Zhang Xiaoming，学号20230115，Nursing 2301",
        "welcome": "Zhang Xiaoming，欢迎加入Nursing 2301",
        "malformed": "链接不完整",
        "unknown": "不认识这个链接",
        "used": "已经用过了",
        "expired": "已过期",
        "revoked": "已经撤回",
        "inside": "你已经是City Hospital的企业导师了",
        "mentor": "Riverside College的Ms Wang邀请你担任City Hospital的企业导师",
        "mentor_in": "欢迎，Ann！你现在是City Hospital的企业导师",
        "came": "Ann已加入，成为City Hospital的企业导师",
        "coordinator": "Ms Wang邀请你担任Riverside College的实习指导教师",
        "coordinator_in": "你现在是Riverside College的实习指导教师",
        "first_class": "新建第一个班级",
        "text_wanted": "这里需要文字",
        "too_long": "最多200个",
    },
}


async def at_question(world, link, language=ENGLISH, name="Ann"):
    """Somebody who has opened a link and agreed."""
    phone = await world.phone(name, language)
    await phone.opens(link.address)
    await phone.presses(SAYS[language]["agree"])
    return phone


# --- without a link, or with one that opens nothing --------------------------------------------------------------


async def test_a_stranger_gets_a_friendly_way_in(world):
    """Somebody without a link is told what this is and how to come in."""
    stranger = await world.phone("Ann")
    await stranger.sends("/start")
    assert "this is Shixi" in await stranger.reads()
    await stranger.sends("hello?")
    assert "open the link" in await stranger.reads()


@BOTH
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("abc", "malformed"),
        ("x y", "malformed"),
        ("A" * 23, "malformed"),
        ("A" * 22, "unknown"),
        (derive_code("654321:another-bot", "class-0"), "unknown"),
    ],
)
async def test_a_malformed_and_a_foreign_code_are_told_apart(world, language, code, says):
    """A code that is cut off and one of another bot each get their own answer."""
    await class_link(world, await make_school(world))
    stranger = await world.phone("Ann", language)
    await stranger.sends(f"/start {code}")
    assert SAYS[language][says] in await stranger.reads()


@BOTH
@pytest.mark.parametrize("closed", ["used", "expired", "revoked"])
async def test_a_closed_link_says_why(world, language, closed):
    """A link that is used up, has expired or was withdrawn says which of them, and whom to ask."""
    school = await make_school(world)
    link = await class_link(world, school, uses=1)
    if closed == "used":
        await world.database.transaction(lambda tx: invitations.use(tx, link.id, now=world.clock()))
    if closed == "revoked":
        await world.database.transaction(lambda tx: invitations.revoke(tx, link.id, now=world.clock()))
    if closed == "expired":
        await world.move(days=21)
    ann = await world.phone("Ann", language)
    await ann.opens(link.address)
    assert SAYS[language][closed] in await ann.reads()
    assert [] == await rows(world, "SELECT * FROM drafts")


# --- a student whom the roster knows -----------------------------------------------------------------------------


@BOTH
async def test_a_student_on_the_roster_is_in_after_two_presses_and_a_message(world, language):
    """The link, the notice, name and number, and the check: then a student is in the class."""
    school, said = await make_school(world), SAYS[language]
    await enrol(world, school, "Zhang Xiaoming", "20230115")
    link = await class_link(world, school)
    ann = await world.phone("Ann", language)
    await ann.opens(link.address)
    assert said["invites"] in await ann.reads()
    assert said["kept"] in await ann.reads()
    await ann.presses(said["agree"])
    assert said["ask"] in await ann.reads()
    await ann.sends("Zhang Xiaoming 20230115")
    assert said["check"] in await ann.reads()
    await ann.presses(said["yes"])
    assert said["welcome"] in await ann.reads()
    (line,) = await rows(world, "SELECT p.name, p.agreed_version FROM students s JOIN people p ON p.id = s.person_id")
    assert {"name": "Zhang Xiaoming", "agreed_version": NOTICE_VERSION} == line
    assert [{"uses": 1}] == await rows(world, "SELECT uses FROM invitations")
    assert [] == await rows(world, "SELECT * FROM drafts")
    assert "log" in {entry["command"] for entry in (await ann.view())["commands"]}


async def test_the_language_changes_in_the_notice(world):
    """The notice can be read in the other language before anything is agreed to."""
    link = await class_link(world, await make_school(world))
    ann = await world.phone("Ann", ENGLISH)
    await ann.opens(link.address)
    await ann.presses("中文")
    assert SAYS[CHINESE]["invites"] in await ann.reads()
    assert SAYS[CHINESE]["kept"] in await ann.reads()
    await ann.presses("English")
    assert SAYS[ENGLISH]["kept"] in await ann.reads()
    assert 1 == len(await ann.from_bot())


async def test_nothing_is_taken_before_the_notice_is_agreed_to(world):
    """What is sent before agreeing is not kept, and the notice stays."""
    link = await class_link(world, await make_school(world))
    ann = await world.phone("Ann")
    await ann.opens(link.address)
    await ann.sends("Zhang Xiaoming 20230115")
    assert "Agree and continue" in await ann.reads()
    assert [{"answers": "{}", "step": "notice"}] == await rows(world, "SELECT answers, step FROM drafts")


async def test_a_name_can_be_corrected_before_it_is_confirmed(world):
    """Writing again replaces what was written, by a press or just by sending it."""
    school = await make_school(world)
    ann = await at_question(world, await class_link(world, school))
    await ann.sends("Zhang Xiaoming 20230111")
    await ann.presses("Write it again")
    await ann.sends("Zhang Xiaoming 20230112")
    await ann.sends("20230115, Zhang Xiaoming")
    assert SAYS[ENGLISH]["check"] in await ann.reads()


async def test_an_old_check_confirms_nothing(world):
    """The button under a corrected name shows the corrected one instead of sending the old."""
    ann = await at_question(world, await class_link(world, await make_school(world)))
    await ann.sends("Zhang Xiaoming 20230111")
    old = await ann.card()
    await ann.sends("Zhang Xiaoming 20230115")
    await ann.presses("That's right", old)
    assert "out of date" in await ann.toast()
    assert [] == await rows(world, "SELECT * FROM join_requests")
    await ann.presses("That's right")
    assert [{"number": "20230115"}] == await rows(world, "SELECT number FROM join_requests")


async def test_confirming_twice_joins_once(world):
    """A second press on the same button changes nothing."""
    school = await make_school(world)
    await enrol(world, school, "Zhang Xiaoming", "20230115")
    ann = await at_question(world, await class_link(world, school))
    await ann.sends("Zhang Xiaoming 20230115")
    check = await ann.card()
    await ann.presses("That's right")
    await ann.presses("That's right", check)
    assert [{"uses": 1}] == await rows(world, "SELECT uses FROM invitations")


async def test_a_restart_in_the_middle_loses_nothing(world):
    """What was agreed to and written before the process ended is still there after it."""
    school = await make_school(world)
    await enrol(world, school, "Zhang Xiaoming", "20230115")
    ann = await at_question(world, await class_link(world, school))
    await world.restart()
    await ann.sends("Zhang Xiaoming 20230115")
    await world.restart()
    await ann.presses("That's right")
    assert SAYS[ENGLISH]["welcome"] in await ann.reads()


async def test_joining_can_be_left_and_gone_on_with(world):
    """Another command lays the question aside; the overview and the link both lead back to it."""
    link = await class_link(world, await make_school(world))
    ann = await at_question(world, link)
    await ann.sends("Zhang Xiaoming 20230115")
    await ann.sends("/start")
    await ann.presses("Continue: joining")
    assert SAYS[ENGLISH]["check"] in await ann.reads()
    await ann.sends("/start")
    await ann.opens(link.address)
    assert SAYS[ENGLISH]["check"] in await ann.reads()


@BOTH
@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "location"])
async def test_anything_but_text_is_asked_for_again(world, language, kind):
    """A sticker, a photo or a voice message is no name; the question stays."""
    ann = await at_question(world, await class_link(world, await make_school(world)), language)
    await ann.acts(kind)
    assert SAYS[language]["text_wanted"] in await ann.reads()
    assert SAYS[language]["ask"] in await ann.reads()


@BOTH
async def test_a_text_that_is_too_long_says_by_how_much(world, language):
    """A long text is not cut but sent back with its length and the limit."""
    ann = await at_question(world, await class_link(world, await make_school(world)), language)
    await ann.sends("Zhang Xiaoming 20230115 " + "x" * 300)
    assert SAYS[language]["too_long"] in await ann.reads()
    assert "324" in await ann.reads()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<b>Ann</b> & Co 20230115", "<b>Ann</b> & Co"),
        ("\u202eAnn\u202c 20230115", "Ann"),
        ("آن ماري 20230115", "آن ماري"),
        ("Ann 🌸 20230115", "Ann 🌸"),
        ("Ann\n\n20230115", "Ann"),
        ("ＡＮＮ ２０２３０１１５", "ＡＮＮ"),
    ],
)
async def test_a_name_is_shown_as_it_was_meant(world, sent, shown):
    """HTML, emoji and right-to-left writing are names like any other; characters that turn text around go."""
    ann = await at_question(world, await class_link(world, await make_school(world)))
    await ann.sends(sent)
    assert f"Please check: {shown}, student number 20230115" in await ann.reads()


# --- links that change meanwhile ---------------------------------------------------------------------------------


@BOTH
async def test_a_link_withdrawn_between_agreeing_and_confirming_says_so(world, language):
    """Whoever is in the middle when the link is withdrawn hears it, and is asked nothing more."""
    school = await make_school(world)
    await enrol(world, school, "Zhang Xiaoming", "20230115")
    link = await class_link(world, school)
    ann = await at_question(world, link, language)
    await ann.sends("Zhang Xiaoming 20230115")
    await world.database.transaction(lambda tx: invitations.revoke(tx, link.id, now=world.clock()))
    await ann.presses(SAYS[language]["yes"])
    assert SAYS[language]["revoked"] in await ann.reads()
    assert [{"person_id": None}] == await rows(world, "SELECT person_id FROM students")
    assert [] == await rows(world, "SELECT * FROM drafts")


async def test_a_link_that_expires_before_the_name_says_so(world):
    """A link that expires while somebody thinks about it says so at the next step."""
    ann = await at_question(world, await class_link(world, await make_school(world)))
    await world.move(days=22)
    await ann.sends("Zhang Xiaoming 20230115")
    assert SAYS[ENGLISH]["expired"] in await ann.reads()
    assert [] == await rows(world, "SELECT * FROM drafts")


@BOTH
async def test_a_mentors_link_lets_in_one_person(world, language):
    """The second person with the same link is told that it is used; the first one is greeted as known."""
    school, said = await make_school(world), SAYS[language]
    link = await mentor_link(world, school)
    ann = await at_question(world, link, language)
    bob = await at_question(world, link, language, "Bob")
    await bob.sends("Bob Miller")
    await ann.presses(said["keep"])
    await ann.presses(said["yes"])
    await bob.presses(said["yes"])
    assert said["used"] in await bob.reads()
    await bob.opens(link.address)
    assert said["used"] in await bob.reads()
    await ann.opens(link.address)
    assert said["inside"] in await ann.reads()
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM mentors")  # Ms Li and Ann


async def test_a_student_who_opens_the_link_again_is_told_so(world):
    """A class link means nothing more to somebody who is in the class."""
    school = await make_school(world)
    link = await class_link(world, school)
    ann = await school.add_student("Ann", "20230115")
    await ann.opens(link.address)
    assert "You are in Nursing 2301 already" in await ann.reads()


async def test_a_student_of_another_class_is_not_moved_by_a_link(world):
    """Only the coordinator changes a student's class."""
    school = await make_school(world)
    other = await add_class(world, school, "Nursing 2302", school.coordinator.id)
    ann = await school.add_student("Ann", "20230115", class_id=other)
    await ann.opens((await class_link(world, school)).address)
    assert "in a class already" in await ann.reads()


async def test_a_suspended_student_does_not_come_back_by_the_link(world):
    """A class link does not undo what a coordinator decided."""
    school = await make_school(world)
    ann = await school.add_student("Ann", "20230115")
    today = world.clock().date()

    async def suspend(tx):
        student = await roster.for_coordinator(tx, ann.student_id, school.coordinator.id, today=today)
        await roster.suspend(tx, student, now=world.clock())

    await world.database.transaction(suspend)
    await ann.opens((await class_link(world, school)).address)
    assert "Your access is paused" in await ann.reads()
    assert [{"n": 0}] == await rows(world, "SELECT count(*) AS n FROM students WHERE suspended_at IS NULL")


# --- mentors and coordinators ------------------------------------------------------------------------------------


@BOTH
async def test_a_mentor_comes_in_and_the_coordinator_hears_of_it(world, language):
    """A mentor agrees, says a name, is welcomed; whoever made the link can place students there now."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await world.phone("Ann", language)
    await ann.opens((await mentor_link(world, school)).address)
    assert said["mentor"] in await ann.reads()
    await ann.presses(said["agree"])
    await ann.presses(said["keep"])
    await ann.presses(said["yes"])
    assert said["mentor_in"] in await ann.reads()
    assert said["came"] in await school.coordinator.reads()


@BOTH
async def test_a_coordinator_comes_in_and_begins_with_a_class(world, language):
    """A coordinator's first button is the one that creates a class."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await world.phone("Ann", language)
    await ann.opens((await coordinator_link(world, school)).address)
    assert said["coordinator"] in await ann.reads()
    await ann.presses(said["agree"])
    await ann.sends("Wang Fang")
    await ann.presses(said["yes"])
    assert said["coordinator_in"] in await ann.reads()
    assert said["first_class"] in (await ann.buttons())[0]


async def test_a_mentor_becomes_a_coordinator_too_with_one_press(world):
    """Somebody who is known is neither shown the notice nor asked for a name again, and keeps the other role."""
    school = await make_school(world)
    await school.mentor.opens((await coordinator_link(world, school)).address)
    assert "Ms Wang invites you to coordinate" in await school.mentor.reads()
    assert "Please check: Ms Li, Riverside College" in await school.mentor.reads()
    await school.mentor.presses("That's right")
    assert "You coordinate internships at Riverside College now" in await school.mentor.reads()
    assert {"queue", "classes"} <= {entry["command"] for entry in (await school.mentor.view())["commands"]}


async def test_a_mentor_of_another_school_keeps_their_time_zone(world):
    """A first role brings the school's time zone, a second one changes nothing."""
    school = await make_school(world, zone="Europe/Berlin")
    link = await mentor_link(world, school)
    ann = await at_question(world, link)
    await ann.presses("Use “Ann”")
    await ann.presses("That's right")
    bob = await school.add_mentor("Bob")
    await bob.opens((await coordinator_link(world, school)).address)
    await bob.presses("That's right")
    zones = await rows(world, "SELECT name, time_zone FROM people WHERE name IN ('Ann', 'Bob') ORDER BY name")
    assert [("Ann", "Europe/Berlin"), ("Bob", "Asia/Shanghai")] == [(row["name"], row["time_zone"]) for row in zones]


async def test_a_member_without_a_role_is_asked_as_anybody(world):
    """Agreeing once is enough: the next link begins with the question."""
    school = await make_school(world)
    ann = await member(world, "Ann")
    await ann.opens((await class_link(world, school)).address)
    assert "name and student number" in await ann.reads()


async def test_the_link_still_works_on_its_last_day(world):
    """A link works for 21 days."""
    link = await class_link(world, await make_school(world))
    await world.move(seconds=(timedelta(days=21) - timedelta(seconds=1)).total_seconds())
    ann = await world.phone("Ann")
    await ann.opens(link.address)
    assert "invites you" in await ann.reads()
