"""Who has not handed in: counted class by class, in the class's own week, by the rule of what is owed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage import missing, placements
from storage.database import open_database
from tests.storage.announcement_people import NOW, WEEK, Cast, add_student, make_cast, place

LATER = date(2027, 1, 31)


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'missing.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database) -> Cast:
    return await database.transaction(make_cast)


async def listed(database, cast: Cast, name: str = "Wang", **more) -> dict[str, tuple[int, list[str]]]:
    found = await database.read(lambda tx: missing.of_coordinator(tx, cast.who[name], **{"now": NOW, **more}))
    return {its.rules.name: (its.owing, [entry.name for entry in its.missing]) for its in found}


async def write_log(database, cast: Cast, name: str, state: str, week: date = WEEK) -> None:
    await database.transaction(
        lambda tx: tx.run(
            "INSERT INTO logs (placement_id, week, state, created_at) VALUES (:id, :week, :state, :now)",
            id=cast.placed[name],
            week=week,
            state=state,
            now=NOW,
        )
    )


async def test_only_the_classes_that_a_coordinator_covers_are_listed(database, cast):
    """A colleague and another school see their own students and nobody else's."""
    assert {"A": (1, ["a1"]), "B": (1, ["b1"])} == await listed(database, cast)
    assert {"C": (1, ["c1"])} == await listed(database, cast, "colleague")
    assert {"X": (1, ["x1"])} == await listed(database, cast, "foreigner")
    assert {} == await listed(database, cast, "Li")


@pytest.mark.parametrize(
    ("state", "missing_ones"),
    [
        ("draft", ["a1"]),
        ("submitted", []),
        ("approved", []),
        ("returned", []),
        ("needs_info", []),
    ],
)
async def test_a_draft_is_not_handed_in_and_everything_later_is(database, cast, state, missing_ones):
    """A returned log was handed in once; what is still being written was not."""
    await write_log(database, cast, "a1", state)
    assert (1, missing_ones) == (await listed(database, cast))["A"]


async def test_the_log_of_another_week_does_not_count(database, cast):
    """Last week's log leaves this week open."""
    await write_log(database, cast, "a1", "approved", WEEK - timedelta(days=7))
    assert (1, ["a1"]) == (await listed(database, cast))["A"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "owes"),
    [
        (date(2026, 11, 20), LATER, True),  # Friday to Sunday are three days
        (date(2026, 11, 21), LATER, False),
        (date(2026, 10, 1), date(2026, 11, 18), True),
        (date(2026, 10, 1), date(2026, 11, 17), False),
        (date(2026, 11, 17), date(2026, 11, 18), False),
        (date(2026, 11, 17), date(2026, 11, 19), True),
        (date(2026, 11, 23), LATER, False),
    ],
)
async def test_a_week_of_under_three_days_is_not_owed(database, cast, starts_on, ends_on, owes):
    """Three days of the placement in the week are needed (design, section 5)."""
    await database.transaction(lambda tx: place(tx, cast, "a2", "Hospital", "Li", starts_on=starts_on, ends_on=ends_on))
    assert (2 if owes else 1) == (await listed(database, cast))["A"][0]


async def test_an_excused_week_is_not_owed(database, cast):
    """Holiday and illness take a student off the list."""
    await database.transaction(
        lambda tx: placements.excuse(tx, cast.placed["a1"], WEEK, reason="ill", created_by=cast.who["Wang"], now=NOW)
    )
    assert {"B": (1, ["b1"])} == await listed(database, cast)


async def test_who_has_not_joined_is_named_and_who_is_suspended_is_not(database, cast):
    """A placed student without an account owes the log all the same; a suspended one does not."""

    async def work(tx):
        await add_student(tx, cast, cast.school, "A", "paper", joined=False)
        await place(tx, cast, "paper", "Hospital", "Li", ends_on=LATER)
        await tx.run("UPDATE students SET suspended_at = :now WHERE name = 'b1'", now=NOW)

    await database.transaction(work)
    assert {"A": (2, ["a1", "paper"])} == await listed(database, cast)
    entries = (await database.read(lambda tx: missing.of_coordinator(tx, cast.who["Wang"], now=NOW)))[0].missing
    assert [cast.who["a1"], None] == [entry.person_id for entry in entries]


async def test_a_student_with_two_placements_in_the_week_counts_once(database, cast):
    """Somebody who changes the enterprise in the middle of the week owes two logs and is named once."""

    async def work(tx):
        await tx.run(
            "UPDATE placements SET ends_on = :day WHERE id = :id", day=date(2026, 11, 18), id=cast.placed["a1"]
        )
        await place(tx, cast, "a1", "Factory", "Zhao", starts_on=date(2026, 11, 19), ends_on=LATER)

    await database.transaction(work)
    assert (1, ["a1"]) == (await listed(database, cast))["A"]
    await write_log(database, cast, "a1", "submitted")  # of the second one
    assert (1, ["a1"]) == (await listed(database, cast))["A"]


async def test_an_earlier_week_and_some_classes_can_be_asked_for(database, cast):
    """Two weeks ago nobody was placed; `only` leaves the other classes out."""
    assert {} == await listed(database, cast, weeks_ago=2)
    assert {"B": (1, ["b1"])} == await listed(database, cast, only=(cast.classes["B"], cast.classes["C"]))
    next_week = NOW + timedelta(days=7)
    await write_log(database, cast, "a1", "submitted")
    assert {"A": (1, []), "B": (1, ["b1"])} == await listed(database, cast, now=next_week, weeks_ago=1)
