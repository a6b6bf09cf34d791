"""Moments of a week: kept with their files, found by nobody else, used once, and given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.logs import Section
from domain.moments import Gathered, MomentState, gather
from storage import files, logs, moments, placements
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.announcement_people import NOW, WEEK, make_cast

SAVED = MomentState.SAVED


async def photo(tx, owner: int, name: str = "p") -> int:
    return await files.add(tx, owner_id=owner, kind="photo", telegram_file_id=name, mime_type="image/jpeg", now=NOW)


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def test_an_album_is_one_moment(database, cast):
    """It is found by Telegram's id of the album within the placement, counts its files, and is told by its caption."""
    placed, owner = cast.placed["a1"], cast.who["a1"]

    async def work(tx):
        album = await moments.offer(tx, placement_id=placed, week=WEEK, album="77", now=NOW)
        for number, caption in enumerate(("", "Our ward", "")):
            await moments.attach(tx, album, await photo(tx, owner, f"p{number}"), caption=caption)
        return album, await moments.of_album(tx, placed, "77"), await moments.waiting_in_week(tx, placed, WEEK)

    album, found, waiting = await database.transaction(work)
    assert (album, 3, "photo", "Our ward") == (found.id, found.files, found.kind, found.text)
    assert (1, 3) == waiting
    assert await database.read(lambda tx: moments.of_album(tx, placed, "78")) is None
    with pytest.raises(AlreadyExists):
        await database.transaction(lambda tx: moments.offer(tx, placement_id=placed, week=WEEK, album="77", now=NOW))


async def test_a_moment_is_its_students_alone(database, cast):
    """Nobody else reads, counts or lists it."""
    placed = cast.placed["a1"]
    mine = await database.transaction(
        lambda tx: moments.offer(tx, placement_id=placed, week=WEEK, text="Saw a birth", now=NOW)
    )
    assert "Saw a birth" == (await database.read(lambda tx: moments.for_student(tx, mine, cast.who["a1"]))).text
    for name, somebody in cast.who.items():
        if name == "a1":
            continue
        with pytest.raises(NotFound):
            await database.read(lambda tx, its=somebody: moments.for_student(tx, mine, its))
        assert 0 == await database.read(lambda tx, its=somebody: moments.count_waiting(tx, its))
        assert [] == await database.read(lambda tx, its=somebody: moments.waiting(tx, its, page=0, size=5))


async def test_a_moment_moves_once(database, cast):
    """Whoever comes second is told."""
    mine = await database.transaction(
        lambda tx: moments.offer(tx, placement_id=cast.placed["a1"], week=WEEK, text="x", now=NOW)
    )
    read = await database.read(lambda tx: moments.for_student(tx, mine, cast.who["a1"]))
    await database.transaction(lambda tx: moments.move(tx, read, SAVED))
    for state in (SAVED, MomentState.DROPPED):
        with pytest.raises(Conflict):
            await database.transaction(lambda tx, to=state: moments.move(tx, read, to))


async def test_what_is_put_in_comes_out_again(database, cast):
    """Text, files and moments are in the log after it, and as before after its undoing; the versions are foretold."""
    placed, person = cast.placed["a1"], cast.who["a1"]

    async def put_in(tx):
        log = await logs.begin(tx, await placements.by_id(tx, placed), WEEK, now=NOW)
        log = await logs.write(tx, log, Section.DONE, "There.")
        await moments.offer(tx, placement_id=placed, week=WEEK, text="Took blood", state=SAVED, now=NOW)
        album = await moments.offer(tx, placement_id=placed, week=WEEK, album="7", state=SAVED, now=NOW)
        for number in range(2):
            await moments.attach(tx, album, await photo(tx, person, f"p{number}"), caption=f"c{number}")
        await moments.offer(tx, placement_id=placed, week=WEEK, text="only asked about", now=NOW)
        waiting = await moments.saved(tx, placed, WEEK)
        its = await moments.files_of(tx, [one.id for one in waiting])
        gathered = gather(waiting, its, "There.", room=10, head="{:%A}: ".format)
        return gathered, await moments.put_in(tx, await logs.for_student(tx, log.id, person), gathered)

    gathered, told = await database.transaction(put_in)
    log = await database.read(lambda tx: logs.for_student(tx, told.id, person))
    assert (told.version, "There.\nWednesday: Took blood", 0) == (log.version, log.sections[Section.DONE], log.moments)
    assert ["c0", "c1"] == [entry.caption for entry in log.files]
    with pytest.raises(Conflict):
        await database.transaction(
            lambda tx: moments.put_in(tx, log, Gathered(log.sections[Section.DONE], (), gathered.used))
        )
    back = Gathered("There.", log.files, gathered.used)
    await database.transaction(lambda tx: moments.take_out(tx, log, back))
    after = await database.read(lambda tx: logs.for_student(tx, told.id, person))
    assert ("There.", (), 2) == (after.sections[Section.DONE], after.files, after.moments)


async def test_a_long_internship_is_listed_in_pages(database, cast):
    """The newest first, of every week; what is used or left out is not in it."""
    placed, person = cast.placed["a1"], cast.who["a1"]

    async def fill(tx):
        await tx.many(
            """INSERT INTO moments (placement_id, week, text, state, created_at)
            VALUES (:placement, :week, :text, :state, :now)""",
            [
                {
                    "placement": placed,
                    "week": WEEK + timedelta(days=7 * (number // 50)),
                    "text": f"Moment {number}",
                    "state": "kept" if number % 2 else "saved",
                    "now": NOW,
                }
                for number in range(3000)
            ],
        )

    await database.transaction(fill)
    assert 1500 == await database.read(lambda tx: moments.count_waiting(tx, person))
    page = await database.read(lambda tx: moments.waiting(tx, person, page=299, size=5))
    assert ["Moment 8", "Moment 6", "Moment 4", "Moment 2", "Moment 0"] == [one.text for one in page]
    assert 25 == await database.read(lambda tx: moments.count_saved(tx, placed, WEEK))
