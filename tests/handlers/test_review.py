"""Review: a mentor answers a week on the card, once, and the student hears of it in one message."""

from __future__ import annotations


import pytest

from domain.logs import Section
from storage import logs, outbox, placements
from tests.people import make_school


async def hand_in(world, student, *, done="I measured six patients' blood pressure.", weeks_later=0, **more):
    """Hand in this week's log as the student's form does, and return its id."""

    async def work(tx):
        placement = (await placements.of_person(tx, student.id))[0]
        week = placement.starts_on if not weeks_later else placement.starts_on
        log = await logs.begin(tx, placement, week, now=world.clock())
        for section, text in {"done": done, **more}.items():
            await logs.write(tx, log, Section(section), text)
        log = await logs.for_student(tx, log.id, student.id)
        number = await logs.submit(tx, log, now=world.clock())
        reviewer = placement.mentor_id
        for reader in [reviewer] if reviewer else [0]:
            key = f"review:{log.id}:{number}:{reader}"
            await outbox.add(tx, reader, "review", log.id, now=world.clock(), unique_key=key)
        return log.id

    log_id = await world.database.transaction(work)
    world.program.outbox.wake()
    await world.settle()
    return log_id


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_look(world, language):
    """Look."""
    school = await make_school(world, language=language)
    ming = await school.placed("张小明", "1", language)
    await hand_in(world, ming, learned="Cuff position matters.", problems="Why 5 mmHg <less>?")
    await school.mentor.presses("✅")
    await school.mentor.sends("Good eye on the cuff.")
    hong = await school.placed("李红", "2", language)
    await hand_in(world, hong)
    await school.mentor.presses("↩️")
    await school.mentor.presses(await first(school.mentor))
    await world.move(seconds=61)
    for p in (school.mentor, ming, hong):
        print(await p.transcript()); print('='*60)


async def first(p):
    return (await p.buttons())[0]
