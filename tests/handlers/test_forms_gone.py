"""Forms about what is gone or not one's own any more: they are let go of, and whoever was in one comes home."""

from __future__ import annotations

from datetime import date

import pytest

from storage import placements
from tests.links import add_coordinator
from tests.people import make_school

GONE = "This is no longer open to you"


@pytest.fixture
async def boss(world):
    """A coordinator who is being asked how a placement ends, of a class that a colleague covers too."""
    school = await make_school(world)
    await school.placed("Ann", "1")
    await add_coordinator(world, school, "Mr Zhou")
    await school.coordinator.sends("/students")
    await school.coordinator.presses("Ann")
    await school.coordinator.presses("🏁")
    return school.coordinator


async def lose_the_class(world, boss) -> None:
    await world.database.transaction(
        lambda tx: tx.run("DELETE FROM class_coordinators WHERE person_id = :me", me=boss.id)
    )


async def test_an_answer_to_it_leads_home(world, boss):
    """What is typed is answered with the overview, which offers the form no more."""
    await lose_the_class(world, boss)
    await boss.sends("tomorrow")
    assert (await boss.reads()).startswith(GONE)
    assert "Continue" not in str(await boss.buttons())
    assert "❓ Help" in await boss.buttons()
    await boss.sends("/menu")
    assert "Continue" not in str(await boss.buttons())


async def test_to_go_on_with_it_leads_home(world, boss):
    """The overview's button says once that it is gone, and is not there afterwards."""
    await boss.sends("/menu")
    await lose_the_class(world, boss)
    await boss.presses("Continue")
    assert GONE in await boss.toast()
    assert "Continue" not in str(await boss.buttons())
    assert "❓ Help" in await boss.buttons()


async def test_a_cancelled_placement_takes_its_forms_with_it(world):
    """Nobody is asked any more what was to be said about it."""
    school = await make_school(world)
    ann, boss = await school.add_student("Ann", "1"), school.coordinator
    placement_id = await school.place(ann, starts_on=date(2026, 12, 1), ends_on=date(2027, 2, 1))
    await boss.sends("/menu")
    excuse = f"placement.excuse:{placement_id}:0:"
    await boss.acts("press", message_id=(await boss.card())["message_id"], data=excuse, force=True)

    async def cancel(tx):
        placement = await placements.by_id(tx, placement_id)
        await placements.cancel(tx, placement, today=date(2026, 11, 16))
        return await tx.all("SELECT form FROM drafts")

    assert [] == await world.database.transaction(cancel)
