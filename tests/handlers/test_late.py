"""Late: marked without a reproach, with the reason beside it where the student gives one."""

from __future__ import annotations

import pytest

from storage import logs
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    return await school.placed("Ann", "1")


async def write_late(world, student, *, hand_in=True):
    """Write the first week's log in the second week."""
    await world.move(days=8)
    await student.sends("/log")
    await student.presses("Other weeks" if "📅 Other weeks" in await student.buttons() else "其他周")
    await student.presses("Week 1 " if "Week 1" in await student.reads() else "第1周")
    await student.sends("Measured blood pressure.")
    if hand_in:
        await student.presses("Hand it in" if "📨 Hand it in" in await student.buttons() else "提交")


async def reason_of(world):
    log = await world.database.read(lambda tx: tx.one("SELECT late_reason, version FROM logs WHERE state <> 'draft'"))
    return log["late_reason"]


async def test_one_press_on_the_receipt(world, school, ann):
    """The receipt of a late log offers ready reasons; the mentor's card says it where "late" stands, silently."""
    await write_late(world, ann)
    assert "⏰ Marked as late. If you like, say why" in await ann.reads()
    assert "· late · No." in await school.mentor.reads()
    before = len(await school.mentor.from_bot())
    card = await ann.card()
    await ann.presses("Long shifts")
    assert "⏰ Marked as late: “Long shifts”" in await ann.reads()
    assert "Long shifts" not in await ann.buttons()
    await ann.presses("Long shifts", card)
    await world.settle()
    assert "· late: “Long shifts” · No." in await school.mentor.reads()
    assert before == len(await school.mentor.from_bot())
    assert "code:shifts" == await reason_of(world)
    await school.mentor.presses("Approve")
    assert "Approved" in await school.mentor.reads()


async def test_in_ones_own_words(world, school, ann):
    """What is typed after the press is the reason, with whatever signs are in it; it can be changed and left out."""
    await write_late(world, ann)
    await ann.presses("My own words")
    assert "What held you up?" in await ann.reads()
    await ann.sends("The <bus> & the ferry\nstood still")
    assert "Marked as late: “The <bus> & the ferry stood still”" in await ann.reads()
    await ann.presses("Change the reason")
    assert "You said: “The <bus> & the ferry stood still”" in await ann.reads()
    await ann.sends("x" * 201)
    assert "201 characters; at most 200" in await ann.reads()
    assert "What held you up?" in await ann.reads()
    await ann.presses("Leave the reason out")
    assert "" == await reason_of(world)
    assert "say why in one press" in await ann.reads()
    await world.settle()
    assert "· late · No." in await school.mentor.reads()


async def test_before_handing_in(world, school, ann):
    """The log that is late already asks too, and goes on where it was."""
    await write_late(world, ann, hand_in=False)
    await ann.presses("Say why it is late")
    assert "was due" in await ann.reads()
    await ann.presses("I was ill")
    assert "What did you learn?" in await ann.reads()
    assert "⏰ Change the reason" in await ann.buttons()
    await ann.sends("How to find a vein.")
    await ann.presses("Hand it in")
    assert "late: “I was ill”" in await school.mentor.reads()


async def test_going_back_says_nothing(world, school, ann):
    """The question can be left, and what is typed next belongs to the log again."""
    await write_late(world, ann, hand_in=False)
    await ann.presses("Say why it is late")
    await ann.presses("Back")
    await ann.sends("How to find a vein.")
    log = (await world.database.read(lambda tx: logs.of_person(tx, ann.id)))[-1]
    whole = await world.database.read(lambda tx: logs.for_student(tx, log.id, ann.id))
    assert ["Measured blood pressure.", "How to find a vein."] == list(whole.sections.values())
    assert "" == whole.late_reason


async def test_a_log_in_time_is_not_asked(world, school, ann):
    """Nothing of it stands on a log that came in time, and a made-up button keeps nothing."""
    await ann.sends("/log")
    await ann.sends("Measured blood pressure.")
    assert [] == [label for label in await ann.buttons() if "⏰" in label]
    await ann.presses("Hand it in")
    assert "late" not in await ann.reads()
    card = await ann.card()
    await ann.acts("press", message_id=card["message_id"], data="late.pick:1:0:ill", force=True)
    assert "" == await reason_of(world)


async def test_an_approved_log_takes_no_reason_any_more(world, school, ann):
    """The reason belongs to the reading; afterwards the button is out of date."""
    await write_late(world, ann)
    card = await ann.card()
    await ann.presses("My own words")
    await school.mentor.presses("Approve")
    await world.move(minutes=2)
    await ann.sends("The bus stood still")
    assert "approved already" in await ann.reads()
    assert "" == await reason_of(world)
    await ann.presses("I was ill", card)
    assert "" == await reason_of(world)
    assert "approved" in await ann.reads()


async def test_each_reader_reads_it_in_their_own_language(world):
    """A reason pressed in Chinese is read in English by who speaks English; after a restart it still is."""
    school = await make_school(world)
    student = await school.placed("小明", "1", "zh")
    await write_late(world, student)
    assert "⏰ 记为迟交。愿意的话" in await student.reads()
    await student.presses("生病了")
    assert "⏰ 记为迟交，原因：“生病了”" in await student.reads()
    await world.restart()
    await world.settle()
    assert "late: “I was ill”" in await school.mentor.reads()
