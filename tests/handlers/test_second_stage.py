"""The second stage: what a mentor approves goes on to the school, whose answer is the last and comes in one message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.weeks import WEEK
from storage import classes, logs, schools, verdicts
from tests.handed_in import WROTE, hand_in, state_of
from tests.handlers.reminded import WEEK as FIRST
from tests.handlers.reminded import at, rows, said
from tests.links import add_coordinator
from tests.people import make_school

WAITING = {
    "en": ["✅ Approve", "💬 Needs info", "↩️ Return"],
    "zh": ["✅ 通过", "💬 请补充", "↩️ 退回"],
}


async def want(world, school, *, wanted=True):
    await world.database.transaction(
        lambda tx: classes.want_second_stage(tx, school.class_id, school.coordinator.id, wanted=wanted)
    )


async def staged(world, **more):
    """A school whose class has a second stage, an hour after this Monday's check."""
    school = await make_school(world, **more)
    await want(world, school)
    await world.move(hours=1)
    return school


@pytest.fixture
async def school(world):
    return await staged(world)


async def with_school(world, log_id):
    """Whether the log is the school's."""
    found = await world.database.read(lambda tx: tx.one("SELECT school_since FROM logs WHERE id = :id", id=log_id))
    return found["school_since"] is not None


async def passed_on(world, school, name="Ming", number="1", language="en"):
    """A student whose log the mentor has approved, and the minute after it."""
    student = await school.placed(name, number, language)
    log_id = await hand_in(world, student)
    await school.mentor.presses("通过" if "通过" in str(await school.mentor.buttons()) else "Approve")
    await world.move(seconds=61)
    return student, log_id


async def look(person, log_id, verb="log.show"):
    """Have the card of a log drawn anew, as a button elsewhere does it."""
    await person.sends("/menu")
    card = await person.card()
    await person.acts("press", message_id=card["message_id"], data=f"{verb}:{log_id}:0:", force=True)
    return await person.reads()


async def at_school(coordinator, pick="Ming · week 1"):
    """Open the queue of the school and a log in it."""
    await coordinator.sends("/queue")
    await coordinator.presses(pick)
    return await coordinator.reads()


# --- the policy --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "on", "says", "toast", "off"),
    [
        ("en", "Have the school approve too", "🏫 What a mentor approves goes on", "your queue", "word be the last"),
        ("zh", "增加学校复核", "🏫 导师通过后，由学校指导老师复核", "待批阅列表", "取消学校复核"),
    ],
)
async def test_a_coordinator_switches_it(world, language, on, says, toast, off):
    """It is off until a coordinator of the class switches it on; one press each way, and the act is recorded."""
    school = await make_school(world, language=language)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    assert says not in await boss.reads()
    await boss.presses(on)
    assert says in await boss.reads()
    assert toast in await boss.toast()
    card = await boss.card()
    await boss.presses(off)
    assert says not in await boss.reads()
    assert toast in await boss.toast()
    await boss.presses(off, card)
    assert says not in await boss.reads()
    acts = await world.database.read(lambda tx: tx.all("SELECT act FROM acts WHERE subject_kind = 'class'"))
    assert ["class_changed"] * 2 == [row["act"] for row in acts]


async def test_without_it_the_mentors_word_is_the_last(world):
    """Nothing is different in a class that does not want it."""
    school = await make_school(world)
    _, log_id = await passed_on(world, school)
    assert ("approved", 1) == await state_of(world, log_id)
    assert not await with_school(world, log_id)


async def test_switched_off_while_logs_wait_it_strands_none(world, school):
    """What the school has stays in its queue, also what it gives back; what mentors approve then is approved."""
    _, waits = await passed_on(world, school)
    hong, back = await passed_on(world, school, "Hong", "2")
    await at_school(school.coordinator, "Hong · week 1")
    await school.coordinator.presses("Return")
    await school.coordinator.presses("check the hours")
    await want(world, school, wanted=False)
    await hong.presses("Change it")
    await hong.sends("Eight hours a day.")
    await hong.presses("Hand it in")
    for name, log_id in (("Ming", waits), ("Hong", back)):
        await at_school(school.coordinator, f"{name} · week 1")
        await school.coordinator.presses("Approve")
        assert "approved" == (await state_of(world, log_id))[0]
    _, new = await passed_on(world, school, "Fang", "3")
    assert ("approved", 1) == await state_of(world, new)


# --- passed on ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "press", "toast", "card", "student_reads"),
    [
        (
            "en",
            "Approve",
            "✅ Approved, and on to the school: Ming, week 1",
            "✅ Approved: it is with the school now, and you see here how it ends.",
            "✅ Ms Li approved Week 1 · 16–22 Nov.\n🏫 It is with the school since Monday 10:00.",
        ),
        (
            "zh",
            "通过",
            "✅ 已通过，转学校复核：Ming第1周",
            "✅ 已通过，转学校复核，结果会显示在这里。",
            "✅ Ms Li已通过第1周（11月16日至22日）。\n🏫 周一10:00起由学校指导老师复核",
        ),
    ],
)
async def test_an_approval_passes_the_log_on(world, language, press, toast, card, student_reads):
    """One press of the mentor's, no message to anybody: the student's card says who approved and who has it now."""
    school = await staged(world, language=language)
    ming = await school.placed("Ming", "1", language)
    log_id = await hand_in(world, ming)
    await look(ming, log_id)
    counts = [len(await person.from_bot()) for person in (ming, school.coordinator)]
    await school.mentor.presses(press)
    assert ("submitted", 1) == await state_of(world, log_id)
    assert toast == await school.mentor.toast()
    assert card in await school.mentor.reads()
    await world.move(seconds=61)
    assert counts == [len(await person.from_bot()) for person in (ming, school.coordinator)]
    assert student_reads in await ming.reads()
    assert [] == [label for label in await ming.buttons() if "↩️" in label]


async def test_the_mentor_sees_how_it_ended(world, school):
    """Their card says where the log is, has nothing more to decide, and is edited when the school answers."""
    _, log_id = await passed_on(world, school)
    await school.mentor.presses("Done")
    card = await school.mentor.reads()
    assert "✅ Approved by Ms Li, Monday 10:00\n🏫 With the school since Monday 10:00" in card
    assert [] == [label for label in await school.mentor.buttons() if label in WAITING["en"]]
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    card = await school.mentor.reads()
    assert "✅ Approved by Ms Li, Monday 10:00, and passed on to the school" in card
    assert "✅ Approved by Ms Wang, Monday 10:01" in card
    assert ("approved", 2) == await state_of(world, log_id)


async def test_the_mentors_lists_say_what_is_the_schools(world, school):
    """It is in no queue of the mentor's, and the weeks of the student have a sign of their own for it."""
    await passed_on(world, school)
    await school.mentor.sends("/queue")
    assert "Nothing waits for you." in await school.mentor.reads()
    await school.mentor.sends("/menu")
    assert "No log waits for your answer." in await school.mentor.reads()
    card = await school.mentor.card()
    await school.mentor.acts("press", message_id=card["message_id"], data="mentees:0:0:", force=True)
    assert "Ming 🏫" in await school.mentor.reads()
    assert "🏫 with the school" in await school.mentor.reads()
    await school.mentor.presses("Ming")
    assert "🏫 Week 1 · 16–22 Nov" in await school.mentor.buttons()


async def test_the_students_weeks_say_who_has_it(world, school):
    """The list of weeks names the coordinator, and since when."""
    ming, _ = await passed_on(world, school)
    await ming.sends("/menu")
    card = await ming.card()
    await ming.acts("press", message_id=card["message_id"], data="log.weeks:0:0:", force=True)
    assert "🏫 Week 1 · 16–22 Nov: with your coordinator since Monday 10:00" in await ming.reads()


async def test_undo_takes_it_back_from_the_school(world, school):
    """Within the minute, also after a restart; then it waits for the mentor again and for nobody else."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await world.restart()
    await school.mentor.presses("Undo")
    assert ("submitted", 0) == await state_of(world, log_id)
    assert not await with_school(world, log_id)
    assert WAITING["en"] == (await school.mentor.buttons())[:3]
    await school.coordinator.sends("/queue")
    assert "Nothing waits for you." in await school.coordinator.reads()
    await world.move(seconds=90)
    assert "with Ms Li since" in await look(ming, log_id)
    await school.mentor.presses("Approve", (await school.mentor.from_bot())[1])
    card = (await school.mentor.from_bot())[1]
    await world.move(seconds=61)
    await school.mentor.presses("Undo", card)
    assert await with_school(world, log_id)


async def test_undo_is_too_late_once_the_school_has_answered(world, school):
    """The mentor is shown what was decided."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    card = await school.mentor.card()
    await at_school(school.coordinator)
    await school.coordinator.presses("Return")
    await school.coordinator.presses("check the hours")
    await school.mentor.presses("Undo", card)
    assert "out of date" in await school.mentor.toast()
    assert ("returned", 2) == await state_of(world, log_id)
    assert "↩️ Returned to Ming by Ms Wang" in await school.mentor.reads()


async def test_a_mentor_does_not_decide_on_what_is_the_schools(world, school):
    """A press of an old card shows how it is, one that nobody can have is refused; nothing is decided."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    other = await school.add_mentor("Mr Zhao")
    pushed = await school.mentor.card()
    await school.mentor.presses("Return")
    await school.mentor.presses("Approve", pushed)
    await world.move(seconds=61)
    await school.mentor.presses("Return", pushed)
    assert "out of date" in await school.mentor.toast()
    version = await world.database.read(lambda tx: tx.one("SELECT version FROM logs WHERE id = :id", id=log_id))
    for mentor in (school.mentor, other):
        card = await mentor.card()
        for verb, rest in (("approve", ""), ("ask", "returned."), ("reason", "returned.hours."), ("tomorrow", "")):
            data = f"review.{verb}:{log_id}:{version['version']}:{rest}"
            await mentor.acts("press", message_id=card["message_id"], data=data, force=True)
            assert "no longer open to you" in await mentor.toast()
    assert ("submitted", 1) == await state_of(world, log_id)


async def test_the_student_takes_back_until_the_mentor_has_decided(world, school):
    """What was passed on is decided on; what was handed in again to the school can be taken back until it answers."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await look(ming, log_id)
    assert "↩️ Take it back" in await ming.buttons()
    card = await ming.card()
    await school.mentor.presses("Approve")
    await ming.presses("Take it back", card)
    assert ("submitted", 1) == await state_of(world, log_id)
    await world.move(seconds=61)
    await at_school(school.coordinator)
    await school.coordinator.presses("Needs info")
    await school.coordinator.sends("Which ward?")
    await ming.presses("Answer the question")
    await ming.sends("The third.")
    await ming.presses("Hand it in")
    assert "🏫 Week 1 · 16–22 Nov is with the school since Monday 10:01." in await ming.reads()
    await ming.presses("Take it back")
    assert ("needs_info", 2) == await state_of(world, log_id)
    assert "💬 Ms Wang asked Ming" in await school.coordinator.reads()
    await ming.presses("Hand it in")
    assert ("submitted", 2) == await state_of(world, log_id)
    assert await with_school(world, log_id)


# --- the school's answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "queue", "passed", "answer", "by_mentor"),
    [
        (
            "en",
            "🏫 Ming · week 1 · with the school since Monday 10:00",
            "✅ Approved by Ms Li, Monday 10:00, and passed on to the school",
            "✅ Ms Wang approved your log.",
            "✅ Ms Li had approved it before.\n💬 Ms Li: “Good eye.”",
        ),
        (
            "zh",
            "🏫 Ming · 第1周 · 周一10:00起待复核",
            "✅ 导师已通过（Ms Li，周一10:00），转学校复核",
            "✅ Ms Wang通过了你的周志。",
            "✅ Ms Li此前已通过。\n💬 Ms Li：“Good eye.”",
        ),
    ],
)
async def test_the_school_has_the_last_word(world, language, queue, passed, answer, by_mentor):
    """It reads what the mentor said; the student gets one message with both, and the mentor's stars and hours stand."""
    school = await staged(world, language=language)
    ming = await school.placed("Ming", "1", language)
    log_id = await hand_in(world, ming)
    await with_hours(world, log_id, 38)
    approve = WAITING[language][0]
    await school.mentor.presses(approve)
    await school.mentor.sends("Good eye.")
    await school.mentor.presses("4☆")
    await school.mentor.presses("38")
    await world.move(seconds=61)
    boss, before = school.coordinator, len(await ming.from_bot())
    await boss.sends("/queue")
    assert queue in await boss.reads()
    await boss.presses("Ming ·")
    assert [True] * 4 == [part in await boss.reads() for part in (passed, "“Good eye.”", "★★★★☆", WROTE)]
    await boss.presses(approve)
    assert before == len(await ming.from_bot())
    await world.move(seconds=61)
    assert before + 1 == len(await ming.from_bot())
    assert [True] * 3 == [part in await ming.reads() for part in (answer, by_mentor, "★★★★☆ · 🕗")]
    assert ("approved", 2) == await state_of(world, log_id)
    final = await world.database.read(lambda tx: verdicts.latest(tx, log_id))
    assert (boss.id, 4, 38.0) == (final.reviewer_id, final.stars, final.hours)
    card = await look(ming, log_id)
    assert [True] * 2 == ["“Good eye.”" in card, "★★★★☆" in card]


async def with_hours(world, log_id, hours):
    """Give what was handed in some hours, as if the student had written them."""

    async def work(tx):
        await tx.run("UPDATE logs SET hours = :hours WHERE id = :id", hours=hours, id=log_id)
        await tx.run(
            "UPDATE revisions SET content = REPLACE(content, :none, :some) WHERE log_id = :id",
            none='"hours": null',
            some=f'"hours": {float(hours)}',
            id=log_id,
        )

    await world.database.transaction(work)


async def test_what_the_school_returns_comes_straight_back_to_it(world, school):
    """The student reads why and that the mentor had approved; the second submission skips the mentor, who sees it."""
    ming, log_id = await passed_on(world, school)
    mentor, boss = school.mentor, school.coordinator
    await mentor.presses("3☆")
    await at_school(boss)
    await boss.presses("Return")
    await boss.sends("Please name no patients.")
    answer = await ming.reads()
    assert "↩️ Ms Wang sent your log back for a change." in answer
    assert "“Please name no patients.”" in answer
    assert "✅ Ms Li had approved it before." in answer
    assert "Handed in again it goes straight to the school." in answer
    assert "↩️ Returned to Ming by Ms Wang, Monday 10:01\n“Please name no patients.”" in await mentor.reads()
    assert "goes straight to the school; you see here how it ends." in await mentor.reads()
    heard = len(await mentor.from_bot()), len(await boss.from_bot())
    await ming.presses("Change it")
    await ming.sends("Measured blood pressure on the ward.")
    await ming.presses("Hand it in")
    assert ("submitted", 2) == await state_of(world, log_id)
    assert heard == (len(await mentor.from_bot()), len(await boss.from_bot()))
    assert "🏫 With the school since Monday 10:01" in await mentor.reads()
    await mentor.sends("/queue")
    assert "Nothing waits for you." in await mentor.reads()
    card = await boss.reads()  # edited in place
    assert "🔁 Submission 2. Ms Wang had returned it: “Please name no patients.”" in card
    assert "✅ Ms Li approved submission 1, Monday 10:00" in card
    assert "🧾 Whole log" in await boss.buttons()
    await boss.presses("Approve")
    await world.move(seconds=61)
    assert "✅ Ms Wang approved your log." in await ming.reads()
    assert "★★★☆☆" in await ming.reads()
    assert "had approved it before" not in await ming.reads()  # that was the other submission
    assert ("approved", 3) == await state_of(world, log_id)


async def test_hours_that_were_changed_are_not_confirmed(world, school):
    """The mentor confirmed those of the first submission; the stars stand all the same."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await with_hours(world, log_id, 38)
    await school.mentor.presses("Approve")
    await school.mentor.presses("38")
    await school.mentor.presses("5☆")
    await at_school(school.coordinator)
    await school.coordinator.presses("Return")
    await school.coordinator.presses("check the hours")
    await ming.presses("Change it")
    await ming.presses("Hours")
    await ming.sends("36")
    await ming.presses("Hand it in")
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    final = await world.database.read(lambda tx: verdicts.latest(tx, log_id))
    assert (5, None) == (final.stars, final.hours)


async def test_the_school_undoes_its_own(world, school):
    """Within its minute; the log waits for the school again, with the mentor's approval."""
    _, log_id = await passed_on(world, school)
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    await school.coordinator.presses("Ming: undo")
    await school.coordinator.presses("Undo")
    assert ("submitted", 1) == await state_of(world, log_id)
    assert await with_school(world, log_id)
    assert WAITING["en"] == (await school.coordinator.buttons())[:3]


async def test_two_coordinators_decide_once(world, school):
    """The first answer counts, the other's card shows it."""
    second = await add_coordinator(world, school, "Mr Zhou")
    _, log_id = await passed_on(world, school)
    for boss in (school.coordinator, second):
        await at_school(boss)
    card = await second.card()
    await school.coordinator.presses("Approve")
    assert "✅ Approved by Ms Wang" in await second.reads()
    await second.presses("Return", card)
    assert "out of date" in await second.toast()
    assert ("approved", 2) == await state_of(world, log_id)


async def test_several_are_approved_together(world, school):
    """At the school as at the mentor's: what each has opened, and undone together."""
    made = [await hand_in(world, await school.placed(name, name), push=False) for name in ("Ada", "Bo")]
    for person, toast in (
        (school.mentor, "✅ Approved: 2 logs, 2 of them now with the school."),
        (school.coordinator, "✅ Approved: 2 logs. The students hear of it in a minute."),
    ):
        await person.sends("/queue")
        await person.presses("Ada · week 1")
        await person.presses("Later")
        await person.presses("List")
        await person.presses("Approve the 2 that you have opened")
        assert toast == await person.toast()
        await person.presses("Undo 2 approvals")
        await person.presses("Approve the 2 that you have opened")
        await world.move(seconds=61)
    assert [("approved", 2)] * 2 == [await state_of(world, log_id) for log_id in made]


# --- one person, one press ---------------------------------------------------------------------------------------


async def test_a_coordinator_speaks_for_the_school(world, school):
    """Whoever covers the class approves for good, in the mentor's place or as the mentor; nobody presses twice."""

    async def work(tx):
        await schools.add_coordinator(tx, school.id, school.mentor.id)
        await schools.cover_class(tx, school.class_id, school.mentor.id)

    absent = await hand_in(world, await school.placed("Ming", "1"))
    await look(school.coordinator, absent, "review.open")
    await school.coordinator.presses("Approve")
    assert ("approved", 1) == await state_of(world, absent)
    await world.database.transaction(work)
    own = await hand_in(world, await school.placed("Hong", "2"))
    await school.mentor.presses("Approve")
    assert ("approved", 1) == await state_of(world, own)


async def test_a_class_that_nobody_looks_after(world, school):
    """Nothing is passed on to nobody: the mentor's word is enough."""
    await world.database.transaction(lambda tx: tx.run("DELETE FROM class_coordinators"))
    _, log_id = await passed_on(world, school)
    assert ("approved", 1) == await state_of(world, log_id)


async def test_who_stands_in_passes_on(world, school):
    """A stand-in's approval is a mentor's; handing over and a change of mentor leave alone what is the school's."""
    _, log_id = await passed_on(world, school)
    other = await school.add_mentor("Mr Zhao")
    card = await school.mentor.card()
    await school.mentor.acts("press", message_id=card["message_id"], data="away:0:0:", force=True)
    await school.mentor.presses("Mr Zhao")
    await other.sends("/queue")
    assert "Nothing waits for you." in await other.reads()
    hong = await hand_in(world, await school.placed("Hong", "2"))
    await other.presses("Approve")
    assert await with_school(world, hong)
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    assert ("approved", 2) == await state_of(world, log_id)


async def test_opened_again_it_comes_to_the_school(world, school):
    """A coordinator opens the approved log again; what is handed in then skips the mentor."""
    ming, log_id = await passed_on(world, school)
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    await world.move(seconds=61)
    await look(school.coordinator, log_id, "review.open")
    await school.coordinator.presses("Open it again")
    await school.coordinator.presses("check the hours")
    assert ("returned", 3) == await state_of(world, log_id)
    await ming.presses("Change it")
    await ming.sends("Measured blood pressure, eight hours a day.")
    await ming.presses("Hand it in")
    assert await with_school(world, log_id)
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    assert ("approved", 4) == await state_of(world, log_id)


# --- a word ------------------------------------------------------------------------------------------------------


async def test_a_word_of_the_mentors_waits_for_the_schools_answer(world, school):
    """It stands on the student's card at once, without a message, and goes with the answer."""
    ming, log_id = await passed_on(world, school)
    await look(ming, log_id)
    before = len(await ming.from_bot())
    await world.move(minutes=5)
    await school.mentor.sends("Good eye.")
    assert "“Good eye.”" in await ming.reads()
    assert before == len(await ming.from_bot())
    await at_school(school.coordinator)
    await school.coordinator.presses("Return")
    await school.coordinator.presses("check the hours")
    assert "💬 Ms Li: “Good eye.”" in await ming.reads()


@pytest.mark.parametrize(("seconds", "messages"), [(0, 1), (61, 2)])
async def test_a_word_that_comes_after_the_schools_answer(world, school, seconds, messages):
    """While that is held back it goes with it, later behind it; it is not lost."""
    ming, _ = await passed_on(world, school)
    before = len(await ming.from_bot())
    await at_school(school.coordinator)
    await school.coordinator.presses("Approve")
    await world.move(seconds=seconds)
    await school.mentor.sends("Good eye.")
    await world.move(seconds=61)
    assert "💬 Ms Li: “Good eye.”" in await ming.reads()
    assert before + messages == len(await ming.from_bot())


async def test_remarks_of_both_stand_at_their_section(world, school):
    """The mentor's first, then the school's."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    for person, words in ((school.mentor, "Three of six: good."), (school.coordinator, "Which ward?")):
        if person is school.coordinator:
            await at_school(person)
            assert "Three of six: good." in await person.reads()
        await person.presses("Remarks")
        await person.presses("What I did")
        await person.sends(words)
        await person.presses("Approve" if person is school.mentor else "Return")
        await world.move(seconds=61)
    await school.coordinator.presses("see the remarks")
    assert ("returned", 2) == await state_of(world, log_id)
    answer = await ming.reads()
    assert [True] * 2 == ["Three of six: good." in answer, "Which ward?" in answer]
    await ming.presses("Change it")
    assert "Three of six: good.\nWhich ward?" in await ming.reads()


# --- nobody waits in the dark ------------------------------------------------------------------------------------


async def test_the_school_is_told_on_three_days(world, school):
    """On Monday, Wednesday and Friday, of what is new, in one message; each coordinator once, and nobody at night."""
    second = await add_coordinator(world, school, "Mr Zhou")
    await passed_on(world, school)
    for day in range(1, 12):
        await world.move(at(day, "09:00"))
        if day == 3:
            await passed_on(world, school, "Hong", "2")
    assert [("2026-11-18", "sent"), ("2026-11-20", "sent")] == sorted(set(await rows(world, "school_digest")))
    assert 4 == len(await rows(world, "school_digest"))
    for boss in (school.coordinator, second):
        first, other = [text for text in await said(boss) if text.startswith("🏫")]
        assert first.startswith(
            "🏫 1 weekly log that a mentor approved waits for the school's word:\n• Ming (Nursing 2301)"
        )
        assert other.startswith("🏫 2 weekly logs that mentors approved wait for the school's word:\n")


async def test_nothing_is_said_of_what_is_answered_or_taken_back(world, school):
    """The message is drawn from what waits when it is sent."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Undo")
    await world.move(at(2, "09:00"))
    assert [] == await rows(world, "school_digest")


@pytest.mark.parametrize(
    ("language", "label", "toast", "knows"),
    [
        ("en", "🔔 Remind the school", "in my own name", "🔔 The school knows that it waits"),
        ("zh", "🔔 提醒学校复核", "不会说是你催的", "🔔 已告诉学校这篇在等复核"),
    ],
)
async def test_a_nudge_goes_to_whoever_has_it(world, language, label, toast, knows):
    """The class's term begins anew with the school; then the student's button reaches it, once, and not the mentor."""
    school = await staged(world, language=language)
    ming = await school.placed("Ming", "1", language)
    log_id = await hand_in(world, ming)
    await world.move(at(2, "10:00"))
    await school.mentor.presses("通过" if language == "zh" else "Approve")
    await world.move(at(4, "10:00"))
    await look(ming, log_id)
    assert label not in await ming.buttons()
    await world.move(at(5, "10:00"))
    heard = len(await school.mentor.from_bot())
    await look(ming, log_id)
    await ming.presses(label)
    assert toast in await ming.toast()
    assert knows in await ming.reads()
    assert label not in await ming.buttons()
    await world.move(at(7, "09:00"))
    text = (await said(school.coordinator))[-1]
    assert text.startswith("⏳")
    assert 1 == len(await rows(world, "escalation"))
    assert [("2026-11-20", "sent")] == await rows(world, "school_digest")
    for day in range(8, 13):
        await world.move(at(day, "09:00"))
    assert 1 == len(await rows(world, "escalation"))
    assert heard == len(await school.mentor.from_bot())


async def test_one_message_a_day(world, school):
    """Where a coordinator hears of logs that nobody answers, what is new at the school stands in the same message."""
    await world.move(at(1, "10:00"))
    await hand_in(world, await school.placed("Ann", "9"), push=False)
    await world.move(at(7, "10:00"))
    await passed_on(world, school)
    await world.move(at(9, "09:00"))
    assert [] == await rows(world, "school_digest")
    text = (await said(school.coordinator))[-1]
    assert "🏫 1 more that a mentor approved waits for the school's word." in text
    await world.move(at(11, "09:00"))
    assert [] == await rows(world, "school_digest")


async def test_how_long_the_school_takes(world, school):
    """Its answers count from when it had the log, not from when the student handed it in."""
    ming = await school.placed("Ming", "1")
    for number in range(4):
        log_id = await hand_in(world, ming, week=FIRST + number * WEEK, push=False)
        await look(school.mentor, log_id, "review.open")
        world.clock.now += timedelta(days=9)
        await school.mentor.presses("Approve")
        if number == 3:
            break
        world.clock.now += timedelta(days=1, hours=12)
        await look(school.coordinator, log_id, "review.open")
        await school.coordinator.presses("Approve")
    assert "🕓 Usually answered within 2 days." in await look(ming, log_id)


async def test_late_is_judged_by_the_first_submission(world, school):
    """Neither the second stage nor what the school gives back makes a week late."""
    ming, log_id = await passed_on(world, school)
    await at_school(school.coordinator)
    await school.coordinator.presses("Return")
    await school.coordinator.presses("check the hours")
    await world.move(at(9, "10:00"))
    await ming.presses("Change it")
    await ming.sends("Eight hours a day.")
    await ming.presses("Hand it in")
    log = await world.database.read(lambda tx: logs.for_student(tx, log_id, ming.id))
    assert not log.is_late
