"""Databases of every version that ever was come to the newest one with all their rows.

`earlier/` holds a small database of each, as SQL with a few rows in every table, written by `earlier/write.py` in a
checkout of the commit that is named. `earlier/SHA256SUMS` has the hash of every migration that ever landed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import migrate
from storage.database import open_database

EARLIER = Path(__file__).parent / "earlier"
FIXTURES = sorted(EARLIER.glob("*.sql"))
NEWEST = migrate.migrations("sqlite")[-1].number
SEARCH = "posts_search"
GONE = {("moments", "file_id")}  # columns that nothing was ever written into, and that went again
MOVED = {("classes", "min_length")}  # columns whose values are in another table now
ADDED = {"retention"}  # kinds of the schedule whose entries a migration makes


def load(fixture: Path, file: Path) -> str:
    """Make the database of a fixture and return its URL."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(f"BEGIN;\n{fixture.read_text(encoding='utf-8')}COMMIT;")
    return f"sqlite:///{file}"


def schema_of(file: Path) -> dict[str, str]:
    """Every table and index with the statement that makes it, spaces at the ends of lines aside."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return {name: "\n".join(line.rstrip() for line in sql.splitlines()) for name, sql in found}


def rows_of(file: Path) -> dict[str, list[dict]]:
    """Every row of every table as it stands in the file, and the ids that were given out."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'migrations'")
        kept = [name for (name,) in names.fetchall() if not name.startswith(f"{SEARCH}_")]
        rows = {name: [dict(row) for row in database.execute(f"SELECT * FROM {name}")] for name in kept}
    return {name: sorted(found, key=lambda row: str(list(row.values())[:2])) for name, found in rows.items()}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
async def test_an_earlier_database_comes_to_the_newest_with_all_rows(tmp_path, fixture):
    """Its tables are then those of a fresh one, and what was in them is in them."""
    url = load(fixture, tmp_path / "old.db")
    before = rows_of(tmp_path / "old.db")
    assert all(before.values()), "every table of a fixture has rows"
    await (await open_database(url)).close()
    after = rows_of(tmp_path / "old.db")
    after["sqlite_sequence"] = [row for row in after["sqlite_sequence"] if row["name"] in before]  # of new tables too
    for table, rows in before.items():
        found = [row for row in after[table] if table != "schedule" or row["kind"] not in ADDED]
        for old, new in zip(rows, found, strict=True):
            kept = {name: value for name, value in old.items() if (table, name) not in GONE | MOVED}
            assert kept == {name: new[name] for name in kept}
            assert all(value is None for name, value in old.items() if (table, name) in GONE)
    _check_shortest_logs(before["classes"], after)
    await (await open_database(f"sqlite:///{tmp_path / 'fresh.db'}")).close()
    assert schema_of(tmp_path / "fresh.db") == schema_of(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        assert [] == database.execute("PRAGMA foreign_key_check").fetchall()
        assert [("ok",)] == database.execute("PRAGMA integrity_check").fetchall()


def _check_shortest_logs(before: list[dict], after: dict[str, list[dict]]) -> None:
    """What was the shortest log of a class is so in the template of the class, and of all its logs."""
    if "min_length" not in before[0]:
        return
    least = {row["class_id"]: row["content"] for row in after["templates"]}
    assert least == {row["id"]: f'{{"least": {row["min_length"]}}}' for row in before}
    classes = {row["id"]: row["class_id"] for row in after["students"]}
    students = {row["id"]: classes[row["student_id"]] for row in after["placements"]}
    versions = {row["id"]: row["class_id"] for row in after["templates"]}
    assert after["logs"]
    assert all(students[row["placement_id"]] == versions[row["template_id"]] for row in after["logs"])


def test_no_migration_that_has_landed_is_edited():
    """Databases have its statements already: a change of the tables is a new file, with a line in SHA256SUMS."""
    recorded = dict(line.split()[::-1] for line in (EARLIER / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert recorded == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in migrate.FOLDER.glob("*.sql")
    }


async def test_the_newest_version_is_among_them(tmp_path):
    """A new migration comes with a database of its version, for those that come after it."""
    await (await open_database(f"sqlite:///{tmp_path / 'fresh.db'}")).close()
    present = [path for path in FIXTURES if path.name.startswith(f"{NEWEST:04}_")]
    made = []
    for path in present:
        load(path, tmp_path / f"{path.stem}.db")
        made.append(schema_of(tmp_path / f"{path.stem}.db"))
    assert schema_of(tmp_path / "fresh.db") in made
