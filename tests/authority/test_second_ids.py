"""Buttons that carry a second id: one's own record with somebody else's person, class, enterprise or school in it."""

from __future__ import annotations

import pytest

from tests.authority import records
from tests.authority.cells import GONE, STALE, Cell, leaked, press_all, said_to
from tests.authority.conftest import SHARED
from tests.authority.school import Place

pytestmark = SHARED

# Who, which verb, one's own record, whose second record, what else the button carries, and what the answer says.
TRIES = [
    ("wang", "announce.class", "ann letter_draft", "cai class", "{}", GONE),
    ("wang", "announce.class", "ann letter_draft", "dan class", "{}", GONE),
    ("wang", "announce.enterprise", "ann letter_draft", "dan enterprise", "{}", GONE),
    ("wang", "announce.school", "ann letter_draft", "dan school", "{}", GONE),
    ("wang", "class.add", "ann class", "dan colleague", "{}", ""),
    ("wang", "class.add", "ann class", "dan mentor", "{}", ""),
    ("wang", "placement.mentor", "ann placement", "dan mentor", "{}", STALE),
    ("wang", "placement.mentor", "ann placement", "cai mentor", "{}", STALE),
    ("wang", "place.pick", "ann place", "dan enterprise", "{}", STALE),
    ("wang", "application_confirm.pick", "ann application_confirm", "dan mentor", "{}", STALE),
    ("wang", "mentor", "ann mentor", "dan enterprise", "{}", GONE),
    ("wang", "mentor.do", "ann mentor", "dan enterprise", "{}.remove", GONE),
    ("wang", "coordinator", "ann colleague", "dan school", "{}", GONE),
    ("wang", "coordinator.do", "ann colleague", "dan school", "{}.remove", GONE),
    ("wang", "review.chip", "ann log", "ann phrase", "{}.1.", GONE),
    ("li", "review.reason", "ann log", "dan phrase", "returned.{}.", GONE),
    ("li", "review.say", "ann approved", "dan phrase", "{}", GONE),
    ("ivy", "mentor.do", "dan mentor", "eve enterprise", "{}.suspend", GONE),
    ("ivy", "coordinator.do", "dan colleague", "eve school", "{}.suspend", GONE),
]


@pytest.mark.parametrize(("who", "verb", "own", "others", "rest", "said"), TRIES)
async def test_a_second_id_is_asked_for_too(place: Place, who, verb, own, others, rest, said):
    """The press changes nothing and shows nothing of the other."""
    (mine, thing), (theirs, other) = own.split(), others.split()
    record = place.affairs[mine].things[thing]
    second = place.affairs[theirs].things[other].id
    cell = Cell(who, theirs, verb, f"{verb}:{record.id}:{record.version}:{rest.format(second)}", record.id, said)
    await press_all(place, [cell])
    after = await records.read_all(place.world.database)
    assert cell.toast == (said_to(place, who, said) if said else "")
    assert [] == leaked([cell])
    assert [] == records.differences(place.rows, after, but=("cards", "acts"))
    new = [row["subject_kind"] for key, row in after["acts"].items() if key not in place.rows["acts"]]
    assert new == ([verb] if said == GONE else [])
