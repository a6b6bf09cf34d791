"""Phrases of one's own: kept by typing, one press beside the ready remarks, deleted with undo, seen by nobody else."""

from __future__ import annotations

import pytest

from domain.remarks import MOST_PHRASES
from storage import phrases
from tests.handed_in import hand_in, state_of, take_back
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def keep(world, person, *texts: str) -> None:
    """Phrases that somebody has kept earlier."""

    async def work(tx):
        for text in texts:
            await phrases.add(tx, person.id, text, now=world.clock())

    await world.database.transaction(work)


@pytest.mark.parametrize(
    ("language", "remarks", "keeps", "part", "approve"),
    [
        ("en", "Remarks", "Keep as my phrase", "What I did", "Approve"),
        ("zh", "批注", "存为常用语", "做了什么", "通过"),
    ],
)
async def test_what_was_typed_becomes_a_phrase_in_one_press(world, language, remarks, keeps, part, approve):
    """It goes with this answer at once, and stands beside the ready remarks of the next log."""
    school = await make_school(world, language=language)
    ming, hong = await school.placed("Ming", "1", language), await school.placed("Hong", "2", language)
    await hand_in(world, ming)
    mentor = school.mentor
    await mentor.presses(remarks)
    await mentor.sends("袖带 <b>twice</b>!")
    assert [True, True] == [any(label in each for each in await mentor.buttons()) for label in (keeps, part)]
    await mentor.presses(keeps)
    assert "🏷 “袖带 <b>twice</b>!”" in await mentor.reads()
    assert "✓ “袖带 <b>twice</b>!”" in await mentor.buttons()
    await mentor.presses(approve)
    await world.move(seconds=61)
    assert "🏷 “袖带 <b>twice</b>!”" in await ming.reads()
    await hand_in(world, hong)
    await mentor.presses(remarks)
    await mentor.presses("“袖带")
    await mentor.presses(approve)
    await world.move(seconds=61)
    assert "🏷 “袖带 <b>twice</b>!”" in await hong.reads()


async def test_a_phrase_is_a_reason_in_one_press(world, school):
    """It stands below the ready reasons and is read as typed words are, whatever the reader's language."""
    ming = await school.placed("小明", "1", "zh")
    await keep(world, school.mentor, "Which arm?")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.presses("“Which arm?”")
    assert ("needs_info", 1) == await state_of(world, log_id)
    assert "“Which arm?”" in await ming.reads()


async def test_a_phrase_is_a_word_with_an_approval(world, school):
    """One press, and the answer goes with it."""
    ming = await school.placed("Ming", "1")
    await keep(world, school.mentor, "Good eye!")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("“Good eye!”")
    assert "approved your log" in await ming.reads()
    assert "“Good eye!”" in await ming.reads()
    assert "“Good eye!”" not in await school.mentor.buttons()


async def test_a_phrase_pressed_twice_or_long_after_is_no_second_word(world, school):
    """The second press is out of date, and so is one a quarter of an hour later."""
    ming, hong = await school.placed("Ming", "1"), await school.placed("Hong", "2")
    await keep(world, school.mentor, "Good eye!", "Well done!")
    await hand_in(world, ming)
    await school.mentor.presses("Approve")
    card = await school.mentor.card()
    await school.mentor.presses("“Good eye!”", card)
    await school.mentor.presses("“Well done!”", card)
    assert "out of date" in await school.mentor.toast()
    assert "Well done!" not in await ming.reads()
    await hand_in(world, hong)
    await school.mentor.presses("Approve")
    card = await school.mentor.card()
    await world.move(minutes=20)
    await school.mentor.presses("“Good eye!”", card)
    assert "out of date" in await school.mentor.toast()
    assert "Good eye!" not in await hong.reads()


async def test_a_phrase_is_left_out_again(world, school):
    """By the same button, also when it was deleted from the list meanwhile."""
    ming = await school.placed("Ming", "1")
    await keep(world, school.mentor, "Which arm?", "Twice.")
    await hand_in(world, ming)
    mentor = school.mentor
    await mentor.presses("Remarks")
    await mentor.presses("“Which arm?”")
    await mentor.presses("“Twice.”")
    assert "🏷 “Which arm?” · “Twice.”" in await mentor.reads()
    await mentor.presses("✓ “Which arm?”")
    assert "🏷 “Twice.”" in await mentor.reads()
    await mentor.presses("My phrases")
    await mentor.presses("🗑 2")
    await mentor.presses("Back to the log")
    await mentor.presses("✓ “Twice.”")
    assert "Goes with your answer" not in await mentor.reads()
    assert ["“Which arm?”"] == [label for label in await mentor.buttons() if label.startswith("“")]


@pytest.mark.parametrize(
    ("language", "door", "none", "new", "undo", "deleted"),
    [
        ("en", "My phrases", "There are none yet", "New phrase", "Undo", "undo it below"),
        ("zh", "我的常用语", "还一条都没有", "新增一条", "撤销", "可在列表下方撤销"),
    ],
)
async def test_the_list_in_the_settings(world, language, door, none, new, undo, deleted):
    """Empty at first; what is typed is kept in its words; what is deleted comes back with one press."""
    school = await make_school(world, language=language)
    mentor = school.mentor
    await mentor.sends("/settings")
    await mentor.presses(door)
    assert none in await mentor.reads()
    await mentor.presses(new)
    await mentor.sends("Which <b>arm</b>?\nLeft?")
    assert "1. “Which <b>arm</b>? Left?”" in await mentor.reads()
    await mentor.presses("🗑 1")
    assert deleted in await mentor.toast()
    assert none in await mentor.reads()
    await world.restart()
    card = await mentor.card()
    await mentor.presses(undo)
    assert "1. “Which <b>arm</b>? Left?”" in await mentor.reads()
    await mentor.presses(undo, card)
    assert "1. “Which <b>arm</b>? Left?”" in await mentor.reads()
    await mentor.presses("🗑 1")
    await mentor.presses(new)
    await mentor.presses("Back" if language == "en" else "返回")
    assert none in await mentor.reads()


async def test_phrases_have_limits(world, school):
    """Eight of them, of 80 characters; both are said before, and what does not fit is refused whole."""
    mentor = school.mentor
    await keep(world, mentor, *(f"Phrase {number}" for number in range(MOST_PHRASES - 1)))
    await mentor.sends("/settings")
    await mentor.presses("My phrases")
    assert "7 of 8" in await mentor.reads()
    await mentor.presses("New phrase")
    assert "up to 80 characters" in await mentor.reads()
    await mentor.sends("x" * 81)
    assert "That is 81 characters" in await mentor.reads()
    assert "up to 80 characters" in await mentor.reads()
    await mentor.sends_photo()
    assert "I need text here" in await mentor.reads()
    await mentor.sends("x" * 80)
    assert "8 of 8" in await mentor.reads()
    assert "➕ New phrase" not in await mentor.buttons()
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await mentor.presses("Remarks")
    await mentor.sends("A ninth.")
    assert "⭐ Keep as my phrase and use it" not in await mentor.buttons()
    card = await mentor.card()
    data = "phrases.new:0:0:"
    await mentor.acts("press", message_id=card["message_id"], data=data, force=True)
    assert "8 phrases already" in await mentor.toast()


async def test_a_long_remark_is_no_phrase(world, school):
    """What has more than 80 characters, or two lines, can only be about a part."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    for words in ("x" * 81, "First.\nSecond."):
        await school.mentor.presses("Remarks")
        await school.mentor.sends(words)
        assert ["💬 What I did", "✖ Not a remark"] == await school.mentor.buttons()
        await school.mentor.presses("Not a remark")
        await school.mentor.presses("Back")


async def test_a_new_phrase_from_a_log_is_chosen_there(world, school):
    """Unless the log was taken back meanwhile: then it is only kept."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    mentor = school.mentor
    await mentor.presses("Remarks")
    await mentor.presses("My phrases")
    await mentor.presses("New phrase")
    await mentor.sends("Which arm?")
    assert "Goes with your answer:\n🏷 “Which arm?”" in await mentor.reads()
    await mentor.presses("My phrases")
    await mentor.presses("New phrase")
    await take_back(world, ming, log_id, tell=False)
    await mentor.sends("Twice.")
    assert "1. “Which arm?”\n2. “Twice.”" in await mentor.reads()


async def test_nobody_else_sees_them(world, school):
    """Neither a colleague at the same log nor the student in the settings."""
    ming = await school.placed("Ming", "1")
    await keep(world, school.mentor, "Which arm?")
    await hand_in(world, ming)
    await school.coordinator.sends("/queue")
    await school.coordinator.presses("All that wait")
    await school.coordinator.presses("Ming")
    await school.coordinator.presses("Remarks")
    assert "“Which arm?”" not in await school.coordinator.buttons()
    await ming.sends("/settings")
    assert "⭐ My phrases" not in await ming.buttons()
