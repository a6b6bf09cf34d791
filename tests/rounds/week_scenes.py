"""Scenes of the week: a log is written and answered in every way; one waits until the school hears of it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.rounds.cast import Cast


async def write_a_week(cast: Cast) -> None:
    """The reminder comes; a week is written, handed in, taken back and handed in again."""
    lines, student = cast.lines, cast.student
    cast.scene(6, "一周", "A week")
    await cast.time_passes("时间到了周五17:00", "Friday 17:00 comes", to=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    await student.presses("log.open")
    await student.types(lines.week[0])
    await student.types(lines.week[1])
    await student.sends_photos(3)
    await student.types(lines.week[2])
    await student.types(lines.week[3])
    await student.presses("log.hours", "38")
    await student.presses("log.preview")
    await student.presses("log.submit")
    await student.presses("log.withdraw")
    await student.presses("log.submit")


async def answer_it(cast: Cast) -> None:
    """The mentor looks at photos, asks, returns with remarks, reads what changed, approves with stars and a word."""
    lines, student, tutor = cast.lines, cast.student, cast.tutor
    await tutor.types("/queue")
    await tutor.presses("review.open")
    await tutor.presses("review.files")
    await tutor.presses("review.open")
    await tutor.presses("review.ask", "needs_info")
    await tutor.types(lines.more)
    await student.presses("log.edit")
    await student.types(lines.added)
    await student.presses("log.submit")
    await tutor.presses("review.notes")
    await tutor.presses("review.chip", "numbers")
    await tutor.presses("review.on", "done")
    await tutor.types(lines.reason)
    await tutor.presses("review.ask", "returned")
    await tutor.presses("review.reason", "returned")
    await student.presses("log.edit")
    await student.types(lines.better)
    await student.presses("log.submit")
    await tutor.presses("review.whole")
    await tutor.presses("review.approve")
    await tutor.presses("review.stars", "4")
    await tutor.presses("review.hours", "1")
    await tutor.types(lines.praise)
    await cast.time_passes("过了一分钟", "A minute passes", minutes=2)
    await student.types("/feedback")


async def let_one_wait(cast: Cast) -> None:
    """A log waits: the mentor has it in Monday's digest and is nudged, then the coordinator hears of it and answers."""
    lines, other, boss = cast.lines, cast.other, cast.boss
    cast.scene(8, "等待批阅的周志", "A log that waits")
    await cast.time_passes("时间到了周日18:00", "Sunday 18:00 comes", to=datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    await other.types("/log")
    await other.types(lines.second_week[0])
    await other.types(lines.second_week[1])
    await other.presses("log.ask", "hours")
    await other.types("36")
    await other.presses("log.submit")
    await cast.time_passes("周一09:00", "Monday 09:00", to=datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    await cast.time_passes(
        "周四09:00，已等了三天以上",
        "Thursday 09:00, more than three days later",
        to=datetime(2026, 11, 26, 1, 0, tzinfo=UTC),
    )
    for chinese, english, day, hour in (
        ("周五17:00", "Friday 17:00", 27, 9),
        ("周日12:00", "Sunday 12:00", 29, 4),
        ("周日18:00", "Sunday 18:00", 29, 10),
    ):
        await cast.time_passes(chinese, english, to=datetime(2026, 11, day, hour, 0, tzinfo=UTC))
    await cast.time_passes(
        "下周一09:00，已等了七天", "The Monday after, seven days later", to=datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    )
    await boss.presses("queue.all")
    await boss.presses("review.open")
    await boss.presses("review.approve")
    await cast.time_passes("过了一分钟", "A minute passes", minutes=2)
