"""`shixi backup` and `shixi restore` as they are typed: everything comes back, or one sentence says why not."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import random
import re
import signal
import stat
import subprocess
import sys
import tarfile
import tracemalloc
from pathlib import Path

import orjson
import pytest

from bot import backup_command
from bot.archive import new_file
from bot.config import Basics
from bot.files import path_of
from storage import migrate
from storage.database import open_database
from tests.databases import KINDS, empty
from tests.storage.whole import everything, filled

PICTURES = [random.Random(5).randbytes(5_000), b"", b"a picture of a drip"]
HASHES = [hashlib.sha256(picture).hexdigest() for picture in PICTURES]


def a_school(kind: str, folder: Path) -> Basics:
    """A full database of a kind whose three files are in their folder."""
    folder.mkdir(exist_ok=True)
    return asyncio.run(_a_school(kind, folder))


async def _a_school(kind: str, folder: Path) -> Basics:
    url = await filled(kind, folder)
    database = await open_database(url)
    for number, (content, sha256) in enumerate(zip(PICTURES, HASHES, strict=True), 1):
        path = path_of(folder / "files", sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
        values = {"id": number, "sha256": sha256}
        await database.transaction(
            lambda tx, values=values: tx.run("UPDATE files SET sha256 = :sha256 WHERE id = :id", **values)
        )
    await database.close()
    return Basics(database_url=url, files=folder / "files")


def elsewhere(kind: str, folder: Path) -> Basics:
    """Settings of a machine on which nothing has been done yet."""
    folder.mkdir(exist_ok=True)
    return Basics(database_url=empty(kind, folder), files=folder / "files")


def files_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and its mode."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows_in(settings: Basics) -> str:
    """How many rows there are in how many tables."""
    tables = {name: rows for name, rows in held(settings)[0].items() if name != "last"}
    return f"{sum(map(len, tables.values()))} rows in {len(tables)} tables"


class Commands:
    """Types the commands, each in an event loop of its own as on a command line."""

    def __init__(self, capsys, monkeypatch) -> None:
        self._capsys = capsys
        monkeypatch.setattr(backup_command, "QUIET", 3600.0)  # a slow machine shall not be told how far it is

    def backup(self, settings: Basics, path: Path) -> tuple[int, str, str]:
        return self._told(backup_command.run_backup(settings, path))

    def restore(self, settings: Basics, path: Path, *, replace: bool = False) -> tuple[int, str, str]:
        return self._told(backup_command.run_restore(settings, path, replace=replace))

    def copy(self, origin: str, target: str) -> tuple[int, str, str]:
        return self._told(backup_command.run_copy(origin, target))

    def _told(self, status: int) -> tuple[int, str, str]:
        said = self._capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def shixi(capsys, monkeypatch):
    return Commands(capsys, monkeypatch)


def held(settings: Basics) -> tuple:
    """Everything that a database and its folder hold."""
    return asyncio.run(everything(settings.database_url)), files_in(settings.files)


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("here", KINDS)
def test_everything_comes_back(shixi, tmp_path, here, there):
    """Every row of every table and every file, on another machine, in either kind of database."""
    settings, other = a_school(here, tmp_path / "here"), elsewhere(there, tmp_path / "there")
    status, said, errors = shixi.backup(settings, tmp_path / "school.tar")
    assert (0, "") == (status, errors)
    assert f"{tmp_path / 'school.tar'}: {rows_in(settings)} and 3 files, 0.1 MB\n" == said
    status, said, errors = shixi.restore(other, tmp_path / "school.tar")
    assert (0, "") == (status, errors)
    assert said.startswith("Restored as of 20")
    assert said.endswith(f" UTC: {rows_in(settings)} and 3 files\n")
    assert held(settings) == held(other)
    assert {0o600} == {mode for _, mode in files_in(other.files).values()}


def test_a_backup_is_a_tar_that_only_its_owner_can_read(shixi, tmp_path):
    """From its first byte on, whatever the umask says; it can be looked into with everyday tools."""
    path, modes = tmp_path / "school.tar", set()
    settings = a_school("sqlite", tmp_path / "here")
    before = os.umask(0)
    try:
        with new_file(path) as file:
            modes.add(stat.S_IMODE((tmp_path / "school.tar.part").stat().st_mode))
            assert not path.exists()
            file.write(b"x")
        modes.add(stat.S_IMODE(path.stat().st_mode))
        path.unlink()
        assert 0 == shixi.backup(settings, path)[0]
        modes.add(stat.S_IMODE(path.stat().st_mode))
    finally:
        os.umask(before)
    assert {0o600} == modes
    with tarfile.open(path) as archive:
        assert {0o600} == {member.mode for member in archive}
        names = archive.getnames()
        manifest = orjson.loads(archive.extractfile("manifest.json").read())
        schools = archive.extractfile("tables/schools.000001.jsonl").read().splitlines()
    assert ["manifest.json", "manifest.sha256"] == names[-2:]
    assert {f"files/{sha256}" for sha256 in HASHES} == {name for name in names if name.startswith("files/")}
    assert (1, migrate.migrations("sqlite")[-1].number) == (manifest["shixi_backup"], manifest["schema_version"])
    first = [1, "name 一年级", "Asia/Shanghai", "2026-11-16T01:00:00.001000+00:00", "emergency_number 一年级"]
    assert first == orjson.loads(schools[0])


def test_nothing_is_overwritten(shixi, tmp_path):
    """Neither a backup, nor one that is being made."""
    settings, path = a_school("sqlite", tmp_path / "here"), tmp_path / "school.tar"
    path.write_bytes(b"precious")
    again = (1, "", f"No backup was made: {path} is there already; a backup never overwrites another.\n")
    assert again == shixi.backup(settings, path)
    assert b"precious" == path.read_bytes()
    path.unlink()
    (tmp_path / "school.tar.part").write_bytes(b"half")
    status, _, errors = shixi.backup(settings, path)
    assert (1, True) == (status, "another backup is being made, or one was cut off; remove it." in errors)
    assert b"half" == (tmp_path / "school.tar.part").read_bytes()


def test_a_backup_that_breaks_off_leaves_nothing(shixi, tmp_path, monkeypatch):
    """A full disk is one sentence, and no half a file stays."""
    settings, path = a_school("sqlite", tmp_path / "here"), tmp_path / "school.tar"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.archive.ArchiveWriter.add_file", full)
    status, said, errors = shixi.backup(settings, path)
    assert (1, "", "No backup was made: [Errno 28] No space left on device\n") == (status, said, errors)
    assert [] == list(tmp_path.glob("school*"))
    status, _, errors = shixi.backup(settings, tmp_path / "nowhere" / "school.tar")
    assert (1, True) == (status, "No such file or directory" in errors)


def test_a_running_bot_is_not_restored_under(shixi, tmp_path):
    """While another process works with the folder nothing is restored, and it is said why."""
    settings = a_school("sqlite", tmp_path)
    assert 0 == shixi.backup(settings, tmp_path / "b.shixi")[0]
    before = held(settings)
    handle = os.open(settings.files, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        status, _, errors = shixi.restore(settings, tmp_path / "b.shixi", replace=True)
    finally:
        os.close(handle)
    assert (1, True, before) == (status, "stop it first" in errors, held(settings))
    assert 0 == shixi.restore(settings, tmp_path / "b.shixi", replace=True)[0]


def test_a_file_that_is_lost_is_told(shixi, tmp_path):
    """What the folder has lost, or damaged, is named, and the rest is backed up: Telegram may still have it."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere("sqlite", tmp_path / "there")
    path_of(settings.files, HASHES[0]).unlink()
    path_of(settings.files, HASHES[2]).write_bytes(b"rotten")
    status, said, errors = shixi.backup(settings, tmp_path / "school.tar")
    assert 0 == status
    assert f"{rows_in(settings)} and 1 file," in said
    named = ", ".join(sorted((HASHES[0], HASHES[2])))
    without = f"Without 2 files that the folder had lost or damaged: {named}\n"
    assert without == errors
    status, _, errors = shixi.restore(other, tmp_path / "school.tar")
    assert (0, without) == (status, errors)
    assert held(settings)[0] == held(other)[0]
    assert [HASHES[1]] == [Path(name).name for name in files_in(other.files)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_in_use_is_not_replaced_by_accident(shixi, tmp_path, kind):
    """It says what is there and how to replace it, which then leaves nothing of it."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere(kind, tmp_path / "there")
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
    assert 0 == shixi.restore(other, tmp_path / "school.tar")[0]
    database_now = "UPDATE people SET name = 'Somebody else'"
    asyncio.run(change(other.database_url, database_now))
    path_of(other.files, HASHES[2]).write_bytes(b"rotten")
    before = held(other)
    status, said, errors = shixi.restore(other, tmp_path / "school.tar")
    assert (1, "") == (status, said)
    assert re.fullmatch(
        r"Nothing was changed: the database is not empty: it holds \d+ rows, 3 of them people; --replace .*\n", errors
    )
    assert before == held(other)
    assert 0 == shixi.restore(other, tmp_path / "school.tar", replace=True)[0]
    assert held(settings) == held(other)


async def change(url: str, sql: str) -> None:
    database = await open_database(url)
    await database.transaction(lambda tx: tx.run(sql))
    await database.close()


def test_a_restore_that_breaks_off_changes_nothing(shixi, tmp_path, monkeypatch):
    """Files that were put before the rows failed are taken out again; those that were there stay."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere("sqlite", tmp_path / "there")
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
    kept = path_of(other.files, HASHES[0])
    kept.parent.mkdir(parents=True)
    kept.write_bytes(PICTURES[0])
    before = files_in(other.files)

    async def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.posts.make_search_anew", broken)
    status, said, errors = shixi.restore(other, tmp_path / "school.tar")
    assert (1, "", "Nothing was changed: [Errno 28] No space left on device\n") == (status, said, errors)
    rows, files = held(other)
    assert before == files
    assert not any(rows[name] for name in rows if name != "last")


def test_a_large_file_takes_little_memory(shixi, tmp_path):
    """What is written and read is never held whole."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere("sqlite", tmp_path / "there")
    size = 64 * 2**20
    content = hashlib.sha256(bytes(size)).hexdigest()
    path = path_of(settings.files, content)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    asyncio.run(change(settings.database_url, f"UPDATE files SET sha256 = '{content}' WHERE id = 1"))
    tracemalloc.start()
    try:
        assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
        assert 0 == shixi.restore(other, tmp_path / "school.tar")[0]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == path_of(other.files, content).stat().st_size
    assert most < size / 4


KILLED = """
import os, signal, sys
from pathlib import Path
from bot import backup_command
from bot.backup_command import run_restore
from bot.config import Basics
from storage import posts

backup_command.QUIET = 3600.0

async def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

posts.make_search_anew = killed
run_restore(Basics(database_url=sys.argv[1], files=Path(sys.argv[2])), Path(sys.argv[3]), replace=False)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_power_cut_in_the_middle(shixi, tmp_path, kind):
    """All the rows are in but nothing is committed: the database is empty, and the same command does it."""
    settings, other = a_school("sqlite", tmp_path / "here"), elsewhere(kind, tmp_path / "there")
    assert 0 == shixi.backup(settings, tmp_path / "school.tar")[0]
    command = [sys.executable, "-c", KILLED, other.database_url, str(other.files), str(tmp_path / "school.tar")]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=False)
    assert (-signal.SIGKILL, b"") == (ended.returncode, ended.stderr)
    assert not any(rows for name, rows in held(other)[0].items() if name != "last")
    assert 0 == shixi.restore(other, tmp_path / "school.tar")[0]
    assert held(settings) == held(other)
