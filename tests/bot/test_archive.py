"""A backup that was cut off, has rotted, or was made to do harm: one sentence, and nothing is changed."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from bot.archive import ArchiveError, sealed
from bot.archive_reading import Archive, open_archive
from bot.config import Basics
from tests.bot.test_backup import HASHES, Commands, a_school, elsewhere, files_in
from tests.storage.whole import everything, nothing_said

Member = tuple[tarfile.TarInfo, bytes]
NO_BACKUP = "This is not a backup of Shixi"
CUT = "The backup is cut off or damaged"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """A backup with rows in every table and three files."""
    from bot.backup_command import run_backup  # noqa: PLC0415 - beside the fixture that captures what it says

    folder = tmp_path_factory.mktemp("whole")
    settings = a_school("sqlite", folder)
    assert 0 == run_backup(settings, folder / "school.tar")
    return (folder / "school.tar").read_bytes()


@pytest.fixture
def refused(tmp_path, capsys, monkeypatch):
    """Restore bytes that are no good, see that nothing has changed, and return the sentence."""

    def restore(content: bytes) -> str:
        path, there = tmp_path / "bad.tar", tmp_path / "there"
        path.write_bytes(content)
        other = elsewhere("sqlite", there)
        status, said, errors = Commands(capsys, monkeypatch).restore(other, path)
        assert (1, "") == (status, said)
        assert errors.startswith("Nothing was changed: ")
        assert 1 == errors.count("\n")
        assert {} == files_in(there / "files")
        assert {"bad.tar", "there"} == {each.name for each in tmp_path.iterdir()}
        if any(there.iterdir()):  # the refusal came from the database, which was made for it
            rows = asyncio.run(everything(other.database_url))
            assert not any(each for name, each in rows.items() if name != "last")
        return errors.removeprefix("Nothing was changed: ")

    return restore


def unpacked(content: bytes) -> list[Member]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return [(member, archive.extractfile(member).read()) for member in archive]


def packed(members: list[Member]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def named(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> Member:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(content), kind, link
    return member, content


def with_manifest(members: list[Member], change: Callable[[dict], None]) -> bytes:
    """The same backup with another manifest."""
    manifest = orjson.loads(members[-2][1])
    change(manifest)
    return sealed_again(members, orjson.dumps(manifest))


def sealed_again(members: list[Member], manifest: bytes) -> bytes:
    """The same backup with another text for a manifest, whose hash agrees."""
    return packed([*members[:-2], named("manifest.json", manifest), named("manifest.sha256", sealed(manifest))])


def with_rows(members: list[Member], table: str, change: Callable[[list], None]) -> bytes:
    """The same backup with other rows in a table, and a manifest that says so."""
    name = f"tables/{table}.000001.jsonl"
    rows = [orjson.loads(line) for _, content in members for line in content.splitlines() if _.name == name]
    change(rows)
    text = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    changed = [named(name, text) if member.name == name else (member, content) for member, content in members]

    def agree(manifest: dict) -> None:
        entry = next(each for each in manifest["tables"] if each["name"] == table)
        entry.update(rows=len(rows), sha256=hashlib.sha256(text).hexdigest())

    return with_manifest(changed, agree)


def test_what_is_packed_again_is_still_good(whole, tmp_path, capsys, monkeypatch):
    """The other tests change one thing of what this one leaves as it is."""
    same = with_rows(unpacked(whole), "people", lambda rows: None)
    (tmp_path / "same.tar").write_bytes(same)
    assert 0 == Commands(capsys, monkeypatch).restore(elsewhere("sqlite", tmp_path / "there"), tmp_path / "same.tar")[0]


def test_cut_off_anywhere(whole, tmp_path):
    """At whatever byte a copy of it broke off, that is seen."""
    path = tmp_path / "cut.tar"
    for size in [*range(0, len(whole) - 10_240, 500), len(whole) - 10_240]:
        path.write_bytes(whole[:size])
        with open_archive(path) as file, pytest.raises(ArchiveError, match=f"{CUT}|{NO_BACKUP}"):
            Archive(file).verify(nothing_said)


def test_a_rotten_byte_anywhere(whole, tmp_path):
    """In a header, in a row, in a file or in the manifest."""
    path = tmp_path / "rotten.tar"
    end = len(whole.rstrip(b"\0"))
    for place in range(0, end, 997):
        if whole[place : place + 1] != b"\0":  # what fills a header up holds nothing
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
            with open_archive(path) as file, pytest.raises(ArchiveError):
                Archive(file).verify(nothing_said)


def test_cut_off_or_rotten_as_it_is_told(whole, refused):
    """What an administrator reads, and that it comes before anything is done."""
    assert f"{CUT}.\n" == refused(whole[: len(whole) // 2])
    assert refused(whole[:-10_240]).startswith(CUT)
    place = whole.index(b"a picture of a drip")
    rotten = whole[:place] + b"A" + whole[place + 1 :]
    assert f"{CUT}: the file {HASHES[2]} is not what its name says.\n" == refused(rotten)
    place = whole.index("一年级".encode())
    rotten = whole[:place] + "二".encode() + whole[place + 3 :]
    assert refused(rotten).startswith(f"{CUT}: the rows of ")


def test_no_backup_at_all(whole, refused):
    """Another file, an empty one, a packed one, a tar of something else."""
    for content in (b"", b"\0" * 10_240, b"PK\x03\x04" * 500, gzip.compress(whole), whole + b"more"):
        assert refused(content).startswith((NO_BACKUP, CUT))
    assert refused(packed([named("photo.jpg", b"abc")])).startswith(NO_BACKUP)


@pytest.mark.parametrize(
    "member",
    [
        named("../outside", b"x"),
        named("/etc/cron.d/evil", b"x"),
        named("files/../../outside", b"x"),
        named(f"files/{HASHES[0]}/../../outside", b"x"),
        named("tables/../people.000001.jsonl", b"[]\n"),
        named("files/" + "0" * 64, kind=tarfile.SYMTYPE, link="/etc/passwd"),
        named("files/" + "0" * 64, kind=tarfile.LNKTYPE, link="manifest.json"),
        named("files/" + "0" * 64, kind=tarfile.CHRTYPE),
        named("files/" + "0" * 64, kind=tarfile.FIFOTYPE),
        named("files/", kind=tarfile.DIRTYPE),
        named("files/" + "0" * 64, b"\0" * 512, kind=tarfile.GNUTYPE_SPARSE),
        named("././@LongLink", b"a" * 2000, kind=tarfile.GNUTYPE_LONGNAME),
        named("pax", b"30 path=../../../etc/passwd.aa\n", kind=tarfile.XHDTYPE),
        named("note.txt", b"x"),
        named(f"files/{HASHES[0]}", b"again"),
        named("tables/people.000001.jsonl", b"[]\n"),
        named("manifest.json", b"{}"),
    ],
    ids=lambda member: f"{member[0].name[:20]}-{member[0].type.decode()}",
)
def test_what_no_backup_holds(whole, refused, member):
    """Nothing that points out of the folder, no links, no devices, nothing twice."""
    members = unpacked(whole)
    assert f"{NO_BACKUP}: it holds something that no backup has.\n" == refused(packed([member, *members]))


@pytest.mark.parametrize("size", [2**33 - 1, -1])
def test_a_size_that_cannot_be(whole, refused, size):
    """A member is never larger than the file it is in, and nothing is made ready for it."""
    huge = tarfile.TarInfo("files/" + "0" * 64)
    huge.size = size
    header = huge.tobuf(tarfile.GNU_FORMAT)
    assert f"{CUT}.\n" == refused(header + whole)


def test_more_or_less_than_the_manifest_names(whole, refused):
    """A file, a table or a part of one that came to it or went."""
    members = unpacked(whole)
    assert f"{CUT}: it does not hold what its manifest names.\n" == refused(
        packed([named("files/" + "0" * 64, b"x"), *members])
    )
    less = [each for each in members if each[0].name != f"files/{HASHES[0]}"]
    assert f"{CUT}: it does not hold what its manifest names.\n" == refused(packed(less))
    more = named("tables/people.000002.jsonl", b"[]\n")
    assert refused(packed([*members[:-2], more, *members[-2:]])).startswith(f"{CUT}: a line of people is not a row")
    gap = named("tables/people.000003.jsonl", b"[]\n")
    assert refused(packed([*members[:-2], gap, *members[-2:]])).startswith(f"{CUT}: a part of people is missing")
    less = [each for each in members if each[0].name != "tables/people.000001.jsonl"]
    assert f"{CUT}: the rows of people are not those that were written.\n" == refused(packed(less))
    for end in ([], members[-1:], members[-2:-1], members[:-3:-1]):
        assert f"{CUT}: its manifest is not at its end.\n" == refused(packed([*members[:-2], *end]))


def set_to(key: str, value: object) -> Callable[[dict], None]:
    return lambda manifest: manifest.update({key: value})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_to("shixi_backup", 2), "The backup was written by a newer version of Shixi; use that one to restore it."),
        (set_to("schema_version", 99), "The backup was written by a newer version of Shixi; use that one to"),
        (set_to("schema_version", 0), f"{NO_BACKUP}: it holds other tables."),
        (set_to("tables", []), f"{CUT}: it does not hold what its manifest names."),
        (set_to("tables", "people"), f"{CUT}: its manifest cannot be read."),
        (set_to("files", ["../../outside"]), f"{CUT}: it does not hold what its manifest names."),
        (lambda manifest: manifest.pop("made_at"), f"{CUT}: its manifest cannot be read."),
        (lambda manifest: manifest["tables"][0].update(name="sqlite_master"), f"{CUT}: it does not hold what"),
        (lambda manifest: manifest["tables"][0].update(columns=[["id) --", "int"]]), f"{NO_BACKUP}: it holds other"),
        (lambda manifest: manifest["tables"].append(manifest["tables"][0]), f"{CUT}: its manifest names a table twice"),
        (lambda manifest: manifest["tables"][0].update(rows=7), f"{CUT}: the rows of "),
        (lambda manifest: manifest["tables"].reverse(), "FOREIGN KEY constraint failed"),
    ],
)
def test_a_manifest_that_says_something_else(whole, refused, change, sentence):
    """It is believed in nothing that does not agree with what is there."""
    assert refused(with_manifest(unpacked(whole), change)).startswith(sentence)


def test_a_manifest_that_is_no_manifest(whole, refused):
    """Not JSON, or other JSON."""
    for text in (b"", b"{", b"[]", b"5", b"\xff", b'{"shixi_backup": 1}'):
        assert refused(sealed_again(unpacked(whole), text)).startswith(CUT)


def test_rows_that_do_harm(whole, refused):
    """Hashes that agree do not make a row good."""
    members = unpacked(whole)

    def climb(rows: list) -> None:
        rows[0][7] = "../../../../etc/passwd"

    assert f"{CUT}: a row of files names no file.\n" == refused(with_rows(members, "files", climb))
    assert refused(with_rows(members, "people", lambda rows: rows.append(rows[0]))).startswith("UNIQUE constraint")
    assert refused(with_rows(members, "people", lambda rows: rows[0].append(1))).startswith(f"{CUT}: a line of people")
    assert refused(with_rows(members, "people", list.clear)).startswith("FOREIGN KEY")


def test_a_name_that_is_no_file(tmp_path, capsys, monkeypatch):
    """Not there, or a folder."""
    other = Basics(database_url=f"sqlite:///{tmp_path / 'shixi.db'}", files=tmp_path / "files")
    for path, reason in ((tmp_path / "none.tar", "No such file or directory"), (tmp_path, "Is a directory")):
        sentence = f"Nothing was changed: {path} cannot be read: {reason}.\n"
        assert (1, "", sentence) == Commands(capsys, monkeypatch).restore(other, path)
    assert not Path(tmp_path / "shixi.db").exists()
