"""Hours day by day: a few presses instead of adding up, and one line that the mentor reads."""

from __future__ import annotations

from datetime import date

import pytest

from storage import logs
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("Measured blood pressure.")
    await ann.presses("🕗 Hours")
    return ann


async def kept(world, student):
    """The hours of the student's only log, and those of its days."""
    its = await world.database.read(lambda tx: logs.of_person(tx, student.id))
    return its[0].hours, its[0].days


async def test_the_same_every_day_takes_three_presses(world, school, ann):
    """Day by day, eight on Monday, the same to Friday: the sum adds itself up, and the mentor reads one line."""
    await ann.presses("Day by day")
    assert "How many hours on Monday, 16 Nov?" in await ann.reads()
    await ann.presses("8")
    assert "on Tuesday, 17 Nov?" in await ann.reads()
    assert "🕗 8 h: Mon 8" in await ann.reads()
    assert ["↪️ 8 h a day to Fri", "↪️ 8 h a day to Sun"] == [b for b in await ann.buttons() if "↪️" in b]
    await ann.presses("to Fri")
    assert "🕗 40 h: Mon 8 · Tue 8 · Wed 8 · Thu 8 · Fri 8" in await ann.reads()
    assert "Everything is saved" in await ann.reads()
    await ann.presses("Hand it in")
    assert "🕗 40 h: Mon 8 · Tue 8 · Wed 8 · Thu 8 · Fri 8" in await school.mentor.reads()
    assert (40.0, (8.0, 8.0, 8.0, 8.0, 8.0, None, None)) == await kept(world, ann)


async def test_typed_days(world, ann):
    """Numbers in a row are those of the days that follow; a day can be gone back to and changed."""
    await ann.presses("Day by day")
    await ann.sends("8 8 7.5")
    assert "on Thursday, 19 Nov?" in await ann.reads()
    await ann.sends("0")
    await ann.presses("Mon 8")
    await ann.presses("6")
    assert "🕗 21.5 h: Mon 6 · Tue 8 · Wed 7.5" in await ann.reads()
    assert (21.5, (6.0, 8.0, 7.5, 0.0, None, None, None)) == await kept(world, ann)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("38", "as a number from 0 to 24"), ("many", "as a number from 0 to 24"), ("8 8 8 8 8 8 8 8", "from 0 to 24")],
)
async def test_what_no_day_has(world, ann, typed, says):
    """A week's sum at a day, a word, and too many numbers change nothing and say what to do."""
    await ann.presses("Day by day")
    await ann.sends(typed)
    assert says in await ann.reads()
    assert "on Monday, 16 Nov?" in await ann.reads()
    assert (None, ()) == await kept(world, ann)


async def test_more_than_a_week_can_have(world, ann):
    """A sum of over a hundred hours is a slip, however it came about."""
    await ann.presses("Day by day")
    await ann.sends("20 20 20 20")
    await ann.sends("21")
    assert "from 0 to 100" in await ann.reads()
    assert 80.0 == (await kept(world, ann))[0]


async def test_only_the_sum_takes_the_days_away(world, ann):
    """One press for the whole week stays one press, and replaces what was said day by day."""
    await ann.presses("Day by day")
    await ann.presses("8")
    await ann.presses("Only the week's sum")
    await ann.presses("38 h")
    assert "🕗 38 h\n" in await ann.reads()
    assert (38.0, ()) == await kept(world, ann)


async def test_only_days_of_the_placement(world, school):
    """A week in which the placement begins on a Thursday asks from Thursday on and takes nothing before."""
    bob = await school.add_student("Bob", "2")
    await school.place(bob, starts_on=date(2026, 11, 19), ends_on=date(2027, 1, 1))
    await world.move(days=3)
    await bob.sends("/log")
    await bob.sends("Measured blood pressure.")
    await bob.presses("🕗 Hours")
    await bob.presses("Day by day")
    assert "on Thursday, 19 Nov?" in await bob.reads()
    assert [] == [label for label in await bob.buttons() if label.startswith(("Mon", "Tue", "Wed"))]
    await bob.sends("8 8 8 8 8")
    assert "beyond the days of your placement" in await bob.reads()
    card = await bob.card()
    for rest in ("0/8/0", "3/8/9", "3/30/3", "x", "3/8/2"):
        await bob.acts("press", message_id=card["message_id"], data=f"log.day:1:0:{rest}", force=True)
    assert (None, ()) == await kept(world, bob)


async def test_pressing_twice_and_a_restart(world, ann):
    """The second press on the same button says the same; after a restart the next number is still that day's."""
    await ann.presses("Day by day")
    card = await ann.card()
    await ann.presses("8", card)
    await ann.presses("8", card)
    assert 8.0 == (await kept(world, ann))[0]
    await world.restart()
    await ann.sends("7")
    assert (15.0, (8.0, 7.0, None, None, None, None, None)) == await kept(world, ann)


async def test_in_chinese(world, school):
    """The same in Chinese."""
    student = await school.placed("小明", "9", "zh")
    await student.sends("/log")
    await student.sends("给病人量血压")
    await student.presses("工时")
    await student.presses("按天填")
    assert "周一（11月16日）工作了几小时？" in await student.reads()
    await student.sends("8、8、8、8、7.5")
    await student.presses("提交")
    assert "🕗 39.5 h: Mon 8 · Tue 8 · Wed 8 · Thu 8 · Fri 7.5" in await school.mentor.reads()
    await student.presses("查看全文")
    assert "🕗 39.5小时：周一 8 · 周二 8 · 周三 8 · 周四 8 · 周五 7.5" in await student.reads()
