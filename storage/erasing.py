"""Deletes records with all that hangs on them: rows that point at them, forms and reminders about them, files.

What hangs on what is read from the database itself, so that a table that somebody adds is not forgotten. A file goes
when nothing names it any more; its copy goes out of the folder when no file has it (`stale_copies`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from storage import drafts, files, schema
from storage.database import placeholders
from storage.invariants_of_program import REMINDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.database import Transaction

AT_ONCE = 400  # ids in one statement


async def erase(
    tx: Transaction, table: str, condition: str, root: int, *, student_id: int, itself: bool = True
) -> None:
    """Delete the rows of a table for which a condition about `:root` holds, and whatever hangs on them.

    All of it is about one student. Without `itself` only what hangs on the rows goes.
    """
    found = await _hanging(tx, table, condition)
    attached = await _attached(tx, found, root)
    for place, kind, known in (("drafts", "form", drafts.ABOUT), ("schedule", "kind", REMINDED)):
        for name, subjects in known.items():
            if subjects in found and (itself or subjects != table):
                where = f"{kind} = :name AND subject IN (SELECT id FROM {subjects} WHERE {found[subjects]})"
                await tx.run(f"DELETE FROM {place} WHERE {where}", name=name, root=root)
    for name, where in reversed(found.items()):
        if itself or name != table:
            await tx.run(f"DELETE FROM {name} WHERE {where}", root=root)
    await drop_files(tx, attached - await named_by_submissions(tx, student_id))


async def _hanging(tx: Transaction, table: str, condition: str) -> dict[str, str]:
    """Return what hangs on some rows of a table: each table with the condition of its rows, behind what it hangs on."""
    pointers = await schema.pointers(tx)
    found = {table: condition}
    for each in await schema.tables(tx):
        ways = [
            f"{pointer.column} IN (SELECT id FROM {pointer.target} WHERE {found[pointer.target]})"
            for pointer in pointers
            if pointer.table == each.name and pointer.target in found and each.name != table
        ]
        if ways:
            found[each.name] = " OR ".join(ways)
    return found


async def _attached(tx: Transaction, found: Mapping[str, str], root: int) -> set[int]:
    """Return the files that these rows name, also those of earlier submissions, which only their texts name."""
    ids: set[int] = set()
    for name, column in await schema.pointers_to(tx, "files"):
        if name in found:
            sql = f"SELECT {column} AS file FROM {name} WHERE {column} IS NOT NULL AND ({found[name]})"
            ids |= {row["file"] for row in await tx.all(sql, root=root)}
    if "revisions" in found:
        sql = f"SELECT content FROM revisions WHERE {found['revisions']}"
        ids |= _named(row["content"] for row in await tx.all(sql, root=root))
    return ids


async def named_by_submissions(tx: Transaction, student_id: int) -> set[int]:
    """Return the files that a student's submissions name."""
    rows = await tx.all(
        """SELECT r.content FROM revisions r JOIN logs l ON l.id = r.log_id
        JOIN placements pl ON pl.id = l.placement_id WHERE pl.student_id = :student""",
        student=student_id,
    )
    return _named(row["content"] for row in rows)


def _named(contents: Iterable[str]) -> set[int]:
    return {int(file_id) for content in contents for file_id, _caption in json.loads(content).get("files", ())}


async def unused_files(tx: Transaction, owner_id: int) -> set[int]:
    """Return the files that somebody sent and that no row names."""
    rows = await tx.all(f"SELECT id FROM files WHERE owner_id = :owner AND {await _nowhere(tx)}", owner=owner_id)
    return {row["id"] for row in rows}


async def drop_files(tx: Transaction, file_ids: Iterable[int]) -> None:
    """Delete those of the files that no row names; whoever keeps the folder hears which copies may go."""
    ids, unused = sorted(file_ids), await _nowhere(tx)
    for first in range(0, len(ids), AT_ONCE):
        names, values = placeholders("file", ids[first : first + AT_ONCE])
        gone = await tx.all(f"DELETE FROM files WHERE id IN {names} AND {unused} RETURNING sha256", **values)
        await files.note_stale(tx, {row["sha256"] for row in gone} - {None})


async def _nowhere(tx: Transaction) -> str:
    """Return the condition that no row names a file."""
    pointing = sorted(await schema.pointers_to(tx, "files"))
    return " AND ".join(f"NOT EXISTS (SELECT 1 FROM {name} x WHERE x.{column} = files.id)" for name, column in pointing)


async def empty_placement(tx: Transaction, placement_id: int, student_id: int) -> None:
    """Delete all that was written, sent and answered during a placement; who was where from when to when stays."""
    await erase(tx, "placements", "id = :root", placement_id, student_id=student_id, itself=False)
    await tx.run(
        "UPDATE applications SET words = '' WHERE id = (SELECT application_id FROM placements WHERE id = :id)",
        id=placement_id,
    )
    await tx.run("UPDATE placements SET ended_early = FALSE, end_reason = '' WHERE id = :id", id=placement_id)
