"""An announcement to ten thousand people at Telegram's pace, while students go on writing and are answered.

The fake enforces Telegram's limits. Another measurement lets the bot go as fast as it can, to see what it could.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from domain.announcements import Audience
from storage import announcements, people, schools
from storage.database import Transaction, open_database
from tests.bench.crowd import Manner
from tests.bench.filling import COORDINATOR, Contents, student_ids
from tests.bench.hall import Hall
from tests.bench.limits import PER_SECOND
from tests.bench.log_week import SCRIPT
from tests.bench.stage import Stuck
from tests.bench.table import Row, percentile

READERS = 10_000
WRITERS = 30  # students who are not among the readers
SECONDS = 60.0  # for which the permitted rate is watched; all of it takes 333
SETTLING = 3.0  # seconds before that, in which Telegram takes a burst
PAUSE = 0.25  # seconds between the answer to one student and what the next one says
COUNTED = (
    "sendMessage",
    "editMessageText",
)  # what the bot counts as a message; a student's press is answered by an edit
TEXT = "On Monday there is no work on ward 3; who was to be there goes to ward 5. Please tell your mentor as well."


def run(hall: Hall) -> list[Row]:
    """Measure on each database."""
    return [row for kind in hall.kinds for row in (*_permitted(hall, kind), _unlimited(hall, kind))]


def _filled(hall: Hall, kind: str) -> str:
    url = hall.database(kind, Contents(students=READERS + WRITERS))
    asyncio.run(_announce(url))
    return url


async def _announce(url: str) -> None:
    database = await open_database(url)
    try:
        await database.transaction(_send)
    finally:
        await database.close()


async def _send(tx: Transaction) -> None:
    now, author = datetime.now(UTC), await people.by_telegram_id(tx, COORDINATOR)
    assert author is not None
    school = await schools.school_of_coordinator(tx, author.id)
    number = await announcements.begin(tx, author_id=author.id, school_id=school.id, audience=Audience(), now=now)
    await announcements.write(tx, await announcements.of_author(tx, number, author.id), TEXT)
    ids = student_ids(0, READERS)
    readers = await tx.all(
        "SELECT id FROM people WHERE telegram_id >= :first AND telegram_id < :after", first=ids.start, after=ids.stop
    )
    its = await announcements.of_author(tx, number, author.id)
    await announcements.send(tx, its, [row["id"] for row in readers], now=now)


def _permitted(hall: Hall, kind: str) -> list[Row]:
    url, fake = _filled(hall, kind), hall.fake
    fake.ask("limit", on=True)
    writers = student_ids(READERS, READERS + WRITERS)
    with hall.start(url, messages_per_second=str(PER_SECOND), chat_messages_per_second="1") as bot:
        fake.until("polling", bot)
        fake.ask("begin", people=list(writers), script=SCRIPT, times=1, manner=Manner.ALONE, quiet=PAUSE)
        time.sleep(SETTLING)
        before = fake.ask("status")
        time.sleep(SECONDS / 6 if hall.quick else SECONDS)
        after = fake.ask("status")
    fake.ask("limit", on=False)
    sent = sum(after["calls"].get(method, 0) - before["calls"].get(method, 0) for method in COUNTED)
    waits = [seconds * 1000 for seconds in after["lone"]]
    if after["stuck"]:
        raise Stuck(after["stuck"][0])
    share = 100 * sent / (after["now"] - before["now"]) / PER_SECOND
    hall.say(f"broadcast on {kind}: {share:.1f} %, {after['floods']} floods, {len(waits)} answers")
    return [
        Row.of(f"broadcast on {kind}: of the permitted rate", "%", [share]),
        Row.of(f"broadcast on {kind}: refused by Telegram (429)", "calls", [after["floods"]]),
        Row.of(
            f"broadcast on {kind}: a student's answer meanwhile",
            "ms p99",
            [percentile(waits, 0.99)],
            p50_ms=percentile(waits, 0.5),
            p99_ms=percentile(waits, 0.99),
        ),
    ]


def _unlimited(hall: Hall, kind: str) -> Row:
    url, fake = _filled(hall, kind), hall.fake
    with hall.start(url) as bot:
        fake.until("polling", bot)
        fake.ask("begin", people=[], script=[], times=1, manner=Manner.ANSWERED)
        cpu, begun = bot.cpu(), fake.ask("status")
        while (now := fake.ask("status"))["calls"].get("sendMessage", 0) < READERS * 0.8:
            time.sleep(0.1)
        sent = now["calls"]["sendMessage"]
        each = (bot.cpu() - cpu) / sent * 1e6
    return Row.of(
        f"broadcast on {kind}: without limits", "messages/s", [sent / (now["now"] - begun["now"])], cpu_us=each
    )
