"""Brings a database from any earlier version to the newest, in order, under a lock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Transaction

FOLDER = Path(__file__).parent / "migrations"
IDENTITY = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT"}


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step; `statements` are in the tongue of one database."""

    number: int
    statements: tuple[str, ...]


def migrations(dialect: str) -> list[Migration]:
    """Return the steps for a dialect in their order; a file `0002_x.sqlite.sql` is for that dialect alone."""
    steps = []
    for path in sorted(FOLDER.glob("*.sql")):
        number, _, tongue = re.fullmatch(r"(\d{4})_(\w+)(?:\.(\w+))?\.sql", path.name).groups()  # type: ignore[union-attr]
        if tongue in (None, dialect):
            text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")).replace("{id}", IDENTITY[dialect])
            steps.append(Migration(int(number), tuple(part.strip() for part in text.split(";") if part.strip())))
    return steps


async def migrate(tx: Transaction, dialect: str, *, up_to: int | None = None) -> int:
    """Apply what is missing, each step in its own commit, and return the newest number."""
    await tx.run("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)")
    newest = 0
    for step in migrations(dialect):
        if up_to is not None and step.number > up_to:
            break
        await tx.run("BEGIN IMMEDIATE")
        if await tx.one("SELECT number FROM migrations WHERE number = :number", number=step.number) is None:
            for statement in step.statements:
                await tx.run(statement)
            await tx.run("INSERT INTO migrations (number) VALUES (:number)", number=step.number)
        await tx.run("COMMIT")
        newest = step.number
    return newest
