"""What is kept of an attempt: rows that cannot pile up, a line of ids, and nothing of an old button of one's own."""

from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from bot.desk import REFUSALS_KEPT, REFUSALS_SPAN
from tests.authority import records
from tests.authority.cells import GONE, Cell, press_all, said_to
from tests.authority.conftest import SHARED
from tests.authority.school import Place
from tests.links import rows

pytestmark = SHARED
REFUSED = "SELECT subject_kind, subject_id FROM acts WHERE act = 'refused' AND actor_id = :who ORDER BY id"


def _forged(place: Place, who: str, number: int = 0) -> Cell:
    log = place.affairs["dan"].things["log"]
    return Cell(who, "other school's", "review.open", f"review.open:{log.id}:{number}:", log.id, GONE)


async def test_a_row_says_who_tried_what_and_more_rows_come_the_next_day(place: Place):
    """So many in a day are kept of one person; the rest are lines in the journal."""
    await press_all(place, [_forged(place, "li", number) for number in range(REFUSALS_KEPT + 5)])
    wanted = ("review.open", place.affairs["dan"].things["log"].id)
    kept = await rows(place.world, REFUSED, who=place.ids["li"])
    assert [wanted] * REFUSALS_KEPT == [tuple(row.values()) for row in kept]
    await press_all(place, [_forged(place, "ann")])
    assert 1 == len(await rows(place.world, REFUSED, who=place.ids["ann"]))
    moment = place.world.clock.now
    try:
        place.world.clock.now = moment + REFUSALS_SPAN + timedelta(minutes=1)
        await press_all(place, [_forged(place, "li")])
    finally:
        place.world.clock.now = moment
    assert REFUSALS_KEPT + 1 == len(await rows(place.world, REFUSED, who=place.ids["li"]))


async def test_the_journal_has_one_line_of_ids(place: Place):
    """No name, no text, no number of a student."""
    with capture_logs() as lines:
        await press_all(place, [_forged(place, "li")])
    told = [line for line in lines if line["event"] == "refused"]
    log = place.affairs["dan"].things["log"]
    wanted = {"event": "refused", "person": place.ids["li"], "what": "review.open", "subject": log.id, "kept": True}
    assert [wanted] == [{name: line[name] for name in wanted} for line in told]
    assert "qDan" not in str(lines)


async def test_an_old_button_of_ones_own_is_no_attempt(place: Place):
    """The card was theirs when it came; that it has gone is told, and not held against them."""
    li, line = place.people["li"], place.affairs["ann"].things["line"]
    await press_all(place, [Cell("li", "own", "mentees", "mentees:0:0:", 0, "")])
    message = next(m for m in reversed(await li.from_bot()) if f"student.logs:{line.id}:" in str(m.get("reply_markup")))

    async def move(tx):
        await tx.run("UPDATE placements SET mentor_id = NULL WHERE student_id = :id", id=line.id)

    await place.world.database.transaction(move)
    before = await records.read_all(place.world.database)
    for data, recorded in ((f"student.logs:{line.id}:0:", False), (f"student.logs:{line.id}:0:0", True)):
        await li.acts("press", message_id=message["message_id"], data=data, force=True)
        assert said_to(place, "li", GONE) == await li.toast()
        after = await records.read_all(place.world.database)
        assert recorded is (before["acts"] != after["acts"])


async def test_who_is_suspended_is_recorded_with_any_button(place: Place):
    """Also with one that was theirs: somebody asked for this person to be kept out."""
    sol = place.people["sol"]
    card = next(m for m in await sol.from_bot() if "log.ask:" in str(m.get("reply_markup")))
    keys = [key["callback_data"] for row in card["reply_markup"]["inline_keyboard"] for key in row]
    data = next(key for key in keys if key.startswith("log.ask:"))
    before = await records.read_all(place.world.database)
    await sol.acts("press", message_id=card["message_id"], data=data)
    assert said_to(place, "sol", "access.suspended") == await sol.toast()
    after = await records.read_all(place.world.database)
    assert 1 == len(after["acts"]) - len(before["acts"])
    assert [] == records.differences(before, after, but=("acts",))
