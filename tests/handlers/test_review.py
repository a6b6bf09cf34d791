"""Review: a mentor answers a week on the card, once, and the student hears of it in one message."""

from __future__ import annotations

import pytest

from storage import people, placements, reviews, schools
from tests.handed_in import WROTE, answer, hand_in, settle, state_of, take_back
from tests.people import Member, make_school, member

PUSHED = {
    "en": ["✅ Approve", "💬 Needs info", "↩️ Return", "🏷 Remarks", "🕓 Later"],
    "zh": ["✅ 通过", "💬 请补充", "↩️ 退回", "🏷 批注", "🕓 稍后"],
}
STARS = ["1☆", "2☆", "3☆", "4☆", "5☆"]


@pytest.fixture
async def school(world):
    return await make_school(world)


async def answers_of(student) -> list[str]:
    """What the student was told about logs."""
    return [m["text"] for m in await student.from_bot() if "log" in m.get("text", "") and "I can do" not in m["text"]]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["🧾 小明 · Week 1 · 16–22 Nov · on time", "What I learned", "Cuff position matters."]),
        ("zh", ["🧾 小明 · 第1周（11月16日至22日） · 按时提交", "学到什么", "Cuff position matters."]),
    ],
)
async def test_the_mentor_gets_the_log_as_a_card(world, language, says):
    """The card says whose week it is, whether it was on time, and holds the student's words and what can be done."""
    school = await make_school(world, language=language)
    await hand_in(world, await school.placed("小明", "1", language), learned="Cuff position matters.")
    card = await school.mentor.reads()
    assert [True] * 4 == [part in card for part in (*says, WROTE)]
    assert PUSHED[language] == await school.mentor.buttons()


async def test_a_good_log_is_approved_in_one_press(world, school):
    """One press approves; the answer waits a minute for a word, and goes without one, once."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    assert ("approved", 1) == await state_of(world, log_id)
    assert "✅ Approved: Ming, week 1" == await school.mentor.toast()
    assert "It goes to Ming in a minute, or now with Done." in await school.mentor.reads()
    assert ["✔️ Done", "↶ Undo", *STARS, "🏷 Remarks"] == await school.mentor.buttons()
    assert [] == await answers_of(ming)
    await world.move(seconds=61)
    assert ["✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov"] == await answers_of(ming)
    assert "and Ming has been told" in await school.mentor.reads()
    await world.move(seconds=120)
    assert 1 == len(await answers_of(ming))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov\n\n“好眼力 <b>👀</b>”"),
        ("zh", "✅ Ms Li通过了你的周志。\n第1周（11月16日至22日）\n\n“好眼力 <b>👀</b>”"),
    ],
)
async def test_a_word_goes_with_the_answer(world, language, says):
    """What the mentor writes after approving reaches the student at once, in one message, as it was written."""
    school = await make_school(world, language="zh")
    ming = await school.placed("小明", "1", language)
    await hand_in(world, ming)
    await school.mentor.presses("通过")
    await school.mentor.sends("好眼力 <b>👀</b>")
    assert says == await ming.reads()
    assert "“好眼力 <b>👀</b>”" in await school.mentor.reads()
    before = len(await ming.from_bot())
    await world.move(seconds=61)
    assert before == len(await ming.from_bot())


async def test_done_sends_the_answer_at_once(world, school):
    """Done closes the question, and the student need not wait for the minute."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Done")
    assert "approved your log" in await ming.reads()
    assert "✅ Approved by Ms Li, Monday 09:00" in await school.mentor.reads()
    assert ["✍️ Add a word", *STARS, "🏷 Remarks"] == await school.mentor.buttons()


async def test_a_word_that_comes_later_follows_the_answer(world, school):
    """A word written after the answer has gone is sent after it, and takes its place as the newest card."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await world.move(minutes=5)
    await school.mentor.sends("Release more slowly.")
    assert "“Release more slowly.”" in await ming.reads()
    assert 2 == len(await answers_of(ming))
    assert [] == [m for m in (await ming.from_bot())[:-1] if "See the week" in str(m.get("reply_markup"))]


async def test_what_is_typed_much_later_is_only_sent_after_a_question(world, school):
    """A text half an hour after the approval may be about something else: the mentor is asked first."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await world.move(minutes=30)
    await school.mentor.sends("see you at two")
    assert "Is this for Ming?" in await school.mentor.reads()
    assert 1 == len(await answers_of(ming))
    await school.mentor.presses("No")
    assert 1 == len(await answers_of(ming))
    await world.database.transaction(lambda tx: tx.run("DELETE FROM drafts"))
    assert ("approved", 1) == await state_of(world, log_id)


async def test_a_late_word_can_be_confirmed(world, school):
    """Said yes to, it goes to the student."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await world.move(minutes=30)
    await school.mentor.sends("Well written.")
    await school.mentor.presses("Yes, send it")
    assert "“Well written.”" in await ming.reads()


async def test_an_approval_can_be_undone_while_nobody_has_heard_of_it(world, school):
    """Undo within the minute: nothing reaches the student and the log waits again; afterwards it is too late."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Undo")
    assert ("submitted", 0) == await state_of(world, log_id)
    assert PUSHED["en"] == await school.mentor.buttons()
    await world.move(seconds=90)
    assert [] == await answers_of(ming)
    await school.mentor.presses("Approve")
    card = next(m for m in await school.mentor.from_bot() if "Undo" in str(m.get("reply_markup")))
    await world.move(seconds=59)
    await world.move(seconds=2)
    await school.mentor.presses("Undo", card)
    assert ("approved", 1) == await state_of(world, log_id)
    assert 1 == len(await answers_of(ming))


@pytest.mark.parametrize(
    ("language", "press", "pick", "reason", "says"),
    [
        ("en", "Return", "add what you learned", "Please add what you learned.", "sent your log back for a change"),
        ("en", "Needs info", "step by step", "How did you do it, step by step?", "has a question about your log"),
        ("zh", "退回", "学到了什么", "请补充这周学到了什么", "把周志退回给你修改"),
        ("zh", "请补充", "独立完成", "哪些是你独立完成的？", "想请你补充周志"),
    ],
)
async def test_a_log_goes_back_in_two_presses(world, language, press, pick, reason, says):
    """A ready reason takes a second press and reaches the student at once."""
    school = await make_school(world, language=language)
    ming = await school.placed("Ming", "1", language)
    await hand_in(world, ming)
    await school.mentor.presses(press)
    await school.mentor.presses(pick)
    assert says in await ming.reads()
    assert f"“{reason}”" in await ming.reads()
    assert f"“{reason}”" in await school.mentor.reads()


async def test_each_reader_reads_a_ready_reason_in_their_own_language(world):
    """A Chinese mentor's ready reason is English for an English student, with the original beside it."""
    school = await make_school(world, language="zh")
    ming = await school.placed("Ming", "1", "en")
    await hand_in(world, ming)
    await school.mentor.presses("退回")
    await school.mentor.presses("用自己的话")
    assert "“Please write it in your own words. (请用自己的话写)”" in await ming.reads()


async def test_a_reason_can_be_typed(world, school):
    """One press and one message."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.sends("Which arm?")
    assert ("needs_info", 1) == await state_of(world, log_id)
    assert "“Which arm?”" in await ming.reads()
    assert ["▶️ Answer the question", "👀 See the week"] == await ming.buttons()
    stale = [m for m in (await school.mentor.from_bot())[:-1] if "step by step" in str(m.get("reply_markup"))]
    assert [] == stale


async def test_the_second_submission_shows_what_was_asked(world, school):
    """The card that comes back holds the question and the answer to it."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.sends("Which arm?")
    await answer(world, ming, log_id, "The left one.")
    card = await school.mentor.reads()
    assert [True] * 4 == [part in card for part in ("Submission 2", "“Which arm?”", "The left one.", WROTE)]
    await school.mentor.presses("Approve")
    assert ("approved", 2) == await state_of(world, log_id)


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ({"text": "x" * 1001}, "at most 1000"),
        ({"text": "\u200b"}, "empty"),
        (None, "text"),
    ],
)
async def test_a_reason_that_is_none_is_asked_for_again(world, school, acts, says):
    """Too long, empty, a sticker: each is told, nothing is decided, and the question stays."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    await (school.mentor.acts("text", **acts) if acts else school.mentor.acts("sticker"))
    assert says in await school.mentor.reads()
    assert "What should Ming change?" in await school.mentor.reads()
    assert ("submitted", 0) == await state_of(world, log_id)
    await school.mentor.sends("Please add the hours.")
    assert ("returned", 1) == await state_of(world, log_id)


async def test_a_command_in_the_middle_of_a_reason_lays_it_aside(world, school):
    """After a command a text is no reason any more; the card still takes one press."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    reasons = await school.mentor.card()
    await school.mentor.sends("/menu")
    await school.mentor.sends("hello")
    assert ("submitted", 0) == await state_of(world, log_id)
    await school.mentor.presses("check the hours", reasons)
    assert ("returned", 1) == await state_of(world, log_id)


async def test_back_leaves_the_question(world, school):
    """Back shows the log with its buttons, and a text is no reason any more."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    await school.mentor.presses("Back")
    assert PUSHED["en"] == await school.mentor.buttons()
    await school.mentor.sends("hello")
    assert ("submitted", 0) == await state_of(world, log_id)


async def test_a_restart_in_the_middle_loses_nothing(world, school):
    """The question for a reason and the answer that is held back are both still there after a restart."""
    ming, hong = await school.placed("Ming", "1"), await school.placed("Hong", "2")
    returned, approved = await hand_in(world, ming), await hand_in(world, hong)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Return", (await school.mentor.from_bot())[-2])
    await world.restart()
    await school.mentor.sends("Please add the hours.")
    await world.move(seconds=61)
    assert ("returned", 1) == await state_of(world, returned)
    assert ("approved", 1) == await state_of(world, approved)
    assert ["✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov"] == await answers_of(hong)
    assert "“Please add the hours.”" in await ming.reads()


async def test_an_approval_does_not_disturb_another_form(world, school):
    """Somebody who is writing something else is not asked for a word, so no answer lands with a student."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    card = await school.mentor.card()
    hong = await school.placed("Hong", "2")
    other = await hand_in(world, hong)
    await school.mentor.presses("Return")
    await school.mentor.presses("Approve", card)
    approved = next(m for m in await school.mentor.from_bot() if m["message_id"] == card["message_id"])
    assert "⏳ It goes to Ming in a minute." in approved["text"]
    await school.mentor.sends("Please add the hours.")
    assert ("returned", 1) == await state_of(world, other)
    await world.move(seconds=61)
    assert ["✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov"] == await answers_of(ming)


async def test_a_decision_is_made_once(world, school):
    """A second press on the old card only shows how it is."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    card = await school.mentor.card()
    await school.mentor.presses("Approve", card)
    await school.mentor.presses("Approve", card)
    assert ("approved", 1) == await state_of(world, log_id)
    assert "out of date" in await school.mentor.toast()


async def test_two_reviewers_decide_once(world, school):
    """Without a mentor the log goes to the coordinators; the first answer counts and the other's card shows it."""
    ming = await school.add_student("Ming", "1")
    await place_without_mentor(world, school, ming)
    second = await second_coordinator(world, school)
    log_id = await hand_in(world, ming)
    card = await second.card()
    assert "Nursing 2301 · City Hospital" in await second.reads()
    await school.coordinator.presses("Approve")
    assert "✅ Approved by Ms Wang" in await second.reads()
    await second.presses("Return", card)
    assert "out of date" in await second.toast()
    assert ("approved", 1) == await state_of(world, log_id)


async def test_taken_back_at_the_same_moment(world, school):
    """A log that its student has just taken back cannot be decided on, and the card says so without buttons."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await take_back(world, ming, log_id, tell=False)
    await school.mentor.presses("Approve")
    assert ("draft", 0) == await state_of(world, log_id)
    assert "Taken back" in await school.mentor.reads()
    assert [] == await school.mentor.buttons()
    assert WROTE not in await school.mentor.reads()


async def test_taking_back_changes_the_card(world, school):
    """The mentor's card is edited in place, silently."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    before = len(await school.mentor.from_bot())
    await take_back(world, ming, log_id)
    assert "Taken back" in await school.mentor.reads()
    assert before == len(await school.mentor.from_bot())


async def test_taken_back_while_the_reason_is_typed(world, school):
    """The reason goes to nobody, and the mentor is told so."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    await take_back(world, ming, log_id, tell=False)
    await school.mentor.sends("Please add the hours.")
    assert "not sent to anyone" in await school.mentor.reads()
    assert ("draft", 0) == await state_of(world, log_id)


async def test_another_mentor_takes_over(world, school):
    """After a change of mentor the former one's card opens nothing, and a reason that was being typed goes nowhere."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    other = await school.add_mentor("Mr Zhao")

    async def replace(tx):
        placement = (await placements.of_person(tx, ming.id))[0]
        await placements.set_mentor(tx, placement, other.id)

    await world.database.transaction(replace)
    await school.mentor.presses("check the hours")
    assert "no longer open to you" in await school.mentor.toast()
    await school.mentor.sends("Please add the hours.")
    assert "with another mentor" in await school.mentor.reads()
    await other.sends("/queue")
    assert ["Ming · week 1"] == (await other.buttons())[:1]
    assert ("submitted", 0) == await state_of(world, log_id)


@pytest.mark.parametrize("what", ["suspended", "ended"])
async def test_a_mentor_who_may_not_read_any_more(world, school, what):
    """Suspended, or four weeks after the placement's end, the card opens nothing; the coordinators have it then."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)

    async def change(tx):
        if what == "suspended":
            await tx.run("UPDATE mentors SET suspended_at = :now", now=world.clock())
        else:
            await tx.run("UPDATE placements SET ends_on = starts_on")

    await world.database.transaction(change)
    if what == "ended":
        await world.move(days=40)
    await school.mentor.presses("Approve", (await school.mentor.from_bot())[1])
    assert ("submitted", 0) == await state_of(world, log_id)
    waiting = await world.database.read(lambda tx: reviews.queue(tx, school.coordinator.id, today=world.clock().date()))
    assert [log_id] == [log.id for log in waiting]


async def test_strangers_see_nothing(world, school):
    """Another mentor and another school's coordinator are told that it is not theirs."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    other = await make_school(world, "Hill College", enterprise="Hill Clinic", mentor="Mr Zhao", coordinator="Mr Xu")
    colleague = await school.add_mentor("Dr Sun")
    for stranger in (other.mentor, other.coordinator, colleague, ming):
        await stranger.sends("/menu")
        card = await stranger.card()
        for verb in ("open", "approve", "files", "later", "word", "undo"):
            data = f"review.{verb}:{log_id}:3:"
            await stranger.acts("press", message_id=card["message_id"], data=data, force=True)
            assert "no longer open to you" in await stranger.toast()
    assert ("submitted", 0) == await state_of(world, log_id)


async def test_a_long_log_arrives_whole(world, school):
    """8,000 characters with HTML and emoji come in several messages, the buttons under the last; none is lost."""
    ming = await school.placed("Ming", "1")
    texts = {name: f"<{name}> 🩺 & line\n" * 95 for name in ("done", "learned", "problems", "plan")}
    log_id = await hand_in(world, ming, texts.pop("done"), **texts)
    said = "".join(m["text"] for m in (await school.mentor.from_bot())[1:])
    for name in ("done", "learned", "problems", "plan"):
        assert 95 == said.count(f"<{name}> 🩺 & line")
    assert PUSHED["en"] == await school.mentor.buttons()
    await school.mentor.presses("Return")
    await school.mentor.presses("check the hours")
    assert "↩️ Returned to Ming" in await school.mentor.reads()
    assert ("returned", 1) == await state_of(world, log_id)


async def test_later_folds_the_card(world, school):
    """A pushed card that is put off becomes one line; the log stays in the queue."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Later")
    assert "stays in your queue" in await school.mentor.reads()
    await school.mentor.presses("Read it now")
    assert PUSHED["en"] == await school.mentor.buttons()


async def test_photos_come_as_an_album(world, school):
    """Photos come below, with their captions, and the log can be decided on there; the older card loses its buttons."""
    ming = await school.placed("Ming", "1")
    await ming.sends("/log")
    await ming.sends_photo(caption="the cuff")
    await ming.sends_photo()
    await ming.sends("Measured six patients.")
    for _ in range(4):
        if "📨 Hand it in" in await ming.buttons():
            break
        await ming.presses("Next")
    await ming.presses("Hand it in")
    assert "📷 Photos" in await school.mentor.buttons()
    await school.mentor.presses("Photos")
    assert "1. “the cuff”" in await school.mentor.reads()
    assert 2 == len([m for m in await school.mentor.from_bot() if "photo" in m])
    await school.mentor.presses("Approve")
    left = [m for m in await school.mentor.from_bot() if "review.approve" in str(m.get("reply_markup"))]
    assert [] == left
    assert "It goes to Ming in a minute, or now with Done." in await school.mentor.reads()


async def test_a_coordinator_reopens_an_approved_log(world, school):
    """Only a coordinator can, with a reason; the student hears of it and the history keeps the approval."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Done")
    assert "🔓 Open it again" not in await school.mentor.buttons()
    await school.coordinator.sends("/menu")
    card = await school.coordinator.card()
    await school.coordinator.acts(
        "press", message_id=card["message_id"], data=f"student.logs:{ming.student_id}:0:", force=True
    )
    await school.coordinator.presses("✅ Week 1")
    await school.coordinator.presses("Open it again")
    await school.coordinator.presses("needs correcting")
    assert ("returned", 2) == await state_of(world, log_id)
    assert "Ms Wang opened your approved log again" in await ming.reads()
    assert ["✏️ Change it", "👀 See the week"] == await ming.buttons()
    assert "🔓 Opened again for Ming by Ms Wang" in await school.mentor.reads()


async def test_a_mentor_cannot_reopen(world, school):
    """A forged button of a mentor changes nothing."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    card = await school.mentor.card()
    for version in range(1, 6):
        data = f"review.reason:{log_id}:{version}:reopened.mistake."
        await school.mentor.acts("press", message_id=card["message_id"], data=data, force=True)
    assert ("approved", 1) == await state_of(world, log_id)


@pytest.mark.parametrize("rest", ["", "x", "returned", "returned.nonsense.", "reopened.steps.", "approved.steps."])
async def test_a_broken_button_decides_nothing(world, school, rest):
    """What no button of ours carries is answered with the log as it is."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    card = await school.mentor.card()
    for verb in ("reason", "ask"):
        if verb == "ask" and rest == "returned":
            continue
        await school.mentor.acts(
            "press", message_id=card["message_id"], data=f"review.{verb}:{log_id}:3:{rest}", force=True
        )
    assert ("submitted", 0) == await state_of(world, log_id)


async def place_without_mentor(world, school, student: Member) -> None:
    today = world.clock().date()

    async def work(tx):
        await placements.create(
            tx,
            student_id=student.student_id,
            enterprise_id=school.enterprise_id,
            mentor_id=None,
            starts_on=today,
            ends_on=today.replace(month=12),
            created_by=school.coordinator.id,
            now=world.clock(),
        )

    await world.database.transaction(work)


async def second_coordinator(world, school) -> Member:
    colleague = await member(world, "Mr Xu")

    async def work(tx):
        await schools.add_coordinator(tx, school.id, colleague.id)
        await tx.run(
            "INSERT INTO class_coordinators (class_id, person_id) VALUES (:c, :p)", c=school.class_id, p=colleague.id
        )
        return await people.by_id(tx, colleague.id)

    await world.database.transaction(work)
    await settle(world)
    return colleague
