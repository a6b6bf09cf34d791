"""Brings databases made before the first release to the shape that the first migration has had since.

Until then `0001_start.sql` was edited in place, at two commits: students got `former_person_id` and `removed_at`, files
of logs a caption, moments a `file_id` that nothing was ever written into and that went again. Such a database has the
same numbers recorded as any other, so only its columns tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Transaction

LAST_EDITED = 2  # the newest migration there was when the first one was last edited
# Tables whose first shape changed, a column by which it is told, and whether it is there today.
CHANGED = (("students", "removed_at", True), ("log_files", "caption", True), ("moments", "file_id", False))


async def mend(tx: Transaction, first: Sequence[str]) -> None:
    """Rebuild the tables of an early SQLite database that are not as the statements of the first migration say.

    Runs inside a transaction; a database that is newer, or has no tables yet, is left alone.
    """
    newest = await tx.one("SELECT max(number) AS number FROM migrations")
    if newest is None or newest["number"] is None or newest["number"] > LAST_EDITED:
        return
    for table, column, today in CHANGED:
        if (column in await _columns(tx, table)) is not today:
            await _rebuild(tx, table, [each for each in first if re.search(rf"\b(TABLE|ON) {table} \(", each)])


async def _columns(tx: Transaction, table: str) -> list[str]:
    return [row["name"] for row in await tx.all("SELECT name FROM pragma_table_info(:name)", name=table)]


async def _rebuild(tx: Transaction, table: str, statements: Sequence[str]) -> None:
    """Make a table anew with all its rows, and the ids it has given out; other tables may point at it meanwhile."""
    await tx.run("PRAGMA defer_foreign_keys = ON")
    before = await _columns(tx, table)
    given = await tx.one("SELECT seq FROM sqlite_sequence WHERE name = :name", name=table)
    await tx.run(f"CREATE TEMPORARY TABLE earlier AS SELECT * FROM {table}")
    await tx.run(f"DROP TABLE {table}")
    for statement in statements:
        await tx.run(statement)
    kept = ", ".join(name for name in await _columns(tx, table) if name in before)
    await tx.run(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM earlier")
    await tx.run("DROP TABLE earlier")
    if given is None:
        return
    values = {"seq": given["seq"], "name": table}
    if not await tx.run("UPDATE sqlite_sequence SET seq = :seq WHERE name = :name", **values):
        await tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)", **values)
