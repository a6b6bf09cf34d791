"""Other people's invitations, and deep links with rubbish in them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from domain.invitations import InvitationKind, derive_code
from tests.authority import records
from tests.authority.cells import said_to
from tests.authority.conftest import SHARED
from tests.authority.school import Place
from tests.conftest import TOKEN
from tests.links import Link, make_link

pytestmark = SHARED

STRANGERS = ("olga", "ann", "li", "wang")
SPOILT = {
    "used": ("uses_left = 0, uses = 1", "join.used"),
    "expired": ("expires_at = :past", "join.expired"),
    "revoked": ("revoked_at = :past", "join.revoked"),
}


async def _link(place: Place, whose: str, kind: InvitationKind) -> Link:
    things = place.affairs[whose].things
    school = SimpleNamespace(id=things["school"].id, coordinator=SimpleNamespace(id=place.ids["wang"]))
    leads = {
        InvitationKind.CLASS: {"class_id": things["class"].id},
        InvitationKind.MENTOR: {"enterprise_id": things["enterprise"].id},
        InvitationKind.COORDINATOR: {},
    }[kind]
    return await make_link(place.world, kind, school, nonce=f"{whose}-{kind}", **leads)


async def _opens(place: Place, who: str, link: str) -> tuple[str, records.Rows, records.Rows]:
    """Open a link; what is read then, and the rows before and after."""
    before = await records.read_all(place.world.database)
    await place.people[who].opens(link)
    return await place.people[who].reads(), before, await records.read_all(place.world.database)


def _recorded(before: records.Rows, after: records.Rows) -> list[tuple[str, int]]:
    new = [row for key, row in after["acts"].items() if key not in before["acts"]]
    return [(row["subject_kind"], row["subject_id"]) for row in new if row["act"] == "refused"]


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("kind", [InvitationKind.MENTOR, InvitationKind.COORDINATOR])
async def test_a_spoilt_link_lets_nobody_in(place: Place, who: str, how: str, kind: InvitationKind):
    """It says what became of it, changes nothing and is recorded, whatever the one who opens it is elsewhere."""
    link, (change, said) = await _link(place, "dan", kind), SPOILT[how]
    values = {"past": place.world.clock() - timedelta(days=1)} if ":past" in change else {}
    sql = f"UPDATE invitations SET {change} WHERE id = :id"
    await place.world.database.transaction(lambda tx: tx.run(sql, id=link.id, **values))
    read, before, after = await _opens(place, who, link.address)
    assert said_to(place, who, said).partition("{")[0][:20] in read
    assert [] == records.differences(before, after, but=("acts", "cards"))
    assert [("invitation", link.id)] == _recorded(before, after)


@pytest.mark.parametrize(
    ("who", "whose", "kind", "said"),
    [
        ("sol", "sol", InvitationKind.CLASS, "access.suspended"),
        ("mok", "sol", InvitationKind.MENTOR, "access.suspended"),
        ("cho", "sol", InvitationKind.COORDINATOR, "access.suspended"),
    ],
)
async def test_a_link_is_no_way_back_for_who_is_suspended(place: Place, who, whose, kind, said):
    """Only the coordinator lets them in again."""
    link = await _link(place, whose, kind)
    read, before, after = await _opens(place, who, link.address)
    assert said_to(place, who, said) in read
    assert [] == records.differences(before, after, but=("acts", "cards"))
    assert [("invitation", link.id)] == _recorded(before, after)


async def test_a_student_joins_no_second_class(place: Place):
    """Neither at another school nor beside their own; a link that is meant well is no attempt."""
    for whose in ("dan", "cai"):
        link = await _link(place, whose, InvitationKind.CLASS)
        read, before, after = await _opens(place, "ann", link.address)
        assert "<u>qAnn" not in read
        assert [] == records.differences(before, after, but=("cards",))
        assert [] == _recorded(before, after)


async def test_a_code_that_was_guessed_opens_nothing(place: Place):
    """It is told from no other, and recorded."""
    for who in STRANGERS:
        guess = derive_code(TOKEN + "?", who)
        read, before, after = await _opens(place, who, f"https://t.me/shixi_bot?start={guess}")
        assert said_to(place, who, "join.unknown") in read
        assert [] == records.differences(before, after, but=("acts", "cards"))
        assert [("/start", 0)] == _recorded(before, after)


@pytest.mark.parametrize(
    "rubbish",
    ["a", "../../etc/passwd", "' OR 1=1 --", "<b>x</b>", "%00", "\u202egnp", "1:2:3", "review.open:1:1:", "x" * 500],
)
async def test_rubbish_behind_a_link_is_answered_kindly(place: Place, rubbish: str):
    """It is no code at all: nothing is looked up, nothing is recorded."""
    for who in ("olga", "wang", "sol"):
        read, before, after = await _opens(place, who, f"?start={rubbish}")
        assert said_to(place, who, "join.malformed") in read
        assert [] == records.differences(before, after, but=("cards",))
