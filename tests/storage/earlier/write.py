"""Writes a fixture: a small database of the version that is checked out, with a few rows in every table, as SQL.

Run it in a checkout of the commit whose schema is to be kept, since it makes the database with that commit's own code:

    cd CHECKOUT && PYTHONPATH=. python …/tests/storage/earlier/write.py > …/tests/storage/earlier/NNNN_NAME.sql
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from storage.database import open_database

ROWS = 3
TEXTS = ("{} 一年级", 'it\'s "{}";\nthe second line', "{} 🙂 <b>&amp;</b>")
KNOWN = {  # what a column may hold, where the program reads more than a text in it
    "language": ("zh_Hans", "en", "en"),
    "time_zone": ("Asia/Shanghai", "Asia/Shanghai", "Asia/Tokyo"),
    "reminder_time": ("17:30", None, "08:00"),
    "due_time": ("20:00", "18:30", "20:00"),
    "section": ("done", "learned", "answer"),
    "code": ("observed", "why", "safety"),
    "digest_days": ("0", "024", "6"),
    "manner": ("push", "refresh", "push"),
    "decision": ("approved", "needs_info", "returned"),
    "event": ("called", "climbed", "closed"),
    "cause": ("low_weeks", "asked", "low_weeks"),
    **dict.fromkeys(("args", "answers", "audience", "body", "content"), ("{}", '{"a": "一"}', "{}")),
}
STATES = {
    "join_requests": ("waiting", "accepted", "declined"),
    "posts": ("open", "closed", "open"),
    "applications": ("sent", "accepted", "withdrawn"),
    "logs": ("draft", "submitted", "approved"),
    "moments": ("saved", "kept", "dropped"),
    "announcements": ("draft", "sent", "cancelled"),
    "outbox": ("waiting", "sent", "failed"),
    "questions": ("open", "answered", "open"),
    "sos_calls": ("open", "taken", "closed"),
    "flags": ("open", "called", "open"),
    "removals": ("asked", "kept", "done"),
}
NEVER_WRITTEN = {("moments", "file_id")}  # no commit that had the column put anything into it
PLAIN = {
    "row": lambda row: row,
    "TIMESTAMPTZ": lambda row: f"2026-11-16T01:00:00.00{row}+00:00",
    "DATE": lambda row: f"2026-11-{9 + 7 * row:02}",
    "BOOLEAN": lambda row: row % 2,
    "DOUBLE PRECISION": lambda row: 7.5 * row,
    "BIGINT": lambda row: 5_000_000_000 + row,
    "INTEGER": lambda row: row,
}


def tables(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """The tables of the program with the texts that made them, the search index last, its own tables left out."""
    found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    virtual = [name for name, sql in found if sql.startswith("CREATE VIRTUAL")]
    inner = tuple(f"{name}_" for name in virtual)
    kept = [(name, sql) for name, sql in found if not name.startswith((*inner, "sqlite_"))]
    return sorted(kept, key=lambda table: table[0] in virtual)


def value(table: str, column: str, kind: str, row: int, *, optional: bool) -> object:
    """What row 1, 2 or 3 holds in a column; the second holds nothing wherever that is allowed."""
    if (table, column) in NEVER_WRITTEN:
        return None
    if column == "state":
        return STATES[table][row - 1]
    if column in KNOWN:
        return KNOWN[column][row - 1]
    if optional and row == 2:
        return None
    return PLAIN[kind](row) if kind in PLAIN else TEXTS[row - 1].format(column)


def fill(database: sqlite3.Connection, table: str) -> None:
    """Put the rows into a table; whatever points at another table points at the row of the same number."""
    points = {row[3] for row in database.execute(f"PRAGMA foreign_key_list({table})")}
    columns = list(database.execute(f"PRAGMA table_info({table})"))
    points |= {name for _, name, kind, _, _, key in columns if key and kind == "INTEGER"}
    for row in range(1, ROWS + 1):
        values = {
            name: value(table, name, "row" if name in points else kind, row, optional=not needed and not key)
            for _, name, kind, needed, _, key in columns
        }
        marks = ", ".join(f":{name}" for name in values)
        database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", values)


def dump(database: sqlite3.Connection) -> list[str]:
    """The statements that make the database again."""
    lines = []
    for table, sql in tables(database):
        lines.append(f"{sql};")
        names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        names = ["rowid", *names] if sql.startswith("CREATE VIRTUAL") else names
        quoted = " || ', ' || ".join(f"quote({name})" for name in names)
        lines += [
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({row});"
            for (row,) in database.execute(f"SELECT {quoted} FROM {table} ORDER BY rowid")
        ]
    rest = "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL ORDER BY rowid"
    lines += [f"{sql};" for (sql,) in database.execute(rest)]
    sequences = "SELECT quote(seq), quote(name) FROM sqlite_sequence ORDER BY name"
    lines += [
        f"UPDATE sqlite_sequence SET seq = {seq} WHERE name = {name};" for seq, name in database.execute(sequences)
    ]
    return lines


def main() -> None:
    """Make the database, fill it, and write it down."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "earlier.db"

        async def make() -> None:
            await (await open_database(f"sqlite:///{path}")).close()

        asyncio.run(make())
        with closing(sqlite3.connect(path)) as database:
            for table, sql in tables(database):
                if sql.startswith("CREATE VIRTUAL"):
                    rows = [(row, f"护理 理学 学 words{row}") for row in range(1, ROWS + 1)]
                    database.executemany(f"INSERT INTO {table} (rowid, words) VALUES (?, ?)", rows)
                elif table != "migrations":
                    fill(database, table)
            database.execute("UPDATE sqlite_sequence SET seq = seq + 7")  # as if the newest rows had been deleted
            database.commit()
            sys.stdout.write("\n".join(dump(database)) + "\n")


if __name__ == "__main__":
    main()
