"""Announcements: whom they reach, that they are sent once, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.announcements import Announcement, Audience, Progress, State, Who
from storage import announcement_progress as progress
from storage import announcements, audiences, files, outbox, schools
from storage.database import open_database
from storage.errors import Conflict, NotFound
from storage.outbox import Outcome
from tests.storage.announcement_people import NOW, TODAY, Cast, add_class, add_student, make_cast, place

EVERYBODY = ["a1", "a2", "b1"]


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'announcements.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database) -> Cast:
    return await database.transaction(make_cast)


async def reached(database, cast: Cast, audience: Audience, author: str = "Wang", *, now=NOW) -> set[str]:
    async def draft_and_list(tx):
        me = cast.who[author]
        school = await tx.one("SELECT school_id FROM coordinators WHERE person_id = :id ORDER BY school_id", id=me)
        begun = await announcements.begin(tx, author_id=me, school_id=school["school_id"], audience=audience, now=NOW)
        its = await announcements.of_author(tx, begun, me)
        return await audiences.people(tx, its, today=TODAY, now=now)

    ids = await database.transaction(draft_and_list)
    assert len(ids) == len(set(ids))
    return cast.names(ids)


async def begin(database, cast: Cast, text: str = "Hello") -> Announcement:
    async def work(tx):
        wang = cast.who["Wang"]
        its = await announcements.begin(tx, author_id=wang, school_id=cast.school, audience=Audience(), now=NOW)
        await announcements.write(tx, await announcements.of_author(tx, its, wang), text)
        return await announcements.of_author(tx, its, wang)

    return await database.transaction(work)


async def send(database, cast: Cast, names=EVERYBODY) -> Announcement:
    its = await begin(database, cast)
    ids = [cast.who[name] for name in names]
    await database.transaction(lambda tx: announcements.send(tx, its, ids, now=NOW))
    return await database.read(lambda tx: announcements.of_author(tx, its.id, cast.who["Wang"]))


async def close(database, cast: Cast, name: str, outcome: Outcome, card: str = "announcement") -> None:
    letters = await database.read(lambda tx: outbox.due(tx, now=NOW + timedelta(days=9), limit=99))
    mine = next(one for one in letters if one.person_id == cast.who[name] and one.card == card)
    await database.transaction(lambda tx: outbox.close(tx, mine.id, outcome, now=NOW))


# --- whom it reaches --------------------------------------------------------------------------------------------


async def test_students_are_those_who_have_joined_the_covered_classes(database, cast):
    """Nobody of a colleague's class, of another school, or without an account is reached."""
    assert {"a1", "a2", "b1"} == await reached(database, cast, Audience())
    assert {"c1"} == await reached(database, cast, Audience(), "colleague")
    assert {"x1"} == await reached(database, cast, Audience(), "foreigner")


async def test_classes_narrow_every_kind_of_people(database, cast):
    """Ticked classes narrow students, mentors and both; a class that is not covered adds nobody."""
    b = (cast.classes["B"],)
    assert {"b1"} == await reached(database, cast, Audience(Who.STUDENTS, b))
    assert {"Zhao"} == await reached(database, cast, Audience(Who.MENTORS, b))
    assert {"b1", "Zhao"} == await reached(database, cast, Audience(Who.EVERYONE, b))
    assert {"b1"} == await reached(database, cast, Audience(Who.STUDENTS, (*b, cast.classes["C"], cast.classes["X"])))
    assert set() == await reached(database, cast, Audience(Who.STUDENTS, (cast.classes["X"],)))


async def test_everyone_and_mentors_are_those_of_placements_in_the_classes(database, cast):
    """A mentor without a student of the coordinator's is not written to with the classes."""
    assert {"Li", "Zhao"} == await reached(database, cast, Audience(Who.MENTORS))
    assert {"a1", "a2", "b1", "Li", "Zhao"} == await reached(database, cast, Audience(Who.EVERYONE))


async def test_an_enterprise_is_its_mentors_and_the_students_placed_there(database, cast):
    """Mentors that the own school vouched for are reached without a student; those of another school are not."""
    hospital = Audience().at(cast.enterprises["Hospital"])
    assert {"a1", "Li", "idle"} == await reached(database, cast, hospital)
    assert {"x1", "of X"} == await reached(database, cast, hospital, "foreigner")
    assert set() == await reached(database, cast, Audience(Who.ENTERPRISE))


async def test_colleagues_are_the_other_coordinators_of_the_school(database, cast):
    """Whoever coordinates the school is reached, whatever classes they cover; another school's coordinators are not."""
    assert {"colleague"} == await reached(database, cast, Audience(Who.COLLEAGUES))
    assert {"Wang"} == await reached(database, cast, Audience(Who.COLLEAGUES), "colleague")
    await database.transaction(
        lambda tx: tx.run(
            "UPDATE coordinators SET suspended_at = :now WHERE person_id = :id", now=NOW, id=cast.who["colleague"]
        )
    )
    assert set() == await reached(database, cast, Audience(Who.COLLEAGUES))


async def test_of_two_schools_only_the_one_that_signs_is_reached(database, cast):
    """An author who covers classes of two schools reaches, of every kind, the people of the school that signs."""
    wang, x = cast.who["Wang"], cast.classes["X"]
    hospital = Audience().at(cast.enterprises["Hospital"])

    async def work(tx):
        other = await tx.one("SELECT school_id FROM classes WHERE id = :id", id=x)
        await schools.add_coordinator(tx, other["school_id"], wang)
        await schools.cover_class(tx, x, wang)
        begun = await announcements.begin(tx, author_id=wang, school_id=cast.school, audience=Audience(), now=NOW)
        for school_id in (cast.school, other["school_id"]):
            its = await announcements.of_author(tx, begun, wang)
            await announcements.sign(tx, its, school_id)
            its = await announcements.of_author(tx, begun, wang)
            for audience in (*(Audience(who) for who in Who if who is not Who.ENTERPRISE), hospital):
                found = await audiences.people(tx, replace(its, audience=audience), today=TODAY, now=NOW)
                names[(its.school, audience.who)] = cast.names(found)

    names: dict[tuple[str, Who], set[str]] = {}
    await database.transaction(work)
    assert {
        ("Riverside", Who.STUDENTS): {"a1", "a2", "b1"},
        ("Riverside", Who.EVERYONE): {"a1", "a2", "b1", "Li", "Zhao"},
        ("Riverside", Who.MENTORS): {"Li", "Zhao"},
        ("Riverside", Who.MISSING): {"a1", "b1"},
        ("Riverside", Who.COLLEAGUES): {"colleague"},
        ("Riverside", Who.ENTERPRISE): {"a1", "Li", "idle"},
        ("Hillside", Who.STUDENTS): {"x1"},
        ("Hillside", Who.EVERYONE): {"x1", "of X"},
        ("Hillside", Who.MENTORS): {"of X"},
        ("Hillside", Who.MISSING): {"x1"},
        ("Hillside", Who.COLLEAGUES): {"foreigner"},
        ("Hillside", Who.ENTERPRISE): {"x1", "of X"},
    } == names


async def test_a_placement_that_is_over_binds_nobody_to_the_enterprise(database, cast):
    """A student whose placement ended yesterday, and its mentor, are no longer reached through it."""
    await database.transaction(
        lambda tx: tx.run(
            "UPDATE placements SET ends_on = :day WHERE id = :id", day=date(2026, 11, 17), id=cast.placed["b1"]
        )
    )
    assert {"Li"} == await reached(database, cast, Audience(Who.MENTORS))
    assert {"Zhao"} == await reached(database, cast, Audience().at(cast.enterprises["Factory"]))


async def test_not_handed_in_are_the_owing_students_of_the_classes(database, cast):
    """Students without a placement owe nothing; a submitted log takes its student out."""
    assert {"a1", "b1"} == await reached(database, cast, Audience(Who.MISSING))
    await database.transaction(
        lambda tx: tx.run(
            """INSERT INTO logs (placement_id, week, state, created_at)
            VALUES (:id, :week, 'submitted', :now)""",
            id=cast.placed["a1"],
            week=date(2026, 11, 16),
            now=NOW,
        )
    )
    assert {"b1"} == await reached(database, cast, Audience(Who.MISSING))
    assert set() == await reached(database, cast, Audience(Who.MISSING, (cast.classes["A"],)))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE students SET suspended_at = :now WHERE name = 'a1'",
        "UPDATE students SET removed_at = :now WHERE name = 'a1'",
    ],
)
async def test_who_was_suspended_or_removed_is_not_reached(database, cast, sql):
    """A suspended or removed student gets nothing, and neither does the mentor for that placement."""
    await database.transaction(lambda tx: tx.run(sql, now=NOW))
    assert {"a2", "b1", "Zhao"} == await reached(database, cast, Audience(Who.EVERYONE))


async def test_a_suspended_mentor_or_coordinator_reaches_nobody_and_is_not_reached(database, cast):
    """A mentor who was suspended is left out; a suspended coordinator covers nothing, and has no announcement."""
    await database.transaction(
        lambda tx: tx.run("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", now=NOW, id=cast.who["Li"])
    )
    assert {"Zhao"} == await reached(database, cast, Audience(Who.MENTORS))
    its = await begin(database, cast)
    await database.transaction(lambda tx: tx.run("UPDATE coordinators SET suspended_at = :now", now=NOW))
    everyone = replace(its, audience=Audience(Who.EVERYONE))
    assert [] == await database.read(lambda tx: audiences.people(tx, everyone, today=TODAY, now=NOW))
    with pytest.raises(NotFound):
        await database.read(lambda tx: announcements.of_author(tx, its.id, its.author_id))
    assert await database.read(lambda tx: announcements.draft_of(tx, its.author_id)) is None


async def test_the_author_is_never_a_reader_and_nobody_gets_it_twice(database, cast):
    """A coordinator who is a mentor of her own students is left out; a mentor of two students counts once."""

    async def work(tx):
        for name in ("d1", "d2"):
            await add_student(tx, cast, cast.school, "A", name)
        wang = cast.who["Wang"]
        await schools.add_mentor(tx, person_id=wang, enterprise_id=cast.enterprises["Hospital"], school_id=cast.school)
        await place(tx, cast, "d1", "Hospital", "Wang", ends_on=date(2027, 1, 1))
        await place(tx, cast, "d2", "Hospital", "Li", ends_on=date(2027, 1, 1))

    await database.transaction(work)
    assert {"Li", "Zhao"} == await reached(database, cast, Audience(Who.MENTORS))


async def test_who_is_missing_is_decided_in_each_classes_own_zone(database, cast):
    """On Sunday evening in Shanghai a class in Auckland is in its next week already."""

    async def work(tx):
        await add_class(tx, cast, cast.school, "Auckland", "Wang", "Pacific/Auckland")
        await add_student(tx, cast, cast.school, "Auckland", "kiwi")
        await place(tx, cast, "kiwi", "Factory", "Zhao", starts_on=date(2026, 11, 23), ends_on=date(2027, 1, 31))

    await database.transaction(work)
    assert {"a1", "b1"} == await reached(database, cast, Audience(Who.MISSING))
    sunday_noon_utc = NOW.replace(day=22, hour=12)
    assert {"a1", "b1", "kiwi"} == await reached(database, cast, Audience(Who.MISSING), now=sunday_noon_utc)


# --- draft, sent ------------------------------------------------------------------------------------------------


async def test_a_draft_keeps_what_its_author_decides(database, cast):
    """Text, file, audience and acknowledgement are kept, each change under the version that was read."""
    its = await begin(database, cast, "One")

    async def work(tx):
        me = cast.who["Wang"]
        file = await files.add(tx, owner_id=me, kind="photo", telegram_file_id="f1", now=NOW)
        await announcements.attach(tx, its, file, text="Two")
        its2 = await announcements.of_author(tx, its.id, me)
        await announcements.address(tx, its2, Audience(Who.MENTORS, (1, 2)))
        its3 = await announcements.of_author(tx, its.id, me)
        await announcements.want_acknowledgement(tx, its3, wanted=False)
        return await announcements.of_author(tx, its.id, me)

    kept = await database.transaction(work)
    assert ("Two", "photo", Audience(Who.MENTORS, (1, 2)), False) == (
        kept.text,
        kept.file.kind,
        kept.audience,
        kept.acknowledge,
    )
    assert its.id == await database.read(lambda tx: announcements.draft_of(tx, cast.who["Wang"]))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: announcements.write(tx, its, "Three"))


async def test_only_its_author_reads_a_draft(database, cast):
    """A colleague finds nothing, and nor does a reader before it was sent."""
    its = await begin(database, cast)
    with pytest.raises(NotFound):
        await database.read(lambda tx: announcements.of_author(tx, its.id, cast.who["colleague"]))
    with pytest.raises(NotFound):
        await database.read(lambda tx: announcements.of_reader(tx, its.id, cast.who["a1"]))


async def test_sending_twice_is_a_conflict_and_writes_once(database, cast):
    """There is one row for each reader, whatever is pressed again."""
    its = await begin(database, cast)
    ids = [cast.who[name] for name in EVERYBODY]
    await database.transaction(lambda tx: announcements.send(tx, its, ids, now=NOW))
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: announcements.send(tx, its, ids, now=NOW))
    assert {Outcome.WAITING: 3} == await database.read(lambda tx: outbox.counts(tx, "announcement", its.id))
    sent = await database.read(lambda tx: announcements.of_author(tx, its.id, cast.who["Wang"]))
    assert (State.SENT, NOW) == (sent.state, sent.sent_at)


@pytest.mark.parametrize("change", ["write", "address", "cancel", "want"])
async def test_what_was_sent_cannot_be_changed(database, cast, change):
    """Every change after sending is a conflict, also with the newest version."""
    its = await send(database, cast)
    changes = {
        "write": lambda tx: announcements.write(tx, its, "Other"),
        "address": lambda tx: announcements.address(tx, its, Audience(Who.MENTORS)),
        "cancel": lambda tx: announcements.cancel(tx, its),
        "want": lambda tx: announcements.want_acknowledgement(tx, its, wanted=False),
    }
    with pytest.raises(Conflict):
        await database.transaction(changes[change])


async def test_thousands_of_readers_are_written_in_one_transaction(database, cast):
    """Three thousand rows are no trouble."""
    its = await begin(database, cast)

    async def work(tx):
        await tx.many(
            """INSERT INTO people (id, telegram_id, name, language, time_zone, created_at)
            VALUES (:id, :id, 'P', 'en', 'UTC', :now)""",
            [{"id": number, "now": NOW} for number in range(10_000, 13_000)],
        )
        await announcements.send(tx, its, list(range(10_000, 13_000)), now=NOW)

    await database.transaction(work)
    counted = await database.read(lambda tx: progress.progress(tx, its.id))
    assert Progress(total=3000, waiting=3000) == counted


# --- after sending ----------------------------------------------------------------------------------------------


async def test_progress_counts_each_reader_by_what_became_of_the_copy(database, cast):
    """Sent, failed, stopped and acknowledged are told apart; replies put off and reminders do not count."""
    its = await send(database, cast, ["a1", "a2", "b1", "Li"])
    for name, outcome in (("a1", Outcome.SENT), ("a2", Outcome.STOPPED), ("b1", Outcome.FAILED)):
        await close(database, cast, name, outcome)

    async def work(tx):
        assert await progress.acknowledge(tx, its, cast.who["a1"], now=NOW)
        await outbox.add(tx, cast.who["a1"], "announcement", its.id, now=NOW, priority=outbox.REPLY)

    await database.transaction(work)
    expected = Progress(total=4, waiting=1, sent=1, acknowledged=1, failed=1, stopped=1)
    assert expected == await database.read(lambda tx: progress.progress(tx, its.id))
    assert (2, 0) == (expected.unreached, expected.open)


async def test_a_reader_acknowledges_once_and_others_not_at_all(database, cast):
    """The second time is known already; somebody to whom it was not sent cannot even read it."""
    its = await send(database, cast, ["a1"])
    a1 = cast.who["a1"]
    assert await database.transaction(lambda tx: progress.acknowledge(tx, its, a1, now=NOW))
    assert not await database.transaction(lambda tx: progress.acknowledge(tx, its, a1, now=NOW + timedelta(hours=1)))
    read = await database.read(lambda tx: announcements.of_reader(tx, its.id, a1))
    assert NOW == read.acknowledged_at
    with pytest.raises(NotFound):
        await database.read(lambda tx: announcements.of_reader(tx, its.id, cast.who["a2"]))


async def test_the_authors_card_is_due_once_in_three_seconds(database, cast):
    """However much happens within one span, one refresh is written, due after its end; the next span has its own."""
    its = await send(database, cast, EVERYBODY)
    for seconds in (0, 1, 2, 3):
        at = NOW + timedelta(seconds=seconds)
        await database.transaction(lambda tx, at=at: progress.announce_progress(tx, its.id, at))
        now_due = await database.read(lambda tx, at=at: outbox.due(tx, now=at, limit=99))
        assert not any(one.card == "announcing" for one in now_due)
    due = await database.read(lambda tx: outbox.due(tx, now=NOW + timedelta(hours=1), limit=99))
    mine = [one for one in due if one.card == "announcing"]
    assert [("refresh", cast.who["Wang"])] * 2 == [(one.manner.value, one.person_id) for one in mine]


async def test_stopping_settles_what_still_waits(database, cast):
    """Who has it keeps it; the others are counted as not sent, and a second stop changes nothing."""
    its = await send(database, cast)
    await close(database, cast, "a1", Outcome.SENT)
    assert 2 == await database.transaction(lambda tx: progress.halt(tx, its, now=NOW))
    assert 0 == await database.transaction(lambda tx: progress.halt(tx, its, now=NOW))
    assert Progress(total=3, sent=1, halted=2) == await database.read(lambda tx: progress.progress(tx, its.id))


async def test_a_reminder_goes_once_a_day_to_those_who_have_it_and_are_silent(database, cast):
    """Who acknowledged, was not reached or still waits is not reminded; the next day brings another one."""
    its = await send(database, cast, ["a1", "a2", "b1", "Li"])
    for name, outcome in (("a1", Outcome.SENT), ("a2", Outcome.SENT), ("b1", Outcome.STOPPED)):
        await close(database, cast, name, outcome)
    await database.transaction(lambda tx: progress.acknowledge(tx, its, cast.who["a2"], now=NOW))

    async def remind(day):
        return await database.transaction(lambda tx: progress.remind(tx, its, day=day, now=NOW))

    assert [1, 0, 1] == [await remind(day) for day in (TODAY, TODAY, TODAY + timedelta(days=1))]
    letters = await database.read(lambda tx: outbox.due(tx, now=NOW, limit=99))
    assert {cast.who["a1"]} == {one.person_id for one in letters if one.card == "announcement_again"}
    assert 4 == (await database.read(lambda tx: progress.progress(tx, its.id))).total


async def test_the_lists_name_who_is_silent_and_who_was_not_reached(database, cast):
    """Names come by class and name, a page at a time, with the number of all."""
    its = await send(database, cast, ["b1", "a2", "a1", "Li"])
    for name, outcome in (
        ("a1", Outcome.SENT),
        ("a2", Outcome.SENT),
        ("b1", Outcome.SENT),
        ("Li", Outcome.FAILED),
    ):
        await close(database, cast, name, outcome)

    async def names(*, unreached, limit=20, offset=0):
        listed, count = await database.read(
            lambda tx: progress.recipients(tx, its.id, unreached=unreached, limit=limit, offset=offset)
        )
        return [(one.name, one.class_name) for one in listed], count

    assert ([("a1", "A"), ("a2", "A"), ("b1", "B")], 3) == await names(unreached=False)
    assert ([("b1", "B")], 3) == await names(unreached=False, limit=2, offset=2)
    assert ([("Li", "")], 1) == await names(unreached=True)


async def test_history_lists_only_what_the_author_has_sent(database, cast):
    """Drafts and what colleagues sent are not in it; the newest comes first."""
    first = await send(database, cast, ["a1"])
    second = await send(database, cast)
    await begin(database, cast, "a draft")
    listed = await database.read(lambda tx: announcements.history(tx, cast.who["Wang"], limit=9, offset=0))
    assert [(second.id, 3), (first.id, 1)] == [(one.id, one.reached) for one in listed]
    assert 2 == await database.read(lambda tx: announcements.count(tx, cast.who["Wang"]))
    assert 0 == await database.read(lambda tx: announcements.count(tx, cast.who["colleague"]))
    assert replace(first, version=0) == replace(
        await database.read(lambda tx: announcements.of_author(tx, first.id, cast.who["Wang"])), version=0
    )
