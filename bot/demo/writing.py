"""The logs of the demo's students and what their mentors said, as the rooms keep and send them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from domain.logs import WRITTEN, Decision, Section
from storage import logs, outbox, placements, reviews

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import datetime

    from bot.demo.cast import Cast
    from bot.demo.plot import Plot, Row
    from domain.logs import Log
    from storage.database import Transaction

DECISIONS = {"approved": Decision.APPROVED, "returned": Decision.RETURNED, "asked": Decision.NEEDS_INFO}
REFRESH = outbox.Manner.REFRESH


def story_of_logs(
    plot: Plot,
) -> Iterator[tuple[datetime, Callable[[Transaction, Cast, datetime], Awaitable[None]]]]:
    """Give what happened to each log, with its moment."""
    for row in plot.told["logs"]:
        for index, step in enumerate(row["story"]):
            if "submitted" in step:
                yield plot.at(step["submitted"]), partial(_hand_in, row, row if index == 0 else step)
            elif "answered" in step:
                yield plot.at(step["answered"]), partial(_hand_in, row, step)
            else:
                said = next(name for name in DECISIONS if name in step)
                yield plot.at(step[said]), partial(_decide, row, DECISIONS[said], step.get("words", ""))


async def _hand_in(row: Row, texts: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    """Write what is new and hand the log in."""
    name, person = row["by"], cast.people[row["by"]]
    placement = await placements.by_id(tx, cast.placements[name])
    log = await logs.begin(tx, placement, cast.plot.week(row["week"]), now=now)
    for section in (*WRITTEN, Section.ANSWER):
        if section.value in texts:
            await logs.write(tx, log, section, texts[section.value])
    if "hours" in texts:
        await logs.set_hours(tx, log, texts["hours"])
    number = await logs.submit(tx, await logs.for_student(tx, log.id, person), now=now)
    for reviewer in await placements.reviewers(tx, placement):
        key = f"review:{log.id}:{number}:{reviewer}"
        await outbox.add(tx, reviewer, "review", log.id, now=now, unique_key=key)
    cast.logs[name, row["week"]] = log.id


async def _decide(row: Row, decision: Decision, words: str, tx: Transaction, cast: Cast, now: datetime) -> None:
    """Let the mentor answer; the student hears of it, and whoever has a card of the log sees how it stands."""
    log = await logs.for_student(tx, cast.logs[row["by"], row["week"]], cast.people[row["by"]])
    mentor = log.placement.mentor_id or 0
    review = await reviews.decide(tx, log, mentor, decision, words, now=now)
    await outbox.settle_waiting(tx, "review", log.id, now=now)
    await _tell(tx, log, review, now)


async def _tell(tx: Transaction, log: Log, review: int, now: datetime) -> None:
    student, key = log.placement.student_person or 0, reviews.answer_key(review)
    await outbox.add(tx, student, "log_answer", log.id, args={"review": review}, now=now, unique_key=key)
    for reader in await reviews.readers(tx, log):
        await outbox.add(tx, reader, "review", log.id, now=now, manner=REFRESH)
