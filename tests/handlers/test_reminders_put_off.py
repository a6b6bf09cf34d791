"""Reminders that a student puts off."""

from __future__ import annotations

import pytest

from storage import schedule
from tests.handlers.reminded import FRIDAY, LAST, NOON, at, hand_in, rows, said
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def test_snooze(world, school):
    """One press puts the reminder off by three hours, and the card says so; a second press changes nothing."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await world.move(minutes=10)
    old = await ann.card()
    await ann.presses("Remind me later")
    assert "Next reminder: Friday 20:10" == await ann.toast()
    assert (await ann.reads()).endswith("💤 Next reminder: Friday 20:10")
    assert ["✍️ Write it", "💛 How was the week?"] == await ann.buttons()
    await world.move(minutes=1)
    data = old["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await ann.acts("press", message_id=old["message_id"], data=data, force=True)
    assert "Noted already: I will remind you." == await ann.toast()
    await world.move(at(4, "20:10"))
    assert 2 == len(await said(ann))
    assert ["✍️ Write it", "💤 Remind me later", "💛 How was the week?"] == await ann.buttons()
    assert 2 == len(await rows(world))


async def test_snooze_in_chinese(world):
    """The same in Chinese."""
    school = await make_school(world, language="zh")
    ming = await school.placed("小明", "1", "zh")
    await world.move(FRIDAY)
    await ming.presses("晚点提醒我")
    assert "好的，周五20:00再提醒你" == await ming.toast()
    assert (await ming.reads()).endswith("💤 周五20:00再提醒你")


async def test_snooze_late_in_the_evening(world, school):
    """A reminder put off so late that it would come at night comes in the morning."""
    ann = await school.placed("Ann", "1")
    await world.move(FRIDAY)
    await world.move(at(4, "21:50"))
    await ann.presses("Remind me later")
    assert "Next reminder: Saturday 08:00" == await ann.toast()
    await world.move(at(5, "01:00"))
    assert 1 == len(await said(ann))
    await world.move(at(5, "08:00"))
    assert 2 == len(await said(ann))


async def test_snooze_up_to_the_next_reminder(world, school):
    """Where the next regular reminder comes at about that time, there is no second one beside it."""
    ann = await school.placed("Ann", "1")
    await world.move(NOON)
    await world.move(at(6, "15:00"))
    await ann.presses("Remind me later")
    assert "Next reminder: Sunday 18:00" == await ann.toast()
    await world.move(at(6, "17:59"))
    assert 1 == len(await said(ann))
    await world.move(LAST)
    assert 2 == len(await said(ann))


async def test_snooze_after_handing_in(world, school):
    """Putting off the reminder of a log that is handed in by then gets a clear answer."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(FRIDAY)
    await hand_in(world, placement_id)
    await ann.presses("Remind me later")
    assert (await ann.toast()).startswith("This week needs no reminder any more")
    await world.move(at(4, "20:00"))
    assert 1 == len(await said(ann))


async def test_no_snooze_before_the_deadline(world, school):
    """Within the last hour there is nothing to put off."""
    ann = await school.placed("Ann", "1")
    await world.move(hours=1)
    await world.move(at(6, "19:30"))
    assert ["✍️ Write it", "💛 How was the week?"] == await ann.buttons()


async def test_foreign_reminder(world, school):
    """A reminder's button in somebody else's hands does nothing."""
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    await world.move(FRIDAY)
    card = await bob.card()
    button = (await ann.card())["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await bob.acts("press", message_id=card["message_id"], data=button, force=True)
    assert "This is no longer open to you. Press Overview to go on." == await bob.toast()
    assert 2 == len(await rows(world))


async def test_snooze_survives_a_plan_made_anew(world, school):
    """What a student put off still comes when their reminders are planned anew in the minute of the first one."""
    ann = await school.add_student("Ann", "1")
    placement_id = await school.place(ann)
    await world.move(FRIDAY)
    await ann.presses("Remind me later")
    await world.database.transaction(lambda tx: schedule.put(tx, "placement", placement_id, FRIDAY))
    await world.move(seconds=20)
    assert ["sent", "waiting"] == [state for _, state in await rows(world)]
    await world.move(at(4, "20:00"))
    assert 2 == len(await said(ann))
