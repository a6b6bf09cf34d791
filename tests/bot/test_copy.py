"""`shixi copy-database` as it is typed, and backups that come from another version."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing

import pytest

from bot import backup_command
from storage import migrate
from storage.database import open_database
from tests.bot.programs import shixi as run_shixi
from tests.bot.test_backup import Commands, a_school, change, elsewhere, held
from tests.databases import KINDS, fresh
from tests.storage.test_earlier import FIXTURES, load
from tests.storage.whole import everything


@pytest.fixture
def shixi(capsys, monkeypatch):
    return Commands(capsys, monkeypatch)


def rows(url: str):
    return asyncio.run(everything(url))


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("here", KINDS)
def test_a_school_moves(shixi, tmp_path, here, there):
    """Into a database that is not there yet; every table is told with its rows on both sides."""
    settings, other = a_school(here, tmp_path / "here"), elsewhere(there, tmp_path / "there")
    status, said, errors = shixi.copy(settings.database_url, other.database_url)
    assert (0, "") == (status, errors)
    whole = rows(settings.database_url)
    assert whole == rows(other.database_url)
    told = dict(re.findall(r"^(\w+) +([\d,]+ +[\d,]+)$", said, re.MULTILINE))
    del whole["last"]
    assert {name: [f"{len(each)}"] * 2 for name, each in whole.items()} == {name: n.split() for name, n in told.items()}
    assert said.startswith("table                           from          to\n")
    assert said.endswith(f"All {len(whole)} tables are complete. What the bot writes from now on is not copied.\n")


@pytest.mark.parametrize("there", KINDS)
def test_only_an_empty_database_is_copied_into(shixi, tmp_path, there):
    """A second time, or onto itself, is refused."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere(there, tmp_path / "there")
    assert 0 == shixi.copy(settings.database_url, other.database_url)[0]
    for target in (other.database_url, settings.database_url):
        status, said, errors = shixi.copy(settings.database_url, target)
        assert (1, "") == (status, said)
        assert re.fullmatch(
            r"Nothing was copied: the database is not empty: it holds \d+ rows, 3 of .*; .* a new one\n",
            errors,
        )
    assert rows(settings.database_url) == rows(other.database_url)


SECRET = "hunter2"
WRITTEN = "they are written sqlite:////absolute/path.db or postgresql://user:password@host/name"


@pytest.mark.parametrize(
    ("origin", "target", "reason"),
    [
        ("here.db", None, f"the database to copy from is not given by a URL; {WRITTEN}"),
        (None, f"mysql://root:{SECRET}@localhost/a", f"the database to copy to is not given by a URL; {WRITTEN}"),
        ("sqlite:////nowhere/shixi.db", None, "the database to copy from is not there"),
        (f"postgresql://root:{SECRET}@127.0.0.1:1/a", None, "the database to copy from cannot be opened: "),
        (None, f"postgresql://root:{SECRET}@127.0.0.1:1/a", "the database to copy to cannot be opened: "),
    ],
)
def test_a_url_that_is_wrong(shixi, tmp_path, origin, target, reason):
    """It is said which of the two, and no password is printed."""
    settings = a_school("sqlite", tmp_path / "here")
    status, said, errors = shixi.copy(origin or settings.database_url, target or settings.database_url)
    assert (1, "") == (status, said)
    assert errors.startswith(f"Nothing was copied: {reason}")
    assert SECRET not in errors


def test_what_is_copied_from_stays_as_it_is(shixi, tmp_path):
    """A file that is no school, or one of an earlier time, is not made into another by being looked at."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("CREATE TABLE notes (text)")
    status, _, errors = shixi.copy(f"sqlite:///{tmp_path / 'other.db'}", fresh("sqlite", tmp_path))
    assert (1, True) == (status, "the database holds no school yet" in errors)
    url = load(FIXTURES[0], tmp_path / "early.db")
    asyncio.run(change_untouched(url, "DELETE FROM migrations WHERE number = 2"))
    status, _, errors = shixi.copy(url, fresh("sqlite", tmp_path))
    assert (1, True) == (status, "it is of another version; run `shixi migrate` on it first" in errors)
    with closing(sqlite3.connect(tmp_path / "early.db")) as database:
        assert [(1,)] == database.execute("SELECT number FROM migrations").fetchall()


async def change_untouched(url: str, sql: str) -> None:
    database = await open_database(url, up_to=0)
    await database.transaction(lambda tx: tx.run(sql))
    await database.close()


def test_tables_of_before_the_first_release(shixi, tmp_path):
    """They are brought up to date before they are backed up, since nothing could restore them as they are."""
    settings = elsewhere("sqlite", tmp_path / "here")
    load(FIXTURES[0], tmp_path / "here" / "empty.db")
    status, _, errors = shixi.backup(settings, tmp_path / "school.tar")
    assert (1, True) == (status, "run `shixi migrate` first" in errors)
    asyncio.run(change(settings.database_url, "UPDATE people SET name = 'x'"))
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """A version of Shixi with one migration more; returns how to go there."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    number = migrate.migrations("sqlite")[-1].number + 1
    (folder / f"{number:04}_colours.sql").write_text(
        "CREATE TABLE colours (id {id}, name TEXT NOT NULL);\n"
        "INSERT INTO colours (name) SELECT name FROM schools;\n"
        "ALTER TABLE schools ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';\n",
        encoding="utf-8",
    )
    return lambda: monkeypatch.setattr(migrate, "FOLDER", folder)


@pytest.mark.parametrize("there", KINDS)
def test_a_backup_of_an_earlier_version(shixi, tmp_path, there, next_version):
    """Its rows go through the migrations that came since, whatever the database to fill has been through."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere(there, tmp_path / "there")
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
    before, files = held(settings)
    next_version()
    assert 0 == shixi.restore(other, tmp_path / "school.tar")[0]
    after, there_now = held(other)
    assert files == there_now
    assert [{**row, "colour": "red"} for row in before.pop("schools")] == after["schools"]
    assert {row["name"] for row in after["schools"]} == {row["name"] for row in after.pop("colours")}
    assert 3 == after["last"].pop("colours")
    del after["schools"]
    assert before == after


def test_a_backup_of_a_later_version(shixi, tmp_path, next_version, monkeypatch):
    """Is refused: rows would be lost."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere("sqlite", tmp_path / "there")
    present = migrate.FOLDER
    next_version()
    asyncio.run(change(settings.database_url, "UPDATE people SET name = 'x'"))
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
    monkeypatch.setattr(migrate, "FOLDER", present)
    newer = "The backup was written by a newer version of Shixi; use that one to restore it.\n"
    assert (1, "", f"Nothing was changed: {newer}") == shixi.restore(other, tmp_path / "school.tar")
    status, _, errors = shixi.backup(settings, tmp_path / "again.tar")
    assert (1, "No backup was made: the database is of a newer version of Shixi; use that one\n") == (status, errors)


def test_what_takes_long_says_how_far_it_is(shixi, tmp_path, monkeypatch):
    """A line after two seconds, and another after two more; nothing where it was quick."""
    settings, now = a_school("sqlite", tmp_path / "here"), iter(range(10_000))
    monkeypatch.setattr(backup_command, "monotonic", lambda: next(now) * 0.5)
    monkeypatch.setattr(backup_command, "QUIET", 2.0)
    status, _, errors = shixi.backup(settings, tmp_path / "school.tar")
    total = sum(len(each) for name, each in held(settings)[0].items() if name != "last")
    lines = errors.splitlines()
    assert 0 == status
    assert all(re.fullmatch(rf"rows: \d+ of {total}|files: \d of 3", line) for line in lines)
    assert 5 <= len(lines) <= 12


async def test_as_it_is_typed(tmp_path):
    """The three commands, each a process of its own."""
    ended = await run_shixi("migrate", folder=tmp_path)
    assert 0 == ended.status, ended.said
    ended = await run_shixi("backup", "school.tar", folder=tmp_path)
    assert (0, True) == (ended.status, ended.output.startswith("school.tar: 0 rows in ")), ended.said
    ended = await run_shixi("restore", "school.tar", folder=tmp_path, SHIXI_TOKEN=None)
    assert (0, True) == (ended.status, ended.output.startswith("Restored as of ")), ended.said
    url = f"sqlite:///{tmp_path / 'shixi.db'}"
    ended = await run_shixi("copy-database", url, f"sqlite:///{tmp_path / 'new.db'}", folder=tmp_path)
    assert (0, True) == (ended.status, "tables are complete" in ended.output), ended.said
