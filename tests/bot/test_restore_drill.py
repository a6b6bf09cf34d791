"""The restore drill: a backup is taken while people write, and the school goes on from it on another machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.archive_reading import Archive, open_archive
from bot.files import path_of
from simulator.server import Simulator
from storage.database import open_database
from storage.invariants import violations
from tests.bot.programs import shixi
from tests.bot.test_backup import files_in
from tests.conftest import GENEROUS, MovedClock, World, settings_for
from tests.databases import KINDS, empty, fresh
from tests.people import make_school
from tests.storage.whole import everything

CLOCK = MovedClock()  # nobody moves it
PAIRS = [(here, there) for here in KINDS for there in KINDS]


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    simulator = Simulator(clock=CLOCK, limits=GENEROUS)
    await simulator.start()
    yield simulator
    await simulator.stop()


@asynccontextmanager
async def bot_on(simulator: Simulator, url: str, folder: Path) -> AsyncIterator[World]:
    """A bot that runs with a database and a folder, on the Telegram that outlives it."""
    settings = settings_for(simulator.url, folder, database_url=url)
    world = World(simulator, settings, CLOCK)
    try:
        await world.start()
        yield world
    finally:
        await world.stop()
        await world._session.close()


async def typed(*arguments: str, url: str, folder: Path) -> str:
    """Run a command with the settings of a machine and return what it said."""
    settings = {"SHIXI_DATABASE_URL": url, "SHIXI_FILES": str(folder / "files"), "SHIXI_TOKEN": None}
    ended = await shixi(*arguments, folder=folder, seconds=120, **settings)
    assert (0, "") == (ended.status, ended.errors), ended.said
    return ended.output


async def keeps_writing(student, written: list[str], third: asyncio.Event) -> None:
    """Write one sentence after the other, with a picture now and then, until cancelled."""
    await student.sends("/log")
    while True:
        text = f"{student.name} wrote sentence {len(written)}."
        await student.sends(text)
        written.append(text)
        if len(written) % 3 == 0:
            await student.acts("photo")
            third.set()


async def rules_broken(url: str) -> list[str]:
    """What in a database is not as it must be."""
    database = await open_database(url)
    found = await database.read(lambda tx: violations(tx, now=CLOCK()))
    await database.close()
    return [str(each) for each in found]


def rows_of(path: Path) -> dict[str, tuple[int, list[bytes]]]:
    """What stands in a backup, table by table."""
    with open_archive(path) as file:
        archive = Archive(file)
        return {each.name: (each.rows, sorted(archive._lines(each.name))) for each in archive.manifest.tables}


def hashes_in(path: Path) -> set[str]:
    with open_archive(path) as file:
        return set(Archive(file).manifest.files)


@pytest.mark.parametrize(("here", "there"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
async def test_the_school_goes_on_elsewhere(simulator, tmp_path, here, there):
    """Every table and every file comes back as it was at one moment, and a student goes on in the middle of a form."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    url, other = fresh(here, old), empty(there, new)
    busy, still = tmp_path / "busy.tar", tmp_path / "still.tar"
    async with bot_on(simulator, url, old) as world:
        school = await make_school(world)
        ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
        await ann.sends("/log")
        await ann.sends("I measured blood pressure.")
        await ann.acts("photo")
        phone, written, third = ann.phone, [], asyncio.Event()
        writing = asyncio.get_running_loop().create_task(keeps_writing(bob, written, third))
        await asyncio.wait_for(third.wait(), 30)
        before, begun = list(written), len(written)
        await typed("backup", str(busy), url=url, folder=old)
        assert len(written) > begun, "nobody wrote while the backup was made"
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await world.settle()
        await copied(world)
    await typed("backup", str(still), url=url, folder=old)

    # What stood still is equal to what was backed up, row by row and file by file.
    await typed("restore", str(still), url=other, folder=new)
    assert await everything(url) == await everything(other)
    assert files_in(old / "files") == files_in(new / "files")

    # What was moving is whole: what had been confirmed is in it, and each file that a row names.
    await typed("restore", str(busy), "--replace", url=other, folder=new)
    again = tmp_path / "again.tar"
    await typed("backup", str(again), url=other, folder=new)
    assert rows_of(busy) == rows_of(again)
    assert hashes_in(busy) == hashes_in(again)
    assert [] == await rules_broken(other)
    rows = await everything(other)
    kept = "\n".join(row["text"] for row in (*rows["log_sections"], *rows["moments"]))
    assert [] == [text for text in before if text not in kept]
    for row in rows["files"]:
        assert row["sha256"] is None or path_of(new / "files", row["sha256"]).exists()

    async with bot_on(simulator, other, new) as world:
        phone.telegram, phone.settle = world.telegram, world.settle
        await phone.sends("The cuff's place matters.")
        text = await phone.reads()
        assert "1. What I did ✓ 26 characters\n2. What I learned ✓ 25 characters\n" in text
        assert "📷 1 photo or file" in text
        await phone.sends("Why is my reading low?")
        assert "3. Problems and questions ✓" in await phone.reads()


async def copied(world: World) -> None:
    """Wait until every file is in the folder."""
    while await world.program.files.look():
        pass
