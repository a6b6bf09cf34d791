"""Erasing: all that hangs on a record goes with it, on either kind of database, and nothing that others still name."""

from __future__ import annotations

import json

import pytest

from domain.logs import Section
from domain.removal import State
from storage import (
    cards,
    drafts,
    erasing,
    files,
    forgetting,
    inbox,
    logs,
    moments,
    outbox,
    placements,
    removals,
    schema,
)
from storage.database import open_database
from storage.invariants import violations
from tests.databases import KINDS
from tests.storage.announcement_people import NOW, WEEK, make_cast
from tests.storage.test_invariants import school_with_a_past
from tests.storage.whole import filled


async def count(database, table: str) -> int:
    return len(await database.read(lambda tx: tx.all(f"SELECT 1 AS found FROM {table}")))


async def add_file(tx, owner: int, sha256: str | None = None) -> int:
    file_id = await files.add(tx, owner_id=owner, kind="photo", telegram_file_id="x", now=NOW)
    if sha256:
        await files.keep(tx, file_id, sha256=sha256, size=1)
    return file_id


async def test_of_every_column_that_names_people_it_is_decided(database):
    """A new table with somebody's rows either goes with the account, or the reason why it stays is written down."""
    found = await database.read(lambda tx: schema.pointers_to(tx, "people"))
    stays = [column for columns in forgetting.STAYS.values() for column in columns]
    decided = [f"{table}.{column}" for table, column in forgetting.GOES] + stays
    assert sorted(f"{table}.{column}" for table, column in found) == sorted(decided)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_student_goes_with_all_that_hangs_on_them(kind, tmp_path):
    """Where every table has rows, no row is left that names one of the student's."""
    database = await open_database(await filled(kind, tmp_path))
    try:
        tables = ("logs", "revisions", "reviews", "remarks", "moments", "pulses", "flags", "sos_calls", "sos_steps")

        async def erase(tx):
            await tx.run("UPDATE students SET person_id = NULL WHERE id = 1")
            await tx.run("UPDATE revisions SET content = '{}'")
            await forgetting.forget_line(tx, 1)

        before = {table: await count(database, table) for table in tables}
        await database.transaction(erase)
        assert {table: n - 1 for table, n in before.items()} == {
            table: await count(database, table) for table in tables
        }
        assert 0 == await count(database, "students WHERE id = 1")
        assert 0 == await count(database, "applications WHERE student_id = 1")
    finally:
        await database.close()


@pytest.fixture
async def cast(database):
    """A school with a student, a1, who is placed."""
    return await database.transaction(make_cast)


async def test_a_file_goes_when_nothing_names_it(database, cast):
    """Not while another log or a submission that stays names it; its copy is noted once the last file of it goes."""
    person, line = cast.who["a1"], cast.lines["a1"]

    async def write(tx):
        placement = await placements.by_id(tx, cast.placed["a1"])
        begun = await logs.begin(tx, placement, WEEK, now=NOW)
        await logs.write(tx, begun, Section.DONE, "Took blood pressure")
        ids = [await add_file(tx, person, f"{number}" * 64) for number in range(4)]
        twin = await add_file(tx, cast.who["a2"], "3" * 64)
        for file_id in ids:
            await tx.run("INSERT INTO log_files (log_id, file_id) VALUES (:log, :file)", log=begun.id, file=file_id)
        moment = await moments.offer(tx, placement_id=placement.id, week=WEEK, text="", now=NOW)
        await moments.attach(tx, moment, ids[1], caption="")
        other = await logs.begin(tx, placement, WEEK.replace(day=23), now=NOW)
        content = json.dumps({"sections": {}, "hours": None, "files": [[ids[2], ""]]})
        await tx.run(
            "INSERT INTO revisions (log_id, number, content, submitted_at) VALUES (:log, 1, :content, :now)",
            log=other.id,
            content=content,
            now=NOW,
        )
        return begun.id, ids, twin

    log_id, ids, twin = await database.transaction(write)
    await database.transaction(lambda tx: erasing.erase(tx, "logs", "id = :root", log_id, student_id=line))
    left = [row["id"] for row in await database.read(lambda tx: tx.all("SELECT id FROM files ORDER BY id"))]
    assert [ids[1], ids[2], twin] == left
    stale = await database.read(lambda tx: files.stale_copies(tx, limit=10))
    assert [("0" * 64, False), ("3" * 64, True)] == stale
    for sha256, _needed in stale:
        await database.transaction(lambda tx, its=sha256: files.done_with_copy(tx, its))
    assert 0 == await count(database, "stale_copies")


async def test_a_copy_that_comes_too_late_is_noted(database, cast):
    """A file that goes while it is being fetched leaves no copy behind."""
    file_id = await database.transaction(lambda tx: add_file(tx, cast.who["a1"]))
    await database.transaction(lambda tx: erasing.drop_files(tx, [file_id]))
    await database.transaction(lambda tx: files.keep(tx, file_id, sha256="a" * 64, size=1))
    assert [("a" * 64, False)] == await database.read(lambda tx: files.stale_copies(tx, limit=10))


async def test_a_person_is_forgotten_and_everything_holds(database):
    """Of a school with a past: forms, cards and letters go, the school's part stays, and no invariant breaks."""
    await database.transaction(school_with_a_past)

    async def forget(tx):
        row = await tx.one("SELECT id, person_id FROM students WHERE name = 'a1'")
        await removals.ask(tx, row["person_id"], due_at=NOW, eve=NOW, now=NOW)
        removal = await removals.asked_by(tx, row["person_id"])
        await outbox.add(tx, row["person_id"], "home", now=NOW, args={"name": "a1"})
        await forgetting.forget_own(tx, removal, name="–", now=NOW)
        await removals.move(tx, removal, State.KEPT, now=NOW)
        return row["person_id"]

    person = await database.transaction(forget)
    assert [] == await database.read(lambda tx: violations(tx, now=NOW))
    assert 1 == await count(database, "logs")
    for table in ("drafts", "cards", "log_openings", "mentors", "coordinators"):
        assert 0 == await count(database, f"{table} WHERE person_id = {person}")
    assert 0 == await count(database, f"outbox WHERE person_id = {person} AND (state = 'waiting' OR args <> '{{}}')")
    assert 0 == await count(database, "pulses") + await count(database, "flags") + await count(database, "moments")


async def test_a_name_with_signs_of_a_search_is_found_in_letters(database, meet):
    """And nobody else's letters lose their words."""
    wang = await meet(1, "Wang")
    odd = await meet(2, "100%_!")

    async def work(tx):
        for number, name in enumerate(("100%_!", "100 and more", "Ben")):
            await outbox.add(tx, wang.id, "home", number, now=NOW, args={"name": name})
        await tx.run("UPDATE outbox SET state = 'sent', done_at = :now", now=NOW)
        await removals.ask(tx, odd.id, due_at=NOW, eve=NOW, now=NOW)
        await forgetting.forget_own(tx, await removals.asked_by(tx, odd.id), name="–", now=NOW)
        return [row["args"] for row in await tx.all("SELECT args FROM outbox ORDER BY subject")]

    assert ["{}", '{"name": "100 and more"}', '{"name": "Ben"}'] == await database.transaction(work)


async def test_what_somebody_sent_is_emptied_and_still_known(database):
    """An update that is done with has no words any more; one that is not, and those of others, are as they were."""
    sent = {
        1: {"message": {"from": {"id": 7}, "text": "mine"}},
        2: {"message": {"from": {"id": 8}, "text": "another's"}},
        3: {"callback_query": {"from": {"id": 7}, "data": "x"}},
        4: {"message": {"from": {"id": 7}, "text": "under way"}},
    }

    async def work(tx):
        await inbox.store(tx, [(number, json.dumps(update)) for number, update in sent.items()], now=NOW)
        for number in (1, 2, 3):
            await inbox.finish(tx, number, now=NOW)

    await database.transaction(work)
    await database.transaction(lambda tx: inbox.forget_sender(tx, 7))
    found = await database.read(lambda tx: tx.all("SELECT body FROM inbox ORDER BY update_id"))
    assert [{}, sent[2], {}, sent[4]] == [json.loads(row["body"]) for row in found]


async def test_forms_and_cards_about_what_goes(database, cast):
    """A coordinator who was being asked about the log is asked no more."""
    wang, line = cast.who["Wang"], cast.lines["a1"]

    async def work(tx):
        begun = await logs.begin(tx, await placements.by_id(tx, cast.placed["a1"]), WEEK, now=NOW)
        await drafts.activate(tx, wang, "review", subject=begun.id, step="reason", now=NOW)
        await cards.remember(tx, wang, "review", begun.id, 5)
        await erasing.empty_placement(tx, cast.placed["a1"], line)

    await database.transaction(work)
    assert 0 == await count(database, "drafts")
    assert 1 == await count(database, f"placements WHERE id = {cast.placed['a1']}")
