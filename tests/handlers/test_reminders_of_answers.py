"""Reminders to mentors and coordinators of logs that wait for an answer."""

from __future__ import annotations

import asyncio
from datetime import time

import pytest

from bot.schedule import tick
from domain.invitations import InvitationKind, derive_code, hash_code
from storage import invitations, logs, people, schedule
from tests.handlers.reminded import at, decide, hand_in, rows, said
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


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
        (
            "🧾 2 weekly logs wait for your answer:\n"
            "• Ann, week 1, handed in 22 Nov (14 hours ago)\n"
            "• Bob, week 1, handed in 22 Nov (14 hours ago)\n"
            "The oldest comes first, and a good one takes one press."
        )
    ] == await said(school.mentor)
    assert "🧾 Answer them" == (await school.mentor.buttons())[0]
    await school.mentor.presses("Answer them")
    assert any("Ann" in label for label in [*await school.mentor.buttons(), await school.mentor.reads()])
    await asyncio.gather(tick(world.house), tick(world.house))
    await world.move(minutes=1)
    assert [("2026-11-23", "sent")] == [(key[-10:], state) for key, state in await rows(world, "mentor_digest")]


async def test_digest_after_an_outage_at_night(world, school):
    """A digest that Telegram did not take before the night waits until the morning, and is drawn afresh then."""
    await world.move(at(6, "19:00"))
    first, _ = await waiting_students(world, school)
    await world.telegram.post("faults", method="sendMessage", error="502", times=1)
    await world.move(at(7, "09:00"))
    world.clock.now = at(7, "23:00")
    await world.tick()
    assert [] == await said(school.mentor)
    await decide(world, first)
    await world.move(at(8, "08:00"))
    assert (await school.mentor.reads()).startswith("🧾 1 weekly log waits for your answer:\n• Bob")


async def test_answered_while_the_row_waits(world, school):
    """A digest is not sent when everything is answered by then."""
    await world.move(at(6, "19:00"))
    ids = await waiting_students(world, school)
    await world.telegram.post("faults", method="sendMessage", error="502", times=1)
    await world.move(at(7, "09:00"))
    for log_id in ids:
        await decide(world, log_id)
    await world.move(minutes=10)
    assert ["settled"] == [state for _, state in await rows(world, "mentor_digest")]
    assert [] == await said(school.mentor)


async def test_digest_in_chinese(world):
    """The same in Chinese; of many the first five are named."""
    school = await make_school(world, language="zh", mentor="李老师", class_name="护理2301", enterprise="市人民医院")
    await world.move(at(6, "19:00"))
    await waiting_students(world, school, ["小明", "小红", "小刚", "小丽", "小华", "小军", "小芳"])
    await world.move(at(7, "09:00"))
    assert (
        "🧾 有7篇周志等你批阅：\n"
        "• 小明，第1周，11月22日提交，已等14小时\n"
        "• 小红，第1周，11月22日提交，已等14小时\n"
        "• 小刚，第1周，11月22日提交，已等14小时\n"
        "• 小丽，第1周，11月22日提交，已等14小时\n"
        "• 小华，第1周，11月22日提交，已等14小时\n"
        "……还有2篇\n"
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
        (
            "🧾 1 weekly log has been waiting for a while:\n"
            "• Ann, week 1, handed in 17 Nov (3 days ago)\n"
            "One line from you is enough. In a few days the coordinator hears of it and can answer in your place."
        ),
        (
            "🧾 1 weekly log waits for your answer:\n"
            "• Ann, week 1, handed in 17 Nov (6 days ago)\n"
            "The oldest comes first, and a good one takes one press."
        ),
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
        (
            "🧾 有1篇周志已经等了一阵子：\n"
            "• 小明，第1周，11月16日提交，已等3天\n"
            "回一句就够了。再过几天还没批阅，我会告诉指导老师，老师可以代为批阅。"
        )
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
    assert "have been waiting for a while" in await school.mentor.reads()


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


async def test_escalation(world, school):
    """After seven days the coordinator hears who waits for whom since when, once for each submission."""
    await waiting_students(world, school, ["Ann"])
    for day in range(1, 7):
        await world.move(at(day, "09:00"))
    assert [] == await said(school.coordinator)
    await world.move(at(7, "09:00"))
    assert [
        (
            "⏳ 1 weekly log has waited too long for an answer:\n"
            "• Ann (Nursing 2301), week 1: with Ms Li of City Hospital since 16 Nov\n"
            "You can answer them yourself, or speak with the mentor."
        )
    ] == await said(school.coordinator)
    assert ["🧾 Answer them", "👤 Ann"] == await school.coordinator.buttons()
    card = await school.coordinator.card()
    await school.coordinator.presses("Answer them")
    assert "Ann" in await school.coordinator.reads() + "".join(await school.coordinator.buttons())
    data = card["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await school.coordinator.acts("press", message_id=card["message_id"], data=data, force=True)
    assert "Ann" in await school.coordinator.reads()
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
        (
            "⏳ 有2篇周志等了很久还没有批阅：\n"
            "• 小明（护理2301）第1周：11月16日交给市人民医院的李老师，对方已停用机器人\n"
            "• 小红（护理2301）第1周：11月16日提交，市人民医院还没有指定企业导师\n"
            "你可以代为批阅，也可以联系企业导师。"
        )
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


@pytest.mark.parametrize("kind", [InvitationKind.MENTOR, InvitationKind.COORDINATOR])
async def test_joining_puts_people_on_the_schedule(world, school, kind):
    """A new mentor and a new coordinator are looked at from the moment at which they come in."""
    await world.move(hours=1)
    code = derive_code("any", kind.value)
    await world.database.transaction(
        lambda tx: invitations.create(
            tx,
            kind,
            school_id=school.id,
            enterprise_id=school.enterprise_id if kind is InvitationKind.MENTOR else None,
            nonce="n",
            code_hash=hash_code(code),
            uses=1,
            expires_at=at(20, "12:00"),
            now=world.clock(),
        )
    )
    newcomer = await world.phone("Zoe")
    await newcomer.sends(f"/start {code}")
    await newcomer.presses("Agree")
    await newcomer.sends("Zoe Zhang")
    await newcomer.presses("come in")
    await world.tick()
    planned = await world.database.read(
        lambda tx: tx.all("SELECT due_at FROM schedule WHERE kind = :kind ORDER BY subject", kind=kind.value)
    )
    assert [at(1, "09:00")] * 2 == [row["due_at"] for row in planned]
