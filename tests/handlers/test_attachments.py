"""Files whose names, types and sizes are made to hurt: shown as they are, kept under names of our own."""

from __future__ import annotations

import asyncio
import hashlib
import stat

import pytest

from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


async def kept(world) -> list[dict]:
    """What is recorded about the files."""
    return await world.database.read(lambda tx: tx.all("SELECT * FROM files ORDER BY id"))


async def copied(world) -> dict:
    """The only file, once its copy is in the folder."""
    for _ in range(500):
        (row,) = await kept(world)
        if row["sha256"]:
            return row
        await asyncio.sleep(0.01)
    raise AssertionError("the copy does not come")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "📎 ../../../etc/passwd"),
        ("/etc/cron.d/evil", "📎 /etc/cron.d/evil"),
        ("..\\..\\evil.exe", "📎 ..\\..\\evil.exe"),
        ("<b>plan</b> & {name}.pdf", "📎 <b>plan</b> & {name}.pdf"),
        ("plan\n✅ Approved\n.pdf", "📎 plan ✅ Approved .pdf"),
        ("plan\u202efdp.exe", "📎 planfdp.exe"),
        ("plan\0\x1b[2J.pdf", "📎 plan[2J.pdf"),
        ("x" * 5000 + ".pdf", f"📎 {'x' * 119}…"),
        ("=cmd|'/C calc'!A0.csv", "📎 =cmd|'/C calc'!A0.csv"),
    ],
)
async def test_a_name_is_only_shown(world, school, name, shown):
    """It is escaped, on one line and shortened, and no path is made of it: the copy is named by its contents."""
    await school.coordinator.sends("/announce")
    await school.coordinator.acts("document", file_name=name, size=5, caption="Please read this.")
    assert shown in (await school.coordinator.reads()).splitlines()
    sha256 = (await copied(world))["sha256"]
    assert hashlib.sha256(bytes(5)).hexdigest() == sha256
    files = [path for path in world.settings.files.parent.rglob("*") if path.is_file() and "shixi.db" not in path.name]
    assert [world.settings.files / sha256[:2] / sha256] == files
    assert 0o600 == stat.S_IMODE(files[0].stat().st_mode)


@pytest.mark.parametrize("mime", ["x" * 5000, "../../x", "text/html\n\0<script>", "", "IMAGE/PNG", "application/x-sh"])
async def test_a_type_is_only_recorded(world, school, mime):
    """Whatever its sender says it is, the copy is a row of bytes that nothing runs or serves."""
    ann = await school.placed("Ann", "20230115")
    await ann.sends("/log")
    await ann.acts("document", file_name="plan", mime_type=mime, size=5)
    row = await copied(world)
    assert len(row["mime_type"]) <= 120
    assert row["mime_type"].isprintable()


@pytest.mark.parametrize(
    "sent",
    [
        {"file_name": "scan", "mime_type": "image/jpeg"},
        {"file_name": "scan", "mime_type": "Image/PNG"},
        {"file_name": "scan.JPG", "mime_type": "application/octet-stream"},
        {"file_name": "scan.heic ", "mime_type": "application/pdf"},
    ],
)
async def test_a_picture_is_a_picture_whatever_it_is_called(world, school, sent):
    """A class without photos has none under another type or ending either."""
    ann = await school.placed("Ann", "20230115")
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    await ann.sends("/log")
    await ann.acts("document", size=5, **sent)
    assert "Photos are switched off" in await ann.reads()
    assert [] == await kept(world)


async def test_a_file_that_is_too_big_is_never_fetched(world, school):
    """It is said at once, nothing is recorded, and a byte less is taken."""
    ann = await school.placed("Ann", "20230115")
    await ann.sends("/log")
    await ann.acts("document", file_name="film.zip", size=20_000_001)
    assert "over 20 MB" in await ann.reads()
    assert [] == await kept(world)
    assert [] == await world.telegram.calls("getFile")
    await ann.acts("document", file_name="film.zip", size=20_000_000)
    assert 1 == len(await kept(world))
