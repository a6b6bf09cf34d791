"""Scenes of the many: announcements and who has not acknowledged, who has not handed in; and all the rest."""

from __future__ import annotations

from tests.rounds.cast import Cast


async def announce(cast: Cast) -> None:
    """An announcement is watched, its silent readers are reminded; a picture goes to who has not handed in."""
    lines, boss = cast.lines, cast.boss
    cast.scene(7, "通知与未交", "Announcements, and who is missing")
    await boss.types("/announce")
    await boss.types(lines.notice)
    await boss.presses("announce.send")
    await cast.student.presses("announcement.ack")
    await cast.time_passes("几秒后", "A few seconds later", seconds=10)
    await boss.presses("announce.people", "open")
    await boss.presses("announce.remind")
    await boss.types("/announce")
    await boss.sends_photos(1, lines.picture)
    await boss.presses("announce.part", "to")
    await boss.presses("announce.to", "missing")
    await boss.presses("announce.ack")
    await boss.presses("announce.send")
    await boss.types("/missing")
    await boss.presses("missing.remind")


async def look_around(cast: Cast) -> None:
    """Free text finds a place; settings, help and privacy are one command away, in either language."""
    student = cast.student
    cast.scene(9, "其他", "All the rest")
    await student.types(cast.lines.stray)
    await student.presses("moment.keep")
    await student.presses("moment.put", "learned")
    await student.types("/settings")
    await student.presses("settings.choose", "zone")
    await student.types(cast.lines.city_home)
    await student.presses("settings.choose", "time")
    await student.types("18:30")
    await student.presses("settings.language")
    await student.presses("settings.language")
    await student.types("/help")
    await student.types("/privacy")
    await cast.boss.types("/help")
    await cast.tutor.types("/help")
