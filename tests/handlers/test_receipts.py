"""Receipts: the number of a log, said at handing in, and found again by whoever may read the log."""

from __future__ import annotations

import pytest

from domain.receipts import number_of
from storage import people
from tests.handed_in import hand_in, state_of, take_back
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    return await school.placed("Ann", "1")


async def test_the_number_is_on_the_receipt_and_on_the_mentors_card(world, school, ann):
    """A student gets it with the press that hands in; the mentor reads it on top of the log; later it still stands."""
    await ann.sends("/log")
    await ann.sends("Measured blood pressure.")
    await ann.presses("Hand it in")
    number = number_of(1)
    assert f"Handed in. Receipt {number}" == await ann.toast()
    assert f"🔖 Receipt {number}" in await ann.reads()
    assert f"on time · No. {number}" in (await school.mentor.reads()).splitlines()[0]
    await school.mentor.presses("Approve")
    await world.move(minutes=2)
    await ann.presses("See the week")
    assert f"🔖 Receipt {number}" in await ann.reads()


@pytest.mark.parametrize("typed", ["{}", "No. {}", "/find {}"])
async def test_everybody_who_may_read_it_finds_it(world, school, ann, typed):
    """Student, mentor and coordinator type the number and have the log before them."""
    number = number_of(await hand_in(world, ann))
    for reader, says in ((ann, "is with Ms Li"), (school.mentor, "No. "), (school.coordinator, "City Hospital")):
        await reader.sends("/menu")
        await reader.sends(typed.format(number))
        assert says in await reader.reads()
        assert number in await reader.reads()


async def test_nobody_else_learns_whether_it_exists(world, school, ann):
    """Another student, another school's people, and a number of no log get one and the same answer."""
    log_id = await hand_in(world, ann)
    other = await make_school(world, "Hill College", enterprise="Hill Works", coordinator="Mr Hill", mentor="Mr Ho")
    bob = await school.placed("Bob", "2")
    for reader in (bob, other.mentor, other.coordinator):
        said = set()
        for number in (number_of(log_id), number_of(4711)):
            await reader.sends(f"/find {number}")
            said.add(await reader.reads())
        assert 1 == len(said)
        assert "I find no log of that number" in said.pop()
    await other.mentor.sends(number_of(log_id))
    assert "I find no log of that number" in await other.mentor.reads()


async def test_a_number_that_is_no_receipt_of_theirs_is_a_moment(world, school, ann):
    """A placed student's number is kept for the week like any other text, unless it names a log of theirs."""
    await hand_in(world, ann)
    await ann.sends(number_of(4711))
    assert "Keep this for the log" in await ann.reads()


async def test_in_the_middle_of_something_else(world, school, ann):
    """The command finds a log while a form waits for an answer; without a number it says how."""
    number = number_of(await hand_in(world, ann))
    await ann.sends("/settings")
    await ann.presses("Time zone")
    await ann.sends(f"/find {number}")
    assert "is with Ms Li" in await ann.reads()
    await ann.sends("/find")
    assert "for example /find 0174" in await ann.reads()
    await ann.sends("/find nonsense")
    assert "check the digits" in await ann.reads()


async def test_an_open_log_is_opened_to_go_on_and_is_hidden_from_others(world, school, ann):
    """Its student goes on writing; a mentor reads nothing of a log that was never handed in, or was taken back."""
    await ann.sends("/log")
    await ann.sends("Measured blood pressure.")
    await ann.sends("/menu")
    await ann.sends(f"/find {number_of(1)}")
    assert "What did you learn?" in await ann.reads()
    await school.mentor.sends(f"/find {number_of(1)}")
    assert "I find no log of that number" in await school.mentor.reads()
    await ann.presses("Hand it in")
    await take_back(world, ann, 1)
    await school.mentor.sends(f"/find {number_of(1)}")
    assert "blood pressure" not in await school.mentor.reads()
    assert ("draft", 0) == await state_of(world, 1)


async def test_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh", mentor="李老师")
    student = await school.placed("小明", "1", "zh")
    await student.sends("/log")
    await student.sends("给病人量血压")
    await student.presses("提交")
    number = number_of(1)
    assert f"已提交，回执编号{number}" == await student.toast()
    assert f"🔖 回执编号{number}：" in await student.reads()
    assert f"按时提交 · 编号{number}" in await school.mentor.reads()
    await school.mentor.sends(f"编号{number}")
    assert "给病人量血压" in await school.mentor.reads()
    await school.mentor.sends("/find 0000")
    assert "请核对一下数字" in await school.mentor.reads()


async def test_a_suspended_student_finds_nothing(world, school, ann):
    """Whoever was suspended reads no log by its number either."""
    number = number_of(await hand_in(world, ann))
    await world.database.transaction(
        lambda tx: tx.run(
            "UPDATE students SET suspended_at = :now WHERE id = :id", now=world.clock(), id=ann.student_id
        )
    )
    assert (await world.database.read(lambda tx: people.by_id(tx, ann.id))).suspended
    await ann.sends(f"/find {number}")
    assert "Ms Li" not in await ann.reads()
