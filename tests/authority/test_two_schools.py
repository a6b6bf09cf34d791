"""Somebody with two schools, kept out of one of them: what they were there is over, whatever they are elsewhere."""

from __future__ import annotations

import pytest

from tests.authority import records
from tests.authority.cells import GONE, STALE, Cell, leaked, press_all, said_to
from tests.authority.conftest import SHARED
from tests.authority.rules import VERBS, Rule
from tests.authority.school import Place

pytestmark = SHARED
# Ivy becomes a coordinator at Riverside too, is the author of Lakeside's letters, and is suspended there.
COORDINATOR = (
    "INSERT INTO coordinators (person_id, school_id) VALUES (:ivy, :river)",
    "UPDATE announcements SET author_id = :ivy WHERE school_id = :lake",
    "UPDATE coordinators SET suspended_at = :now WHERE person_id = :ivy AND school_id = :lake",
)
# Ivy becomes a mentor at Lakeside's enterprise, and is suspended at Riverside's.
MENTOR = (
    "INSERT INTO mentors (person_id, enterprise_id, school_id) VALUES (:ivy, :clinic, :lake)",
    "UPDATE mentors SET suspended_at = :now WHERE person_id = :ivy AND school_id = :river",
)
# What somebody was sent, a form that is about no record yet, and their own hand-over and phrases, which are of no
# school, stay theirs while they are anything anywhere.
STAY = ("announcement.ack", "post_new.", "away.back", "phrases.")
TRIES = [
    *((verb, rule, COORDINATOR, "dan") for verb, rule in VERBS.items() if rule.gate == "coordinator" and rule.may),
    *(
        (verb, rule, MENTOR, "eve")
        for verb, rule in VERBS.items()
        if "mentor" in rule.may and rule.gate != "coordinator" and not verb.startswith(STAY)
    ),
]


@pytest.mark.parametrize(("verb", "rule", "change", "whose"), TRIES, ids=[f"{who[3]}-{who[0]}" for who in TRIES])
async def test_who_is_kept_out_of_one_school_reaches_nothing_there(place: Place, verb, rule: Rule, change, whose):
    """The other school's role opens no door here."""
    things, ivy = place.affairs[whose].things, place.ids["ivy"]
    known = {
        "ivy": ivy,
        "river": place.affairs["ann"].things["school"].id,
        "lake": place.affairs["dan"].things["school"].id,
        "clinic": place.affairs["dan"].things["enterprise"].id,
        "now": place.world.clock(),
    }

    async def work(tx):
        for sql in change:
            await tx.run(sql, **{name: value for name, value in known.items() if f":{name}" in sql})

    await place.world.database.transaction(work)
    before = await records.read_all(place.world.database)
    thing = things[rule.about]
    rest = rule.rest.format(**{word: its.id for word, its in things.items()}) or thing.rest
    cell = Cell("ivy", whose, verb, f"{verb}:{thing.id}:{thing.version}:{rest}", thing.id, GONE)
    await press_all(place, [cell])
    after = await records.read_all(place.world.database)
    is_anothers = rule.kept and whose == "dan"  # Kim's forms, which Ivy has never had
    assert cell.toast == said_to(place, "ivy", STALE if is_anothers else GONE)
    assert [] == leaked([cell])
    assert [] == records.differences(before, after, but=("cards", "acts", *(["drafts"] if rule.kept else [])))
