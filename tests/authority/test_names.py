"""Names and texts with marks in them that turn a line around, hide in it, or would be read as markup."""

from __future__ import annotations

import re

from tests.authority import records
from tests.links import class_link, enrol, mentor_link, rows
from tests.people import make_school

# An override that turns the rest of a line around, isolates, zero-width marks, a tag and an entity.
TRICK = "\u202e<u>\u200b\u2066{}\u2069\ufeff &amp;\u200f\u2060"
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff\u2060]")
CLEAN = "<u>{} &amp;"


async def _say(phone, *texts: str) -> None:
    for text in texts:
        await phone.sends(text)


async def test_no_hidden_mark_is_kept_in_a_name_or_shown_to_anybody(world):
    """Whichever way it comes in; the tag is shown as it was typed, and opens nothing."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("New class")
    await _say(boss, TRICK.format("Class"), TRICK.format("Care"))
    await boss.presses("Create the class")
    await boss.sends("/enterprises")
    await boss.presses("Add an enterprise")
    await _say(boss, TRICK.format("Works"), TRICK.format("City"))
    await boss.presses("Add it")
    await enrol(world, school, "Ann", "2023")
    student = await world.phone(TRICK.format("Pupil"))
    await student.opens((await class_link(world, school, uses=3)).address)
    await student.presses("Agree")
    await student.sends(TRICK.format("Pupil") + " 999")
    await student.presses("That's right")
    mentor = await world.phone(TRICK.format("Mentor"))
    await mentor.opens((await mentor_link(world, school)).address)
    await mentor.presses("Agree")
    await mentor.presses("Use ")
    await mentor.presses("That's right")
    await mentor.sends("/newpost")
    await _say(mentor, TRICK.format("Post"))
    await boss.sends("/announce")
    await boss.sends(TRICK.format("Letter"))
    kept = await records.read_all(world.database)
    texts = [str(value) for table in kept.values() for row in table.values() for value in row.values()]
    assert [] == [text for text in texts if HIDDEN.search(text)]
    sent = [call for call in await world.telegram.calls() if call["chat_id"]]
    assert [] == [call for call in sent if HIDDEN.search(str(call["parameters"]))]
    assert [] == [call for call in sent if "<u>" in str({**call["parameters"], "reply_markup": None})]
    names = [row["name"] for row in await rows(world, "SELECT name FROM people UNION SELECT name FROM enterprises")]
    assert {CLEAN.format("Mentor"), CLEAN.format("Works")} <= set(names)
    request = [row["name"] for row in await rows(world, "SELECT name FROM join_requests")]
    assert [CLEAN.format("Pupil").rstrip(";")] == request  # what stands between name and number is neither
