"""Feedback: what was said about a student's logs, now and earlier."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.logs import Decision
from storage import reviews
from tests.handed_in import answer, hand_in, take_back
from tests.people import make_school


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "No feedback yet"), ("zh", "还没有批阅结果")],
)
async def test_without_feedback_the_next_step_is_the_log(world, language, says):
    """An empty history says what fills it."""
    school = await make_school(world, language=language)
    ming = await school.placed("Ming", "1", language)
    await ming.sends("/feedback")
    assert says in await ming.reads()
    assert "📝" in (await ming.buttons())[0]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "✅ Week 6 · 16–22 Nov · approved by Ms Li\n“Word 6”", "Week 1"),
        ("zh", "✅ 第6周（11月16日至22日）已通过 · Ms Li\n“Word 6”", "第1周"),
    ],
)
async def test_the_history_is_newest_first_in_pages_of_five(world, language, first, last):
    """Each answer with its week, its sign and the words; a press opens the log."""
    school = await make_school(world, language=language)
    monday = world.clock().date()
    ming = await school.add_student("Ming", "1", language)
    await school.place(ming, starts_on=monday - timedelta(days=35))
    for number in range(1, 7):
        week = monday - timedelta(days=42 - 7 * number)
        log_id = await hand_in(world, ming, week=week, push=False)
        await decide(world, school.mentor, log_id, Decision.APPROVED, f"Word {number}")
    await ming.sends("/feedback")
    assert first in await ming.reads()
    assert "Word 1" not in await ming.reads()
    assert 5 == (await ming.reads()).count("✅")
    await ming.presses("Next page" if language == "en" else "下一页")
    assert "“Word 1”" in await ming.reads()
    await ming.presses(last)
    assert last in await ming.reads()


async def test_every_answer_to_a_log_is_kept(world):
    """A question and the approval after it are two lines, and one button opens the log."""
    school = await make_school(world)
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.presses("How did it turn out?")
    await answer(world, ming, log_id, "Fine.")
    await school.mentor.presses("Approve")
    await ming.sends("/feedback")
    card = await ming.reads()
    assert "💬 Week 1 · 16–22 Nov · question from Ms Li\n“How did it turn out?”" in card
    assert card.index("approved by") < card.index("question from")
    assert 1 == (await ming.buttons()).count("Week 1")


async def test_an_answer_that_is_overtaken_is_not_sent(world):
    """An approval that was reopened within its minute reaches the student only as what it is by then."""
    school = await make_school(world)
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await decide(world, school.coordinator, log_id, Decision.REOPENED, "code:mistake")
    await world.move(seconds=61)
    assert "approved your log" not in await ming.transcript()


async def test_the_students_own_card_shows_the_decision(world):
    """Whoever asks for more gets an answer from the card: the question is on it, and the button leads there."""
    school = await make_school(world)
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.presses("Which part did you do yourself?")
    await ming.presses("Answer the question")
    assert "Which part did you do yourself?" in await ming.reads()
    await ming.sends("The last three.")
    await ming.presses("Hand it in")
    assert "The last three." in await school.mentor.reads()


async def test_a_log_taken_back_after_a_return_still_shows_the_reason(world):
    """Taking a resubmission back leads to the state before it, for both."""
    school = await make_school(world)
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Needs info")
    await school.mentor.sends("Which arm?")
    await answer(world, ming, log_id, "The left.")
    await take_back(world, ming, log_id)
    card = await school.mentor.reads()
    assert "Ms Li asked Ming" in card
    assert "The left." not in card


async def decide(world, reviewer, log_id: int, decision: Decision, words: str) -> None:
    async def work(tx):
        log = (await reviews.for_reviewer(tx, log_id, reviewer.id, today=world.clock().date())).log
        if decision is Decision.REOPENED:
            await reviews.reopen(tx, log, reviewer.id, words, now=world.clock())
        else:
            await reviews.decide(tx, log, reviewer.id, decision, words, now=world.clock())

    await world.database.transaction(work)
