"""What `shixi check` finds in a database that can be opened: rules that do not hold, copies of files that are gone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import clock_for
from bot.files import path_of
from storage.database import open_database
from storage.files import kept
from storage.invariants import violations

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.database import Snapshot
    from storage.invariants import Violation


async def find_faults(settings: Settings) -> list[str]:
    """Bring the database up to date and return a line with ids for each thing that is not as it must be."""
    now = clock_for(settings)()

    async def look(tx: Snapshot) -> tuple[list[Violation], list[tuple[int, str]]]:
        return await violations(tx, now=now), await kept(tx)

    database = await open_database(settings.database_url)
    try:
        broken, copies = await database.snapshot(look)
    finally:
        await database.close()
    gone = await asyncio.to_thread(_gone, settings.files, copies)
    return [*map(str, broken), *(f"file_has_copy: file {file_id}" for file_id in gone)]


def _gone(folder: Path, copies: list[tuple[int, str]]) -> list[int]:
    return [file_id for file_id, sha256 in copies if not path_of(folder, sha256).is_file()]
