"""Remarks: ready ones and words on one section, stars and hours; what changed is read beside the reason."""

from __future__ import annotations

import pytest

from domain.logs import Section
from storage import logs
from tests.handed_in import WROTE, hand_in, settle, state_of, take_back
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def pushed(student) -> int:
    """How many messages of the bot are in the student's chat."""
    return len(await student.from_bot())


@pytest.mark.parametrize(
    ("language", "press", "chip", "part", "give_back", "reason", "says", "reads"),
    [
        (
            "en",
            "Remarks",
            "Safety first",
            "What I learned",
            "Return",
            "see the remarks",
            ["“Please see the remarks.”", "🏷 Safety first", "What I learned: “Which arm? <b>哪只?</b>”"],
            "✓ 13 characters\n💬 “Which arm?",
        ),
        (
            "zh",
            "批注",
            "安全第一",
            "学到什么",
            "退回",
            "请看批注",
            ["“请看批注”", "🏷 安全第一", "学到什么：“Which arm? <b>哪只?</b>”"],
            "13字\n💬 “Which arm?",
        ),
    ],
)
async def test_a_log_goes_back_with_remarks(world, language, press, chip, part, give_back, reason, says, reads):
    """A chip and words on one section are the reason; the student reads each where it belongs."""
    school = await make_school(world, language=language)
    ming = await school.placed("Ming", "1", language)
    log_id = await hand_in(world, ming, learned="Cuffs matter.")
    mentor = school.mentor
    await mentor.presses(press)
    await mentor.presses(chip)
    await mentor.presses(part)
    await mentor.sends("Which arm? <b>哪只?</b>")
    assert f"✓ {chip}" in await mentor.buttons()
    assert "“Which arm? <b>哪只?</b>”" in await mentor.reads()
    await mentor.presses(give_back)
    await mentor.presses(reason)
    assert ("returned", 1) == await state_of(world, log_id)
    assert [] == [words for words in says if words not in await ming.reads()]
    assert "“Which arm? <b>哪只?</b>”" in await mentor.reads()
    await ming.presses("✏️")
    assert reads in await ming.reads()


async def test_each_reads_a_chip_in_their_own_language(world):
    """A Chinese mentor's chips are English for an English student, with the words beside that the mentor pressed."""
    school = await make_school(world, language="zh")
    ming = await school.placed("Ming", "1", "en")
    await hand_in(world, ming)
    await school.mentor.presses("批注")
    await school.mentor.presses("用数据说话")
    await school.mentor.presses("观察仔细")
    await school.mentor.presses("通过")
    await school.mentor.sends("很好")
    assert "“很好”\n\n🏷 Good observation (观察仔细) · Show it in numbers (用数据说话)" in await ming.reads()
    await school.mentor.sends("/language")
    await ming.presses("See the week")
    assert "Good observation (观察仔细)" in await ming.reads()


async def test_a_ready_reason_has_the_original_words_beside_it(world):
    """For a reader of another language only, also in the history and when the log comes again."""
    school = await make_school(world)
    ming, hong = await school.placed("小明", "1", "zh"), await school.placed("Hong", "2")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    await school.mentor.presses("check the hours")
    said = "请核对工时（Please check the hours.）"
    assert said in await ming.reads()
    await ming.sends("/feedback")
    assert said in await ming.reads()
    await ming.presses("第1周")
    assert said in await ming.reads()
    await hand_in(world, ming, "More of it.")
    assert ("submitted", 1) == await state_of(world, log_id)
    assert "had returned it: “Please check the hours.”" in await school.mentor.reads()
    await hand_in(world, hong)
    await school.mentor.presses("Return")
    await school.mentor.presses("check the hours")
    assert "“Please check the hours.”" in await hong.reads()


async def test_a_chip_is_taken_back_by_the_same_button(world, school):
    """Chosen, and left out again; the press that comes twice is one."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Remarks")
    before = await school.mentor.card()
    await school.mentor.presses("Say why", before)
    await school.mentor.presses("Say why", before)
    assert "Goes with your answer:\n🏷 Say why" in await school.mentor.reads()
    await school.mentor.presses("✓ Say why")
    assert "Goes with your answer" not in await school.mentor.reads()


async def test_a_remark_is_changed_and_taken_out(world, school):
    """New words replace the old ones; a press takes the remark out; Back leads to the log with what was noted."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    mentor = school.mentor
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.sends("Frist")
    await mentor.presses("✏️ What I did")
    await mentor.sends("First")
    assert "What I did: “First”" in await mentor.reads()
    await mentor.presses("Back")
    assert "What I did: “First”" in await mentor.reads()
    assert "✅ Approve" in await mentor.buttons()
    await mentor.presses("Remarks")
    await mentor.presses("✏️ What I did")
    await mentor.presses("Take this remark out")
    assert "First" not in await mentor.reads()
    await mentor.presses("💬 What I did")
    await mentor.presses("Back")
    await mentor.presses("Approve")
    await world.move(seconds=61)
    assert "✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov" == await ming.reads()


async def test_a_reply_to_the_card_is_a_remark(world, school):
    """The bot asks which part it is about; nobody has to find a button first."""
    ming = await school.placed("Ming", "1")
    hong = await school.placed("Hong", "2")
    await hand_in(world, ming, learned="Cuffs.")
    mings = (await school.mentor.card())["message_id"]
    await hand_in(world, hong)
    mentor = school.mentor
    await mentor.sends("Which one?", reply_to_message_id=mings)
    assert "“Which one?”\nWhich part is this about?" in await mentor.reads()
    await mentor.presses("What I learned")
    assert "What I learned: “Which one?”" in await mentor.reads()
    await mentor.presses("Approve")
    await world.move(seconds=61)
    assert "What I learned: “Which one?”" in await ming.reads()


async def test_a_reply_in_the_middle_of_another_answer(world, school):
    """The reason for one log is not taken from a reply to the card of another."""
    ming, hong = await school.placed("Ming", "1"), await school.placed("Hong", "2")
    first = await hand_in(world, ming)
    mings = (await school.mentor.card())["message_id"]
    second = await hand_in(world, hong)
    await school.mentor.presses("Return")
    await school.mentor.sends("How many?", reply_to_message_id=mings)
    assert "Which part is this about?" in await school.mentor.reads()
    await school.mentor.presses("Not a remark")
    assert "How many?" not in await school.mentor.reads()
    assert [("submitted", 0)] * 2 == [await state_of(world, log_id) for log_id in (first, second)]


async def test_a_reply_to_what_was_answered_long_ago_goes_to_nobody(world, school):
    """The mentor is told so."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    card = (await school.mentor.card())["message_id"]
    await school.mentor.presses("Approve")
    await school.mentor.presses("Done")
    await world.move(minutes=20)
    before = await pushed(ming)
    await school.mentor.sends("Which one?", reply_to_message_id=card)
    assert "not sent to anyone" in await school.mentor.reads()
    assert before == await pushed(ming)


async def test_remarks_without_any_are_no_reason(world, school):
    """Who has noted nothing is not offered it, and a button that somebody kept does nothing."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Remarks")
    await school.mentor.presses("Say why")
    await school.mentor.presses("Return")
    card = await school.mentor.card()
    await school.mentor.presses("Back")
    await school.mentor.presses("Remarks")
    await school.mentor.presses("✓ Say why")
    await school.mentor.presses("Return")
    assert "Please see the remarks." not in await school.mentor.buttons()
    await school.mentor.presses("see the remarks", card)
    assert "out of date" in await school.mentor.toast()
    assert ("submitted", 0) == await state_of(world, log_id)


async def test_a_remark_typed_while_the_log_is_taken_back(world, school):
    """It goes to nobody, and what was noted before is there when the log comes again."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Remarks")
    await school.mentor.presses("Say why")
    await school.mentor.presses("What I did")
    await take_back(world, ming, log_id, tell=False)
    await school.mentor.sends("Why?")
    assert "not sent to anyone" in await school.mentor.reads()
    await hand_in(world, ming, "More of it.")
    assert "Goes with your answer:\n🏷 Say why" in await school.mentor.reads()


async def test_what_one_reviewer_noted_is_not_sent_by_another(world, school):
    """The coordinator's approval takes nothing of the mentor's with it."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Remarks")
    await school.mentor.presses("Say why")
    card = await school.mentor.card()
    await school.coordinator.sends("/queue")
    await school.coordinator.presses("All that wait")
    await school.coordinator.presses("Ming")
    assert "Say why" not in await school.coordinator.reads()
    await school.coordinator.presses("Approve")
    await world.move(seconds=61)
    assert "Say why" not in await ming.reads()
    await school.mentor.presses("Say why", card)
    assert "out of date" in await school.mentor.toast()


# --- stars and hours --------------------------------------------------------------------------------------------


async def set_hours(world, student, log_id: int, hours: float) -> None:
    """Let a log that is given back have other hours."""

    async def work(tx):
        await logs.set_hours(tx, await logs.for_student(tx, log_id, student.id), hours)

    await world.database.transaction(work)


async def with_hours(world, student, hours: float) -> int:
    """A log that says how long the week was."""
    log_id = await hand_in(world, student, push=False)
    await take_back(world, student, log_id, tell=False)
    await set_hours(world, student, log_id, hours)
    return await hand_in(world, student)


@pytest.mark.parametrize(
    ("language", "approve", "confirm", "done", "says"),
    [
        ("en", "Approve", "Confirm 37.5 h", "Done", "★★★★☆ · 🕗 37.5 h confirmed"),
        ("zh", "通过", "确认37.5小时", "完成", "★★★★☆ · 🕗 已确认37.5小时"),
    ],
)
async def test_stars_and_hours_go_with_the_approval(world, language, approve, confirm, done, says):
    """One press each, in the minute in which the answer waits; the student reads them, also in the history."""
    school = await make_school(world, language=language)
    ming = await school.placed("Ming", "1", language)
    await with_hours(world, ming, 37.5)
    await school.mentor.presses(approve)
    await school.mentor.presses("4☆")
    await school.mentor.presses(confirm)
    assert says in await school.mentor.reads()
    assert ["1★", "2★", "3★", "4★", "5☆"] == [label for label in await school.mentor.buttons() if label[1:] in "★☆"]
    await school.mentor.presses(done)
    assert says in await ming.reads()
    await ming.presses("👀")
    assert says in await ming.reads()
    await ming.sends("/feedback")
    assert says in await ming.reads()


async def test_nothing_is_needed_to_approve(world, school):
    """An approval without stars and hours says nothing of them."""
    ming = await school.placed("Ming", "1")
    await with_hours(world, ming, 40)
    await school.mentor.presses("Approve")
    await world.move(seconds=61)
    assert "✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov" == await ming.reads()


async def test_stars_are_taken_away_again(world, school):
    """The star that was chosen takes all of them away; a press that comes twice is one."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    card = await school.mentor.card()
    await school.mentor.presses("3☆", card)
    await school.mentor.presses("3☆", card)
    assert "★★★☆☆" in await school.mentor.reads()
    await school.mentor.presses("3★")
    assert "★" not in await school.mentor.reads()


async def test_what_comes_after_the_answer_changes_it_silently(world, school):
    """Stars, hours and remarks within a quarter of an hour are edited into what the student has; nothing is pushed."""
    ming = await school.placed("Ming", "1")
    await with_hours(world, ming, 40)
    await school.mentor.presses("Approve")
    await world.move(minutes=2)
    before = await pushed(ming)
    await school.mentor.presses("5☆")
    await school.mentor.presses("Confirm 40 h")
    await school.mentor.presses("Remarks")
    assert "✅ Approve" not in await school.mentor.buttons()
    await school.mentor.presses("Well written")
    await school.mentor.presses("What I did")
    await school.mentor.sends("All six?")
    await settle(world)
    said = await ming.reads()
    assert [True] * 4 == [
        part in said for part in ("★★★★★", "🕗 40 h confirmed", "🏷 Well written", "What I did: “All six?”")
    ]
    assert before == await pushed(ming)
    card = await school.mentor.card()
    await world.move(minutes=20)
    await school.mentor.presses("Say why", card)
    assert "out of date" in await school.mentor.toast()
    assert "Say why" not in await ming.reads()


async def test_undo_takes_the_stars_and_leaves_the_remarks(world, school):
    """What was noted while reading is there for the next decision."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Remarks")
    await school.mentor.presses("Say why")
    await school.mentor.presses("Approve")
    await school.mentor.presses("4☆")
    await school.mentor.presses("Undo")
    assert "★" not in await school.mentor.reads()
    assert "🏷 Say why" in await school.mentor.reads()


# --- what changed -----------------------------------------------------------------------------------------------


async def hand_in_again(world, student, log_id: int, hours: float | None = None, **texts: str) -> None:
    """Change a log that was given back, and hand it in."""
    if hours is not None:
        await set_hours(world, student, log_id, hours)
    done = texts.pop("done", WROTE)
    await hand_in(world, student, done, **texts)


@pytest.mark.parametrize(
    ("language", "give_back", "changed", "whole", "only", "says"),
    [
        (
            "en",
            "Return",
            "done three times",
            "Whole log",
            "What changed",
            ["Submission 2. Ms Li had returned it: “How often?”", "🕗 – → 38 h", "▫️ Unchanged: What I learned"],
        ),
        (
            "zh",
            "退回",
            "done three times",
            "看全文",
            "只看改动",
            ["第2次提交。上次Ms Li退回：“How often?”", "🕗 工时：– → 38小时", "▫️ 没有改动：学到什么"],
        ),
    ],
)
async def test_the_mentor_reads_only_the_difference(world, language, give_back, changed, whole, only, says):
    """Beside the reason stands what was removed and added; the whole log is one press away, and so is the way back."""
    school = await make_school(world, language=language)
    ming = await school.placed("Ming", "1", language)
    log_id = await hand_in(world, ming, "I took blood pressure.", learned="Cuffs matter.")
    await school.mentor.presses(give_back)
    await school.mentor.sends("How often?")
    await hand_in_again(
        world, ming, log_id, 38, done="I took blood pressure, done three times.", learned="Cuffs matter."
    )
    card = await school.mentor.reads()
    assert [] == [words for words in says if words not in card]
    assert "I took blood pressure, done three times." in card
    assert "Cuffs matter." not in card
    assert [f", {changed}"] == await styled(school.mentor, "underline")
    await school.mentor.presses(whole)
    assert "Cuffs matter." in await school.mentor.reads()
    await school.mentor.presses(only)
    assert "Cuffs matter." not in await school.mentor.reads()
    await school.mentor.presses("✅")
    assert ("approved", 2) == await state_of(world, log_id)


async def styled(phone, kind: str) -> list[str]:
    """What stands in the newest message in a style."""
    card = await phone.card()
    units = card["text"].encode("utf-16-le")
    return [
        units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
        for entity in card["entities"]
        if entity["type"] == kind
    ]


async def test_remarks_stand_beside_what_they_changed(world, school):
    """A log that was given back with remarks comes again with them, and so it does in the student's history."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming, "I took blood pressure.")
    await school.mentor.presses("Remarks")
    await school.mentor.presses("Show it in numbers")
    await school.mentor.presses("What I did")
    await school.mentor.sends("How often?")
    await school.mentor.presses("Return")
    await school.mentor.presses("see the remarks")
    await hand_in_again(world, ming, log_id, done="I took blood pressure six times.")
    said = "🏷 Show it in numbers\n💬 What I did: “How often?”"
    assert f"“Please see the remarks.”\n\n{said}\n\nWhat I did\nI took" in await school.mentor.reads()
    assert [" six times"] == await styled(school.mentor, "underline")
    assert "Goes with your answer" not in await school.mentor.reads()
    await ming.sends("/feedback")
    assert f"“Please see the remarks.”\n{said}" in await ming.reads()


async def test_chinese_is_compared_by_characters(world):
    """What was removed is struck through, what was added underlined, and tags that somebody typed are text."""
    school = await make_school(world, language="zh")
    ming = await school.placed("小明", "1", "zh")
    log_id = await hand_in(world, ming, "袖带的<b>位置</b>会影响读数。")
    await school.mentor.presses("退回")
    await school.mentor.presses("用自己的话")
    await hand_in_again(world, ming, log_id, done="袖带的<b>松紧</b>会影响读数。")
    assert ["位置"] == await styled(school.mentor, "strikethrough")
    assert ["松紧"] == await styled(school.mentor, "underline")
    assert "袖带的<b>位置松紧</b>会影响读数。" in await school.mentor.reads()


async def test_nothing_was_changed(world, school):
    """A log that comes back as it was says so."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Return")
    await school.mentor.sends("Say more.")
    await hand_in_again(world, ming, log_id)
    assert "▫️ Nothing was changed." in await school.mentor.reads()
    assert WROTE not in await school.mentor.reads()


async def test_a_long_section_is_shown_around_its_change(world, school):
    """A section of 2,000 characters with one new word is a few lines; new sections and photos are said."""
    ming = await school.placed("Ming", "1")
    long = "We measured again. " * 50
    log_id = await hand_in(world, ming, f"{long}Then we slept. {long}".strip())
    await school.mentor.presses("Return")
    await school.mentor.sends("When?")
    await ming.presses("Change it")
    await ming.sends_photo()
    await hand_in_again(world, ming, log_id, done=f"{long}Then we slept well. {long}".strip(), plan="Rest.")
    card = await school.mentor.reads()
    assert [" well"] == (await styled(school.mentor, "underline"))[:1]
    assert card.count("We measured again.") <= 6
    assert "Next week\nRest." in card
    assert "📷 Photos and files: 1 new, 0 taken out" in card


async def test_an_answer_to_a_question_is_not_compared(world, school):
    """There the answer stands first, with the whole log below it."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.sends("Which arm?")

    async def write(tx):
        await logs.write(tx, await logs.for_student(tx, log_id, ming.id), Section.ANSWER, "The left one.")

    await world.database.transaction(write)
    await ming.presses("Answer the question")
    await ming.presses("Hand it in")
    card = await school.mentor.reads()
    assert card.index("The left one.") < card.index(WROTE)
    assert "What changed" not in str(await school.mentor.buttons())
