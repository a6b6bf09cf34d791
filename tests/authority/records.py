"""Every row of the database: read, compared, and put back as it was."""

from __future__ import annotations

import re
from typing import Any

from storage.migrate import FOLDER

# Tables in the order in which they refer to each other, with what identifies a row where it is not the id.
TABLES = re.findall(r"CREATE TABLE (\w+)", "".join(path.read_text() for path in sorted(FOLDER.glob("[0-9]*.sql"))))
KEYS = {
    "coordinators": ("person_id", "school_id"),
    "class_coordinators": ("class_id", "person_id"),
    "school_enterprises": ("school_id", "enterprise_id"),
    "mentors": ("person_id", "enterprise_id", "school_id"),
    "excused_weeks": ("placement_id", "week"),
    "log_sections": ("log_id", "section"),
    "log_files": ("log_id", "file_id"),
    "log_openings": ("person_id", "log_id"),
    "remarks": ("revision_id", "reviewer_id", "section"),
    "chips": ("revision_id", "reviewer_id", "code"),
    "voices": ("revision_id", "reviewer_id", "section"),
    "phrases_said": ("revision_id", "reviewer_id", "phrase_id"),
    "moment_files": ("moment_id", "file_id"),
    "announcement_recipients": ("announcement_id", "person_id"),
    "drafts": ("person_id", "form", "subject"),
    "cards": ("person_id", "card", "subject"),
    "schedule": ("kind", "subject"),
    "stale_copies": ("sha256",),
}
LEAVES = set(KEYS) | {"outbox", "acts", "sos_steps", "pulses", "flags", "removals"}  # nothing refers to their rows
LEFT_OUT = {"inbox", "posts_search"}

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def key_of(table: str, row: dict[str, Any]) -> tuple[Any, ...]:
    """What identifies a row."""
    return tuple(row[name] for name in KEYS.get(table, ("id",)))


async def read_all(database: Any) -> Rows:
    """Every row of every table but the inbox."""

    async def work(tx):
        found = {}
        for table in TABLES:
            if table not in LEFT_OUT:
                rows = [dict(row) for row in await tx.all(f"SELECT * FROM {table}")]
                found[table] = {key_of(table, row): row for row in rows}
        return found

    return await database.read(work)


def differences(before: Rows, after: Rows, *, but: tuple[str, ...] = ()) -> list[str]:
    """What was added, taken away or changed, a line each."""
    lines = []
    for table in before.keys() - set(but):
        old, new = before[table], after[table]
        lines += [f"{table} {key} is gone" for key in old.keys() - new.keys()]
        lines += [f"{table} {key} is new: {new[key]}" for key in new.keys() - old.keys()]
        changed = [key for key in old.keys() & new.keys() if old[key] != new[key]]
        lines += [f"{table} {key} was {old[key]} and is {new[key]}" for key in changed]
    return lines


async def put_back(database: Any, before: Rows) -> None:
    """Make every row what it was."""
    after = await read_all(database)
    if before == after:
        return

    async def work(tx):
        kept = {table: dict(rows) for table, rows in after.items()}
        for table in reversed(before):
            for key in [key for key in kept[table] if _goes(table, before[table].get(key), kept[table][key])]:
                await tx.run(f"DELETE FROM {table} WHERE {_where(table)}", **_named(table, key))
                del kept[table][key]
        for table, rows in before.items():
            for key, row in rows.items():
                if kept[table].get(key) != row:
                    await tx.run(_update(table, row) if key in kept[table] else _insert(table, row), **row)

    await database.transaction(work)


def _goes(table: str, was: dict[str, Any] | None, row: dict[str, Any]) -> bool:
    return was is None or (table in LEAVES and was != row)


def _update(table: str, row: dict[str, Any]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in row)} WHERE {_where(table)}"


def _insert(table: str, row: dict[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"


def _where(table: str) -> str:
    return " AND ".join(f"{name} = :{name}" for name in KEYS.get(table, ("id",)))


def _named(table: str, key: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(KEYS.get(table, ("id",)), key, strict=True))
