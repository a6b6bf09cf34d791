"""Every command and every button × every role and stranger × whose data it is about."""

from __future__ import annotations

import pytest

from bot.app import all_routes
from tests.authority import records
from tests.authority.cells import ANSWERED, cells_of, leaked, press_all, refusals, said_to, unescaped
from tests.authority.conftest import SHARED
from tests.authority.rules import COMMANDS, MORE, VERBS, Rule
from tests.authority.school import Place
from tests.links import rows

pytestmark = SHARED
CASES = [*VERBS.items(), *MORE]


async def test_every_command_and_button_has_a_rule():
    """A new room is described here, and so tried by everybody, before it opens."""
    routes = all_routes()
    assert (sorted(routes.commands), sorted(routes.verbs)) == (sorted(COMMANDS), sorted(VERBS))


EVERY = pytest.mark.parametrize(("verb", "rule"), CASES, ids=[f"{verb}-{rule.about}" for verb, rule in CASES])


@EVERY
async def test_a_button_does_nothing_about_what_is_not_ones_own(place: Place, verb: str, rule: Rule):
    """Refused with a clear answer in the reader's language, nothing changed, nothing shown, and recorded."""
    refused = [cell for cell in cells_of(place, verb, rule) if cell.expected != ANSWERED]
    await press_all(place, refused)
    after = await records.read_all(place.world.database)
    for cell in refused:
        assert (str(cell), said_to(place, cell.actor, cell.expected)) == (str(cell), cell.toast)
    assert [] == leaked(refused)
    assert [] == records.differences(place.rows, after, but=("cards", "acts"))
    attempts = sorted((place.ids[cell.actor], "refused", verb, cell.subject) for cell in refused if cell.is_attempt)
    recorded = [row for key, row in after["acts"].items() if key not in place.rows["acts"]]
    assert attempts == sorted((row["actor_id"], row["act"], row["subject_kind"], row["subject_id"]) for row in recorded)


@EVERY
async def test_a_button_is_answered_where_it_may_be(place: Place, verb: str, rule: Rule):
    """Whoever may gets an answer, which is no refusal and no error, and reads nothing of others."""
    allowed = [cell for cell in cells_of(place, verb, rule) if cell.expected == ANSWERED]
    for cells in [[cell] for cell in allowed] if rule.about else [allowed]:
        await press_all(place, cells)
        for cell in cells:
            assert cell.toast not in refusals(place, cell.actor, stale=not (rule.stale or rule.kept)), str(cell)
        assert [] == leaked(cells) + unescaped(cells)
        await records.put_back(place.world.database, place.rows)
    assert [] == await rows(place.world, "SELECT update_id, failure FROM inbox WHERE attempts > 0")
