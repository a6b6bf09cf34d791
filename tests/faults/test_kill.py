"""Thirty times killed in the middle of a round: nothing is lost, nothing is done twice, everyone gets everything."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from storage import outbox
from tests.faults.yard import Yard, find_button, prepare_school, press, see, text_of, until

KILLS = 30
STUDENTS = 5
WEEKS = 4
SEED = 20261116
FRIDAY = datetime(2026, 11, 20, 8, 58, tzinfo=UTC)  # 16:58 in Shanghai: the first reminder is due in two minutes
SECTIONS = ("did", "learned", "stuck", "next")
MARKS = ("1. What I did ✓", "2. What I learned ✓", "3. Problems and questions ✓", "4. Next week ✓")


async def write_weeks(student, chance: random.Random) -> None:
    """Write and hand in the four earlier weeks, one after the other, as fast as somebody thinks."""
    for week in range(1, WEEKS + 1):
        last = (await student.messages())[-1]["message_id"]
        await student.phone.acts("text", text="/log")
        card = await see(student, "Week 5", button="Other weeks", after=last)
        await press(student, card, "Other weeks")
        await press(student, await see(student, "still open", button=f"Week {week} ", after=last), f"Week {week} ")
        await see(student, f"Week {week} ", "What did you do", after=last)
        for section, mark in zip(SECTIONS, MARKS, strict=True):
            await asyncio.sleep(chance.uniform(0.1, 3.0))
            await student.phone.acts("text", text=f"{student.name} W{week} {section}")
            await see(student, f"Week {week} ", mark, after=last)
        await press(student, await see(student, f"Week {week} ", button="38 h", after=last), "38 h")
        card = await see(student, f"Week {week} ", "🕗 38 h", button="Hand it in", after=last)
        await press(student, card, "Hand it in")
        await see(student, f"Week {week} ", "is with Ms Li", after=last)


async def approve_all(mentor, expected: int) -> None:
    """Approve each log that arrives, with one press on its card."""
    pressed: set[str] = set()

    async def look() -> bool:
        for message in await mentor.from_bot():
            data = find_button(message, "✅")
            if data and data not in pressed:
                pressed.add(data)
                await press(mentor, message, "✅")
        return len(pressed) >= expected

    await until(look, "every log to arrive", seconds=400)


async def announce(coordinator) -> None:
    """Announce something to the students of the class, with acknowledgement."""
    await coordinator.phone.acts("text", text="/announce")
    last = (await coordinator.messages())[-1]["message_id"]
    await see(coordinator, "", after=last)
    await coordinator.phone.acts("text", text="Safety training on Monday")
    card = await see(coordinator, "Safety training", button="Send", after=last)
    if find_button(card, "🔔"):
        await press(coordinator, card, "🔔")
    await press(coordinator, await see(coordinator, "Safety training", button="Send", after=last), "Send")


async def read_announcement(student) -> None:
    """Wait for the announcement."""
    await see(student, "Safety training on Monday")


async def kill_again_and_again(yard: Yard, chance: random.Random, done: asyncio.Event) -> None:
    """Kill the bot at random moments, from the first second of its life on, and start it again."""
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.9, 2.4))
        await yard.bot.kill()
        await yard.bot.start()
    done.set()


@pytest.fixture
async def yard(tmp_path):
    yard = await Yard.open(tmp_path, now=FRIDAY)
    yield yard
    await yard.close()


async def test_thirty_kills_lose_nothing_and_repeat_nothing(yard):
    """Logs, reviews, reminders and an announcement survive; each exists once and reaches everyone."""
    print(f"seed {SEED}")  # noqa: T201 - with it a failure can be repeated
    school, students = await prepare_school(yard, STUDENTS)
    killed = asyncio.Event()
    await yard.bot.start()
    async with asyncio.TaskGroup() as group:
        group.create_task(kill_again_and_again(yard, random.Random(SEED), killed))
        for student in students:
            group.create_task(write_weeks(student, random.Random(f"{SEED} {student.name}")))
            group.create_task(read_announcement(student))
        group.create_task(approve_all(school.mentor, STUDENTS * WEEKS))
        group.create_task(announce(school.coordinator))
        await asyncio.sleep(8)
        await yard.move(minutes=5)
    await killed.wait()

    async def nothing_waits() -> bool:
        status = await yard.telegram.get("status")
        waiting = await yard.database.read(outbox.next_due)
        if waiting is not None and waiting > yard.clock():
            await yard.move(minutes=2)  # answers wait a minute for a word of the mentor's
        return waiting is None and not status["pending_updates"]

    await until(nothing_waits, "everything to be sent")
    await check_records(yard)
    await check_chats(yard, school, students)


async def rows(yard: Yard, sql: str) -> list[dict]:
    return [dict(row) for row in await yard.database.read(lambda tx: tx.all(sql))]


async def check_records(yard: Yard) -> None:
    """Each log has exactly what was written, one revision and one decision; each reminder is there once."""
    found = await rows(
        yard,
        """SELECT s.name, l.week, l.state, l.hours, ls.section, ls.text FROM logs l
        JOIN placements pl ON pl.id = l.placement_id JOIN students s ON s.id = pl.student_id
        JOIN log_sections ls ON ls.log_id = l.id ORDER BY s.name, l.week""",
    )
    weeks = sorted({row["week"] for row in found})
    expected = {
        (f"S{i}", week, "approved", 38.0, section, f"S{i} W{number} {word}")
        for i in range(STUDENTS)
        for number, week in enumerate(weeks, 1)
        for section, word in zip(("done", "learned", "problems", "plan"), SECTIONS, strict=True)
    }
    assert expected == {tuple(row.values()) for row in found}
    assert STUDENTS * WEEKS == len(await rows(yard, "SELECT id FROM revisions"))
    assert STUDENTS * WEEKS == len(await rows(yard, "SELECT id FROM reviews WHERE decision = 'approved'"))
    reminders = await rows(yard, "SELECT person_id, state FROM outbox WHERE card = 'log_reminder'")
    assert [1] * STUDENTS == list(Counter(row["person_id"] for row in reminders).values())
    assert 1 == len(await rows(yard, "SELECT id FROM announcements"))
    assert STUDENTS == len(await rows(yard, "SELECT person_id FROM announcement_recipients"))
    letters = await rows(yard, "SELECT card, state, due_at FROM outbox WHERE state NOT IN ('sent', 'settled')")
    assert [] == letters
    assert [] == await rows(yard, "SELECT update_id, failure FROM inbox WHERE failure IS NOT NULL"), yard.bot.log()


async def check_chats(yard: Yard, school, students) -> None:
    """Everyone has every message; one that was in flight may have come twice, once for each kill at most."""
    for student in students:
        texts = [text_of(message) for message in await student.from_bot()]
        for words in ("Safety training on Monday", "⏰ Week 5"):
            times = sum(words in text for text in texts)
            assert 1 <= times <= 1 + KILLS, (student.name, words, times)
        for week in range(1, WEEKS + 1):
            assert any("approved" in text and f"week {week}" in text.lower() for text in texts), (student.name, week)
    reviews = await rows(yard, "SELECT state FROM outbox WHERE card = 'review' AND manner = 'push'")
    assert [{"state": "sent"}] * (STUDENTS * WEEKS) == reviews
