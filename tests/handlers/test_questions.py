"""Questions: "I need help with this now" reaches the mentor at once, and the answer the student."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage import hand_overs, placements
from tests.handed_in import settle
from tests.people import make_school

NOW = "I need help with this now"
PROBLEM = "My reading is 5 mmHg <low>, why?"


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    return await school.placed("Ann", "1")


async def ask(world, student, problem=PROBLEM):
    """Write the week up to its problems, and ask for help with them."""
    await student.sends("/log")
    await student.sends("Measured blood pressure.")
    await student.sends("The cuff's place matters.")
    await student.sends(problem)
    await student.presses(NOW)
    await settle(world)


async def asked(world):
    """Every question with its state and answer."""
    rows = await world.database.read(lambda tx: tx.all("SELECT text, state, answer FROM questions ORDER BY id"))
    return [(row["text"], row["state"], row["answer"]) for row in rows]


async def test_one_press_asks_and_one_answers(world, school, ann):
    """The problem goes out with the press, the ready answer back with another, and both stand at the log."""
    await ask(world, ann)
    assert "🙋 Ms Li has your question since Monday 09:00. The answer comes here." in await ann.reads()
    assert f"🙋 Ann needs help · Week 1 · 16–22 Nov\n\n{PROBLEM}" in await school.mentor.reads()
    await school.mentor.presses("Stop there and wait for me")
    assert "💬 Ms Li answered: “✋ Stop there and wait for me”" in await school.mentor.reads()
    await settle(world)
    assert "💬 Ms Li answers your question:\n“✋ Stop there and wait for me”" in await ann.reads()
    assert PROBLEM in await ann.reads()
    await ann.presses("To the log")
    assert f"🙋 Asked Monday 09:00: “{PROBLEM}”\n💬 Ms Li: “✋ Stop there and wait for me”" in await ann.reads()
    await ann.sends("Practise.")
    await ann.presses("Hand it in")
    assert f"🙋 Asked Monday 09:00: “{PROBLEM}”" in await ann.reads()
    assert "💬 Ms Li: “✋ Stop there and wait for me”" in await school.mentor.reads()


@pytest.mark.parametrize("way", ["button", "reply"])
async def test_an_answer_in_words(world, school, ann, way):
    """Typed after a press, or as a reply to the message itself."""
    await ask(world, ann)
    if way == "button":
        await school.mentor.presses("Write an answer")
        assert "What do you tell Ann?" in await school.mentor.reads()
        await school.mentor.sends("Release <b>slowly</b>: 2 mmHg a second.")
    else:
        card = await school.mentor.card()
        await school.mentor.sends("Release <b>slowly</b>: 2 mmHg a second.", reply_to_message_id=card["message_id"])
    await settle(world)
    assert "“Release <b>slowly</b>: 2 mmHg a second.”" in await ann.reads()
    assert [(PROBLEM, "answered", "Release <b>slowly</b>: 2 mmHg a second.")] == await asked(world)


async def test_the_form_is_left_and_gone_back_in(world, school, ann):
    """What is too long is refused with the question still there; Back leaves it open."""
    await ask(world, ann)
    await school.mentor.presses("Write an answer")
    await school.mentor.sends("x" * 1001)
    assert "1001 characters; at most 1000" in await school.mentor.reads()
    await school.mentor.presses("Back")
    assert "One line is enough" in await school.mentor.reads()
    await school.mentor.sends("Hello?")
    assert [(PROBLEM, "open", "")] == await asked(world)


async def test_pressing_twice_asks_once(world, school, ann):
    """The same words are sent once; a second press shows the question as it is."""
    await ask(world, ann)
    await ann.presses("To the log")
    await ann.presses(NOW)
    await settle(world)
    assert "Ms Li has your question" in await ann.reads()
    assert 1 == len(await asked(world))
    cards = [m for m in await school.mentor.from_bot() if "needs help" in (m.get("text") or "")]
    assert 1 == len(cards)


async def test_two_answers_are_one(world, school, ann):
    """Whoever is later finds the answer that is there; nothing is sent twice."""
    await ask(world, ann)
    card = await school.mentor.card()
    await school.mentor.presses("Write an answer")
    await school.mentor.presses("We look at it together tomorrow", card)
    await settle(world)
    before = len(await ann.from_bot())
    await school.mentor.presses("Stop there and wait for me", card)
    assert "out of date" in await school.mentor.toast()
    await school.mentor.sends("Something else")
    await settle(world)
    assert [(PROBLEM, "answered", "code:tomorrow")] == await asked(world)
    assert before == len(await ann.from_bot())


async def test_from_a_moment(world, school, ann):
    """What is sent outside every form can be asked about at once, and is kept for the week's log too."""
    await ann.sends("Which vein do I take?")
    await ann.presses(NOW)
    await settle(world)
    assert "Which vein do I take?" in await school.mentor.reads()
    kept = await world.database.read(lambda tx: tx.one("SELECT state FROM moments"))
    assert "saved" == kept["state"]
    await ann.sends_photo()
    assert [] == [label for label in await ann.buttons() if NOW in label]


async def test_three_a_week(world, school, ann):
    """A fourth question of a week is not passed on, with what to do instead; next week there is room again."""
    for number in range(4):
        await ann.sends(f"Question {number}?")
        await ann.presses(NOW)
    assert "You have asked 3 times this week" in await ann.toast()
    assert 3 == len(await asked(world))
    await world.move(days=7)
    await ann.sends("Question 4?")
    await ann.presses(NOW)
    assert 4 == len(await asked(world))


async def test_at_night_it_waits_for_the_morning(world, school, ann):
    """What is asked at 23:00 arrives at 08:00, and the student is told so; the answer waits for nothing."""
    await world.move(to=datetime(2026, 11, 17, 15, tzinfo=UTC))
    before = len(await school.mentor.from_bot())
    await ask(world, ann)
    assert "🌙 It is night: it arrives Wednesday 08:00." in await ann.reads()
    assert before == len(await school.mentor.from_bot())
    await world.move(to=datetime(2026, 11, 18, 0, 0, tzinfo=UTC))
    assert PROBLEM in await school.mentor.reads()
    await world.move(to=datetime(2026, 11, 18, 15, tzinfo=UTC))
    await school.mentor.presses("Come to me")
    await settle(world)
    assert "Come to me, I'll show you" in await ann.reads()


async def test_after_a_day_the_coordinators_can_be_asked_too(world, school, ann):
    """Without an answer nobody is left alone: one press brings it to the coordinators, who can answer."""
    await ask(world, ann)
    assert [] == [label for label in await ann.buttons() if "coordinators" in label]
    card = await ann.card()
    await world.move(days=1)
    await ann.presses("To the log")
    await ann.presses(NOW)
    await ann.presses("Tell my coordinators")
    await settle(world)
    assert "🏫 Your coordinators were asked too" in await ann.reads()
    assert PROBLEM in await school.coordinator.reads()
    await ann.acts("press", message_id=card["message_id"], data="question.tell:1:0:", force=True)
    assert "out of date" in await ann.toast()
    await school.coordinator.presses("Come to me")
    await settle(world)
    assert "💬 Ms Wang answers your question" in await ann.reads()
    assert "💬 Ms Wang answered" in await school.mentor.reads()
    assert "Come to me" not in "".join(await school.mentor.buttons())


async def test_it_goes_to_whoever_answers_now(world, school, ann):
    """To who stands in; after another mentor is named, what is open goes to that one, and the first reads no more."""
    colleague = await school.add_mentor("Mr Xu")
    await world.database.transaction(
        lambda tx: hand_overs.begin(
            tx,
            school.mentor.id,
            colleague.id,
            last_day=world.clock().date(),
            ends_at=datetime(2026, 11, 23, tzinfo=UTC),
            now=world.clock(),
        )
    )
    await ask(world, ann)
    assert PROBLEM in await colleague.reads()
    assert PROBLEM not in await school.mentor.transcript()
    assert "Mr Xu has your question" in await ann.reads()


async def test_another_mentor_is_named(world, school, ann):
    """What is open follows the placement; whoever had it before is refused."""
    await ask(world, ann)
    colleague = await school.add_mentor("Mr Xu")
    await school.coordinator.sends("/students")
    placement = (await world.database.read(lambda tx: placements.of_person(tx, ann.id)))[0]
    card = await school.coordinator.card()
    data = f"placement.mentor:{placement.id}:{placement.version}:{colleague.id}"
    await school.coordinator.acts("press", message_id=card["message_id"], data=data, force=True)
    await settle(world)
    assert PROBLEM in await colleague.transcript()
    await school.mentor.presses("Come to me")
    assert [(PROBLEM, "open", "")] == await asked(world)


async def test_nobody_answers_what_is_not_theirs(world, school, ann):
    """Another mentor and another student reach nothing by the question's id."""
    await ask(world, ann)
    other, bob = await school.add_mentor("Mr Xu"), await school.placed("Bob", "2")
    await other.sends("/menu")
    await bob.sends("/menu")
    for somebody, verbs in ((other, ("pick", "write", "back")), (bob, ("tell", "pick"))):
        for verb in verbs:
            card = await somebody.card()
            await somebody.acts("press", message_id=card["message_id"], data=f"question.{verb}:1:0:show", force=True)
        assert PROBLEM not in await somebody.transcript()
    assert [(PROBLEM, "open", "")] == await asked(world)


async def test_a_restart_in_the_middle(world, school, ann):
    """After a restart the mentor's next text is still the answer."""
    await ask(world, ann)
    await school.mentor.presses("Write an answer")
    await world.restart()
    await school.mentor.sends("Slowly.")
    await settle(world)
    assert "“Slowly.”" in await ann.reads()


async def test_in_chinese(world):
    """The same in Chinese; a ready answer is read in the reader's own language."""
    school = await make_school(world, mentor="Ms Li")
    student = await school.placed("小明", "1", "zh")
    await student.sends("/log")
    await student.sends("量血压")
    await student.sends("袖带位置会影响读数")
    await student.sends("为什么我测的总是偏低？")
    await student.presses("现在就想问导师")
    await settle(world)
    assert "🙋 你的问题已发给Ms Li（周一09:00），回复会发到这里。" in await student.reads()
    await school.mentor.presses("Come to me")
    await settle(world)
    assert "💬 Ms Li回复了你的问题：\n“👋 过来找我，我演示给你看”" in await student.reads()


async def test_a_question_about_a_returned_log_and_none_about_an_approved_one(world, school, ann):
    """While the log can be written the button is there; a made-up press about a decided log asks nothing."""
    await ask(world, ann)
    await ann.presses("To the log")
    await ann.sends("Practise.")
    await ann.presses("Hand it in")
    await school.mentor.presses("Approve")
    await world.move(minutes=2)
    card = await ann.card()
    await ann.acts("press", message_id=card["message_id"], data="question.log:1:0:", force=True)
    assert 1 == len(await asked(world))
