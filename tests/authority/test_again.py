"""The same press again, a press of an earlier version, and a mentor whose student has left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.authority import records
from tests.authority.cells import GONE, STALE, Cell, leaked, press_all, said_to
from tests.authority.conftest import SHARED
from tests.authority.school import THIS_WEEK, Place

pytestmark = SHARED


def _cell(place: Place, who: str, verb: str, whose: str, about: str, rest: str = "", older: int = 0) -> Cell:
    thing = place.affairs[whose].things[about]
    version = place.newest_invitation[who] if verb.startswith("invite.") else thing.version - older
    return Cell(who, whose, verb, f"{verb}:{thing.id}:{version}:{rest}", thing.id, "")


@pytest.mark.parametrize(
    ("who", "verb", "about", "rest"),
    [
        ("ann", "log.submit", "draft", ""),
        ("ann", "log.withdraw", "log", ""),
        ("ann", "moment.keep", "moment", ""),
        ("ann", "moment.put", "saved", "learned"),
        ("ann", "moment.fill", "draft", ""),
        ("ann", "application.withdraw", "application", ""),
        ("li", "review.approve", "log", ""),
        ("wang", "review.approve", "passed", ""),
        ("wang", "class.second", "class", "on"),
        ("li", "application.accept", "application", ""),
        ("li", "post.close", "post", ""),
        ("wang", "announce.send", "letter_draft", ""),
        ("wang", "class.photos", "class", "off"),
        ("wang", "invitation.revoke", "invitation", ""),
        ("wang", "invite.mentor", "enterprise", ""),
        ("wang", "join.decide", "request", "no"),
        ("wang", "student.do", "line", "suspend"),
        ("wang", "placement.mentor", "placement", "0"),
        ("wang", "sos.take", "sos", ""),
        ("wang", "flag.called", "flag", ""),
        ("ann", "forget.back", "removal", ""),
        ("wang", "removal.release", "removal", ""),
        ("wang", "retention.years", "class", "5"),
        ("wang", "retention.switch", "class", "off"),
        ("wang", "placement.unexcuse", "placement", "2026-11-02"),
    ],
)
async def test_a_press_that_comes_again_has_no_second_effect(place: Place, who, verb, about, rest):
    """It is answered with how things are, and is no attempt at anything."""
    await press_all(place, [_cell(place, who, verb, "ann", about, rest)])
    once = await records.read_all(place.world.database)
    assert [] != records.differences(place.rows, once, but=("cards", "outbox", "drafts"))
    again = _cell(place, who, verb, "ann", about, rest)
    await press_all(place, [again])
    twice = await records.read_all(place.world.database)
    assert said_to(place, who, STALE) == again.toast
    assert [] == records.differences(once, twice, but=("cards",))


@pytest.mark.parametrize(
    ("who", "verb", "about", "rest"),
    [
        ("ann", "log.submit", "draft", ""),
        ("ann", "log.withdraw", "log", ""),
        ("ann", "log.drop", "draft", ""),
        ("li", "review.approve", "log", ""),
        ("li", "review.ask", "log", "returned."),
        ("li", "review.notes", "log", ""),
        ("li", "review.chip", "log", "safety.1."),
        ("wang", "announce.send", "letter_draft", ""),
        ("wang", "announce.to", "letter_draft", "mentors"),
        ("wang", "placement.mentor", "placement", "0"),
        ("wang", "place.cancel", "place", ""),
    ],
)
async def test_a_press_of_an_earlier_version_has_no_effect(place: Place, who, verb, about, rest):
    """Whoever pressed is shown how it is now."""
    cell = _cell(place, who, verb, "ann", about, rest, older=1)
    await press_all(place, [cell])
    assert said_to(place, who, STALE) == cell.toast
    assert [] == records.differences(place.rows, await records.read_all(place.world.database), but=("cards",))


VERBS = [
    ("review.open", "log", ""),
    ("review.files", "log", ""),
    ("review.approve", "log", ""),
    ("review.ask", "log", "returned."),
    ("student.logs", "line", ""),
]


@pytest.mark.parametrize(("days", "reads"), [(28, True), (29, False)])
@pytest.mark.parametrize(("verb", "about", "rest"), VERBS)
async def test_a_mentor_reads_for_four_weeks_after_the_end(place: Place, days, reads, verb, about, rest):
    """For the last log and its answer; from the next day on it is refused, and recorded."""
    await press_all(place, [Cell("li", "own", "home", "home:0:0:", 0, "")])  # no button of an earlier test's log
    before = await _ended(place, days)
    cell = _cell(place, "li", verb, "ann", about, rest)
    await press_all(place, [cell])
    after = await records.read_all(place.world.database)
    assert (cell.toast == said_to(place, "li", GONE)) is not reads
    new = [row["act"] for key, row in after["acts"].items() if key not in before["acts"]]
    assert ("refused" in new) is not reads
    if not reads:
        assert [] == records.differences(before, after, but=("cards", "acts"))


async def test_the_lists_of_a_mentor_end_with_the_four_weeks(place: Place):
    """Neither the student nor what waits is shown any more."""
    await _ended(place, 29)
    for verb in ("mentees", "queue", "queue.next"):
        cell = Cell("li", "own", verb, f"{verb}:0:0:", 0, "")
        await press_all(place, [cell])
        assert "qAnn" not in str(cell.calls)
        assert [] == leaked([cell])


async def _ended(place: Place, days: int) -> records.Rows:
    """Let the placement have ended so many days ago."""
    last = THIS_WEEK - timedelta(days=days)

    async def work(tx):
        await tx.run(
            "UPDATE placements SET starts_on = :first, ends_on = :last WHERE id = :id",
            first=last - timedelta(days=60),
            last=last,
            id=place.affairs["ann"].things["placement"].id,
        )

    await place.world.database.transaction(work)
    return await records.read_all(place.world.database)
