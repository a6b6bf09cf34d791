"""Two hours without Telegram: what waited there is taken in order, also when the bot is killed in the middle of it."""

from __future__ import annotations

import asyncio
import random
from functools import partial

import pytest

from domain.logs import Decision, Section
from handlers.log_card import FORM, READY
from simulator.people import Actor
from storage import drafts, invariants, logs, placements, reviews
from tests.databases import KINDS
from tests.faults.checks import answers_cut_off
from tests.faults.scale import dice, much
from tests.faults.yard import Yard, prepare_school, text_of, until
from tests.people import Member

PEOPLE, EACH = much((40, 25), (1000, 50))  # 1,000 updates, or 50,000
KILLS = much(1, 3)
MEMORY = 150  # MB that the process may have had at most
OUTAGE = {"error": "disconnect", "execute": False, "times": None}


@pytest.fixture(params=KINDS)
async def yard(request, tmp_path):
    yard = await Yard.of_kind(request.param, tmp_path)
    yield yard
    await yard.close()


async def ask_back(yard: Yard, mentor: Member, student: Member) -> None:
    """Have the mentor ask about a log, so that each text of the student is added to the answer."""
    now = yard.clock()

    async def work(tx) -> None:
        (placement,) = await placements.of_person(tx, student.id)
        log = await logs.begin(tx, placement, placement.starts_on, now=now)
        await logs.write(tx, log, Section.DONE, "Measured blood pressure.")
        await logs.submit(tx, await logs.of_week(tx, placement.id, log.week), now=now)
        handed_in = await logs.of_week(tx, placement.id, log.week)
        await reviews.decide(tx, handed_in, mentor.id, Decision.NEEDS_INFO, "Of whom?", now=now)
        await drafts.activate(tx, student.id, FORM, subject=log.id, step=READY, now=now)

    await yard.database.transaction(work)


def write_all(yard: Yard, students: list[Member], chance: random.Random) -> None:
    """Let everybody send their texts, mixed, each person's in order; at once, as they lie there after an outage."""
    world = yard.simulator.world
    bot = world.current_bot()
    turns = [student for student in students for _ in range(EACH)]
    chance.shuffle(turns)
    sent = dict.fromkeys((student.id for student in students), 0)
    for student in turns:
        chat = bot.chats[student.phone.id]
        sent[student.id] += 1
        Actor(world, bot, chat, world.people[student.phone.id]).text({"text": f"line {sent[student.id]}"})


async def kill_in_the_middle(yard: Yard, whole: int) -> int:
    """Kill the bot when it has taken a part, a second part, …; return the most memory it had, in MB."""
    queue, most = yard.simulator.world.current_bot().queue, 0

    async def taken(part: float) -> bool:
        return queue.pending < whole * (1 - part)

    for number in range(1, KILLS + 1):
        await until(partial(taken, number / (KILLS + 1)), "the bot to take its part", 600)
        most = max(most, yard.bot.most_memory())
        await yard.kill()
        await yard.bot.start()
    return most


@pytest.mark.timeout(1800)
async def test_a_backlog_is_taken_in_order(yard):
    """Each text is there once and in its place, each was answered once, and memory stays what it was."""
    school, students = await prepare_school(yard, PEOPLE)
    for student in students:
        await ask_back(yard, school.mentor, student)
    await yard.bot.start()
    await yard.rest(300)
    await yard.telegram.post("faults", **OUTAGE)
    write_all(yard, students, dice("outage"))
    await yard.move(hours=2)
    await asyncio.sleep(much(1, 20))
    await yard.telegram.delete("faults")
    began = asyncio.get_running_loop().time()
    most = await kill_in_the_middle(yard, PEOPLE * EACH)
    await yard.rest(600)
    seconds = asyncio.get_running_loop().time() - began
    most = max(most, yard.bot.most_memory())
    print(f"{PEOPLE * EACH} updates in {seconds:.0f} s, {most} MB at most")  # noqa: T201 - shown with -rP
    answers = await yard.rows("SELECT text FROM log_sections WHERE section = 'answer'")
    assert ["\n".join(f"line {n}" for n in range(1, EACH + 1))] * PEOPLE == [row["text"] for row in answers]
    cut = yard.interrupted + answers_cut_off(yard)
    for student in students:
        answered = sum("Of whom?" in text_of(message) for message in yard.screen(student))
        assert EACH <= answered <= EACH + cut[student.phone.id], (student.name, answered)
    assert [] == await yard.rows("SELECT update_id, failure FROM inbox WHERE failure IS NOT NULL")
    assert [] == await yard.database.read(partial(invariants.violations, now=yard.clock()))
    assert most < MEMORY
