"""Requests to join: pushed to the coordinators, decided on the card, told to whoever asked."""

from __future__ import annotations

import pytest

from storage import roster
from tests.links import add_class, add_coordinator, class_link, enrol, rows
from tests.people import make_school

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "agree": "Agree",
        "yes": "That's right",
        "again": "Write it again",
        "waiting": "I have asked your coordinator whether Ann Lee (20230115) belongs to Nursing 2301",
        "asks": "Ann Lee, student number 20230115, wants to join Nursing 2301",
        "unknown": "20230115 is not on the roster",
        "other_name": "On the roster 20230115 belongs to Zhang Xiaoming",
        "other_class": "On the roster 20230115 is in Nursing 2302",
        "taken": "Another account uses 20230115 (Ann Lee) already",
        "closed": "suspended or removed 20230115 (Ann Lee)",
        "accept": "Let in",
        "decline": "Decline",
        "move": "Move the number",
        "welcome": "Welcome to Nursing 2301, Ann Lee",
        "declined": "could not find Ann Lee (20230115) in Nursing 2301",
        "is_in": "Ann Lee (20230115) is in Nursing 2301 now",
        "not_in": "Ann Lee (20230115) was not let into Nursing 2301",
        "replaced": "has written again since",
        "moved": "your student number 20230115 is moving to a new account",
    },
    CHINESE: {
        "agree": "同意并继续",
        "yes": "没错",
        "again": "重新填写",
        "waiting": "我已请指导老师确认Ann Lee（20230115）是不是Nursing 2301的学生",
        "asks": "Ann Lee，学号20230115，申请加入Nursing 2301",
        "unknown": "名单里没有学号20230115",
        "other_name": "名单里20230115是Zhang Xiaoming",
        "other_class": "名单里20230115在Nursing 2302",
        "taken": "学号20230115（Ann Lee）已经在另一个账号上",
        "closed": "学号20230115（Ann Lee）曾被停用或移出",
        "accept": "同意加入",
        "decline": "不同意",
        "move": "转到这个账号",
        "welcome": "Ann Lee，欢迎加入Nursing 2301",
        "declined": "没能在Nursing 2301找到Ann Lee（20230115）",
        "is_in": "Ann Lee（20230115）已加入Nursing 2301",
        "not_in": "没有同意Ann Lee（20230115）加入Nursing 2301",
        "replaced": "已重新填写",
        "moved": "20230115",
    },
}


async def asking(world, school, language=ENGLISH, sent="Ann Lee 20230115", name="Ann"):
    """Somebody whom the roster does not know, who waits for a yes."""
    phone, said = await world.phone(name, language), SAYS[language]
    await phone.opens((await class_link(world, school)).address)
    await phone.presses(said["agree"])
    await phone.sends(sent)
    await phone.presses(said["yes"])
    return phone


@BOTH
async def test_somebody_unknown_waits_and_is_let_in(world, language):
    """A number that is not on the roster is shown to the coordinator, whose yes puts it there and lets them in."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await asking(world, school, language)
    assert said["waiting"] in await ann.reads()
    assert said["asks"] in await school.coordinator.reads()
    assert said["unknown"] in await school.coordinator.reads()
    await school.coordinator.presses(said["accept"])
    assert said["is_in"] in await school.coordinator.reads()
    assert said["welcome"] in await ann.reads()
    assert [{"number": "20230115", "name": "Ann Lee"}] == await rows(world, "SELECT number, name FROM students")
    assert [{"act": "join_accepted"}] == await rows(world, "SELECT act FROM acts")


@BOTH
async def test_somebody_unknown_is_declined_kindly(world, language):
    """A no is told without blame, with what to do next, and the link can be opened again."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await asking(world, school, language)
    await school.coordinator.presses(said["decline"])
    assert said["not_in"] in await school.coordinator.reads()
    assert said["declined"] in await ann.reads()
    await ann.opens((await class_link(world, school)).address)
    await ann.sends("Ann Lee 20230116")
    await ann.presses(said["yes"])
    assert "20230116" in await school.coordinator.reads()


@BOTH
async def test_a_number_with_another_name_is_asked_about(world, language):
    """The coordinator sees whose number it is on the roster, and the roster's name stays."""
    school, said = await make_school(world, language=language), SAYS[language]
    await enrol(world, school, "Zhang Xiaoming", "20230115")
    ann = await asking(world, school, language)
    assert said["other_name"] in await school.coordinator.reads()
    await school.coordinator.presses(said["accept"])
    assert "Zhang Xiaoming" in await ann.reads()
    assert [{"name": "Zhang Xiaoming"}] == await rows(world, "SELECT name FROM students")


@BOTH
async def test_a_number_of_another_class_is_asked_about(world, language):
    """A yes moves the line into the class whose link was opened."""
    school, said = await make_school(world, language=language), SAYS[language]
    other = await add_class(world, school, "Nursing 2302", school.coordinator.id)
    await enrol(world, school, "Ann Lee", "20230115", other)
    await asking(world, school, language)
    assert said["other_class"] in await school.coordinator.reads()
    await school.coordinator.presses(said["accept"])
    assert [{"class_id": school.class_id}] == await rows(world, "SELECT class_id FROM students")


@BOTH
async def test_a_number_that_is_taken_is_moved(world, language):
    """A yes gives the number to the new account; the old one hears of it and has no access any more."""
    school, said = await make_school(world, language=language), SAYS[language]
    old = await school.add_student("Ann Lee", "20230115", language)
    ann = await asking(world, school, language)
    assert said["taken"] in await school.coordinator.reads()
    await school.coordinator.presses(said["move"])
    assert said["welcome"] in await ann.reads()
    assert said["moved"] in await old.reads()
    (line,) = await rows(
        world, "SELECT s.former_person_id, p.telegram_id FROM students s JOIN people p ON p.id = s.person_id"
    )
    assert {"former_person_id": old.id, "telegram_id": ann.id} == line
    assert "log" not in {entry["command"] for entry in (await old.view())["commands"]}


@BOTH
async def test_a_number_that_a_coordinator_closed_is_asked_about(world, language):
    """Whoever was taken out of the class comes back only by a coordinator's yes."""
    school, said = await make_school(world, language=language), SAYS[language]
    old = await school.add_student("Ann Lee", "20230115", language)
    today = world.clock().date()

    async def remove(tx):
        student = await roster.for_coordinator(tx, old.student_id, school.coordinator.id, today=today)
        await roster.remove(tx, student, now=world.clock())

    await world.database.transaction(remove)
    await asking(world, school, language)
    assert said["closed"] in await school.coordinator.reads()


async def test_opening_the_link_again_shows_the_request_that_waits(world):
    """Whoever waits is not asked again, and can still correct the number."""
    school = await make_school(world)
    ann = await asking(world, school)
    await ann.opens((await class_link(world, school)).address)
    assert SAYS[ENGLISH]["waiting"] in await ann.reads()
    await ann.presses("Write it again")
    assert "name and student number" in await ann.reads()


@BOTH
async def test_a_corrected_number_replaces_the_request(world, language):
    """The coordinator's first card is settled by the second, and the link's use is counted once."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await asking(world, school, language, "Ann Lee 20230199")
    await ann.presses(said["again"])
    await ann.sends("Ann Lee 20230115")
    await ann.presses(said["yes"])
    first, second = (await school.coordinator.from_bot())[-2:]
    assert said["replaced"] in first["text"]
    assert said["asks"] in second["text"]
    states = await rows(world, "SELECT state FROM join_requests ORDER BY id")
    assert ["replaced", "waiting"] == [row["state"] for row in states]
    assert [{"uses": 1}] == await rows(world, "SELECT uses FROM invitations")


async def test_correcting_to_a_line_of_the_roster_comes_in_at_once(world):
    """With the right number nobody has to wait any more."""
    school = await make_school(world)
    await enrol(world, school, "Ann Lee", "20230115")
    ann = await asking(world, school, sent="Ann Lee 20230199")
    await ann.presses("Write it again")
    await ann.sends("Ann Lee 20230115")
    await ann.presses("That's right")
    assert SAYS[ENGLISH]["welcome"] in await ann.reads()
    assert SAYS[ENGLISH]["replaced"] in await school.coordinator.reads()


async def test_an_old_button_does_not_correct_a_decided_request(world):
    """After the answer the button to correct the number leads home."""
    school = await make_school(world)
    ann = await asking(world, school)
    waiting = await ann.card()
    await school.coordinator.presses("Let in")
    await ann.presses("Write it again", waiting)
    assert [] == await rows(world, "SELECT * FROM drafts")


async def test_colleagues_see_that_it_is_decided(world):
    """The card of every other coordinator shows the answer, and deciding twice changes nothing."""
    school = await make_school(world)
    colleague = await add_coordinator(world, school, "Mr Chen")
    await asking(world, school)
    before = await colleague.card()
    await school.coordinator.presses("Let in")
    assert SAYS[ENGLISH]["is_in"] in await colleague.reads()
    await colleague.presses("Decline", before)
    assert "out of date" in await colleague.toast()
    assert [{"state": "accepted"}] == await rows(world, "SELECT state FROM join_requests")


async def test_only_coordinators_of_the_class_decide(world):
    """A coordinator who does not cover the class neither gets the card nor can forge the press."""
    school = await make_school(world)
    stranger = await add_coordinator(world, school, "Mr Chen", covers=False)
    await asking(world, school)
    assert "wants to join" not in await stranger.transcript()
    card = await stranger.card()
    await stranger.acts("press", message_id=card["message_id"], data="join.decide:1:0:yes.unknown", force=True)
    assert "no longer open to you" in await stranger.toast()
    assert [{"state": "waiting"}] == await rows(world, "SELECT state FROM join_requests")


async def test_a_yes_means_what_the_card_said(world):
    """If the number was taken since the card was sent, a yes shows that first."""
    school = await make_school(world)
    await asking(world, school)
    await school.add_student("Ann Lee", "20230115")
    await school.coordinator.presses("Let in")
    assert SAYS[ENGLISH]["taken"] in await school.coordinator.reads()
    assert [{"state": "waiting"}] == await rows(world, "SELECT state FROM join_requests")


async def test_somebody_who_joined_elsewhere_meanwhile_is_not_taken_over(world):
    """A yes to an account that has a number by now is refused with the way out."""
    school = await make_school(world)
    ann = await asking(world, school)
    other = await make_school(world, "Lakeside College", class_name="Welding", enterprise="Dock", coordinator="Mr Bo")
    await enrol(world, other, "Ann Lee", "W1")
    (person,) = await rows(world, "SELECT id FROM people WHERE telegram_id = :id", id=ann.id)
    await world.database.transaction(
        lambda tx: tx.run("UPDATE students SET person_id = :person WHERE number = 'W1'", person=person["id"])
    )
    await school.coordinator.presses("Let in")
    assert "in another class already" in await school.coordinator.toast()


@BOTH
async def test_requests_are_found_again_from_the_class(world, language):
    """Who waits is counted on the class, listed five on a page, and each can be opened and decided."""
    school, said = await make_school(world, language=language), SAYS[language]
    for number in range(6):
        await asking(world, school, language, f"Ann Lee 2023011{number}", f"Ann{number}")
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    assert "6" in (await boss.buttons())[0]
    await boss.presses((await boss.buttons())[0])
    assert 5 == sum("Ann Lee" in label for label in await boss.buttons())
    await boss.presses("▶")
    assert ["Ann Lee 20230115 · Nursing 2301"] == [label for label in await boss.buttons() if "Ann Lee" in label]
    await boss.presses("20230115")
    await boss.presses(said["accept"])
    assert said["is_in"] in await boss.reads()
    await boss.presses("5")
    assert 5 == sum("Ann Lee" in label for label in await boss.buttons())


ELSEWHERE = {
    ENGLISH: {
        "where": "is on the roster of Nursing 2302",
        "whom": "Only its coordinator can let go of the number, and has this request too: Mr Chen.",
        "lost": "so this chat has no access to Nursing 2302 any more",
        "nobody": "nobody looks after Nursing 2302",
    },
    CHINESE: {
        "where": "在Nursing 2302的名单里",
        "whom": "只有那个班的指导老师能同意，这条申请也发给了Mr Chen。",
        "lost": "进不了",
        "nobody": "Nursing 2302还没有指导老师",
    },
}


async def another_class(world, school, language=ENGLISH):
    """A class of the school with a coordinator of its own, who does not cover the first one."""
    colleague = await add_coordinator(world, school, "Mr Chen", language, covers=False)
    return colleague, await add_class(world, school, "Nursing 2302", colleague.id)


@BOTH
async def test_a_student_of_another_class_is_not_taken_over(world, language):
    """Only who looks after the roster's class says yes; the other one reads whom to ask, and can only say no."""
    school, said, there = await make_school(world, language=language), SAYS[language], ELSEWHERE[language]
    colleague, class_id = await another_class(world, school, language)
    old = await school.add_student("Ann Lee", "20230115", language, class_id)
    ann = await asking(world, school, language)
    text = await school.coordinator.reads()
    assert there["where"] in text
    assert there["whom"] in text
    assert [] == [label for label in await school.coordinator.buttons() if label.startswith(("✅", "🔁"))]
    card = await school.coordinator.card()
    await school.coordinator.acts("press", message_id=card["message_id"], data="join.decide:1:0:yes.taken", force=True)
    lines = await rows(world, "SELECT class_id, person_id FROM students")
    assert [{"class_id": class_id, "person_id": old.id}] == lines
    assert [{"state": "waiting"}] == await rows(world, "SELECT state FROM join_requests")
    assert said["asks"] in await colleague.reads()
    assert there["where"] in await colleague.reads()
    await colleague.presses(said["move"])
    assert said["is_in"] in await colleague.reads()
    assert said["welcome"] in await ann.reads()
    assert there["lost"] in await old.reads()
    assert said["is_in"] in await school.coordinator.reads()


@BOTH
async def test_a_class_that_nobody_looks_after_is_taken_on_first(world, language):
    """Then the way is to take the class on; with both classes the same card lets them in."""
    school, said, there = await make_school(world, language=language), SAYS[language], ELSEWHERE[language]
    await enrol(world, school, "Ann Lee", "20230115", await add_class(world, school, "Nursing 2302"))
    ann = await asking(world, school, language)
    assert there["nobody"] in await school.coordinator.reads()
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("🙋")
    card = await school.coordinator.card()
    await school.coordinator.acts("press", message_id=card["message_id"], data="request:1:0:", force=True)
    await school.coordinator.presses(said["accept"])
    assert said["welcome"] in await ann.reads()


async def test_a_line_that_came_meanwhile_calls_its_coordinator(world):
    """Whoever got the card as unknown cannot say yes once the number is in another class; that class hears of it."""
    school = await make_school(world)
    colleague, class_id = await another_class(world, school)
    await asking(world, school)
    assert "wants to join" not in await colleague.transcript()
    await enrol(world, school, "Ann Lee", "20230115", class_id)
    await school.coordinator.presses("Let in")
    assert ELSEWHERE[ENGLISH]["where"] in await school.coordinator.reads()
    assert SAYS[ENGLISH]["asks"] in await colleague.reads()
    assert [{"person_id": None}] == await rows(world, "SELECT person_id FROM students")
    assert [{"state": "waiting"}] == await rows(world, "SELECT state FROM join_requests")
